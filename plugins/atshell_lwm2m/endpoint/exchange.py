"""What the live side says in plain values: addresses, replies, and requests that wait for their reply.

Nothing here knows aiocoap, so that what stands on it (client, platform, the emulated modules) does not either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from atshell_lwm2m.endpoint.blocks import Block

Address = tuple[str, int]


class SecureAddress(tuple[str, int]):
    """An address that is spoken with by DTLS, and who is there: another peer than the same address in the open, and
    than another identity at it."""

    identity: bytes

    def __new__(cls, address: Address, identity: bytes = b"") -> Self:
        made = super().__new__(cls, address)
        made.identity = identity
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecureAddress) and self.identity == other.identity and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.identity, *self))


def speaks_for(peer: Address, owner: Address) -> bool:
    """Whether a peer may go on with what ``owner`` has begun. What was begun by DTLS is its identity's, from wherever
    that comes; in the open nothing says who anybody is."""
    if not isinstance(owner, SecureAddress):
        return True
    return isinstance(peer, SecureAddress) and peer.identity == owner.identity


def host_and_port(address: Address) -> str:
    """As a URI has them (RFC 3986 section 3.2.2)."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def uri(address: Address) -> str:
    """``coap://127.0.0.1:5683``, and ``coaps`` for a ``SecureAddress``."""
    return f"coap{'s' if isinstance(address, SecureAddress) else ''}://{host_and_port(address)}"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to send."""

    method: str
    """``GET``"""
    peer: Address
    path: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    payload: bytes = b""
    content_format: int | None = None
    accept: int | None = None
    observe: int | None = None
    block: Block | None = None
    """Which part of the answer is wanted."""
    extra: tuple[tuple[int, bytes], ...] = ()
    """Options by number that are not LwM2M's own."""
    token: bytes | None = None
    """Of the observation that a cancellation is about (RFC 7641 section 3.6); None for a new one."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response or a notification."""

    code: str
    """``2.05``"""
    payload: bytes = b""
    content_format: int | None = None
    observe: int | None = None
    location: tuple[str, ...] = ()
    mid: int | None = None
    """Of the message: what it had on the wire, or for a notification what it shall have."""
    confirmable: bool = True
    block: Block | None = None
    """Of a message that holds a part of the body only."""

    @property
    def ok(self) -> bool:
        return self.code.startswith("2.")


@dataclass(slots=True, eq=False)
class Incoming:
    """A request of the other side. It may be answered at once, later, or never."""

    peer: Address
    mid: int
    confirmable: bool
    method: str
    """``GET``"""
    path: tuple[str, ...]
    query: tuple[str, ...] = ()
    observe: int | None = None
    accept: int | None = None
    content_format: int | None = None
    payload: bytes = b""
    send: Callable[[Reply, bool], None] | None = None
    """Puts a reply on the wire; the flag says that it is the last. None once the exchange has ended."""
    abandon: Callable[[], None] = lambda: None
    """Gives it up: nothing more is sent."""
    on_end: list[Callable[[], None]] = field(default_factory=list)
    """Called once when no further reply can be sent: it was answered, reset, replaced or given up."""

    @property
    def target(self) -> str:
        return "/" + "/".join(self.path)

    def answer(self, reply: Reply) -> bool:
        """The one and last reply; False when it comes too late."""
        return self._put(reply, True)

    def notify(self, reply: Reply) -> bool:
        """A reply that others will follow: the first answers the observation, the others are notifications."""
        return self._put(reply, False)

    def _put(self, reply: Reply, last: bool) -> bool:
        send = self.send
        if send is None:
            return False
        if last:
            self.send = None
        send(reply, last)
        return True

    def end(self) -> None:
        self.send = None
        callbacks, self.on_end = self.on_end, []
        for callback in callbacks:
            callback()
