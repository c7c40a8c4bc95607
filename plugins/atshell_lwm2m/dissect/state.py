"""What the dissector remembers: who talks to whom, what was sent, and who is registered where.

Every table has a cap and drops its oldest entry there, so a hostile capture costs time in proportion to its size
and memory in proportion to the caps.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from atshell_lwm2m.capture.frames import addresses, turned
from atshell_lwm2m.message import Message

MAX_FLOWS = 16_384
MAX_SENT = 4_096
MAX_CLIENTS = 16_384

K = TypeVar("K")
V = TypeVar("V")


def remember(table: MutableMapping[K, V], key: K, value: V, cap: int) -> None:
    """Set an entry as the newest; the oldest goes when there are too many."""
    table.pop(key, None)
    if len(table) >= cap:
        del table[next(iter(table))]
    table[key] = value


class Sent(msgspec.Struct, eq=False):
    """A message that later ones may belong to."""

    message: Message
    time: int
    """Nanoseconds since 1970."""
    data: bytes
    flow: Flow
    code: int
    origin: Sent | None = None
    """Of a response: the request."""
    copies: list[Message] | None = None
    """Its retransmissions."""
    waiting: bool = False
    """An answer is still to come, whose frame shall stand in this message."""


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


class Flow:
    """One direction between two UDP endpoints."""

    __slots__ = ("client", "coap", "dst", "from_client", "peer", "requests", "sent", "src")

    def __init__(self, src: str, dst: str) -> None:
        self.src = src
        self.dst = dst
        self.peer: Flow = self
        self.coap = False
        """Whether its datagrams are taken for CoAP."""
        self.sent: dict[int, Sent] = {}
        """By message ID."""
        self.requests: dict[bytes, Sent] = {}
        """By token."""
        self.client: Client | None = None
        self.from_client = False
        """Whether ``client`` is the sender."""


class Flows:
    def __init__(self) -> None:
        self._flows: dict[bytes, Flow] = {}

    def get(self, key: bytes) -> Flow | None:
        return self._flows.get(key)

    def make(self, key: bytes) -> Flow:
        """A new flow, joined to that of the other direction."""
        src, dst = addresses(key)
        flow = Flow(src, dst)
        back = self._flows.get(turned(key))
        if back is None:
            back = Flow(dst, src)
            self._keep(turned(key), back)
        flow.peer, back.peer = back, flow
        flow.coap = back.coap
        self._keep(key, flow)
        return flow

    def _keep(self, key: bytes, flow: Flow) -> None:
        remember(self._flows, key, flow, MAX_FLOWS)


class Clients:
    """Who is registered: by the server's address and the location that it gave."""

    def __init__(self) -> None:
        self._by_location: dict[tuple[str, str], Client] = {}

    def attach(self, flow: Flow, client: Client) -> None:
        """``flow`` goes from the client to its server."""
        flow.client = flow.peer.client = client
        flow.from_client, flow.peer.from_client = True, False

    def detach(self, flow: Flow) -> None:
        client = flow.client
        if client is not None and client.location is not None:
            self._by_location.pop((flow.dst, client.location), None)
        flow.client = flow.peer.client = None

    def located(self, flow: Flow, client: Client, location: str) -> None:
        client.location = location
        remember(self._by_location, (flow.dst, location), client, MAX_CLIENTS)

    def find(self, flow: Flow, location: str) -> Client | None:
        """Whose registration at the flow's destination this is: also when the client's address has changed."""
        return self._by_location.get((flow.dst, location))
