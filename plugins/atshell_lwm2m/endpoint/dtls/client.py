"""The client's side of DTLS on a wire: some addresses are talked to in secret, the others as they are.

What is to be sent while there is no association waits until the handshake is done. When an address has been silent for
long, the network between is taken to have forgotten it; what is sent then waits too, for a new handshake (OneMO manual
4.4.0 section 4.8). What waits has a limit, and what is too much is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from atshell.emulator.clock import Clock
from atshell_lwm2m.endpoint.dtls.security import Credentials
from atshell_lwm2m.endpoint.exchange import Address
from atshell_lwm2m.endpoint.udp import Wire

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.dtls.line import Line

MAX_WAITING, MAX_WAITING_BYTES = 10, 2048
"""Datagrams, and bytes of them before they are encrypted (section 4.8)."""


@dataclass(slots=True)
class _Peer:
    credentials: Credentials
    suites: tuple[str, ...]
    line: Line | None = None
    waiting: list[bytes] = field(default_factory=list)
    connected: asyncio.Future[None] | None = None

    def drop(self) -> None:
        line, self.line = self.line, None
        if line is not None:
            line.abandon()


class ClientWire:
    """A ``Wire`` over another. ``ages`` says for how many seconds an address may be silent, None for any; ``aged`` is
    told when one has been silent for longer, ``overflowed`` when something is lost that would have had to wait."""

    def __init__(
        self,
        wire: Wire,
        clock: Clock,
        *,
        ages: Callable[[], float | None] = lambda: None,
        aged: Callable[[], None] = lambda: None,
        overflowed: Callable[[], None] = lambda: None,
    ) -> None:
        self._wire = wire
        self._clock = clock
        self._ages = ages
        self._aged = aged
        self._overflowed = overflowed
        self._peers: dict[Address, _Peer] = {}
        self._receive: Callable[[bytes, Address], None] = lambda data, address: None

    def secure(self, address: Address, credentials: Credentials, suites: tuple[str, ...]) -> None:
        """From now on talk to that address in secret. ``suites`` are OpenSSL's names, the best first."""
        if address in self._peers:
            self._peers[address].drop()
        self._peers[address] = _Peer(credentials, suites)

    async def connect(self, address: Address) -> None:
        """Shake hands, where the address is a secured one; it takes as long as it is let. Raises ConnectionError."""
        peer = self._peers.get(address)
        if peer is None or (peer.line is not None and peer.line.open):
            return
        if peer.connected is None:
            peer.connected = asyncio.get_running_loop().create_future()
        connected = peer.connected
        if peer.line is None:
            self._begin(address, peer)
        await asyncio.shield(connected)

    @property
    def full(self) -> bool:
        """Whether anything more that has to wait would be lost."""
        return any(
            len(peer.waiting) >= MAX_WAITING or sum(map(len, peer.waiting)) >= MAX_WAITING_BYTES
            for peer in self._peers.values()
        )

    def part(self) -> None:
        """Say goodbye (close_notify). What is sent after it begins anew."""
        for peer in self._peers.values():
            if peer.line is not None:
                peer.line.close()

    def forget_waiting(self) -> None:
        """Nothing waits any more."""
        for peer in self._peers.values():
            peer.waiting.clear()

    # As a wire

    def start(self, receive: Callable[[bytes, Address], None]) -> None:
        self._receive = receive
        self._wire.start(self._arrived)

    def send(self, data: bytes, address: Address) -> None:
        peer = self._peers.get(address)
        if peer is None:
            self._wire.send(data, address)
            return
        if peer.line is not None and peer.line.open:
            if not self._silent(peer.line):
                peer.line.send(data)
                return
            peer.drop()
            self._aged()
        self._wait(peer, data)
        if peer.line is None:
            self._begin(address, peer)

    def close(self) -> None:
        """Without a word to anybody."""
        for peer in self._peers.values():
            peer.drop()
        self._wire.close()

    async def closed(self) -> None:
        await self._wire.closed()

    # Associations

    def _silent(self, line: Line) -> bool:
        ages = self._ages()
        return ages is not None and self._clock.now() - line.last_used >= ages

    def _wait(self, peer: _Peer, data: bytes) -> None:
        if data in peer.waiting:
            return  # CoAP's retransmission of what waits already
        if len(peer.waiting) >= MAX_WAITING or sum(map(len, peer.waiting)) + len(data) > MAX_WAITING_BYTES:
            self._overflowed()
        else:
            peer.waiting.append(data)

    def _begin(self, address: Address, peer: _Peer) -> None:
        from atshell_lwm2m.endpoint.dtls.association import Association
        from atshell_lwm2m.endpoint.dtls.line import Line

        association = Association.client(peer.credentials, peer.suites)
        peer.line = Line(association, address, self._wire.send, self._clock, lambda line: self._changed(peer, line))
        peer.line.start()

    def _arrived(self, data: bytes, address: Address) -> None:
        peer = self._peers.get(address)
        if peer is None:
            self._receive(data, address)
        elif peer.line is not None:
            for plain in peer.line.feed(data):
                self._receive(plain, address)

    def _changed(self, peer: _Peer, line: Line) -> None:
        connected, waiting = peer.connected, peer.waiting
        peer.connected, peer.waiting = None, []
        if line.open:
            for data in waiting:
                line.send(data)
        else:
            peer.line = None
        if connected is not None and not connected.done():
            if line.open:
                connected.set_result(None)
            else:
                connected.set_exception(ConnectionError(line.association.failure))
                connected.exception()  # whoever has stopped waiting does not miss it
