"""What the dissector remembers: who talks to whom, what was sent, and who is registered where.

Every table has a cap and drops its oldest entry there, so a hostile capture costs time in proportion to its size
and memory in proportion to the caps. What is dropped while it could still matter is told.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

import msgspec

from atshell_lwm2m.capture.frames import addresses, turned
from atshell_lwm2m.codec.coap import token_of
from atshell_lwm2m.message import Message

_BILLION = 1_000_000_000
# RFC 7252 section 4.8.2, EXCHANGE_LIFETIME in nanoseconds: a message ID does not return sooner.
LIFETIME = 247 * _BILLION
NEVER = 1 << 62
"""Of an observation of which nothing came: greater than any value of Observe."""
MAX_FLOWS = 65_536
MAX_CLIENTS = 65_536
MAX_ENDPOINTS = 256
# Requests that wait for an answer or observe, of all flows together.
MAX_OPEN = 131_072
# After so many datagrams the page is turned: what stood on the one before is forgotten (``Flows.turn``).
PAGE = 131_072

if TYPE_CHECKING:
    from atshell_lwm2m.codec.options import OptionList
    from atshell_lwm2m.dissect.about import About
    from atshell_lwm2m.dissect.light import Pushed

K = TypeVar("K")
V = TypeVar("V")
Warn = Callable[[str], None]


def ignore(_what: str) -> None:
    """For whom it is no matter what was forgotten."""


def remember(table: MutableMapping[K, V], key: K, value: V, cap: int) -> bool:
    """Set an entry as the newest; the oldest goes when there are too many. Whether one had to go."""
    table.pop(key, None)
    full = len(table) >= cap
    if full:
        del table[next(iter(table))]
    table[key] = value
    return full


class Sent(msgspec.Struct, eq=False, gc=False):
    """A message that later ones may belong to. It is not tracked by the garbage collector: whoever forgets a flow,
    empties its tables (``Flows``)."""

    frame: int
    time: int
    """Nanoseconds since 1970."""
    data: bytes
    flow: Flow
    code: int
    waiting: bool = False
    """An answer is still to come, whose frame shall stand in this message."""
    place: int = 0
    """Of its line, where it has one already (``light``). So has what is known of it instead of a message:"""
    number: str = ""
    """The frame's. Nobody else has one."""
    named: bool = False
    """Whether it is known whose it is. (A reference to the client, which knows its observations, would be a circle.)"""
    endpoint: str | None = None
    tail: str = ""
    """The piece that its response has too: operation, endpoint and target."""
    origin: Sent | None = None
    """Of a response: the request."""
    about: About = None  # type: ignore[assignment]
    options: OptionList = None  # type: ignore[assignment]
    token: bytes = b""
    """Of a request."""
    observing: bool = False
    """It asks for notifications, which are answers too."""
    body: bytes | None = None
    """On the request that completes a block-wise transfer."""
    whole: Message | None = None
    """None as long as nobody has asked for ``message`` of one that was read by the fast path."""
    response: int | None = None
    """The frame of the answer; as in ``message``."""
    again: Sent | None = None
    """What this is a retransmission of: the response to it is the same."""
    observe: int = NEVER
    """The freshest value of Observe among what came for it."""
    observed: int = 0
    """When that came."""
    pushed: Pushed | None = None
    """The last of the usual notifications that came for it."""

    @property
    def message(self) -> Message:
        if self.whole is None:
            self.whole = self.build()
        if self.again is not None:
            self.whole.response = self.again.response
        return self.whole

    def build(self) -> Message:
        """The message from what is known of it instead (``light``)."""
        raise NotImplementedError

    def forget_request(self) -> None:
        table, token = self.flow.requests, self.token or token_of(self.data)
        if table.get(token) is self:
            del table[token]

    def answered(self, frame: int) -> None:
        """What did not wait is not told: it may be written already."""
        if not self.waiting:
            return
        self.waiting = False
        if self.response is not None:
            return
        self.response = frame
        if self.whole is not None:
            self.whole.response = frame


@dataclass(slots=True, eq=False)
class Client:
    """An LwM2M client at one server, from its Register or Bootstrap-Request on."""

    endpoint: str | None
    bootstrap: bool = False
    location: str | None = None
    root: str = ""
    """The path in front of its objects (``</lwm2m>;rt="oma.lwm2m"``)."""
    observations: dict[bytes, Sent] = field(default_factory=dict)
    """By token: notifications may come from another address than the one that was asked."""
    text: str = ""
    """The piece of JSON with its endpoint (``fast``)."""
    home: str = ""
    """The addresses from which it, or who was there before it, was first heard."""
    kept: bool = False
    skipped: set[bytes] = field(default_factory=set)
    """Whether it was heard in a conversation that is read whole, and the keys of the others (``skipped``)."""


