"""A recorded session as a link: it plays the module in recorded order, as fast as it is asked.

What the module said before the first command is there at once. Each line that is written is looked for in the record:
the next recorded line if it is the same, else the nearest later one, else the last earlier one, and all that the module
said up to the following line is given out, URCs included. Of an exchange that is played again only the answer comes,
not the URCs behind it. A line that the record does not know is answered with ``ERROR``.

At the end of the record the link stays open and goes on answering like this: a prompt that stands still is more useful
than a lost link. Line endings and case do not matter, ``****`` in the record stands for any secret, and data written
after a prompt counts as what was recorded there, whatever it is.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from atshell.at.reply import parse_final
from atshell.transcript.entry import Header
from atshell.transcript.file import Transcript
from atshell.transport.link import Chunk, LinkError

UNKNOWN = b"\r\nERROR\r\n"
MAX_TYPED = 1 << 16
"""Bytes of a line that has no end yet."""
_PROMPT = b"> "
_MASKED = b"****"
_LINE = re.compile(rb"[^\r\x1a\x1b]*[\r\x1a\x1b]|\s*[Aa]/")
_DATA = re.compile(rb"[^\x1a\x1b]*[\x1a\x1b]")
_LINE_END = re.compile(rb"[\r\n]")


@dataclass(slots=True)
class Scene:
    """A recorded line (or data after a prompt), and what the module said until the next one."""

    typed: bytes
    replies: list[bytes] = field(default_factory=list)
    is_data: bool = False

    @property
    def prompts(self) -> bool:
        """The module asks for data at the end."""
        return bool(self.replies) and self.replies[-1].endswith(_PROMPT)

    def answer(self) -> list[bytes]:
        """The replies up to the final result; all of them when there is none."""
        said = b"".join(self.replies)
        for line in re.finditer(rb"[^\r\n]+(?:\r\n?|\n)", said):
            if parse_final(line[0].decode("latin-1").strip(), verbose=False):
                return [said[: line.end()]]
        return [said]


def scenes(transcript: Transcript) -> list[Scene]:
    """The record cut at the lines that were sent. The first scene has no line: it is what came before."""
    result = [Scene(b"")]
    typed = b""
    early: list[bytes] = []
    """What came while a line was being typed: its echo, character by character."""
    for entry in transcript.entries:
        prompted = result[-1].prompts
        if entry.dir == "rx" and typed and not (prompted and _LINE_END.search(entry.bytes)):
            early.append(entry.bytes)
        elif entry.dir == "rx":
            if typed:  # data of a fixed length has no end of its own: the answer shows that it was complete
                result.append(Scene(typed, early, is_data=True))
                typed, early = b"", []
            result[-1].replies.append(entry.bytes)
        elif entry.dir == "tx":
            typed += entry.bytes
            while end := unit_end(typed, data=result[-1].prompts):
                unit, typed = typed[:end], typed[end:]
                if unit.strip():
                    result.append(Scene(unit, early, is_data=result[-1].prompts))
                    early = []
    result[-1].replies += early
    return result


def unit_end(typed: bytes, *, data: bool) -> int:
    """Where the first whole unit ends: a line, ``A/``, or (``data``) what ends with Ctrl-Z or escape. 0 if nowhere."""
    match = (_DATA if data else _LINE).match(typed)
    return match.end() if match else 0


def same(recorded: bytes, written: bytes) -> bool:
    """Whether two lines are the same but for line ending, case and masked secrets."""
    recorded, written = recorded.strip().upper(), written.strip().upper()
    if _MASKED not in recorded:
        return recorded == written
    return re.fullmatch(b".*".join(map(re.escape, recorded.split(_MASKED))), written, re.DOTALL) is not None


class ReplayLink:
    """``header`` (after ``open``) says which module was recorded."""

    def __init__(self, path: Path | str) -> None:
        self.name = f"replay:{path}"
        self.header: Header | None = None
        self.warnings: tuple[str, ...] = ()
        self._path = path
        self._scenes: list[Scene] = []
        self._next = 1
        self._typed = b""
        self._prompting = False
        self._said: asyncio.Queue[bytes] = asyncio.Queue()
        self._open = False

    async def open(self) -> None:
        """Raises AtshellError when there is no such transcript."""
        transcript = Transcript.read(self._path)
        self.header, self.warnings = transcript.header, transcript.warnings
        self._scenes, self._next, self._typed = scenes(transcript), 1, b""
        self._said, self._open = asyncio.Queue(), True
        self._play(self._scenes[0].replies)

    async def read(self) -> Chunk:
        self._check()
        data = await self._said.get()
        return Chunk(time.monotonic(), data)

    async def write(self, data: bytes) -> float:
        self._check()
        stamp = time.monotonic()
        self._typed += data
        while end := self._data_end() if self._prompting else unit_end(self._typed, data=False):
            unit, self._typed = self._typed[:end], self._typed[end:]
            if self._prompting:
                self._take_data()
            elif unit.strip():
                self._answer(unit)
        self._typed = self._typed[-MAX_TYPED:]
        return stamp

    async def close(self) -> None:
        self._open = False

    def _check(self) -> None:
        if not self._open:
            raise LinkError(f"{self.name} is not open", "open it first")

    def _answer(self, unit: bytes) -> None:
        later = next(
            (n for n in self._places(self._next, len(self._scenes)) if same(self._scenes[n].typed, unit)), None
        )
        if later is not None:
            self._next = later + 1
            self._play(self._as_written(self._scenes[later], unit, self._scenes[later].replies))
            return
        earlier = reversed(self._places(1, self._next))
        known = next((self._scenes[n] for n in earlier if same(self._scenes[n].typed, unit)), None)
        self._play(self._as_written(known, unit, known.answer()) if known else [UNKNOWN])

    def _as_written(self, scene: Scene, unit: bytes, replies: list[bytes]) -> list[bytes]:
        """The echo of a line that was recorded with its secret masked is the line that was written now."""
        recorded = scene.typed.strip()
        return [reply.replace(recorded, unit.strip()) for reply in replies] if _MASKED in recorded else replies

    def _places(self, start: int, end: int) -> list[int]:
        """The scenes of command lines; data is only looked for behind its prompt."""
        return [n for n in range(start, end) if not self._scenes[n].is_data]

    def _recorded_data(self) -> Scene | None:
        following = self._scenes[self._next] if self._next < len(self._scenes) else None
        return following if following and following.is_data else None

    def _data_end(self) -> int:
        """Where the data that was written is complete: behind its end, or as long as the record's, which has none."""
        recorded = self._recorded_data()
        if recorded is None or _DATA.match(recorded.typed):
            return unit_end(self._typed, data=True)
        return len(recorded.typed) if len(self._typed) >= len(recorded.typed) else 0

    def _take_data(self) -> None:
        recorded = self._recorded_data()
        if recorded is None:
            self._play([UNKNOWN])
        else:
            self._next += 1
            self._play(recorded.replies)

    def _play(self, replies: Iterable[bytes]) -> None:
        last = b""
        for last in replies:
            self._said.put_nowait(last)
        self._prompting = last.endswith(_PROMPT)
