"""A device's life as the traffic tells it: registrations with their updates, changed addresses and their end.

A life begins with a Register (or with the first Update to a location, when the capture begins later) and ends with a
De-register, with a new Register of the same endpoint, with a refused Update, or when the lifetime has run out: the
server counts from the last Register or Update that it answered. All times are the capture's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import Literal

import msgspec

from atshell_lwm2m.dissect.state import remember
from atshell_lwm2m.message import NO_TIME, Message, Registration
from atshell_lwm2m.report.exchanges import Pair, exchanges

DEFAULT_LIFETIME = 86400
"""Seconds, where a Register does not name it (LwM2M 1.0 section 5.3.1)."""
MAX_LIVES = 16_384
MAX_EVENTS = 10_000

What = Literal[
    "bootstrap", "bootstrapped", "registered", "refused", "unanswered", "update", "address", "lifetime", "binding",
    "objects", "expired", "replaced", "unknown", "deregistered",
]  # fmt: skip
End = Literal["deregistered", "expired", "replaced", "unknown", "refused", "unanswered", "bootstrapped", "open"]
"""``unknown``: the server no longer knew it when it was updated. ``bootstrapped``: nothing follows a bootstrap.
``open``: it lived when the capture ended."""


Ending = Literal["deregistered", "expired", "replaced", "unknown"]


class Event(msgspec.Struct, omit_defaults=True):
    what: What
    time: float = NO_TIME
    frame: int | None = None
    text: str | None = None
    rtt: float | None = None


class Life(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One registration."""

    file: str | None = None
    endpoint: str | None = None
    client: str
    """Its latest address."""
    server: str
    start: float = NO_TIME
    end: End = "open"
    ended: float | None = None
    location: str | None = None
    lifetime: int | None = None
    lwm2m: str | None = None
    binding: str | None = None
    queue: bool | None = None
    objects: list[str] = []
    updates: int = 0
    """Answered with success."""
    retransmissions: int = 0
    events: list[Event] = []
    omitted: int = 0
    """Events beyond the first ``MAX_EVENTS``."""
    renewed: float = msgspec.field(default=NO_TIME, name="last_renewed")

    @property
    def runs_out(self) -> float:
        if self.renewed is NO_TIME:
            return inf  # nobody knows when
        return self.renewed + (DEFAULT_LIFETIME if self.lifetime is None else self.lifetime)

    def add(self, event: Event) -> None:
        if len(self.events) < MAX_EVENTS:
            self.events.append(event)
        else:
            self.omitted += 1


def lives(messages: Iterable[Message]) -> list[Life]:
    """In the order in which they began."""
    history = _History()
    for pair in exchanges(history.watch(messages)):
        history.take(pair)
    return history.close()


