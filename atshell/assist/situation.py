"""What a session knows by now, as far as it helps with the next line.

Vendor packs read a situation from what has happened (``atshell_situation``); completion offers its values and ready
answers, checking warns by it, the toolbar shows its state. The language service itself knows no vendor.

What happens only ever grows, and a prompt waits for the answer, so a pack reads each happening once: it keeps a
``Follower``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from atshell.catalog.model import Text

if TYPE_CHECKING:
    from atshell.session.exchange import Happening


@dataclass(frozen=True, slots=True)
class Known:
    """A value that the session has seen, for a parameter of that name."""

    value: str
    """As it is to be typed, quotes included where it has them."""
    meaning: Text
    when: Mapping[str, str] = field(default_factory=dict)
    """Only where these parameters of the same line have these values: the resources of one object."""
    commands: tuple[str, ...] = ()
    """Only in these commands (``+MIPLREADRSP``); empty: in all."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request of the platform that waits for an answer."""

    mid: int
    summary: Text
    """``the platform reads /3200/0/5750``"""
    deadline: float
    """Session seconds at which the platform gives up."""
    answers: tuple[str, ...] = ()
    """Whole lines that answer it, the most usual first. ``\\0`` stands where the cursor belongs, if anywhere."""


@dataclass(frozen=True, slots=True)
class Situation:
    state: Text | None = None
    """``registered``, for the toolbar; None when there is nothing to say."""
    until: float | None = None
    """Session seconds at which the state ends by itself: the registration's lifetime."""
    reboot_needed: bool = False
    pending: tuple[Pending, ...] = ()
    values: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    """By parameter name: ``ref``, ``objid``, ``resid``, ``mid`` …, the likeliest first."""
    usual: tuple[str, ...] = ()
    """Names of the commands that usually come next (``+MIPLOPEN``), the likeliest first."""
    unready: Mapping[str, Text] = field(default_factory=dict)
    """Commands that cannot succeed now, with the reason: ``+MIPLNOTIFY`` before the login."""
    listed: tuple[str, ...] = ()
    """Names of commands that the module says it has (``+QCFG``), whether a manual here knows them or not."""

    def at(self, now: float) -> Situation:
        """Without the requests that nobody waits for any more."""
        waiting = tuple(one for one in self.pending if one.deadline > now)
        return self if len(waiting) == len(self.pending) else replace(self, pending=waiting)


NOTHING = Situation()


def merged(situations: Iterable[Situation]) -> Situation:
    """What several packs know, the first one's before the others'."""
    whole = NOTHING
    for one in situations:
        if whole is NOTHING:
            whole = one
            continue
        names = dict.fromkeys([*whole.values, *one.values])
        whole = Situation(
            state=whole.state or one.state,
            until=whole.until if whole.state else one.until,
            reboot_needed=whole.reboot_needed or one.reboot_needed,
            pending=tuple(sorted((*whole.pending, *one.pending), key=lambda pending: pending.deadline)),
            values={name: (*whole.values.get(name, ()), *one.values.get(name, ())) for name in names},
            usual=tuple(dict.fromkeys([*whole.usual, *one.usual])),
            unready={**one.unready, **whole.unready},
            listed=tuple(dict.fromkeys([*whole.listed, *one.listed])),
        )
    return whole


class Reader(Protocol):
    """Takes happenings one by one, in order."""

    def take(self, happening: Happening) -> None: ...


R = TypeVar("R", bound=Reader)
_SESSIONS = 4
"""Sessions that are followed at the same time; what a process has more of is read anew."""


class Follower(Generic[R]):
    """Readers of the sessions that are under way, each as far as it has read.

    A sequence continues what was read when its first and its last known happening are the very same objects.
    """

    def __init__(self, make: Callable[[], R]) -> None:
        self._make = make
        self._followed: deque[_Followed[R]] = deque(maxlen=_SESSIONS)

    def read(self, happenings: Sequence[Happening]) -> R:
        """The reader that has taken all of these and no others."""
        if not happenings:
            return self._make()
        followed = next((one for one in self._followed if one.continues(happenings)), None)
        if followed is None:
            followed = _Followed(self._make())
            self._followed.append(followed)
        followed.read(happenings)
        return followed.reader


class _Followed(Generic[R]):
    def __init__(self, reader: R) -> None:
        self.reader = reader
        self._count = 0
        self._ends: tuple[Happening, Happening] | None = None

    def continues(self, happenings: Sequence[Happening]) -> bool:
        if self._ends is None or self._count > len(happenings):
            return False
        return happenings[0] is self._ends[0] and happenings[self._count - 1] is self._ends[1]

    def read(self, happenings: Sequence[Happening]) -> None:
        for index in range(self._count, len(happenings)):
            self.reader.take(happenings[index])
        self._count, self._ends = len(happenings), (happenings[0], happenings[-1])
