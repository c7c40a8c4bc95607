"""A session and a capture of it made up together, so that it is known which line belongs to which message.

The capture is taken as in the field: with another clock, a part of the messages lost, others sent again, another
module beside, message IDs used again. What a decoder cannot know of a message whose request is lost is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import pytest
from msgspec.structs import replace as change

from atshell.session.intent import Intent
from atshell_lwm2m.message import Message, Registration, Resource
from atshell_lwm2m.timeline import Event, Timeline

STARTED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SERVER = "192.0.2.1:5683"
ASKED = {"Read": ("0.01", "2.05"), "Write": ("0.03", "2.04"), "Execute": ("0.02", "2.04")}


@dataclass
class Draft:
    """A message, told by keys until it is known which are captured."""

    time: float
    key: str
    message: Message
    request: str | None = None
    repeats: str | None = None


@dataclass
class Scenario:
    intents: list[Intent]
    messages: list[Message]
    truth: dict[int, set[int]]
    """Frames that the line of an entry is about, as far as they are captured."""

    def score(self, timeline: Timeline) -> tuple[float, float]:
        """Share of the links that are right, share of the lines with a captured message that are linked."""
        right = wrong = found = 0
        for event in timeline.events:
            if event.kind not in ("at", "urc"):
                continue
            truth = self.truth.get(event.entries[0], set())
            frames = {frame for link in event.links for frame in timeline.events[link.to].frames}
            right += len(frames & truth)
            wrong += len(frames - truth)
            found += bool(frames & truth)
        could = sum(bool(frames) for frames in self.truth.values())
        return right / max(right + wrong, 1), found / max(could, 1)

    def event(self, timeline: Timeline, entry: int) -> Event:
        return next(event for event in timeline.events if entry in event.entries)


@dataclass
class Field:
    """Plays a module's life. Times are true; ``scenario`` turns them into the capture's."""

    random: Random
    endpoint: str = "869975030000461"
    address: str = "198.51.100.7:40000"
    location: str = "/rd/7c2e"
    mids: int = 30000
    """Where the platform's message IDs begin."""
    reuse: int = 65536
    """After how many the platform's message IDs repeat."""
    slow: float = 0.3
    """Seconds that a message is under way at most, on either side of the capture."""
    moves: float = 0.0
    """Seconds after which NAT gives the module another address; never when 0."""
    drafts: list[Draft] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    about: dict[int, list[str]] = field(default_factory=dict)
    _own: int = 100
    _asked: int = 0

    def way(self) -> float:
        return self.random.uniform(0.02, self.slow)

    def line(self, time: float, kind: str, text: str, keys: list[str], **words: object) -> None:
        entry = len(self.intents) + 2
        self.intents.append(Intent(time, (entry,), kind, text, "", **words))  # type: ignore[arg-type]
        self.about[entry] = keys

    def send(self, time: float, upward: bool, request: str | None = None, **fields: object) -> str:
        key = f"{self.endpoint} {len(self.drafts)}"
        src, dst = (self.address, SERVER) if upward else (SERVER, self.address)
        message = Message(src=src, dst=dst, transport="udp", **fields)  # type: ignore[arg-type]
        self.drafts.append(Draft(time, key, message, request))
        return key

    def again(self, key: str, after: float) -> None:
        draft = next(draft for draft in self.drafts if draft.key == key)
        self.drafts.append(Draft(draft.time + after, f"{key}+{after}", draft.message, None, key))
        for keys in self.about.values():
            if key in keys:
                keys.append(f"{key}+{after}")

    def own(self) -> int:
        self._own += 1
        return self._own

    def call(self, time: float, line: str, name: str, code: str, event: str, **words: object) -> None:
        """A command that makes the module ask the platform, and the event that tells the end."""
        registration = Registration(ep=self.endpoint, lt=300) if name == "Register" else None
        ends = Registration(location=self.location) if name == "Register" else None
        path = "/rd" if name == "Register" else self.location
        words = {"endpoint": self.endpoint, "operation": name, "mid": self.own()}
        sent = time + self.way()
        asked = self.send(sent, True, type="CON", code="0.02", path=path, registration=registration, **words)
        back = sent + self.way()
        answer = self.send(back, False, asked, type="ACK", code=code, registration=ends, **words)
        values = (("/1/0/1", 300),) if name == "Register" else ()
        self.line(time, "at", line, [asked], operations=(name,), values=values)
        self.line(back + self.way(), "urc", event, [answer], operations=(name,), part="outcome", ok=True)

    def ask(self, time: float, name: str, value: str) -> None:
        """The platform asks, the module's host answers."""
        mid = (self.mids + self._asked % self.reuse) % 65536
        self._asked += 1
        target = "/3200/0/5750"
        asked, answered = ASKED[name]
        resources = [Resource(path=target, value=value)]
        words = {"endpoint": self.endpoint, "operation": name, "mid": mid, "target": target}
        request = self.send(
            time, False, type="CON", code=asked, path=target, resources=resources if name == "Write" else [], **words
        )
        told = time + self.way()
        values = ((target, value),) if name == "Write" else ()
        server = {"operations": (name,), "sender": "server", "mid": mid}
        self.line(told, "urc", f"+MIPL{name.upper()}: 0,{mid}", [request], target=target, values=values, **server)
        said = told + self.random.uniform(0.1, 2.5)
        sent = said + self.way()
        data = resources if name == "Read" else []
        answer = self.send(sent, True, request, type="ACK", code=answered, resources=data, **words)
        self.line(said, "at", f"AT+MIPL{name.upper()}RSP=0,{mid}", [answer], part="response", **server)

    def report(self, time: float, value: str, ackid: int | None) -> None:
        target = "/3200/0/5750"
        mid = ackid if ackid is not None else self.own()
        sent = time + self.way()
        resources = [Resource(path=target, value=value)]
        words = {"endpoint": self.endpoint, "operation": "Notify", "mid": mid, "target": "/3200/0"}
        kind = "CON" if ackid is not None else "NON"
        key = self.send(sent, True, type=kind, code="2.05", observe=1, resources=resources, **words)
        values = ((target, value),)
        self.line(time, "at", "AT+MIPLNOTIFY", [key], operations=("Notify",), mid=ackid, target=target, values=values)
        if ackid is not None:
            back = sent + self.way()
            ack = self.send(back, False, type="ACK", code="0.00", mid=mid)
            outcome = {"operations": ("Notify",), "part": "outcome", "mid": ackid, "ok": True}
            self.line(back + self.way(), "urc", f"+MIPLEVENT: 0,26,{ackid}", [ack], **outcome)

    def live(self, seconds: float, every: float = 20.0) -> None:
        """Log in, do a bit of everything, log out."""
        self.call(0.0, "AT+MIPLOPEN=0,300,30", "Register", "2.01", "+MIPLEVENT: 0,6")
        time, count = 10.0, 0
        while time < seconds:
            if self.moves:
                self.address = f"198.51.100.7:{40000 + int(time / self.moves)}"
            value = f"{self.random.randrange(1000)}"
            match count % 6:
                case 0:
                    self.report(time, value, 500 + count)
                case 1 | 2:
                    self.ask(time, self.random.choice(list(ASKED)), value)
                case 3:
                    self.report(time, value, None)
                case 4:
                    self.call(time, "AT+MIPLUPDATE=0,300,0", "Update", "2.04", "+MIPLEVENT: 0,11")
                case _:
                    self.ask(time, "Read", value)
            count += 1
            time += self.random.uniform(0.5, 1.5) * every
        self.call(time + 5, "AT+MIPLCLOSE=0", "De-register", "2.02", "+MIPLEVENT: 0,15")

    def scenario(
        self,
        *,
        offset: float = 0.0,
        drift: float = 0.0,
        lost: float = 0.0,
        since: float = float("-inf"),
        beside: tuple[Field, ...] = (),
        nameless: bool = False,
    ) -> Scenario:
        """The capture from the second ``since`` on, with a share of the messages ``lost``, ``nameless`` when it does
        not show which endpoints they are."""
        drafts = [*self.drafts, *(draft for other in beside for draft in other.drafts)]
        kept = [draft for draft in drafts if draft.time >= since and self.random.random() >= lost]
        kept.sort(key=lambda draft: draft.time)
        frames = {draft.key: number for number, draft in enumerate(kept, 1)}
        intents = sorted(self.intents, key=lambda intent: intent.time)
        clock = lambda time: STARTED.timestamp() + time + offset + drift * time  # noqa: E731
        messages = [captured(draft, frames, clock(draft.time)) for draft in kept]
        if nameless:
            messages = [change(message, endpoint=None, registration=None) for message in messages]
        truth = {entry: {frames[key] for key in keys if key in frames} for entry, keys in self.about.items()}
        return Scenario(intents, messages, truth)


def captured(draft: Draft, frames: dict[str, int], time: float) -> Message:
    """What a decoder makes of a message: without its request it does not know what a response is about."""
    message = change(draft.message, frame=frames[draft.key], time=round(time, 6))
    if draft.repeats in frames:
        message = change(message, retransmission_of=frames[draft.repeats])
    if draft.request in frames:
        return change(message, request=frames[draft.request])
    if draft.request is not None:
        return change(message, operation=None, target=None, endpoint=None)
    return message


@pytest.fixture
def play() -> Callable[..., Field]:
    """A module's life: ``play(seed, seconds=600)``."""

    def make(seed: int, seconds: float = 600.0, every: float = 20.0, **fields: object) -> Field:
        module = Field(Random(seed), **fields)  # type: ignore[arg-type]
        module.live(seconds, every)
        return module

    return make


@pytest.fixture
def bare() -> Callable[..., Field]:
    """A module that has not done anything yet."""
    return lambda **fields: Field(Random(1), **fields)