class Flow:
    """One direction between two UDP endpoints, of which one at least speaks CoAP."""

    __slots__ = (
        *("addresses", "aside", "asked", "back", "base", "client", "context", "dst", "endpoints", "file"),
        *("from_client", "highest", "peer", "reliable", "requests", "src"),
    )

    def __init__(self, src: str, dst: str, number: int = 0) -> None:
        """``number`` tells it from all others, of which another one may be its peer."""
        self.src = src
        self.dst = dst
        self.base = self.back = number << 16
        """What makes a key of a message ID (``Flows.find``), and of one of the peer's."""
        self.highest = -1
        """No message ID above this one was sent: senders mostly count, and then nobody has to look."""
        self.reliable = False
        """Whether it is one of a TCP connection."""
        self.requests: dict[bytes, Sent] = {}
        """By token."""
        self.asked = self.requests
        """Those of the peer."""
        self.peer: Flow = self
        self.client: Client | None = None
        self.from_client = False
        """Whether ``client`` is the sender."""
        self.context = ""
        """What the meaning of a request depends on beside itself: who sends it, and the client's root path."""
        self.addresses = ""
        """The piece of JSON with its addresses and file (``fast``)."""
        self.file: str | None = None
        self.endpoints: list[str | None] = [None]
        """All whose this was so far."""
        self.aside: bool | None = None
        """Whether nothing of it is to be shown (``aside``); None until somebody has asked, and when that may have
        changed."""

    def join(self, peer: Flow) -> None:
        """With that of the other direction."""
        self.peer, self.back, self.asked = peer, peer.base, peer.requests

    def forget(self) -> None:
        """Nothing will come any more. (Its messages point to it, and would keep it.)"""
        self.requests.clear()
        self.client = None

    def belongs(self, client: Client | None, from_client: bool) -> None:
        self.client, self.from_client = client, from_client
        self.aside = self.peer.aside = None
        if client is not None and client.endpoint not in self.endpoints and len(self.endpoints) < MAX_ENDPOINTS:
            self.endpoints.append(client.endpoint)
        if client is None:
            self.context = ""
        else:
            self.context = f"{'from' if from_client else 'bootstrap' if client.bootstrap else 'to'} {client.root}"


class Flows:
    def __init__(self, warn: Warn = ignore) -> None:
        self._flows: dict[bytes, Flow] = {}
        self._warn = warn
        self._told: set[str] = set()
        self.get = self._flows.get
        self._made = 0
        self.sent: dict[int, Sent] = {}
        """What was sent since the page was turned: by message ID, made a key by its flow's ``base``."""
        self.before: dict[int, Sent] = {}
        """And what was sent on the page before."""
        self.left = PAGE
        """Datagrams until the page is turned. Who finds more than one message in a datagram counts them too."""
        self._turned = 0
        """When that was done last."""

    def make(self, key: bytes) -> Flow:
        """A new flow, joined to that of the other direction."""
        src, dst = addresses(key)
        self._made += 2
        flow = Flow(src, dst, self._made)
        back = self._flows.get(turned(key))
        if back is None:
            back = Flow(dst, src, self._made + 1)
            self._keep(turned(key), back)
        flow.join(back)
        back.join(flow)
        flow.reliable = back.reliable = len(key) & 1 == 1
        flow.belongs(back.client, back.client is not None and not back.from_client)
        self._keep(key, flow)
        return flow

    def _keep(self, key: bytes, flow: Flow) -> None:
        first = next(iter(self._flows.values()), None)
        if remember(self._flows, key, flow, MAX_FLOWS):
            if first is not None and first is not flow:
                first.forget()
            self._tell(f"more than {MAX_FLOWS // 2} pairs of addresses: the oldest are forgotten, with what they asked")

    def _tell(self, what: str) -> None:
        """Once."""
        if what not in self._told:
            self._told.add(what)
            self._warn(what)

    def keep(self, mid: int, sent: Sent) -> None:
        """It is found by its message ID from now on."""
        flow = sent.flow
        self.sent[flow.base + mid] = sent
        flow.highest = max(mid, flow.highest)

    def find(self, key: int) -> Sent | None:
        """The last message with this ID and base."""
        return self.sent.get(key) or self.before.get(key)

    def passed(self, now: int, count: int = 1) -> None:
        """So many more datagrams were taken in, the last of them now: when it is time, turn the page."""
        self.left -= count
        if self.left <= 0:
            self.turn(now)
            self.left = PAGE

    def turn(self, now: int) -> None:
        """Forget what no later message should belong to: all that was sent before the page was turned the last time.
        Requests stay by their tokens: those that still wait and those that observe, the newest ``MAX_OPEN``, and the
        others as long as there are not too many."""
        before, self._turned = self._turned, now
        if self.before and now - before < LIFETIME:
            self._tell(f"more than {PAGE} datagrams in {LIFETIME // _BILLION} s: the oldest are forgotten")
        self.before, self.sent = self.sent, {}
        if sum(len(flow.requests) for flow in self._flows.values()) > MAX_OPEN:
            self._forget_requests(before)

    def _forget_requests(self, before: int) -> None:
        """Those that were answered for good and are older, and the oldest of the others where they are too many."""
        still_open = []
        for sent in [sent for flow in self._flows.values() for sent in flow.requests.values()]:
            if sent.response is None or sent.observing:
                still_open.append(sent)
            elif sent.time < before:
                sent.forget_request()
        if len(still_open) > MAX_OPEN:
            self._tell(f"more than {MAX_OPEN} open requests: the oldest are forgotten")
            still_open.sort(key=attrgetter("frame"))
            for sent in still_open[:-MAX_OPEN]:
                sent.forget_request()


class Clients:
    """Who is registered: by the server's address and the location that it gave."""

    def __init__(self) -> None:
        self._by_location: dict[tuple[str, str], Client] = {}

    def attach(self, flow: Flow, client: Client) -> None:
        """``flow`` goes from the client to its server."""
        if not client.home:
            client.home = flow.client.home if flow.client is not None else f"{flow.src} {flow.dst}"
        flow.belongs(client, True)
        flow.peer.belongs(client, False)

    def detach(self, flow: Flow) -> None:
        client = flow.client
        if client is not None and client.location is not None:
            self._by_location.pop((flow.dst, client.location), None)
        flow.belongs(None, False)
        flow.peer.belongs(None, False)

    def located(self, flow: Flow, client: Client, location: str) -> None:
        client.location = location
        remember(self._by_location, (flow.dst, location), client, MAX_CLIENTS)

    def find(self, flow: Flow, location: str) -> Client | None:
        """Whose registration at the flow's destination this is: also when the client's address has changed."""
        return self._by_location.get((flow.dst, location))
