"""libcoap's programs (Debian: libcoap3-bin) as a LwM2M client: ``coap-client-notls`` registers, updates and sends,
``coap-server-notls`` at the same port has the resources that the platform reads, writes and observes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform

pytestmark = pytest.mark.skipif(
    not (shutil.which("coap-client-notls") and shutil.which("coap-server-notls")), reason="libcoap is not installed"
)
LINKS = b'</>;rt="oma.lwm2m",</3/0>,</3303/0>'


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Libcoap:
    """A client at one port."""

    def __init__(self, folder: Path, server: str) -> None:
        self.port = free_port()
        self.server = server
        self._body = folder / "body"

    async def ask(self, method: str, path: str, body: bytes = b"", *options: str) -> str:
        """What the client prints with its messages in it."""
        self._body.write_bytes(body)
        sent = ("-f", str(self._body)) if body else ()
        command = ("coap-client-notls", "-v", "7", "-B", "5", "-p", str(self.port), "-m", method, *sent, *options)
        process = await asyncio.create_subprocess_exec(
            *command, self.server + path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        printed, _ = await process.communicate()
        return printed.decode("utf-8", "replace")

    async def register(self, query: str = "ep=lib&lt=60&lwm2m=1.1", links: bytes = LINKS, *options: str) -> str:
        """The location."""
        printed = await self.ask("post", f"/rd?{query}", links, "-t", "40", *options)
        assert "c:2.01" in printed, printed
        return "/rd/" + printed.split("Location-Path:rd, Location-Path:")[1][:8]


Session = Callable[[Libcoap, Platform], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Session], None]:
    def run(session: Session) -> None:
        async def main() -> None:
            platform = await Platform.start(Habits(), wait=5)
            try:
                await session(Libcoap(tmp_path, platform.addresses[0]), platform)
            finally:
                await platform.close()

        asyncio.run(main())

    return run


async def described(platform: Platform) -> dict[str, object]:
    (one,) = (await platform.operate(["clients"]))["clients"]  # type: ignore[misc, attr-defined]
    assert isinstance(one, dict)
    return one


def test_a_registration(play):
    async def session(client: Libcoap, platform: Platform) -> None:
        location = await client.register()
        assert (await described(platform))["objects"] == ["/3/0", "/3303/0"]
        assert "c:2.04" in await client.ask("post", f"{location}?lt=90")
        assert (await described(platform))["lifetime"] == 90
        # From another port, as behind a NAT that has forgotten.
        client.port = free_port()
        assert "c:2.04" in await client.ask("post", location)
        assert (await described(platform))["address"] == f"127.0.0.1:{client.port}"
        assert "c:2.02" in await client.ask("delete", location)
        assert "c:4.04" in await client.ask("post", location)
        assert "c:4.00" in await client.ask("post", "/rd?lt=60")
        assert "c:4.12" in await client.ask("post", "/rd?ep=lib&lwm2m=1.2")

    play(session)


@pytest.mark.parametrize("size", ["16", "256", "1024"])
def test_bodies_in_blocks(play, size):
    objects = [f"/3303/{number}" for number in range(220)]
    body = ",".join(f"<{path}>" for path in objects).encode()
    assert len(body) > 2500

    async def session(client: Libcoap, platform: Platform) -> None:
        location = await client.register("ep=lib", body, "-b", size)
        assert (await described(platform))["objects"] == objects
        more = b"</3/0>," + body
        assert "c:2.04" in await client.ask("put", location, more, "-t", "40", "-b", size)
        assert (await described(platform))["objects"] == ["/3/0", *objects]
        pack = json.dumps([{"n": f"{path}/5700", "v": 20.5} for path in objects[:90]]).encode()
        assert len(pack) > 3000
        assert "c:2.04" in await client.ask("post", "/dp", pack, "-t", "110", "-b", size)
        assert (await described(platform))["values"] == {f"{path}/5700": 20.5 for path in objects[:90]}

    play(session)


def test_an_answer_in_blocks(play, tmp_path):
    async def session(client: Libcoap, platform: Platform) -> None:
        out = tmp_path / "pack"
        await client.ask("get", "/bspack?ep=lib", b"", "-A", "110", "-b", "32", "-o", str(out))
        names = [one["n"] for one in json.loads(out.read_bytes())]
        assert {"/0/1/0", "/1/0/1"} <= set(names)

    play(session)


def test_operations_against_its_server(play):
    """Of what it does not know, the server makes a resource where something is put (``-d``)."""

    async def session(client: Libcoap, platform: Platform) -> None:
        await client.register("ep=lib&lt=60&lwm2m=1.0&b=U")
        server = await asyncio.create_subprocess_exec(
            *("coap-server-notls", "-A", "127.0.0.1", "-p", str(client.port), "-d", "10"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            await operations(platform.operate, platform)
        finally:
            server.terminate()
            await server.wait()

    async def operations(operate, platform) -> None:
        # Sent again until the server listens: CoAP's own retransmission.
        assert (await operate(["write", "/3303/0/5750", "first", "#text"]))["code"] == "2.01"
        assert (await operate(["read", "/3303/0/5750"]))["value"] == "first"
        assert (await operate(["write", "/3303/0/5750", "second"]))["code"] == "2.04"
        assert (await operate(["read", "/3303/0/5750"]))["value"] == "second"
        assert (await operate(["observe", "/3303/0/5750"]))["value"] == "second"
        assert (await operate(["write", "/3303/0/5750", "third"]))["code"] == "2.04"
        notifications = platform.registrations.choose("lib").notifications
        async with asyncio.timeout(5):
            while not notifications:  # noqa: ASYNC110 - nobody tells of a notification
                await asyncio.sleep(0.01)
        assert notifications[0]["resources"][0]["value"] == "third"
        assert (await operate(["cancel", "/3303/0/5750"]))["ok"] is True
        long = "".join(f"{number:04}" for number in range(750))
        written = await operate(["write", "/3303/0/5750", f'"{long}"', "#text"])
        assert written["code"] == "2.04", written
        assert (await operate(["read", "/3303/0/5750"]))["value"] == long
        assert (await operate(["read", "/3/0/9"]))["code"] == "4.04"
        links = await operate(["discover", "/.well-known/core"])
        assert "path is missing" in links["error"]

    play(session)


def test_from_the_command_line(tmp_path):
    """A terminal: a platform, a client, and lines of which some are no good."""
    environment = dict(os.environ, PYTHONUNBUFFERED="1")
    process = subprocess.Popen(
        [sys.executable, "-m", "atshell", "platform", "ctwing", "--listen", "127.0.0.1:0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def say(line: str) -> dict[str, object]:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        result: dict[str, object] = json.loads(process.stdout.readline())
        return result

    try:
        address = process.stdout.readline().removeprefix("listening on ").strip()
        client = Libcoap(tmp_path, address)
        location = asyncio.run(client.register("ep=lib&lt=60&lwm2m=1.0&b=UQ"))
        assert say("clients")["clients"][0]["endpoint"] == "lib"
        for line in ("read", "read /x", "write /3/0/14", "jump", '"', "#", "read /3/0 @nobody", "\u202e\x07"):
            result = say(line)
            assert (result["line"], result["ok"]) == (line, False)
            assert result["error"]
        assert "65536" in str(say("x" * 100_000)["error"])
        assert say("awake 0")["ok"] is True
        assert say("read /3/0/9")["queued"] is True
        assert "c:2.02" in asyncio.run(client.ask("delete", location))
        outcome = json.loads(process.stdout.readline())
        assert (outcome["line"], outcome["order"], outcome["ok"]) == ("read /3/0/9", 1, False)
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=10)
    assert errors == ""
