"""CoAP exchanges: a request, its retransmissions and what came back, put together in one pass.

A notification is an exchange of its own, since its request has long been answered. An exchange is given out when
nothing can belong to it any more (RFC 7252 section 4.8.2: EXCHANGE_LIFETIME after its last message), in the order of
the first messages, so memory holds no more than that time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from atshell_lwm2m.dissect.meaning import refuses, waits
from atshell_lwm2m.message import NO_TIME, Message, Registration, Resource

LIFETIME = 247.0
"""Seconds."""
MAX_OPEN = 20_000

Outcome = Literal["answered", "acknowledged", "reset", "unanswered", "unconfirmed"]
"""``unconfirmed``: nothing is to come back, as after a non-confirmable notification, or where no response is wanted."""


class Exchange(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An exchange for programs. Names are those of the decoded message; ``response_code`` is the answer's."""

    file: str | None = None
    time: float = NO_TIME
    src: str
    dst: str
    transport: str
    type: str | None = None
    code: str | None = None
    outcome: Outcome
    response_code: str | None = None
    rtt: float | None = None
    transmissions: int = 1
    mid: int | None = None
    token: str | None = None
    path: str | None = None
    query: list[str] = []
    observe: int | None = None
    operation: str | None = None
    endpoint: str | None = None
    target: str | None = None
    registration: Registration | None = None
    resources: list[Resource] = []
    error: str | None = None
    frames: list[int] = []


class Pair(msgspec.Struct, eq=False):
    """An exchange while it goes on: its first message and the one that ended it."""

    first: Message
    answer: Message | None = None
    frames: list[int] = []
    transmissions: int = 1
    last: float = 0.0
    """When its latest message came."""
    wanted: bool = False
    """Whether the filter lets one of its messages pass."""

    @property
    def outcome(self) -> Outcome:
        if self.answer is None:
            return "unanswered" if waits(self.first) and asks(self.first) else "unconfirmed"
        if self.answer.type == "RST":
            return "reset"
        return "answered" if self.answer.code != "0.00" else "acknowledged"

    @property
    def telling(self) -> Message:
        """The message with the values: of a Read the answer, of a Write the request."""
        answer = self.answer
        if answer is None or not (answer.resources or (answer.payload and not self.first.payload)):
            return self.first
        return answer if answer.resources or self.first.operation is None else self.first


def is_request(message: Message) -> bool:
    return message.code is not None and message.code.startswith("0.") and message.code != "0.00"


def asks(message: Message) -> bool:
    """Whether something is to come back."""
    return message.type == "CON" or is_request(message)


def exchanges(messages: Iterable[Message], wanted: Callable[[Message], bool] | None = None) -> Iterator[Pair]:
    """Those of which ``wanted`` is true for at least one message."""
    table = _Table()
    for message in messages:
        if message.code is None:
            continue  # Handshakes, and what can't be read.
        yield from table.finished(message)
        pair = table.take(message)
        pair.wanted = pair.wanted or wanted is None or wanted(message)
    yield from table.rest()


class _Table:
    def __init__(self) -> None:
        self._open: deque[Pair] = deque()
        self._by_frame: dict[tuple[str | None, int], Pair] = {}

    def take(self, message: Message) -> Pair:
        pair = self._home(message)
        if pair is None:
            pair = Pair(message, frames=[])
            self._open.append(pair)
        elif message.retransmission_of == pair.first.frame:
            pair.transmissions += 1
        elif message.retransmission_of is None and pair.answer is None and _ends(message, pair):
            pair.answer = message
        pair.frames.append(message.frame)
        pair.last = message.time
        self._by_frame[message.file, message.frame] = pair
        return pair

    def _home(self, message: Message) -> Pair | None:
        """The exchange that the message goes on with."""
        if message.retransmission_of is not None:
            return self._by_frame.get((message.file, message.retransmission_of))
        pair = self._by_frame.get((message.file, message.request)) if message.request is not None else None
        return None if pair is not None and pair.answer is not None and _notifies(message) else pair

    def finished(self, message: Message) -> Iterator[Pair]:
        """Those to which no message from this one on can belong."""
        while self._open:
            head = self._open[0]
            here = head.first.file == message.file
            if here and message.time - head.last < LIFETIME and len(self._open) < MAX_OPEN:
                return
            yield from self._close()

    def rest(self) -> Iterator[Pair]:
        while self._open:
            yield from self._close()

    def _close(self) -> Iterator[Pair]:
        pair = self._open.popleft()
        for frame in pair.frames:
            self._by_frame.pop((pair.first.file, frame), None)
        if pair.wanted:
            yield pair


def _notifies(message: Message) -> bool:
    """What belongs to a request that was answered before, and is a message of its own: it has no round trip."""
    return message.rtt is None and message.type in ("CON", "NON") and not is_request(message)


def _ends(message: Message, pair: Pair) -> bool:
    """An empty acknowledgement of a request only says that the response is still to come, if any is wanted."""
    return message.code != "0.00" or message.type == "RST" or not is_request(pair.first) or refuses(pair.first)


def record(pair: Pair) -> Exchange:
    first, answer, telling = pair.first, pair.answer, pair.telling
    errors = [one.error for one in (first, answer) if one is not None and one.error is not None]
    return Exchange(
        file=first.file,
        time=first.time,
        src=first.src,
        dst=first.dst,
        transport=first.transport,
        type=first.type,
        code=first.code,
        outcome=pair.outcome,
        response_code=answer.code if answer is not None else None,
        rtt=answer.rtt if answer is not None else None,
        transmissions=pair.transmissions,
        mid=first.mid,
        token=first.token,
        path=first.path,
        query=first.query,
        observe=first.observe if first.observe is not None or answer is None else answer.observe,
        operation=first.operation or (answer.operation if answer is not None else None),
        endpoint=first.endpoint or (answer.endpoint if answer is not None else None),
        target=first.target,
        registration=_registration(pair),
        resources=telling.resources,
        error="; ".join(errors) or None,
        frames=pair.frames,
    )


def _registration(pair: Pair) -> Registration | None:
    """What was asked for, with the location that was given."""
    answered = pair.answer.registration if pair.answer is not None else None
    return answered or pair.first.registration
