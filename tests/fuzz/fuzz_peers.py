"""Those who are spoken to: DTLS at both ends, the platform, an emulated module. Samples, and what becomes of them.

Nothing may reach the loop's exception handler or an error log: there ends what no caller was told.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine

import aiocoap
from fuzz_captures import handshakes, joined, parted
from fuzz_lines import PROFILE

from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell_lwm2m.endpoint.dtls.client import ClientWire
from atshell_lwm2m.endpoint.dtls.security import SUITES, Credentials
from atshell_lwm2m.endpoint.dtls.server import ServerWire
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform
from atshell_lwm2m.endpoint.switchboard import Switchboard
from atshell_onemo.emulator.build import build

CLIENT, SERVER = ("192.0.2.7", 40000), ("192.0.2.2", 5684)
Receive = Callable[[bytes, tuple[str, int]], None]


class Wire:
    """What is sent is kept."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.receive: Receive = lambda data, source: None

    def start(self, receive: Receive) -> None:
        self.receive = receive

    def send(self, data: bytes, address: tuple[str, int]) -> None:
        self.sent.append(data)

    def close(self) -> None:
        pass

    async def closed(self) -> None:
        pass


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.told.append(f"{record.getMessage()}: {error!r}")


@functools.cache
def _loop() -> tuple[asyncio.AbstractEventLoop, _Errors]:
    loop, errors = asyncio.new_event_loop(), _Errors()
    loop.set_exception_handler(lambda _, about: errors.told.append(repr(about)))
    for name in ("atshell", "atshell.coap", "atshell.emulator.device", "asyncio", "coap"):
        logging.getLogger(name).addHandler(errors)
    return loop, errors


def played(scene: Coroutine[object, object, int]) -> int:
    loop, errors = _loop()
    errors.told.clear()
    size = loop.run_until_complete(asyncio.wait_for(scene, 10))
    assert not errors.told, errors.told[0]
    return size


# DTLS


def hellos() -> list[bytes]:
    """What clients said in recordings."""
    said = [[one[1:] for one in parted(talk) if one[:1] == b"\1"] for talk in handshakes()]
    return [joined(one) for one in said if one]


def answers() -> list[bytes]:
    said = [[one[1:] for one in parted(talk) if one[:1] == b"\0"] for talk in handshakes()]
    return [joined(one) for one in said if one]


def dtls_server(data: bytes) -> int:
    clock, wire, heard = ManualClock(), Wire(), list[bytes]()
    server = ServerWire(wire, {b"me": b"secret"}.get, clock, limit=4)
    server.start(lambda plain, source: heard.append(plain))
    for one in parted(data):
        wire.receive(one, CLIENT)
    clock.advance(2.0)
    assert not heard
    assert len(server) <= 4
    server.close()
    return 1 + sum(map(len, wire.sent))


def dtls_client(data: bytes) -> int:
    clock, wire, heard = ManualClock(), Wire(), list[bytes]()
    client = ClientWire(wire, clock)
    client.start(lambda plain, source: heard.append(plain))
    client.secure(SERVER, Credentials(b"me", b"secret"), SUITES)
    client.send(b"hello", SERVER)
    for one in parted(data):
        wire.receive(one, SERVER)
    clock.advance(2.0)
    assert not heard
    client.close()
    return 1 + sum(map(len, wire.sent))


def attacks() -> list[bytes]:
    """Each is what happens to one datagram of a handshake: its number, where in it, and the bytes that stand there
    then. The first is none, the last ones cut and say something twice."""
    at = [bytes([number, place, 0xFF]) for number in range(8) for place in (0, 3, 11, 13, 25, 40)]
    return [b"\xff", *(joined([one]) for one in at), joined([b"\0\x20"]), joined([b"\3\xff\1\2", b"\4\0"])]


