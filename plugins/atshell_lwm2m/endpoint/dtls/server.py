"""The server's side of DTLS on a wire: associations by address, plain datagrams above.

Who is there comes with the address (``SecureAddress``). An answer goes to the identity that has asked: where another
has come to that address meanwhile, it goes to nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from atshell.emulator.clock import Clock
from atshell_lwm2m.endpoint.dtls.hello import client_random
from atshell_lwm2m.endpoint.exchange import Address, SecureAddress
from atshell_lwm2m.endpoint.udp import Wire

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.dtls.binding import Lookup
    from atshell_lwm2m.endpoint.dtls.line import Line
    from atshell_lwm2m.endpoint.dtls.listener import Listener

MAX_ASSOCIATIONS = 1024


class ServerWire:
    """A ``Wire`` over another. What comes from an address without an association, and is no Client Hello, is nothing
    to us; so is what an association's key does not open.

    A Client Hello with another random than the association's own begins a new one (RFC 6347 section 4.2.8: its sender
    has lost the old one). The old one goes when the cookie has shown that the address is the sender's.
    """

    def __init__(
        self,
        wire: Wire,
        lookup: Lookup,
        clock: Clock,
        *,
        limit: int = MAX_ASSOCIATIONS,
    ) -> None:
        self._wire = wire
        self._lookup = lookup
        self._clock = clock
        self._limit = limit
        self._listener: Listener | None = None
        self._lines: dict[Address, tuple[bytes, Line]] = {}
        self._receive: Callable[[bytes, Address], None] = lambda data, address: None

    def __len__(self) -> int:
        """Associations, those that are being made too."""
        return len(self._lines)

    def start(self, receive: Callable[[bytes, Address], None]) -> None:
        self._receive = receive
        self._wire.start(self._arrived)

    def _arrived(self, datagram: bytes, address: Address) -> None:
        random, (own, line) = client_random(datagram), self._lines.get(address, (None, None))
        if random is not None and random != own:
            self._listen(datagram, address, random)
        elif line is not None:
            for plain in line.feed(datagram):
                self._receive(plain, SecureAddress(address, line.association.identity))

    def _listen(self, datagram: bytes, address: Address, random: bytes) -> None:
        from atshell_lwm2m.endpoint.dtls.line import Line
        from atshell_lwm2m.endpoint.dtls.listener import Listener

        if self._listener is None:
            self._listener = Listener(self._lookup)
        answer, association = self._listener.hear(datagram, address, self._clock.now())
        for one in answer:
            self._wire.send(one, address)
        if association is None:
            return
        self._forget(address)
        if len(self._lines) >= self._limit:
            self._forget(min(self._lines, key=self._worth))
        line = Line(association, address, self._wire.send, self._clock, self._changed)
        self._lines[address] = random, line
        line.start()

    def _worth(self, address: Address) -> tuple[bool, float]:
        """The least is forgotten first: what is not open yet, then what has been idle for longest."""
        line = self._lines[address][1]
        return line.open, line.last_used

    def _forget(self, address: Address) -> None:
        _, line = self._lines.pop(address, (None, None))
        if line is not None:
            line.abandon()

    def _changed(self, line: Line) -> None:
        if line.association.ended:
            self._forget(line.address)

    def send(self, data: bytes, address: Address) -> None:
        """To nobody, where the address is not a ``SecureAddress``."""
        _, line = self._lines.get((address[0], address[1]), (None, None))
        if line is not None and address == SecureAddress(line.address, line.association.identity):
            line.send(data)

    def close(self) -> None:
        for _, line in list(self._lines.values()):
            line.close()
        self._lines.clear()
        self._wire.close()

    async def closed(self) -> None:
        await self._wire.closed()
