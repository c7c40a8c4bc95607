from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.cli import operate
from atshell.cli.operate import MAX_LINE, MAX_PENDING, answer, read_lines, serve
from atshell.errors import AtshellError


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The end that is read and the end that is written; both may be closed by the test."""
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):
            os.close(end)


async def echo(line: str) -> dict[str, object]:
    return {"done": line.upper()}


def result(line: str | None, does: Callable[[str], Awaitable[dict[str, object]]]) -> object:
    text = asyncio.run(answer(line, does))
    assert text.isascii()
    assert "\n" not in text
    return json.loads(text)


def test_an_answer_begins_with_its_line() -> None:
    assert list(result("read /3/0", echo).items()) == [("line", "read /3/0"), ("done", "READ /3/0")]  # type: ignore[attr-defined]


def test_a_line_that_cannot_be_understood_is_an_error() -> None:
    async def refuse(line: str) -> dict[str, object]:
        raise AtshellError("no such path", "name one")

    async def break_down(line: str) -> dict[str, object]:
        raise KeyError("x")

    assert result("a", refuse) == {"line": "a", "error": "no such path: name one"}
    assert result("a", break_down) == {"line": "a", "error": "KeyError: 'x'"}
    assert result(None, echo) == {"error": f"a line of more than {MAX_LINE} bytes"}


def test_nothing_in_an_answer_disturbs_a_terminal() -> None:
    async def hostile(line: str) -> dict[str, object]:
        return {"value": "\x1b[2J\u202e中", "odd": b"\xff"}

    assert result("a", hostile) == {"line": "a", "value": "\x1b[2J\u202e中", "odd": "b'\\xff'"}


async def all_lines(descriptor: int) -> list[str | None]:
    return [line async for line in read_lines(descriptor)]


def of_file(data: bytes) -> list[str | None]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return asyncio.run(all_lines(file.fileno()))


@given(st.binary(max_size=200))
def test_any_bytes_are_lines(data: bytes) -> None:
    lines = [line.decode("utf-8", "replace").strip() for line in data.split(b"\n")]
    assert of_file(data) == [line for line in lines if line]


def test_lines_that_are_too_long() -> None:
    long = b"x" * (MAX_LINE + 1)
    assert of_file(b"a\n" + long + b"\nb\n") == ["a", None, "b"]
    assert of_file(long * 3 + b"\nb") == [None, "b"]
    assert of_file(b"a\n" + long * 2) == ["a", None]
    assert of_file(b"x" * MAX_LINE + b"\n") == ["x" * MAX_LINE]


def test_where_nothing_can_be_read(pipe: tuple[int, int]) -> None:
    for end in pipe:
        os.close(end)
    assert asyncio.run(all_lines(pipe[0])) == []
    with open(os.devnull) as nothing:
        assert asyncio.run(all_lines(nothing.fileno())) == []


def test_lines_come_in_pieces(pipe: tuple[int, int]) -> None:
    async def scenario() -> None:
        lines = read_lines(pipe[0])
        waiting = asyncio.ensure_future(anext(lines))
        for piece in (b"re", b"ad /3", b"/0\r\nclie"):
            os.write(pipe[1], piece)
            await asyncio.sleep(0)
        assert await waiting == "read /3/0"
        os.write(pipe[1], b"nts")
        os.close(pipe[1])
        assert [line async for line in lines] == ["clients"]

    asyncio.run(scenario())


def test_a_line_does_not_wait_for_the_one_before(pipe: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        first_may_end = asyncio.Event()
        all_done = asyncio.Event()

        async def work(line: str) -> dict[str, object]:
            if line == "first":
                await first_may_end.wait()
                all_done.set()
            else:
                first_may_end.set()
            return {}

        os.write(pipe[1], b"first\nsecond\n")
        os.close(pipe[1])  # the end of input ends nothing

        async def server() -> None:
            await all_done.wait()
            await asyncio.sleep(0)

        await serve(server(), work, stdin=pipe[0])

    asyncio.run(scenario())
    assert capsys.readouterr().out == '{"line": "second"}\n{"line": "first"}\n'


def test_only_so_many_lines_are_carried_out_together(pipe: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        started: list[str] = []
        full = asyncio.Event()
        go_on = asyncio.Event()
        done = asyncio.Event()

        async def work(line: str) -> dict[str, object]:
            started.append(line)
            if len(started) == MAX_PENDING:
                full.set()
            await go_on.wait()
            if line == "last":
                done.set()
            return {}

        async def server() -> None:
            await full.wait()
            await asyncio.sleep(0)
            assert len(started) == MAX_PENDING
            go_on.set()
            await done.wait()

        os.write(pipe[1], b"x\n" * (MAX_PENDING + 3) + b"last\n")
        await serve(server(), work, stdin=pipe[0])
        assert len(started) == MAX_PENDING + 4

    asyncio.run(scenario())


def test_a_server_that_fails_ends_it(pipe: tuple[int, int]) -> None:
    async def server() -> None:
        raise AtshellError("the port is taken")

    before = signal.getsignal(signal.SIGTTIN)
    with pytest.raises(AtshellError, match="taken"):
        asyncio.run(serve(server(), echo, stdin=pipe[0]))
    assert signal.getsignal(signal.SIGTTIN) == before


def test_being_asked_to_end_ends_it(pipe: tuple[int, int]) -> None:
    ended: list[str] = []

    async def server() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        finally:
            ended.append("server")

    asyncio.run(serve(server(), echo, stdin=pipe[0]))
    assert ended == ["server"]


def test_a_reader_that_has_gone_ends_it(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(operate, "print", broken, raising=False)
    os.write(pipe[1], b"a\nb\n")

    async def scenario() -> None:
        await serve(asyncio.Event().wait(), echo, stdin=pipe[0])  # type: ignore[arg-type]

    with pytest.raises(BrokenPipeError):
        asyncio.run(scenario())
