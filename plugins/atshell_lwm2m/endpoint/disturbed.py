"""A platform's socket on which the faults of emulated modules act: requests meet them before the platform does.

It works on datagrams, so the platform behind it knows nothing of it: what is not to be answered never reaches it, and a
late answer is a separate response (RFC 7252 section 5.2.2). What happens to a request happens to its retransmissions.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from atshell_lwm2m.codec import coap
from atshell_lwm2m.endpoint.exchange import Address

if TYPE_CHECKING:
    from atshell.emulator.faults.faults import Reaction
    from atshell_lwm2m.endpoint.air import Air
    from atshell_lwm2m.endpoint.udp import Wire

MAX_REMEMBERED = 256
"""Requests for which something has been decided."""
Receive = Callable[[bytes, Address], None]

_VERSION = 0x40
_METHODS = range(coap.GET, coap.IPATCH + 1)


class DisturbedWire:
    """``air_of`` gives the air of the module behind an address, None for one that is no emulated module here."""

    def __init__(self, wire: Wire, air_of: Callable[[Address], Air | None], address: Address = ("", 0)) -> None:
        self._wire = wire
        self._air_of = air_of
        self._receive: Receive | None = None
        self._decided: OrderedDict[tuple[Address, bytes], Reaction | None] = OrderedDict()
        self.address = address

    def start(self, receive: Receive) -> None:
        self._receive = receive
        self._wire.start(self._arrive)

    def send(self, data: bytes, address: Address) -> None:
        self._wire.send(data, address)

    def close(self) -> None:
        self._receive = None
        self._wire.close()

    async def closed(self) -> None:
        await self._wire.closed()

    def _arrive(self, data: bytes, peer: Address) -> None:
        air = self._air_of((peer[0], peer[1]))
        operation = _operation(data) if air is not None else None
        if air is None or operation is None:
            self._pass(data, peer)
            return
        key = (peer, data)  # a retransmission is the same to the last byte
        again = key in self._decided
        reaction = self._decided[key] if again else air.reaction(operation)
        self._remember(key, reaction)
        if reaction is None:
            self._pass(data, peer)
        else:
            self._react(reaction, air, data, peer, again=again)

    def _react(self, reaction: Reaction, air: Air, data: bytes, peer: Address, *, again: bool) -> None:
        if reaction.silent:
            return
        if reaction.refuse:
            self._wire.send(_empty(coap.RST, data), peer)
        elif not reaction.delay:
            self._wire.send(_answer(data, reaction.code), peer)
        else:
            if _kind(data) == coap.CON:
                self._wire.send(_empty(coap.ACK, data), peer)
            if not again:
                air.later(reaction.delay, lambda: self._answer_late(reaction, _unconfirmed(data), peer))

    def _answer_late(self, reaction: Reaction, data: bytes, peer: Address) -> None:
        if self._receive is None:
            return
        if reaction.code:
            self._wire.send(_answer(data, reaction.code), peer)
        else:
            self._receive(data, peer)

    def _pass(self, data: bytes, peer: Address) -> None:
        if self._receive is not None:
            self._receive(data, peer)

    def _remember(self, key: tuple[Address, bytes], reaction: Reaction | None) -> None:
        self._decided[key] = reaction
        if len(self._decided) > MAX_REMEMBERED:
            self._decided.popitem(last=False)


def _operation(data: bytes) -> str | None:
    """What a request is about (LwM2M 1.0 section 8.2, LwM2M 1.1 transport section 6.4); None for what is no request."""
    kind, code, _, _, options, _, _ = coap.read(data)
    if kind not in (coap.CON, coap.NON) or code not in _METHODS:
        return None
    path = (options.path or "").strip("/").split("/")
    match code, path:
        case _, ["bs" | "bspack"]:
            return "bootstrap"
        case coap.POST, ["rd"]:
            return "register"
        case coap.POST | coap.PUT, ["rd", _]:
            return "update"
        case coap.DELETE, ["rd", _]:
            return "deregister"
        case coap.POST, ["dp"]:
            return "send"
    return "report"


def _kind(data: bytes) -> int:
    return data[0] >> 4 & 3


def _empty(kind: int, data: bytes) -> bytes:
    """An acknowledgement or reset of that message (RFC 7252 section 4.2)."""
    return bytes((_VERSION | kind << 4, coap.EMPTY)) + data[2:4]


def _answer(data: bytes, code: str) -> bytes:
    """With the request's message ID and token, and nothing else."""
    major, _, minor = code.partition(".")
    length = data[0] & 15
    kind = coap.ACK if _kind(data) == coap.CON else coap.NON
    return bytes((_VERSION | kind << 4 | length, int(major) << 5 | int(minor))) + data[2 : 4 + length]


def _unconfirmed(data: bytes) -> bytes:
    """The request as one that asks for no acknowledgement, for it has it already."""
    return bytes((data[0] & 0xCF | coap.NON << 4,)) + data[1:]
