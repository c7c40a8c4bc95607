from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from io import BytesIO

import pytest

from atshell.errors import AtshellError
from atshell_lwm2m.capture.writer import PcapWriter
from atshell_lwm2m.endpoint.air import ClearAir
from atshell_lwm2m.endpoint.network import BOOTSTRAP_SERVER, LWM2M_SERVER, Network, open_udp
from atshell_lwm2m.endpoint.switchboard import Switchboard


def test_names():
    network = Network()
    network.name(["nbiotbt.heclouds.com"], BOOTSTRAP_SERVER[0])
    assert network.resolve("NbIotBT.heclouds.com", 5683) == BOOTSTRAP_SERVER
    assert network.resolve("nbiotbt.heclouds.com", 5690) == (BOOTSTRAP_SERVER[0], 5690)
    assert network.resolve("nbiotbt.heclouds.com", 5684) == (BOOTSTRAP_SERVER[0], 5684)
    assert network.resolve("example.org", 5683) is None
    assert network.resolve("198.51.100.1", 5683) == ("198.51.100.1", 5683)
    assert network.outward(("198.51.100.1", 5683)) is None


def _packets(data: bytes) -> list[tuple[str, int, str, int, bytes]]:
    """Of a capture of raw IPv4."""
    packets, at = [], 24
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 8)
        ip = data[at + 16 : at + 16 + length]
        ports = struct.unpack_from(">HH", ip, 20)
        source, destination = (".".join(map(str, ip[start : start + 4])) for start in (12, 16))
        packets.append((source, ports[0], destination, ports[1], ip[28:]))
        at += 16 + length
    return packets


class Hole(ClearAir):
    """Air in which everything is lost, from some moment on."""

    swallows = False

    def carry(self, up: bool, data: bytes, deliver: Callable[[bytes], None]) -> None:
        if not self.swallows:
            deliver(data)


def test_datagrams_are_recorded_where_the_module_is():
    capture, air = BytesIO(), Hole()

    async def session() -> None:
        network = Network(air=air, capture=PcapWriter(capture), now=lambda: 1.0)
        server = await open_udp("127.0.0.1", 0)
        stranger = await open_udp("127.0.0.1", 0)
        network.place(LWM2M_SERVER, server.address)
        module = await network.open()
        heard: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()
        module.start(lambda data, source: heard.put_nowait((data, source)))
        server.start(lambda data, source: server.send(data.upper(), source))
        real = module._wire.address
        stranger.send(b"strange", real)
        module.send(b"hello", LWM2M_SERVER)
        module.send(b"nobody", ("198.51.100.1", 5683))
        module.send(b"other family", ("2001:db8::1", 5683))
        assert await heard.get() == (b"HELLO", LWM2M_SERVER)
        air.swallows = True
        module.send(b"lost", LWM2M_SERVER)
        for wire in (module, server, stranger):
            wire.close()
            await wire.closed()
        module.send(b"closed", LWM2M_SERVER)
        own = module.own
        assert _packets(capture.getvalue()) == [
            (*own, *LWM2M_SERVER, b"hello"),
            (*own, "198.51.100.1", 5683, b"nobody"),
            (*LWM2M_SERVER, *own, b"HELLO"),
            (*own, *LWM2M_SERVER, b"lost"),
            (*own, *LWM2M_SERVER, b"closed"),
        ]
        assert own[0] == "100.64.0.2"
        network.close()

    asyncio.run(session())


def test_a_platform_of_the_users_own():
    async def session() -> None:
        network = Network()
        await network.let_out(["nbiotbt.heclouds.com"], "127.0.0.1", 9999)
        assert network.resolve("nbiotbt.heclouds.com", 5683) == ("127.0.0.1", 9999)
        assert network.outward(("127.0.0.1", 9999)) == ("127.0.0.1", 9999)
        assert network.outward(("127.0.0.1", 10000)) == ("127.0.0.1", 10000)
        assert network.outward(("192.0.2.1", 5683)) is None
        assert network.inward(("127.0.0.1", 9999)) == ("127.0.0.1", 9999)
        assert network.inward(("127.0.0.2", 9999)) is None
        with pytest.raises(AtshellError, match="not found"):
            await Network().let_out([], "nobody.invalid.", 1)

    asyncio.run(session())


def test_a_full_disk_ends_the_capture_alone():
    class Full(BytesIO):
        def write(self, data: bytes) -> int:
            if self.tell():
                raise OSError("no space left")
            return super().write(data)

    network = Network(capture=PcapWriter(Full()))
    network.record(("192.0.2.1", 1), ("192.0.2.2", 2), b"x")
    network.record(("192.0.2.1", 1), ("192.0.2.2", 2), b"x")
    network.close()


def test_a_port_that_is_taken():
    async def session() -> None:
        wire = await open_udp("127.0.0.1", 0)
        with pytest.raises(AtshellError, match="cannot listen"):
            await open_udp(*wire.address)
        with pytest.raises(AtshellError, match="cannot listen"):
            await open_udp("no such host.", 0)
        wire.send(b"x" * 70000, wire.address)
        wire.send(b"x", ("not an address", 5))
        wire.close()
        await wire.closed()

    asyncio.run(session())


def test_what_comes_late_to_a_closed_socket_is_nobodys():
    held: list[Callable[[], None]] = []

    class Slow(ClearAir):
        def carry(self, up: bool, data: bytes, deliver: Callable[[bytes], None]) -> None:
            held.append(lambda: deliver(data))

    async def session() -> None:
        board, capture = Switchboard(), BytesIO()
        network = Network(air=Slow(), open_wire=board.open, capture=PcapWriter(capture))
        server = await board.open("127.0.0.1", 0)
        heard: list[bytes] = []
        server.start(lambda data, source: heard.append(data))
        network.place(LWM2M_SERVER, server.address)
        module = await network.open()
        module.start(lambda data, source: heard.append(data))
        module.send(b"up", LWM2M_SERVER)
        server.send(b"down", module._wire.address)
        await asyncio.sleep(0)
        assert len(held) == 2
        module.close()
        for arrive in held:
            arrive()
        await asyncio.sleep(0)
        assert heard == []
        assert [packet[-1] for packet in _packets(capture.getvalue())] == [b"up"]

    asyncio.run(session())
