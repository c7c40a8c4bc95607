"""Waiting in tests: for a condition, with an end; and a platform on a switchboard, spoken to by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiocoap
import pytest

from atshell.emulator.clock import ManualClock
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform
from atshell_lwm2m.endpoint.switchboard import MemoryWire, Switchboard

codes = {
    **{name: getattr(aiocoap, name) for name in ("GET", "POST", "PUT", "DELETE", "FETCH", "iPATCH")},
    **{code.dotted: code for code in aiocoap.Code if code.is_response()},
}
Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """``await until(lambda: condition)``: turns the loop until it holds, five seconds at most."""

    async def wait(condition: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + 5
        while not condition():
            assert loop.time() < end, "waited in vain"
            await asyncio.sleep(0)

    return wait


class Peer:
    """The other side of a wire, message by message: aiocoap's codec over an address of a switchboard."""

    def __init__(self, board: Switchboard, wire: MemoryWire, server: tuple[str, int]) -> None:
        self.board = board
        self.wire = wire
        self.server = server
        self._heard: asyncio.Queue[aiocoap.Message] = asyncio.Queue()
        self._mid = 1000
        wire.start(lambda data, _: self._heard.put_nowait(aiocoap.Message.decode(data)))

    def say(self, code: str, path: str = "", query: str = "", payload: bytes = b"", **options: object) -> None:
        """A confirmable request; ``mtype``, ``mid``, ``token`` and options by name."""
        self._mid += 1
        message = aiocoap.Message(code=codes[code], payload=payload)
        message.mtype, message.mid = options.pop("mtype", aiocoap.CON), options.pop("mid", self._mid)
        message.token = options.pop("token", b"")
        message.opt.uri_path = [part for part in path.split("/") if part]
        message.opt.uri_query = [part for part in query.split("&") if part]
        for name, value in options.items():
            setattr(message.opt, name, value)
        self.wire.send(message.encode(), self.server)

    async def hear(self) -> aiocoap.Message:
        async with asyncio.timeout(5):
            return await self._heard.get()

    @property
    def quiet(self) -> bool:
        return self._heard.empty()

    async def ask(self, *said: Any, **options: object) -> aiocoap.Message:
        self.say(*said, **options)
        return await self.hear()

    async def answer(self, code: str, payload: bytes = b"", **options: object) -> aiocoap.Message:
        """Hear a request and answer it in the acknowledgement."""
        request = await self.hear()
        self.say(code, payload=payload, mtype=aiocoap.ACK, mid=request.mid, token=request.token, **options)
        return request

    async def move(self) -> None:
        """To another address."""
        self.wire.close()
        self.wire = await self.board.open("10.0.0.9", 0)
        self.wire.start(lambda data, _: self._heard.put_nowait(aiocoap.Message.decode(data)))


class Stage:
    """A platform on a switchboard, whose time a test turns."""

    def __init__(self, board: Switchboard, clock: ManualClock, platform: Platform) -> None:
        self.board = board
        self.clock = clock
        self.platform = platform

    async def peer(self) -> Peer:
        return Peer(self.board, await self.board.open("10.0.0.2", 0), self.platform.server_address)

    async def registered(self, query: str = "ep=one&lt=600", payload: bytes = b"</3/0>,</3303/0>") -> Peer:
        peer = await self.peer()
        answer = await peer.ask("POST", "/rd", query, payload, content_format=40)
        assert str(answer.code) == "2.01 Created"
        peer.location = "/" + "/".join(answer.opt.location_path)
        return peer


Act = Callable[[Stage], Awaitable[None]]


@pytest.fixture
def stage() -> Callable[..., None]:
    """``stage(act)``: plays ``act`` against a platform, of other habits if need be."""

    def play(act: Act, habits: Habits | None = None, **options: object) -> None:
        async def main() -> None:
            board, clock = Switchboard(), ManualClock()
            platform = await Platform.start(
                habits or Habits(), host="192.0.2.2", clock=clock, open_wire=board.open, **options
            )
            try:
                await act(Stage(board, clock, platform))
            finally:
                await platform.close()

        asyncio.run(main())

    return play
