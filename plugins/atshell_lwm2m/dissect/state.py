"""What the dissector remembers: who talks to whom, what was sent, and who is registered where.

Every table has a cap and drops its oldest entry there, so a hostile capture costs time in proportion to its size
and memory in proportion to the caps. What is dropped while it could still matter is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
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
MAX_COPIES = 4_096
MAX_ENDPOINTS = 256
# Messages to which a later one may belong, of all flows together; and how many come before the old are looked for.
MAX_SENT = 131_072
SWEEP_EVERY = 1024

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
    origin: Sent | None = None
    """Of a response: the request."""
    place: int = 0
    """Of its line, where it has one already (``light``). So has what is known of it instead of a message:"""
    about: About = None  # type: ignore[assignment]
    client: Client = None  # type: ignore[assignment]
    number: str = ""
    """The frame's. Nobody else has one."""
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
    copies: list[Message] | None = None
    """Its retransmissions."""
    repeats: list[int] | None = None
    """The places of others."""
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
        for copy in self.copies or ():
            copy.response = frame


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
        *(
            "aside",
            "client",
            "context",
            "dst",
            "endpoints",
            "file",
            "from_client",
            "mark",
            "peer",
            "reliable",
            "requests",
        ),
        *("sent", "src", "text", "touched"),
    )

    def __init__(self, src: str, dst: str, touched: list[Sent] | None = None) -> None:
        self.src = src
        self.dst = dst
        self.peer: Flow = self
        self.reliable = False
        """Whether it is one of a TCP connection."""
        self.sent: dict[int, Sent] = {}
        """By message ID."""
        self.requests: dict[bytes, Sent] = {}
        """By token."""
        self.client: Client | None = None
        self.from_client = False
        """Whether ``client`` is the sender."""
        self.context = ""
        """What the meaning of a request depends on beside itself: who sends it, and the client's root path."""
        self.mark = object()
        """Another one for each flow, and as soon as it belongs to another client."""
        self.text = ""
        """The piece of JSON with its addresses and file (``fast``)."""
        self.touched = [] if touched is None else touched
        """Messages whose lines are to be made anew (``fast``); of all flows together."""
        self.file: str | None = None
        self.endpoints: list[str | None] = [None]
        """All whose this was so far."""
        self.aside: bool | None = None
        """Whether nothing of it is to be shown (``aside``); None until somebody has asked, and when that may have
        changed."""

    def forget(self) -> None:
        """Nothing will come any more. (Its messages point to it, and would keep it.)"""
        self.sent.clear()
        self.requests.clear()
        self.client = None

    def belongs(self, client: Client | None, from_client: bool) -> None:
        self.client, self.from_client = client, from_client
        self.aside = self.peer.aside = None
        self.mark = object()
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
        self.recent: deque[Sent] = deque()
        """All that stand in a flow's ``sent``, oldest first: to be appended to with them."""
        self._still_open: deque[Sent] = deque()
        self.left = SWEEP_EVERY
        """Datagrams until the next sweep."""
        self.touched: list[Sent] = []

    def make(self, key: bytes) -> Flow:
        """A new flow, joined to that of the other direction."""
        src, dst = addresses(key)
        flow = Flow(src, dst, self.touched)
        back = self._flows.get(turned(key))
        if back is None:
            back = Flow(dst, src, self.touched)
            self._keep(turned(key), back)
        flow.peer, back.peer = back, flow
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

    def passed(self, now: int, count: int = 1) -> None:
        """So many more datagrams were taken in, the last of them now: when it is time, sweep."""
        self.left -= count
        if self.left <= 0:
            self.sweep(now)
            self.left = SWEEP_EVERY

    def sweep(self, now: int) -> None:
        """Forget what no later message can belong to: answered requests and other messages after their lifetime.
        Requests that still wait and those that observe stay. Of either there are the newest ``MAX_SENT``."""
        oldest, recent, still_open = now - LIFETIME, self.recent, self._still_open
        take = recent.popleft
        while recent and (recent[0].time <= oldest or len(recent) > MAX_SENT):
            sent = take()
            if sent.time > oldest:
                self._tell(f"more than {MAX_SENT} messages in {LIFETIME // _BILLION} s: the oldest are forgotten")
            data, table = sent.data, sent.flow.sent
            mid = data[2] << 8 | data[3]
            newer = table.pop(mid, sent)
            if newer is not sent:
                table[mid] = newer
            if not 0 < sent.code < 32:
                continue
            if sent.response is None or sent.observing:
                still_open.append(sent)
            else:
                sent.forget_request()
        while len(still_open) > MAX_SENT:
            sent = still_open.popleft()
            if sent.response is None or sent.observing:
                self._tell(f"more than {MAX_SENT} open requests: the oldest are forgotten")
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
