"""The engine: a cell of text in, results out. The terminal and the notebook hold one each.

Importing this module costs next to nothing: what talks to a module is imported by ``open``, so that a front door can
show its prompt first. A command whose module asks for data (``> ``) leaves the engine waiting; the next line
that is run, of this cell or the next, is the data.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.background import Background
from atshell.shell.cell import CellLine, read_cell
from atshell.shell.failure import failure
from atshell.shell.layout import WIDTH
from atshell.shell.options import ShellOptions
from atshell.shell.record import Recording
from atshell.shell.result import Result
from atshell.shell.unasked import Unasked

if TYPE_CHECKING:
    from pathlib import Path

    from atshell.assist.complete import Suggestion
    from atshell.assist.explain import Signature
    from atshell.assist.situation import Situation
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.emulator.device import Device
    from atshell.host import Host
    from atshell.session.exchange import DataPrompt, Exchange, Garbage, Unsolicited
    from atshell.session.runner import Session
    from atshell.shell.checking import Checker
    from atshell.shell.knowledge import Knowledge
    from atshell.shell.secrets import Secrets
    from atshell.styled import Fragments
    from atshell.transcript.file import Transcript
    from atshell.transport.link import Link

__all__ = ["Shell", "ShellOptions"]

STATE_LASTS = 60.0
"""Seconds for which what the module said last is worth a place on the screen."""
END_OF_DATA = b"\x1a"
"""Ctrl-Z ends the data after a prompt, Escape gives it up (27.005 3.5.1)."""
GIVE_UP = b"\x1b"


class Shell:
    """Made closed; ``open`` connects. Lines that are no magic go to the module.

    Attributes that front doors and magics may read: ``host``, ``session``, ``profile``, ``device`` (of an emulated
    module, else None), ``catalog``, ``situation``, ``checker``, ``record`` and ``capture`` (paths, None when there is
    none), ``done`` (True after ``%quit``); and, for the front door to set, ``width`` (columns that results may take)
    and ``on_terminal`` (what is wider would be torn).
    """

    host: Host
    session: Session
    profile: Profile
    device: Device | None
    checker: Checker
    capture: Path | None
    done: bool

    def __init__(self, host: Host, options: ShellOptions, *, record_name: str = "") -> None:
        """``record_name`` is the file name of a default record that a front door has already announced."""
        self.host = host
        self.options = options
        self.device = None
        self.capture = options.capture
        self.done = False
        self.width = WIDTH
        self.on_terminal = False
        self._unasked = Unasked()
        self._background = Background(lambda result: self._unasked.tell(result, self.now()))
        self._recording = Recording(options, record_name)
        self._closing = AsyncExitStack()
        self._watchers: list[Callable[[], None]] = []
        self._secrets: Secrets
        self._knowledge: Knowledge
        self._pending: asyncio.Task[Exchange] | None = None
        self._prompted: asyncio.Event | None = None
        self._last_sent: float | None = None
        self._origin = 0.0
        self._state = ""
        self._state_since = 0.0
        self._is_lost = False

    # -- Opening and closing

    async def open(self) -> None:
        """Raises AtshellError: the port is taken, the model unknown."""
        from atshell.session.runner import Session
        from atshell.shell.opening import identify, make_link, make_profile, temporary_capture

        self.profile = make_profile(self.host, self.options)
        if self.options.emulated and self.capture is None:
            self.capture = temporary_capture(self._closing)
        self._closing.callback(self._recording.close)
        try:
            link = make_link(self.host, self.options, self.profile, self.capture)
            session = Session(link, catalog=self.host.catalog, profile=self.profile, sinks=[self._recording.keep])
            self.session = await session.__aenter__()
            self._closing.push_async_callback(session.close)
            if self.options.port and not self.options.model:
                self.profile = session.profile = await identify(self.host, session, self.profile)
            self._begin(session, link)
        except BaseException:
            await self._closing.aclose()
            raise

    def _begin(self, session: Session, link: Link) -> None:
        from datetime import UTC, datetime

        from atshell.shell.checking import Checker
        from atshell.shell.knowledge import Knowledge
        from atshell.shell.secrets import Secrets

        self.device = getattr(link, "device", None)
        self._secrets = Secrets(self.host.catalog, self.profile)
        self._knowledge = Knowledge(self.host, self.profile, self.now, keeps=bool(self.options.port))
        self.checker = Checker(self.catalog)
        self._origin = time.monotonic() - (datetime.now(UTC) - session.started).total_seconds()
        self._recording.start(session)
        session.listen(self._hear)
        session.on_lost(self._lost)

    async def close(self) -> None:
        """End the session; a second call does nothing."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        self._background.cancel()
        await self._closing.aclose()

    @property
    def record(self) -> Path | None:
        """The transcript's file."""
        return self._recording.path

    @property
    def identity(self) -> str:
        """What is known of the module, as a start line has it: ``Quectel BC28 · BC28JAR01A10_ONT · manual``."""
        from atshell.shell.opening import identity

        return identity(self.host.catalog, self.profile)

    @property
    def keeps_capture(self) -> bool:
        """True when the capture stays after the end."""
        return self.options.capture is not None

    def transcript(self) -> Transcript:
        """The session so far, numbered as its lines stand in the record."""
        return self._recording.transcript()

    # -- Running

    @property
    def wants_data(self) -> bool:
        """True while the module waits for the data of a command: the next line is taken as it is."""
        return self._pending is not None

    @property
    def state(self) -> str:
        """A few words on what matters now."""
        if self.wants_data:
            chinese = self.profile.language.startswith("zh")
            return "回车发送数据, Esc 放弃" if chinese else "Enter sends the data, Escape gives it up"
        from atshell.shell.status import status

        now = self.now()
        words = "" if self._is_lost else status(self.situation, self.profile, now)
        recent = self._is_lost or now - self._state_since < STATE_LASTS
        return words or (self._state if recent else "")

    @property
    def counts_down(self) -> bool:
        """True while ``state`` changes with each second."""
        from atshell.shell.status import counts_down

        return not self.wants_data and counts_down(self.situation, self.now())

    def is_secret(self, line: str) -> bool:
        """True when a line carries a key or password."""
        return self._secrets.in_line(line.partition(" ")[2] if line.lstrip().startswith("%") else line)

    async def run(self, cell: str) -> AsyncGenerator[Result, None]:
        """Execute a cell: each line in turn, results as they come. Never raises for what a user can do wrong."""
        if not self.wants_data:
            cell = self.checker.released(cell)
            held = self.checker.hold(cell, self.profile, self.situation, self.now(), width=self.width)
            for result in held:
                yield result
            if held:
                return
        for line in read_cell(cell):
            try:
                async with aclosing(self._line(line)) as results:
                    async for result in results:
                        yield result
            except Exception as error:
                # A plugin's fault must not end a session that may have run for days.
                yield failure(error)
            if self.done:
                return

    async def _line(self, line: CellLine) -> AsyncGenerator[Result, None]:
        if self._pending is not None or line.kind == "at":
            async with aclosing(self._exchange(line)) as results:
                async for result in results:
                    yield result
        elif line.kind == "magic":
            async with aclosing(self._magic(line.text)) as results:
                async for result in results:
                    yield result
        elif line.kind == "said" and (told := self._told(line.text)) is not None:
            yield told
        elif line.kind != "skip":
            from atshell.shell.meant import line_meant

            raise AtshellError(
                f"{line.text[:80]!r} is no AT command", line_meant(self.host.catalog, self.profile, line.text)
            )

    async def _exchange(self, line: CellLine) -> AsyncGenerator[Result, None]:
        """A command, or the data of one; what the module says unasked meanwhile keeps its place."""
        if self._pending is None:
            for warning in self._warnings(line.text):
                yield warning
        self._unasked.hold()
        self._knowledge.happenings.begin()
        try:
            if self._pending is not None:
                result, ended = await self._data(self._pending, line.raw.encode() + END_OF_DATA)
            else:
                result, ended = await self._send(line.text)
            self._unasked.release(before=ended)
            yield result
        finally:
            self._unasked.end()
            if self._pending is None:
                self._knowledge.happenings.ended(None)
            self._changed()

    def _warnings(self, line: str) -> list[Result]:
        """What there is to say of a line before it is sent."""
        return self.checker.warnings(line, self.profile, self.situation, self.now(), width=self.width)

    async def _magic(self, text: str) -> AsyncGenerator[Result, None]:
        from atshell.shell.magics import MAGICS, load
        from atshell.shell.meant import magic_meant

        name, _, argument = text.partition(" ")
        if name not in MAGICS:
            raise AtshellError(f"there is no %{name}", magic_meant(name))
        async for result in load(name)(self, argument.strip()):
            yield result

    async def _send(self, line: str) -> tuple[Result, float]:
        self._prompted = asyncio.Event()
        self._secrets.sent(line)
        self._last_sent = self.now()
        return await self._end(asyncio.ensure_future(self.session.send(line)), self._prompted)

    async def _data(self, pending: asyncio.Task[Exchange], data: bytes) -> tuple[Result, float]:
        self._prompted = asyncio.Event()
        self._pending = None
        await self.session.send_data(data)
        return await self._end(pending, self._prompted)

    async def give_up_data(self) -> Result | None:
        """Escape at a data prompt; None when there is none."""
        if self._pending is None:
            return None
        try:
            return (await self._data(self._pending, GIVE_UP))[0]
        except AtshellError as error:
            return failure(error)

    async def _end(self, pending: asyncio.Task[Exchange], prompted: asyncio.Event) -> tuple[Result, float]:
        """The answer, or what to do when the module asks for data first, and when that was."""
        from atshell.shell.answer import answer
        from atshell.shell.payloads import beside

        asked = asyncio.ensure_future(prompted.wait())
        try:
            await asyncio.wait({pending, asked}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pending.cancel()
            raise
        finally:
            asked.cancel()
        if not pending.done():
            self._pending = pending
            return Result([("note", "the module waits for data: the next line is sent, Escape gives up")], "note"), 0.0
        exchange = self._secrets.masked(pending.result())
        self._knowledge.happenings.ended(exchange)
        self.checker.ended(exchange)
        carried = partial(beside, self.host)
        return answer(self.catalog, self.profile, exchange, width=self.width, carried=carried), exchange.ended

    def now(self) -> float:
        """Seconds since the session was started."""
        return time.monotonic() - self._origin

    async def in_background(self, work: Coroutine[None, None, Result], *, patience: float) -> Result | None:
        """Wait ``patience`` seconds for a result; when it takes longer, None, and it is shown as one unasked."""
        return await self._background.run(work, patience=patience)

    async def settle(self) -> None:
        """Wait until nothing runs in the background."""
        await self._background.settle()

    # -- What comes unasked

    def listen(self, listener: Callable[[Result], None]) -> Callable[[], None]:
        """Results that come unasked: URCs with their meaning, a lost link."""
        return self._unasked.listen(listener)

    def tell(self, result: Result) -> None:
        """Show a result that comes unasked."""
        self._unasked.tell(result, self.now())

    def _hear(self, happening: Unsolicited | DataPrompt | Garbage) -> None:
        from atshell.session.exchange import DataPrompt, Unsolicited
        from atshell.shell.answer import meaning_of, unasked

        if isinstance(happening, DataPrompt):
            if self._prompted is not None:
                self._prompted.set()
            return
        meaning = ""
        if isinstance(happening, Unsolicited):
            happening = self._secrets.masked(happening)
            meaning = meaning_of(self.host, self.profile, happening)
            self._set_state(meaning)
        self._knowledge.happenings.heard(happening, happening.time)
        self._changed()
        after = None if self._last_sent is None else happening.time - self._last_sent
        self._unasked.tell(unasked(happening, meaning, after=after, width=self.width), happening.time)

    def _set_state(self, words: str) -> None:
        if words:
            self._state, self._state_since = words, self.now()

    def _lost(self, error: AtshellError) -> None:
        self._is_lost = True
        self._set_state(error.what)
        self._unasked.tell(failure(error), self.now())

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call ``watcher`` whenever the session knows more than before."""
        self._watchers.append(watcher)

    def _changed(self) -> None:
        for watcher in self._watchers:
            watcher()

    # -- What the session knows

    @property
    def catalog(self) -> Catalog:
        """The manuals, and what was learned from this module."""
        return self._knowledge.catalog

    @property
    def situation(self) -> Situation:
        """What the session knows by now."""
        return self._knowledge.situation

    def _learn(self, cell: str, cursor: int) -> None:
        """Ask a real module for the command under the cursor, when nobody knows it and the module has nothing to do."""
        idle = not (self._is_lost or self.wants_data or self._knowledge.happenings.outstanding)
        name = self._knowledge.unknown(cell, cursor) if self.options.port and idle else ""
        if name:
            self._background.start(self._ask(name))

    async def _ask(self, name: str) -> None:
        from atshell.shell.knowledge import PATIENCE

        self.session.note(f"AT{name}=? is asked by the shell: no manual here has {name}", kind="learn")
        if await self._knowledge.learn(name, lambda line: self.session.send(line, timeout=PATIENCE)):
            self.checker.catalog = self.catalog
            self._changed()

    def _told(self, line: str) -> Result | None:
        from atshell.shell.told import told

        return told(self.catalog, self.profile, line, width=self.width)

    # -- The language service, over cells of several lines

    def complete(self, cell: str, cursor: int) -> Sequence[Suggestion]:
        """What could stand at the cursor, magics and their arguments included; offsets are the cell's."""
        from atshell.shell.service import complete

        self._learn(cell, cursor)
        return complete(self.catalog, self.profile, cell, cursor, self.situation)

    def ready_answer(self, typed: str) -> Suggestion | None:
        """A whole line that answers the request which has waited longest, where ``typed`` is how it begins."""
        return self._knowledge.ready_answer(typed)

    def signature(self, cell: str, cursor: int) -> Signature | None:
        """For a toolbar: the command under the cursor and its current parameter."""
        from atshell.shell.service import signature

        return signature(self.catalog, self.profile, cell, cursor)

    def inspect(self, cell: str, cursor: int) -> Result | None:
        """The manual of what stands under the cursor."""
        from atshell.shell.service import inspected

        name = inspected(cell, cursor)
        page = self.manual(name) if name else None
        return None if page is None else Result(page)

    def manual(self, name: str) -> Fragments | None:
        """The manual's page on a command, a URC or an error code, None when no manual knows it."""
        from atshell.shell.service import manual

        return manual(self.catalog, self.profile, name, self.width)
