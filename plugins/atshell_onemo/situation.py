"""What a session with a OneMO module has come to: its device, objects, login, and the requests that wait.

Each happening is read once (``atshell.assist.situation.Follower``), as a microcontroller would follow the dialogue
(LwM2M manual 4.4.0, chapters 3 to 5). A session may begin with a module that is logged in already: what can only be so
when it is logged in is taken for a sign that it is. ``advice`` turns this into what a person is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from atshell.assist.situation import Follower, Situation
from atshell.at.command import Command, Form, NotACommandLine, parse_line
from atshell.at.syntax import quote
from atshell.session.exchange import Exchange, Unsolicited
from atshell_onemo.emulator.state import State
from atshell_onemo.intents.arguments import Arguments
from atshell_onemo.intents.urcs import LOGGED_IN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from atshell.at.reply import Information
    from atshell.at.syntax import Argument
    from atshell.catalog.profile import Profile
    from atshell.session.exchange import Happening

DEVICE, DATA_OBJECT = 3, 19
DIRECT_PLATFORMS = frozenset({1, 3})
"""CTWing and Huawei Cloud: the module itself answers what is written to object 19 (5.3, 5.6)."""
LOGIN_FAILED, UPDATED, LOGGED_OUT, DELETED = frozenset({3, 7}), 11, 15, 31
"""Events of 3.20, beside LOGGED_IN."""
SHORTEST_LIFETIME, DAY = 10, 86400
"""Seconds; what is less becomes a day (3.7)."""
MAX_OBJECTS, MAX_NUMBERS, MAX_WAITING, MAX_VALUES = 64, 256, 40, 512
"""No module has as many; what comes from one is not trusted to know that."""
FORGOTTEN = 60.0
"""Seconds after which a request that nobody answered is taken for gone."""
MAX_TEXT = 1024
"""Characters of a value that is offered again."""
STRING = "1"
_TYPES = frozenset("123456")
"""3.9"""
ALL = -1

Place = tuple[int, int, int]
"""Object, instance, resource; -1 for all."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the platform asked for and nobody has answered yet."""

    kind: str
    """``READ`` ``WRITE`` ``EXECUTE``"""
    ref: int
    place: Place
    time: float
    collected: frozenset[Place] = frozenset()
    """Places whose values were handed over already, with flag 1 or 2 (3.11)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A value as it would stand in a line: ``<type>``, ``<len>``, ``<value>``."""

    kind: str
    length: str
    value: str


