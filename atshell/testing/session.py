"""A test's session with an emulated module: send, expect, play a dialogue, and answer what comes unasked.

The exchange machine of live sessions reads the module's bytes; time is the device's.
"""

from __future__ import annotations

import asyncio
import difflib
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from textwrap import dedent

from atshell.at.reply import Information
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.session.exchange import Exchange, ExchangeMachine, Happening, Unsolicited
from atshell.session.expectation import expectations
from atshell.session.timeouts import timeout_of
from atshell.styled import visible
from atshell.testing.driver import Driver
from atshell.testing.port import Log, Port

MAX_UNREAD = 1000
PATIENCE = 30.0
"""Device seconds that a line may take to come."""
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a command line."""

    line: str
    lines: tuple[str, ...]
    """The information lines."""
    result: str
    """``OK``, ``+CME ERROR: 50``; empty when none came in time."""
    ok: bool
    elapsed: float
    """Device seconds."""

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n".join((*self.lines, self.result))

    def __repr__(self) -> str:
        said = " / ".join(visible(line) for line in (*self.lines, self.result or f"nothing in {self.elapsed:g} s"))
        return f"<{visible(self.line)} -> {said}>"


@dataclass(frozen=True, slots=True)
class Urc:
    """A line that the module said unasked."""

    text: str
    name: str
    """``+MIPLREAD``; empty for plain words."""
    values: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<{visible(self.text)}>"


Answering = str | Callable[[Urc], str | None]


class Session:
    def __init__(self, driver: Driver, port: Port, log: Log, catalog: Catalog, profile: Profile) -> None:
        self._driver = driver
        self._port = port
        self._log = log
        self._catalog = catalog
        self._profile = profile
        self._machine = ExchangeMachine(expectations(catalog, profile))
        self._answer: Exchange | None = None
        self._unread: deque[Urc] = deque(maxlen=MAX_UNREAD)
        self._said: deque[str] = deque(maxlen=MAX_UNREAD)
        """Every line but echoes, for dialogues."""
        self._told = ""
        self._answering: list[tuple[str, Answering]] = []
        self._to_send: deque[str] = deque(maxlen=MAX_UNREAD)
        port.connect(self._receive)

    def __repr__(self) -> str:
        return f"<Session with {self._profile.model}>"

    # Commands

    def send(self, line: str, *, timeout: float | None = None) -> Reply:
        """Send a line and wait for its final result: the manual's maximum response time unless ``timeout`` says
        another number of device seconds. An error, or no answer, is a reply that is not ``ok``."""
        return self._driver.call(self._send(line, timeout))

    async def _send(self, line: str, timeout: float | None) -> Reply:
        seconds = timeout_of(line, self._catalog, self._profile) if timeout is None else timeout
        # What is being answered by itself is over soon.
        await self._driver.until(lambda: not self._machine.busy and not self._to_send, seconds)
        self._dispatch(self._machine.give_up(self._now()))
        self._put(line, seconds)
        await self._driver.until(lambda: self._answer is not None, seconds)
        self._dispatch(self._machine.give_up(self._now()))
        answer = self._answer
        if answer is None:
            return Reply(line, (), "", ok=False, elapsed=seconds)
        lines = tuple(information.text for information in answer.lines)
        return Reply(line, lines, answer.final.text if answer.final else "", answer.ok, answer.elapsed)

    def _put(self, line: str, seconds: float) -> None:
        self._answer, self._told = None, line
        self._port.feed(self._machine.send(line, self._now(), seconds))

    # What comes unasked

    def expect(self, wanted: str | re.Pattern[str], *, timeout: float = 30.0) -> Urc:
        """Wait for a line that the module says unasked, and return it. Fails (AssertionError) after so many device
        seconds.

        ``"+MIPLEVENT: 0,6"`` is that line, ``"+MIPLEVENT"`` any of that name; a pattern has to match the whole line.
        Lines that came before and were not expected yet count; others stay, to be expected later.
        """
        __tracebackhide__ = True
        found = self._driver.call(self._wait(wanted, timeout))
        if found is None:
            raise AssertionError(self._missed(wanted, timeout))
        return found

    async def _wait(self, wanted: str | re.Pattern[str], seconds: float) -> Urc | None:
        def fitting() -> Urc | None:
            return next((urc for urc in self._unread if _fits(urc, wanted)), None)

        await self._driver.until(lambda: fitting() is not None, seconds)
        found = fitting()
        if found is not None:
            self._unread.remove(found)
        return found

    def expect_nothing(self, seconds: float) -> None:
        """Let time pass, in which the module must not say anything unasked, nor have said so before. Fails
        (AssertionError) otherwise."""
        __tracebackhide__ = True
        self._driver.call(self._driver.until(lambda: bool(self._unread), seconds))
        if self._unread:
            raise AssertionError(f"the module said {visible(self._unread[0].text)!r} unasked\n{self._story()}")

    @property
    def unread(self) -> Sequence[Urc]:
        """What the module said unasked and was not expected yet."""
        return tuple(self._unread)

    def on(self, name: str, answer: Answering) -> None:
        """Be the microcontroller: answer each URC of that name by itself from now on; it is not there to be expected
        then.

        The answer is a line, in which ``{0}`` … stand for the URC's values, or a function that makes one of the URC.
        ``session.on("+MIPLREAD", 'AT+MIPLREADRSP=0,{1},1,3303,0,5700,4,4,"21.5",0,0')``
        """
        self._answering.append((name, answer))

    def dialogue(self, script: str) -> dict[str, str]:
        """Play a dialogue: ``> `` begins a line to send, ``< `` one that the module says, ``~ `` seconds that pass.
        Nothing else may be said between them. ``{name}`` in a ``<`` line is any number or word; later it is the same.
        Returns what the names stood for. Fails (AssertionError) with both dialogues side by side."""
        __tracebackhide__ = True
        known: dict[str, str] = {}
        meant: list[str] = []
        played: list[str] = []
        self._said.clear()
        steps = list(filter(None, map(str.strip, dedent(script).splitlines())))
        for step in steps:
            kind, _, text = step.partition(" ")
            if kind == "<":
                said = self._driver.call(self._hear())
                played += [f"< {line}" for line in said]
                right = bool(said) and _matched(text, said[0], known)
                self._forget(said)
            else:
                right = not self._said
                played += [f"< {line}" for line in self._said]
                step = _filled(step, known)
                played.append(step)
                self._driver.call(self._step(kind, step[2:]))
            meant.append(_filled(step, known))
            if not right:
                break
        self._driver.call(self._driver.loop.rest())
        if meant != played or self._said:
            following = takewhile(lambda step: step[:1] == "<", steps[len(meant) :])
            meant += [_filled(step, known) for step in following]
            raise AssertionError(_difference(meant, [*played, *(f"< {line}" for line in self._said)]))
        return known

    def _forget(self, said: Sequence[str]) -> None:
        """What a dialogue has heard need not be expected any more."""
        urc = next((urc for urc in self._unread if urc.text in said), None)
        if urc is not None:
            self._unread.remove(urc)

    async def _hear(self) -> list[str]:
        """The next line that the module says; none when it says no more."""
        await self._driver.until(lambda: bool(self._said), PATIENCE)
        return [self._said.popleft()] if self._said else []

    async def _step(self, kind: str, text: str) -> None:
        if kind == "~":
            await self._driver.loop.turn(float(text))
        elif kind == ">":
            self._put(text, timeout_of(text, self._catalog, self._profile))
            await self._driver.loop.rest()
        else:
            raise ValueError(f"a step of a dialogue begins with >, < or ~, not with {kind!r}")

    # Below

    def _now(self) -> float:
        return self._driver.clock.now()

    def _receive(self, data: bytes) -> None:
        lines = [line for line in data.decode("latin-1").replace("\n", "\r").split("\r") if line]
        self._said.extend(line for line in lines if line != self._told)
        self._dispatch(self._machine.receive(data, self._now()))

    def _dispatch(self, happenings: Sequence[Happening]) -> None:
        for happening in happenings:
            if isinstance(happening, Exchange):
                self._answer = happening
            elif isinstance(happening, Unsolicited):
                self._heard(_urc(happening.information))
        if self._to_send and not self._machine.busy:
            asyncio.get_running_loop().call_soon(self._send_next)

    def _heard(self, urc: Urc) -> None:
        lines = [line for name, answer in self._answering if (line := _made(name, answer, urc)) is not None]
        self._to_send.extend(lines)
        if not lines:
            self._unread.append(urc)

    def _send_next(self) -> None:
        if self._to_send and not self._machine.busy:
            line = self._to_send.popleft()
            self._put(line, timeout_of(line, self._catalog, self._profile))

    def _missed(self, wanted: str | re.Pattern[str], seconds: float) -> str:
        text = wanted if isinstance(wanted, str) else wanted.pattern
        said = [urc.text for urc in self._unread]
        near = difflib.get_close_matches(text, said, 1, 0.4)
        lines = [f"within {seconds:g} s the module did not say {visible(text)!r}"]
        if near:
            lines += ["nearest to it was:", *(visible(line) for line in difflib.ndiff([text], near) if line.strip())]
        return "\n".join([*lines, self._story()])

    def _story(self) -> str:
        return f"the session so far, in device seconds:\n{self._log.end()}"


def _urc(information: Information) -> Urc:
    return Urc(information.text, information.prefix, tuple(value.text for value in information.values))


def _fits(urc: Urc, wanted: str | re.Pattern[str]) -> bool:
    if isinstance(wanted, re.Pattern):
        return wanted.fullmatch(urc.text) is not None
    if ":" in wanted:
        return _squeezed(urc.text) == _squeezed(wanted)
    return wanted.upper() in (urc.name.upper(), urc.text.upper())


def _squeezed(line: str) -> str:
    """Modules print a blank behind the colon or none."""
    name, _, values = line.partition(":")
    return f"{name.strip()}:{values.strip()}"


def _made(name: str, answer: Answering, urc: Urc) -> str | None:
    if urc.name.upper() != name.upper():
        return None
    if not isinstance(answer, str):
        return answer(urc)
    return re.sub(r"\{(\d+)\}", lambda match: "".join(urc.values[int(match[1]) :][:1]), answer)


def _matched(text: str, said: str, known: dict[str, str]) -> bool:
    """Whether the module said it; what the names in it stand for becomes known."""
    parts = _NAME.split(text)
    pattern = "".join(
        (re.escape(known[part]) if part in known else f"(?P<{part}>[\\w.]+)") if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )
    match = re.fullmatch(pattern, said)
    known.update(match.groupdict() if match else {})
    return match is not None


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _NAME.sub(lambda match: known.get(match[1], match[0]), text)


def _difference(meant: Sequence[str], played: Sequence[str]) -> str:
    """The dialogue as it was meant (-) and as it went (+), to where they part."""
    lines = difflib.ndiff([visible(line) for line in meant], [visible(line) for line in played])
    return "the dialogue went another way (- meant, + was):\n" + "\n".join(line.rstrip() for line in lines)
