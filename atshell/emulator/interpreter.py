"""Command lines, one after the other: what is typed, what is carried out, what is answered.

A line's commands are done from left to right up to the first error (V.250 5.3.1). One may take its time; what is typed
meanwhile is read after its final result.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

from atshell.at.command import Command, NotACommandLine, parse_line
from atshell.emulator.clock import Clock, Timer
from atshell.emulator.editor import LineEditor
from atshell.emulator.emulation import CME, CommandError, Handler, Lines, Settings
from atshell.emulator.faults.faults import AS_SAID, Faults
from atshell.emulator.voice import Voice

MAX_INPUT = 65536
"""Bytes that may wait while a command is carried out; more are lost, as in a module's own buffer."""

Describe = Callable[[str], str | None]
_log = logging.getLogger(__name__)


class Interpreter:
    """``settings`` gives those that are in force, ``describe`` the text of an error code. ``ended`` is told when a
    line is done, and whether the module restarts now; ``unplug`` ends the link, which a fault may do."""

    def __init__(
        self,
        clock: Clock,
        faults: Faults,
        voice: Voice,
        settings: Callable[[], Settings],
        *,
        describe: Describe | None,
        ended: Callable[[bool], None],
        unplug: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._voice = voice
        self._settings = settings
        self._describe = describe
        self._ended = ended
        self._unplug = unplug
        self._handlers: dict[str, Handler] = {}
        self._editor = LineEditor()
        self._input = bytearray()
        self._waiting: asyncio.Future[Lines] | None = None
        self._answering = AS_SAID
        self._late: Timer | None = None
        self._reboot_due = False
        self.busy = False
        """A command is being carried out."""

    @property
    def commands(self) -> list[str]:
        return sorted(self._handlers)

    def learn(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers.update(handlers)

    def forget_line(self) -> None:
        """What is half typed was somebody else's."""
        self._editor.clear()

    def restart_afterwards(self) -> None:
        """Restart when the line is done that is being carried out."""
        self._reboot_due = True

    def stop(self) -> None:
        """The power is gone: nothing goes on, ``A/`` repeats nothing."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.cancel()
        self.busy = self._reboot_due = False
        self._answering = AS_SAID
        self._input.clear()
        self._editor = LineEditor()

    # -- Bytes to lines

    def feed(self, data: bytes) -> None:
        self._input += data[: MAX_INPUT - len(self._input)]
        self._read()

    def _read(self) -> None:
        while self._input and not self.busy:
            settings = self._settings()
            typed = self._editor.feed(bytes(self._input), settings.registers)
            del self._input[: typed.used]
            if settings.echo:
                self._voice.echo(typed.echo)
            if typed.too_long:
                self._finish("ERROR")
            elif typed.line is not None:
                self._start(typed.line)

    # -- Lines to commands

    def _start(self, line: str) -> None:
        try:
            commands = parse_line(line).commands
        except NotACommandLine:
            self._finish("ERROR")
            return
        self.busy = True
        self._voice.begin()
        self._answering = self._faults.command(line, self._clock.now())
        if self._answering.unplug:
            self._unplug()
        if self._answering.delay or self._answering.dropped:
            self._voice.hold()
        self._carry_out(deque(commands))

    def _carry_out(self, commands: deque[Command]) -> None:
        """One that takes time comes back here when it is done."""
        while commands:
            try:
                answer = self._handle(commands.popleft())
                if isinstance(answer, Awaitable):
                    self._waiting = asyncio.ensure_future(answer)
                    self._waiting.add_done_callback(partial(self._go_on, commands))
                    return
            except Exception as error:
                self._finish(self._error_text(error))
                return
            self._voice.inform(answer)
        self._finish("OK")

    def _go_on(self, commands: deque[Command], answer: asyncio.Future[Lines]) -> None:
        error = CommandError() if answer.cancelled() else answer.exception()
        if answer is not self._waiting:  # the module has lost its power meanwhile
            return
        self._waiting = None
        if error is None:
            self._voice.inform(answer.result())
            self._carry_out(commands)
        else:
            self._finish(self._error_text(error))
        self._continue()

    def _handle(self, command: Command) -> Lines | Awaitable[Lines]:
        handler = self._handlers.get(command.name)
        if handler is None:
            raise CommandError
        return handler(command)

    # -- The end of a line

    def _finish(self, result: str) -> None:
        """Say the final result, unless a fault has other plans for it."""
        answering, self._answering = self._answering, AS_SAID
        if answering.delay:
            self._answering = replace(answering, delay=0.0)
            self._late = self._clock.call_later(answering.delay, lambda: self._finish_late(result))
            return
        restarts, self._reboot_due = self._reboot_due or answering.reboot, False
        self.busy = False
        if answering.dropped:
            self._voice.forget()
        elif not answering.reboot:
            self._voice.finish(result, alone=restarts)
        if restarts:
            self._voice.flush()
        self._ended(restarts)

    def _finish_late(self, result: str) -> None:
        self._late = None
        self._finish(result)
        self._continue()

    def _continue(self) -> None:
        self._read()
        self._voice.flush()

    def _error_text(self, error: BaseException) -> str:
        cmee = self._settings().cmee
        if not isinstance(error, CommandError):
            _log.error("a command handler failed", exc_info=error)
        if not isinstance(error, CommandError) or error.code is None or cmee == 0:
            return "ERROR"
        text = None
        if cmee == 2 and error.prefix == CME and self._describe is not None:
            text = self._describe(str(error.code))
        return f"{error.prefix}: {text or error.code}"