def dtls_attacked(data: bytes) -> int:
    """A client and a server that mean it, and someone between them. What arrives is what was said, or nothing."""
    clock, ends, heard = ManualClock(), (Wire(), Wire()), list[bytes]()
    server, client = ServerWire(ends[1], {b"me": b"secret"}.get, clock), ClientWire(ends[0], clock)
    server.start(lambda plain, source: heard.append(plain))
    client.start(lambda plain, source: heard.append(plain))
    client.secure(SERVER, Credentials(b"me", b"secret"), SUITES)
    client.send(b"hello", SERVER)
    changes = {one[0]: one[1:] for one in parted(data) if len(one) > 1}
    for number in range(40):
        sender = next((end for end in ends if end.sent), None)
        if sender is None:
            break
        at_server = sender is ends[0]
        said = _changed(sender.sent.pop(0), changes.get(number))
        ends[at_server].receive(said, CLIENT if at_server else SERVER)
    assert set(heard) <= {b"hello"}
    client.close()
    server.close()
    return 1 + len(heard)


def _changed(datagram: bytes, change: bytes | None) -> bytes:
    if change is None:
        return datagram
    at, new = change[0], change[1:]
    return datagram[:at] + new + datagram[at + len(new) :] if new else datagram[:at]


# Platform and module


@functools.cache
def requests() -> list[bytes]:
    """Registered, updated, reported, asked for what is not there, left."""
    register = _request(aiocoap.POST, "rd", "ep=one&lt=600&lwm2m=1.1&b=UQ", b'</>;ct="110 112",</1/0>,</3/0>', 40)
    return [
        joined([register, _request(aiocoap.POST, "rd/0", "lt=90"), _request(aiocoap.DELETE, "rd/0")]),
        joined([register, _request(aiocoap.POST, "dp", "", b'[{"n":"/3/0/9","v":95}]', 110)]),
        joined([_request(aiocoap.POST, "bs", "ep=one"), _request(aiocoap.GET, "bspack", "ep=one")]),
        joined([register, _request(aiocoap.GET, ".well-known/core"), _request(aiocoap.FETCH, "rd", "", b"\x80", 112)]),
        joined([bytes.fromhex("40000001"), bytes.fromhex("60000001"), bytes.fromhex("70000001"), register]),
    ]


def _request(code: aiocoap.Code, path: str, query: str = "", payload: bytes = b"", form: int | None = None) -> bytes:
    message = aiocoap.Message(code=code, payload=payload)
    message.mtype, message.mid, message.token = aiocoap.CON, 7, b"\1\2"
    message.opt.uri_path = path.split("/")
    message.opt.uri_query = [part for part in query.split("&") if part]
    if form is not None:
        message.opt.content_format = form
    return bytes(message.encode())


def platform(data: bytes) -> int:
    return played(_platform(list(parted(data))[:20]))


async def _platform(said: list[bytes]) -> int:
    board, clock, answered = Switchboard(), ManualClock(), list[bytes]()
    served = await Platform.start(
        Habits(bootstrap=True, observe=True, discover=True, read_device=True),
        host="192.0.2.2",
        clock=clock,
        open_wire=board.open,
    )
    wire = await board.open("10.0.0.2", 0)
    wire.start(lambda answer, _: answered.append(answer))
    for one in said:
        wire.send(one, served.server_address)
        for _ in range(4):
            await asyncio.sleep(0)
    clock.advance(3.0)
    await asyncio.sleep(0)
    clients = await served.operate(["clients"])
    await served.close()
    return 1 + sum(map(len, answered)) + len(repr(clients))


def module(data: bytes) -> int:
    return played(_module(data))


async def _module(data: bytes) -> int:
    """A line to an emulated module: an answer, and no fault of ours behind it."""
    clock, said = ManualClock(), bytearray()
    device = Device(PROFILE, EmulatorOptions(PROFILE.model), clock)
    device.attach(build(device))
    device.connect(said.extend)
    device.feed(data + b"\r")
    for _ in range(4):
        await asyncio.sleep(0)
    clock.advance(1.0)
    await device.close()
    return 1 + len(said)