@dataclass(slots=True)
class Declared:
    """An object that was added."""

    instances: list[int]
    resources: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Facts:
    """A reader of happenings, and what it has read."""

    state: State = State.NONE
    ref: int | None = None
    platform: int = 0
    objects: dict[int, Declared] = field(default_factory=dict)
    observed: dict[Place, None] = field(default_factory=dict)
    values: dict[Place, Sent] = field(default_factory=dict)
    """The last one of each resource."""
    requests: dict[int, Request] = field(default_factory=dict)
    """By message ID, the oldest first."""
    lifetime: int | None = None
    since: float = 0.0
    """When the lifetime began, in session seconds."""
    logged_in_before: bool = False
    held_back: bool = False
    """Requests are fetched with AT+MIPLMGR (4.2)."""
    next_lifetime: int | None = None
    asked_for_state: bool = False

    def take(self, happening: Happening) -> None:
        if isinstance(happening, Unsolicited):
            if not happening.late:
                self._said(happening.information, happening.time)
        elif isinstance(happening, Exchange):
            self._sent(happening)

    def _sent(self, exchange: Exchange) -> None:
        try:
            commands = parse_line(exchange.line).commands
        except NotACommandLine:
            return
        for command in commands:
            arguments = Arguments(command.arguments)
            if _reboots(command, arguments) and exchange.ok:
                self._forget()
            elif exchange.ok and (accepted := _ACCEPTED.get(command.name)):
                accepted(self, command, arguments, exchange)
            elif exchange.final is not None and command.name.endswith("RSP"):
                self._answered(arguments.number(1))  # 653: nobody waits for it
        for information in exchange.lines:
            self._said(information, exchange.ended)

    def _said(self, information: Information, time: float) -> None:
        prefix = information.prefix.upper()
        if not prefix.startswith(("+MIPL", "+MIPO")):
            return
        arguments = Arguments(information.values)
        if prefix == "+MIPLEVENT":
            self._event(arguments, time)
        elif prefix in ("+MIPLREAD", "+MIPLWRITE", "+MIPLEXECUTE"):
            self._on_line(time)
            self._asked(prefix.removeprefix("+MIPL"), arguments, time)
        elif prefix in _OBSERVE:
            self._on_line(time)
            place = _place(arguments, 3)
            self.observed.pop(place, None)
            if arguments.number(2) != 0 and len(self.observed) < MAX_VALUES:
                self.observed[place] = None
        elif prefix == "+MIPLLTRDP" and (left := arguments.number(0)):
            self._on_line(time)
            self.lifetime, self.since = left, time

    # The life of the login

    def _event(self, arguments: Arguments, time: float) -> None:
        event = arguments.number(1)
        if event == LOGGED_IN:
            if not self.asked_for_state or self.state is not State.ONLINE:
                self.since = time
            self.asked_for_state = False
            self._on_line(time)
        elif event == UPDATED:
            self._on_line(time)
            self.lifetime, self.next_lifetime = self.next_lifetime or self.lifetime, None
            self.since = time
        elif event in LOGIN_FAILED or event in (LOGGED_OUT, DELETED):
            self._off_line(State.CREATED)

    def _on_line(self, time: float) -> None:
        if self.state in (State.NONE, State.CREATED):  # it was so before this session began
            self.ref = 0 if self.ref is None else self.ref
            self.since = time
        if self.state is not State.CLOSING:
            self.state = State.ONLINE
            self.logged_in_before = True

    def _off_line(self, state: State) -> None:
        self.state = state
        self.observed.clear()
        self.requests.clear()

    def _forget(self) -> None:
        """A reboot or AT+MIPLDELETE: nothing of it is left (3.2)."""
        self._off_line(State.NONE)
        self.ref, self.lifetime, self.platform = None, None, 0
        self.objects.clear()
        self.logged_in_before = self.held_back = False

    # What the platform asks, and what it is answered

    def _asked(self, kind: str, arguments: Arguments, time: float) -> None:
        ref, mid, place = arguments.number(0), arguments.number(1), _place(arguments, 2)
        by_itself = place[0] == DEVICE or (
            kind == "WRITE" and place[0] == DATA_OBJECT and self.platform in DIRECT_PLATFORMS
        )
        if mid is None or by_itself:
            return
        for old in [old for old, request in self.requests.items() if time - request.time > FORGOTTEN]:
            del self.requests[old]
        self.requests.pop(mid, None)
        if len(self.requests) < MAX_WAITING:
            self.requests[mid] = Request(kind, ref or 0, place, time)
            if kind == "WRITE":
                self._remember(arguments.arguments, 2)

    def _answered(self, mid: int | None) -> None:
        if mid is not None:
            self.requests.pop(mid, None)

    # Commands that were accepted

    def _created(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        for information in exchange.lines:
            if information.prefix.upper() == command.name and information.values:
                self._forget()
                self.ref, self.state = Arguments(information.values).number(0) or 0, State.CREATED

    def _deleted(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._forget()

    def _exists(self, arguments: Arguments) -> None:
        """A command about the device was accepted, so there is one."""
        if self.state is State.NONE:
            self.ref, self.state = arguments.number(0) or 0, State.CREATED

    def _added(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._exists(arguments)
        number, bitmap = arguments.number(1), arguments.text(3)
        if number is not None and len(self.objects) < MAX_OBJECTS:
            self.objects[number] = Declared([at for at, bit in enumerate(bitmap[:MAX_NUMBERS]) if bit == "1"])

    def _removed(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        number = arguments.number(1)
        if number is not None:
            self.objects.pop(number, None)

    def _discovered(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._exists(arguments)
        declared = self.objects.get(arguments.number(1) or 0)
        if declared is not None:
            numbers = arguments.text(4).split(";")[:MAX_NUMBERS]
            declared.resources = [int(number) for number in numbers if number.isdecimal() and len(number) < 6]

    def _configured(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        if arguments.text(0).casefold() == "platform":
            self.platform = arguments.number(2) or 0

    def _opened(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        if command.form is Form.READ:
            self.asked_for_state = True
        elif self.state is not State.ONLINE:
            # The event may have come in one piece with the OK; then it is read after this.
            self._exists(arguments)
            self.state, self.lifetime = State.OPENING, _lifetime(arguments)

    def _updated(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._on_line(exchange.ended)
        self.next_lifetime = _lifetime(arguments)

    def _closed(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._off_line(State.CLOSING)

    def _told(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        """How requests are told (4.2)."""
        self.held_back = arguments.number(1) != 0

    def _notified(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._on_line(exchange.ended)
        self._remember(command.arguments, 2)

    def _read_answered(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._remember(command.arguments, 3)
        mid = arguments.number(1)
        request = self.requests.get(mid) if mid is not None else None
        if mid is not None and request is not None and arguments.number(10) in (1, 2):
            collected = request.collected | {_place(arguments, 3)}
            self.requests[mid] = replace(request, collected=collected)
        else:
            self._answered(mid)

    def _was_answered(self, command: Command, arguments: Arguments, exchange: Exchange) -> None:
        self._answered(arguments.number(1))

    def _remember(self, given: tuple[Argument, ...], first: int) -> None:
        """A value, with its place from ``first`` on and its type, length and text behind."""
        place = _place(Arguments(given), first)
        if len(given) <= first + 5 or ALL in place or (place not in self.values and len(self.values) >= MAX_VALUES):
            return
        kind, value = given[first + 3].text, given[first + 5]
        if kind in _TYPES and len(value.text) <= MAX_TEXT:
            written = str(quote(value.text)) if kind == STRING else str(value)
            self.values[place] = Sent(kind, str(len(value.text)), written)


_ACCEPTED: dict[str, Callable[[Facts, Command, Arguments, Exchange], None]] = {
    "+MIPLCREATE": Facts._created,
    "+MIPLCREATEEX": Facts._created,
    "+MIPLDELETE": Facts._deleted,
    "+MIPDELETE": Facts._deleted,
    "+MIPLADDOBJ": Facts._added,
    "+MIPLDELOBJ": Facts._removed,
    "+MIPLDISCOVERRSP": Facts._discovered,
    "+MIPLCFG": Facts._configured,
    "+MIPLOPEN": Facts._opened,
    "+MIPLUPDATE": Facts._updated,
    "+MIPLCLOSE": Facts._closed,
    "+MIPLNMI": Facts._told,
    "+MIPLNOTIFY": Facts._notified,
    "+MIPLREADRSP": Facts._read_answered,
    "+MIPLWRITERSP": Facts._was_answered,
    "+MIPLEXECUTERSP": Facts._was_answered,
    "+MIPLXECUTERSP": Facts._was_answered,
}
_OBSERVE = frozenset({"+MIPLOBSERVE", "+MIPLOBERVE", "+MIPLOBSEVERE", "+MIPOBSERVE"})
"""Spellings of 3.18, 3.19, 5.1 and 5.4."""


def _reboots(command: Command, arguments: Arguments) -> bool:
    """AT+MREBOOT, or AT+CFUN with a reset (27.007 8.2)."""
    return command.name == "+MREBOOT" or (command.name == "+CFUN" and arguments.number(1) == 1)


def _place(arguments: Arguments, first: int) -> Place:
    numbers = [arguments.number(index) for index in range(first, first + 3)]
    one, two, three = (ALL if number is None or number < 0 else number for number in numbers)
    return one, two, three


def _lifetime(arguments: Arguments) -> int:
    seconds = arguments.number(1)
    return seconds if seconds is not None and seconds >= SHORTEST_LIFETIME else DAY


_followed = Follower(Facts)


def read_facts(happenings: Sequence[Happening]) -> Facts:
    return _followed.read(happenings)


def read_situation(happenings: Sequence[Happening], profile: Profile) -> Situation:
    from atshell_onemo.advice import advise

    return advise(read_facts(happenings), profile)
