"""A module of few words on a TCP port, and a shell that talks to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol, Self, TypeVar

import pytest

from atshell.host import host
from atshell.shell.engine import Shell
from atshell.shell.options import ShellOptions
from atshell.shell.result import Result

T = TypeVar("T")
Body = Callable[[Shell, "Module"], Awaitable[T]]


class Module:
    """Answers each line, which ends with a carriage return or Ctrl-Z, with the bytes that ``replies`` has for it."""

    def __init__(self, replies: Mapping[str, str]) -> None:
        self.replies = replies
        self.received: list[str] = []
        self._heard = asyncio.Condition()
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.hang_up()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with suppress(asyncio.CancelledError, ConnectionError):
            await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> None:
        line = b""
        while byte := await reader.read(1):
            line += byte
            if byte in b"\r\x1a\x1b":
                text = line.decode().strip("\r")
                async with self._heard:
                    self.received.append(text)
                    self._heard.notify_all()
                self.say(self.replies.get(text, "\r\nOK\r\n"))
                line = b""

    async def heard(self, line: str) -> None:
        """Wait until a line has come."""
        async with self._heard:
            await self._heard.wait_for(lambda: line in self.received)

    def say(self, text: str) -> None:
        for writer in self._writers:
            writer.write(text.encode())

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()


class Talk(Protocol):
    def __call__(
        self, body: Body[T], replies: Mapping[str, str] | None = None, options: ShellOptions | None = None
    ) -> T: ...


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "atshell"


@pytest.fixture
def talk(state: Path) -> Talk:
    def run(body: Body[T], replies: Mapping[str, str] | None = None, options: ShellOptions | None = None) -> T:
        async def main() -> T:
            async with Module(replies or {}) as module:
                given = options or ShellOptions(model="MN316")
                shell = Shell(host(), given._replace(port=f"socket://127.0.0.1:{module.port}"))
                await shell.open()
                try:
                    return await asyncio.wait_for(body(shell, module), 10)
                finally:
                    await shell.close()

        return asyncio.run(main())

    return run


Collect = Callable[[Shell, str], Awaitable[list[Result]]]


@pytest.fixture
def collect() -> Collect:
    async def results(shell: Shell, cell: str) -> list[Result]:
        return [result async for result in shell.run(cell)]

    return results