class _History:
    def __init__(self) -> None:
        self._all: list[Life] = []
        self._by_location: dict[tuple[str | None, str, str], Life] = {}
        self._by_endpoint: dict[tuple[str | None, str, str], Life] = {}
        self._bootstraps: dict[tuple[str | None, str], Life] = {}
        self._writes: dict[tuple[str | None, str], int] = {}
        self._last: dict[str | None, float] = {}

    def watch(self, messages: Iterable[Message]) -> Iterator[Message]:
        """Remember when each capture ends."""
        for message in messages:
            self._last[message.file] = message.time
            yield message

    def take(self, pair: Pair) -> None:
        match pair.first.operation:
            case "Bootstrap-Request" | "Bootstrap-Write" | "Bootstrap-Finish":
                self._bootstrap(pair)
            case "Register":
                self._register(pair)
            case "Update":
                self._update(pair)
            case "De-register":
                self._deregister(pair)

    def close(self) -> list[Life]:
        for life in self._all:
            if life.end == "open" and life.runs_out < self._last.get(life.file, 0.0):
                _ends(life, "expired", life.runs_out)
        return self._all

    def _new(self, pair: Pair) -> Life:
        first = pair.first
        given = first.registration or Registration()
        life = Life(
            file=first.file,
            endpoint=first.endpoint,
            client=first.src,
            server=first.dst,
            start=first.time,
            lifetime=given.lt,
            lwm2m=given.lwm2m,
            binding=given.b,
            queue=given.queue,
            objects=given.objects,
            retransmissions=pair.transmissions - 1,
            renewed=_moment(pair),
        )
        if len(self._all) < MAX_LIVES:
            self._all.append(life)
        return life

    def _bootstrap(self, pair: Pair) -> None:
        """It begins the life of the registration that follows; alone it is one that was never registered."""
        first = pair.first
        key = (first.file, first.endpoint or "")
        if first.operation == "Bootstrap-Request":
            life = self._bootstraps.get(key) or self._new(pair)
            life.end, life.ended = "bootstrapped", _moment(pair) or None
            life.add(Event("bootstrap", first.time, first.frame, first.dst, pair.answer.rtt if pair.answer else None))
            remember(self._bootstraps, key, life, MAX_LIVES)
            self._writes[key] = 0
        elif key in self._bootstraps and _succeeded(pair):
            if first.operation == "Bootstrap-Write":
                self._writes[key] += 1
            else:
                text = f"{self._writes[key]} written"
                self._bootstraps[key].add(Event("bootstrapped", first.time, first.frame, text))
                self._bootstraps[key].ended = _moment(pair) or None

    def _register(self, pair: Pair) -> None:
        first, answer = pair.first, pair.answer
        old = self._by_endpoint.get((first.file, first.dst, first.endpoint or ""))
        life = self._new(pair)
        before = self._bootstraps.pop((first.file, first.endpoint or ""), None)
        if before is not None:
            life.events, life.start = before.events, before.start
            self._all = [one for one in self._all if one is not before]
        if not _succeeded(pair):
            what: Literal["unanswered", "refused"] = "unanswered" if answer is None else "refused"
            life.end, life.ended = what, _moment(pair) or None
            life.add(Event(what, first.time, first.frame, _refusal(answer)))
            return
        if old is not None and old.end == "open":
            _replace(old, life, pair)
        location = answer.registration.location if answer is not None and answer.registration is not None else None
        life.location = location
        life.add(Event("registered", first.time, first.frame, location, answer.rtt if answer is not None else None))
        remember(self._by_endpoint, (first.file, first.dst, first.endpoint or ""), life, MAX_LIVES)
        if location is not None:
            remember(self._by_location, (first.file, first.dst, location), life, MAX_LIVES)

    def _find(self, pair: Pair) -> Life:
        """Whose location is asked for; one that began before the capture is made up from what is seen."""
        first = pair.first
        key = (first.file, first.dst, first.path or "")
        life = self._by_location.get(key)
        if life is None:
            life = self._new(pair)
            life.location = first.path
            remember(self._by_location, key, life, MAX_LIVES)
        else:
            life.retransmissions += pair.transmissions - 1
        return life

    def _update(self, pair: Pair) -> None:
        first, answer = pair.first, pair.answer
        life = self._find(pair)
        if first.src != life.client:
            life.add(Event("address", first.time, first.frame, f"{life.client} → {first.src}"))
            life.client = first.src
        if answer is None:
            life.add(Event("unanswered", first.time, first.frame, "update"))
            return
        if not _succeeded(pair):
            if life.end == "open" and life.runs_out < first.time:
                _ends(life, "expired", life.runs_out)
            _ends(life, "unknown", answer.time, first.frame, _refusal(answer))
            return
        life.end, life.ended = "open", None
        _changes(life, first)
        life.updates += 1
        life.renewed = answer.time
        life.add(Event("update", first.time, first.frame, None, answer.rtt))

    def _deregister(self, pair: Pair) -> None:
        life = self._find(pair)
        if _succeeded(pair):
            _ends(life, "deregistered", _moment(pair), pair.first.frame)
        elif pair.answer is not None:
            _ends(life, "unknown", _moment(pair), pair.first.frame, _refusal(pair.answer))
        else:
            life.add(Event("unanswered", pair.first.time, pair.first.frame, "de-registration"))


def _succeeded(pair: Pair) -> bool:
    return pair.answer is not None and (pair.answer.code or "").startswith("2.")


def _moment(pair: Pair) -> float:
    return pair.first.time if pair.answer is None else pair.answer.time


def _refusal(answer: Message | None) -> str | None:
    return None if answer is None else answer.code


def _replace(old: Life, new: Life, pair: Pair) -> None:
    """The server forgets the older registration of an endpoint (LwM2M 1.0 section 5.3.1)."""
    first = pair.first
    if old.runs_out < first.time:
        _ends(old, "expired", old.runs_out)
    else:
        _ends(old, "replaced", first.time, first.frame)
    if old.client != new.client:
        new.add(Event("address", first.time, first.frame, f"{old.client} → {new.client}"))


def _ends(life: Life, how: Ending, when: float, frame: int | None = None, text: str | None = None) -> None:
    """What ended it first stays its end."""
    if life.end == "open":
        life.end, life.ended = how, when or None
    life.add(Event(how, when, frame, text))


def _changes(life: Life, message: Message) -> None:
    """What an Update carries is what is different from now on."""
    given = message.registration
    if given is None:
        return
    if given.lt is not None and given.lt != life.lifetime:
        before = DEFAULT_LIFETIME if life.lifetime is None else life.lifetime
        life.add(Event("lifetime", message.time, message.frame, f"{before} s → {given.lt} s"))
        life.lifetime = given.lt
    if given.b is not None and given.b != life.binding:
        life.add(Event("binding", message.time, message.frame, f"{life.binding or 'U'} → {given.b}"))
        life.binding = given.b
    if given.objects and given.objects != life.objects:
        life.add(Event("objects", message.time, message.frame, _difference(life.objects, given.objects)))
        life.objects = given.objects


def _difference(before: list[str], after: list[str]) -> str:
    old, new = set(before), set(after)
    added = [f"+{path}" for path in after if path not in old]
    return " ".join(added + [f"-{path}" for path in before if path not in new])
