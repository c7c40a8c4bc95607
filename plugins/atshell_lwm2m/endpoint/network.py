"""The network between an emulated module and its platform: names, addresses and a tap, with loopback sockets below.

A module knows its platform by a public name or address. Here such a name leads to an emulated address, and what is
sent to that address goes to the embedded platform's loopback socket; nothing else is let out and nobody else is let
in. The emulated addresses are from the ranges for documentation (RFC 5737, RFC 3849) and for carriers (RFC 6598):

    module              100.64.0.2 (2001:db8::2 towards an IPv6 platform), with the port of its real socket
    bootstrap server    192.0.2.1:5683, with DTLS 192.0.2.1:5684
    LwM2M server        192.0.2.2:5683, with DTLS 192.0.2.2:5684

A platform of the user's own (``coap://HOST:PORT``) keeps its own address. The capture is taken at the module's
socket, in emulated addresses: what it sends is there even if it is lost later, what never reaches it is not.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.air import CLEAR, Air
from atshell_lwm2m.endpoint.exchange import Address
from atshell_lwm2m.endpoint.nat import NatWire

if TYPE_CHECKING:
    from atshell_lwm2m.capture.writer import PcapWriter
    from atshell_lwm2m.endpoint.switchboard import Bound, OpenWire

COAP_PORT, COAPS_PORT = 5683, 5684
BOOTSTRAP_SERVER = ("192.0.2.1", COAP_PORT)
LWM2M_SERVER = ("192.0.2.2", COAP_PORT)
MODULE = {4: "100.64.0.2", 6: "2001:db8::2"}
LOOPBACK = {4: "127.0.0.1", 6: "::1"}

_log = logging.getLogger(__name__)
Receive = Callable[[bytes, Address], None]


class UdpWire(asyncio.DatagramProtocol):
    """A bound UDP socket."""

    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._receive: Receive | None = None
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.address: Address = ("", 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own class for this does not say that it is a DatagramTransport.
        self._transport = cast("asyncio.DatagramTransport", transport)
        host, port = transport.get_extra_info("sockname")[:2]
        self.address = (host, port)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._closed.done():
            self._closed.set_result(None)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._receive is not None:
            self._receive(data, (addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """A closed port, a message too long: lost, as datagrams are."""
        _log.info("a datagram was lost: %s", exc)

    def start(self, receive: Receive) -> None:
        self._receive = receive

    def send(self, data: bytes, address: Address) -> None:
        if self._transport is None:
            return
        try:
            self._transport.sendto(data, address)
        except (OSError, ValueError) as error:
            _log.info("a datagram was lost: %s", error)

    def close(self) -> None:
        transport, self._transport, self._receive = self._transport, None, None
        if transport is not None:
            transport.abort()

    async def closed(self) -> None:
        await self._closed


async def open_udp(host: str, port: int) -> UdpWire:
    """Bind. Raises AtshellError when the address cannot be had."""
    try:
        _, wire = await asyncio.get_running_loop().create_datagram_endpoint(UdpWire, local_addr=(host, port))
    except (OSError, OverflowError, UnicodeError) as error:
        raise AtshellError(f"cannot listen on {host}:{port} ({error})", "choose another address or port 0") from None
    return wire


class Network:
    """``air`` is what lies between the module and the network; ``now`` stamps the capture; ``open_wire`` makes the
    sockets below."""

    def __init__(
        self,
        *,
        air: Air = CLEAR,
        capture: PcapWriter | None = None,
        now: Callable[[], float] = time.time,
        open_wire: OpenWire = open_udp,
    ) -> None:
        self.air = air
        self._capture = capture
        self._now = now
        self._open_wire = open_wire
        self._names: dict[str, tuple[str, dict[int, int]]] = {}
        self._routes: dict[Address, Address] = {}
        self._back: dict[Address, Address] = {}
        self._outside: str | None = None
        self._secret: Address | None = None
        """Where the platform of the user's own speaks DTLS."""

    def name(self, names: Iterable[str], host: str, port: int = COAP_PORT, secure_port: int = COAPS_PORT) -> None:
        """Let names and numeric addresses lead to an emulated host, whose ports stand for CoAP's own."""
        for name in names:
            self._names[name.casefold()] = (host, {COAP_PORT: port, COAPS_PORT: secure_port})

    def place(self, address: Address, real: Address) -> None:
        """Put the server that listens on a loopback socket at an emulated address."""
        self._routes[address] = real
        self._back[real] = address

    async def let_out(
        self, names: Iterable[str], host: str, port: int = COAP_PORT, secure_port: int = COAPS_PORT
    ) -> None:
        """Send everything to a platform of the user's own. Raises AtshellError when there is no such host."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError) as error:
            raise AtshellError(f"the platform {host} is not found ({error})", "check --platform") from None
        # A name that is both is rather IPv4, as the modules' own platforms are.
        first = min(found, key=lambda one: one[0] != socket.AF_INET)
        self._outside = str(first[4][0])
        self._secret = (self._outside, secure_port)
        self.name(names, self._outside, port, secure_port)

    def resolve(self, host: str, port: int) -> Address | None:
        """Where a name leads; None for one that nobody knows. An unknown numeric address is itself: nobody answers."""
        known = self._names.get(host.casefold())
        if known is not None:
            return (known[0], known[1].get(port, port))
        try:
            return (str(ipaddress.ip_address(host)), port)
        except ValueError:
            return None

    def secret(self, host: str, port: int) -> bool:
        """Whether DTLS is spoken there: at its own port, and where ``coaps://HOST:PORT`` is the platform."""
        return port == COAPS_PORT or (self._secret is not None and self.resolve(host, port) == self._secret)

    async def open(self) -> ModuleWire:
        """A socket of the module."""
        version = ipaddress.ip_address(self._outside).version if self._outside else 4
        bind = LOOPBACK[version]
        if self._outside and not ipaddress.ip_address(self._outside).is_loopback:
            bind = "0.0.0.0" if version == 4 else "::"  # noqa: S104 - a platform elsewhere, which the user has named
        wire = await self._open_wire(bind, 0)
        nat = NatWire(wire, lambda: self._open_wire(bind, 0), self.air.rebinds)
        return ModuleWire(self, nat, (MODULE[version], wire.address[1]))

    def outward(self, address: Address) -> Address | None:
        """The real address behind an emulated one; None where nobody is."""
        if address in self._routes:
            return self._routes[address]
        return address if self._outside is not None and address[0] == self._outside else None

    def inward(self, real: Address) -> Address | None:
        """The emulated address of who sends; None for a stranger."""
        if real in self._back:
            return self._back[real]
        return real if self._outside is not None and real[0] == self._outside else None

    def record(self, source: Address, destination: Address, data: bytes) -> None:
        if self._capture is None:
            return
        try:
            self._capture.write_udp(self._now(), source, destination, data)
        except ValueError:
            return  # to an address of the other family: nothing that could be on this network
        except OSError as error:
            _log.error("the capture ends here: %s", error)
            self._capture = None

    def close(self) -> None:
        if self._capture is not None:
            self._capture.close()
            self._capture = None


class ModuleWire:
    """The module's socket on the emulated network. Addresses above it are emulated ones."""

    def __init__(self, network: Network, wire: Bound, own: Address) -> None:
        self._network = network
        self._wire = wire
        self._open = True
        self.own = own

    def start(self, receive: Receive) -> None:
        def arrive(data: bytes, real: Address) -> None:
            source = self._network.inward(real)
            if source is not None:
                self._network.air.carry(False, data, partial(deliver, source))

        def deliver(source: Address, data: bytes) -> None:
            if self._open:
                self._network.record(source, self.own, data)
                receive(data, source)

        self._wire.start(arrive)

    def send(self, data: bytes, address: Address) -> None:
        self._network.record(self.own, address, data)
        self._network.air.carry(True, data, partial(self._leave, self._network.outward(address)))

    def _leave(self, real: Address | None, data: bytes) -> None:
        if real is not None:
            self._wire.send(data, real)

    def close(self) -> None:
        self._open = False
        self._wire.close()

    async def closed(self) -> None:
        await self._wire.closed()
