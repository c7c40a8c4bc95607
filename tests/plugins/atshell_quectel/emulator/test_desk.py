"""What the platform asks of a module, as datagrams of aiocoap's that are handed over by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiocoap import CON, DELETE, GET, POST, PUT, Code, Message

from atshell.emulator.clock import ManualClock
from atshell_quectel.emulator.desk import PlatformDesk
from atshell_quectel.emulator.objects import described

OBJECTS = described({0: "Quectel", 1: "BC28", 2: "869975030000461", 3: "FW"}, ("", "", "", ""), {}, 86400)


class Post:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.restarts = 0
        self.desk = PlatformDesk(ManualClock(), self.sent.append, lambda: OBJECTS, self.restart)
        self.mid = 0

    def restart(self) -> None:
        self.restarts += 1

    async def ask(self, code: Code, path: str, token: bytes = b"t", **options: object) -> Message:
        self.mid += 1
        message = Message(code=code)
        message.mtype, message.mid, message.token = CON, self.mid, token
        message.opt.uri_path = path.strip("/").split("/")
        for name, value in options.items():
            setattr(message.opt, name, value)
        self.desk.received(message.encode())
        await asyncio.sleep(0)
        return Message.decode(self.sent[-1])


def play(talk: Callable[[Post], Awaitable[None]]) -> None:
    async def run() -> None:
        post = Post()
        await talk(post)
        await post.desk.close()

    asyncio.run(run())


def test_reading_and_discovering() -> None:
    async def talk(post: Post) -> None:
        assert post.desk.paths == ["/1/0", "/3/0", "/42769/0"]
        answer = await post.ask(GET, "/3/0/1")
        assert (answer.code.dotted, answer.payload, answer.mid) == ("2.05", b"BC28", post.mid)
        assert (await post.ask(GET, "/3/0", accept=11542)).payload.startswith(b"\xc7\x00Quectel")
        answer = await post.ask(GET, "/3/0", accept=40)
        assert answer.payload == b"</3/0>,</3/0/0>,</3/0/1>,</3/0/2>,</3/0/3>,</3/0/16>"
        assert (await post.ask(GET, "/3/0/9")).code.dotted == "4.04"
        assert (await post.ask(GET, "/9", accept=40)).code.dotted == "4.04"

    play(talk)


def test_an_observation_is_answered_once_and_kept() -> None:
    async def talk(post: Post) -> None:
        first = await post.ask(GET, "/3/0/3", b"o1", observe=0)
        assert (first.opt.observe, first.payload) == (1, b"FW")
        second = await post.ask(GET, "/3/0/3", b"o2", observe=0)
        assert second.opt.observe == 1
        over = await post.ask(GET, "/3/0/3", b"o2", observe=1)
        assert (over.opt.observe, over.payload) == (None, b"FW")
        assert (await post.ask(GET, "/3/0/9", observe=0)).code.dotted == "4.04"
        assert len(post.sent) == 4

    play(talk)


@pytest.mark.parametrize(
    ("code", "path", "said"),
    [
        (PUT, "/1/0/1", "4.05"),
        (POST, "/3/0/5", "4.05"),
        (DELETE, "/3/0", "4.05"),
        (POST, "/3", "4.05"),
        (GET, "/", "4.05"),
    ],
)
def test_what_it_does_not_do(code: Code, path: str, said: str) -> None:
    async def talk(post: Post) -> None:
        assert (await post.ask(code, path)).code.dotted == said

    play(talk)


def test_attributes_are_taken() -> None:
    async def talk(post: Post) -> None:
        assert (await post.ask(PUT, "/3/0", uri_query=["pmin=10"])).code.dotted == "2.04"
        assert (await post.ask(PUT, "/9/0", uri_query=["pmin=10"])).code.dotted == "4.04"

    play(talk)


def test_the_platform_can_restart_the_module() -> None:
    async def talk(post: Post) -> None:
        assert (await post.ask(POST, "/3/0/4")).code.dotted == "2.04"
        assert post.restarts == 1

    play(talk)


def test_what_it_knew_is_forgotten_with_the_registration() -> None:
    async def talk(post: Post) -> None:
        await post.ask(GET, "/3/0/3", b"o1", observe=0)
        post.desk.clear()
        post.desk.clear()
        assert (await post.ask(GET, "/3/0/1")).payload == b"BC28"

    play(talk)


def test_hostile_bytes() -> None:
    async def talk(post: Post) -> None:
        for data in (b"", b"\x40", bytes(40), b"\xff" * 40, b"\x44\x01\1\1tokn\xff", b"\x4f\x01\0\1"):
            post.desk.received(data)
        assert (await post.ask(GET, "/3/0/1")).payload == b"BC28"

    play(talk)
