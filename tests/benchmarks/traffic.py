"""Synthetic traffic of many LwM2M devices at one server, as it is captured at the server's Ethernet port.

A thousand devices live side by side, each with its own address, endpoint name, message IDs, tokens, round trip time and
values that wander. A device registers, is observed, and then notifies (TLV, SenML JSON, SenML CBOR), is read, written
and executed, updates its registration, and moves larger things block-wise; now and then a datagram is lost and sent
again. Every tenth packet is foreign: TCP, DNS, NTP, ARP. The same seed gives the same file.
"""

from __future__ import annotations

import heapq
import json
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value

DEVICES = 1000
FOREIGN = 0.1
LOST = 0.02
START = 1_700_000_000_000_000
"""Microseconds."""
SERVER = bytes([10, 0, 0, 1])
CON, NON, ACK = 0, 1, 2
GET, POST, PUT = 1, 2, 3
CREATED, CHANGED, CONTENT, CONTINUE = 0x41, 0x44, 0x45, 0x5F
TLV, SENML_JSON, SENML_CBOR, TEXT, LINK = b"\x2d\x16", b"\x6e", b"\x70", b"", b"\x28"
_FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)

Options = list[tuple[int, bytes]]
Step = tuple[int, bool, bytes]
"""Microseconds to wait, whether it goes to the server, and the datagram."""
Value = str | int | float


def message(
    kind: int, code: int, mid: int, token: bytes = b"", options: Sequence[tuple[int, bytes]] = (), payload: bytes = b""
) -> bytes:
    parts = [struct.pack(">BBH", 0x40 | kind << 4 | len(token), code, mid & 0xFFFF), token]
    last = 0
    for number, value in options:
        delta, length = number - last, len(value)
        parts.append(bytes([min(delta, 13) << 4 | min(length, 13)]))
        parts.append((bytes([delta - 13]) if delta > 12 else b"") + (bytes([length - 13]) if length > 12 else b""))
        parts.append(value)
        last = number
    return b"".join(parts) + (b"\xff" + payload if payload else b"")


def path(text: str) -> Options:
    return [(11, part.encode()) for part in text.strip("/").split("/")]


def uint(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def tlv(values: dict[int, Value]) -> bytes:
    return encode_records(TlvRecord(Kind.RESOURCE, number, encode_value(value)) for number, value in values.items())


class Device:
    """One device's life. Everything it says is drawn from its own random numbers."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.address = bytes([100, 64 + number // 60_000, number // 250 % 240, number % 250 + 1])
        self.port = self.random.randrange(1024, 65536)
        self.name = f"86975003{self.random.randrange(10**7):07};46000{self.random.randrange(10**10):010}"
        self.location = f"{self.random.randrange(1 << 40):010x}"
        self.device_mid, self.server_mid = self.random.randrange(65536), self.random.randrange(65536)
        self.round_trip = self.random.randrange(40_000, 900_000)
        self.temperature, self.battery, self.signal = self.random.uniform(-10, 35), 100.0, -90
        self.count = self.random.randrange(5000)
        self.modern = self.random.random() < 0.25
        self.watch: dict[str, bytes] = {}

    def token(self) -> bytes:
        return self.random.randbytes(self.random.choice((4, 8)))

    def life(self) -> Iterator[Step]:
        yield from self.register()
        for where in ("/3303/0", "/4/0", "/3200/0/5750"):
            yield from self.observe(where)
        works: list[tuple[int, Callable[[], Iterator[Step]]]] = [
            (46, self.notify),
            (12, self.notify_senml),
            (12, self.read),
            (9, self.write),
            (5, self.execute),
            (10, self.update),
            (2, self.read_in_blocks),
            (1, self.write_in_blocks),
            (2, self.discover),
            (1, self.register),
        ]
        weights, kinds = [weight for weight, _ in works], [work for _, work in works]
        while True:
            (work,) = self.random.choices(kinds, weights)
            for index, (delay, out, data) in enumerate(work()):
                yield (self.random.randrange(500_000, 4_000_000) if index == 0 else delay), out, data

    def exchange(self, out: bool, ask: bytes, *answers: bytes) -> Iterator[Step]:
        """A request and what comes back; a lost answer makes both come twice."""
        delay = int(self.round_trip * self.random.uniform(0.8, 1.6))
        yield 20_000, out, ask
        if self.random.random() < LOST:
            yield 2_000_000, out, ask
        for answer in answers:
            yield delay, not out, answer

    def asked(
        self, code: int, options: Options, payload: bytes, answer: int, back: Options, body: bytes
    ) -> Iterator[Step]:
        """The server asks, the device answers."""
        self.server_mid += 1
        token = self.token()
        ask = message(CON, code, self.server_mid, token, options, payload)
        return self.exchange(False, ask, message(ACK, answer, self.server_mid, token, back, body))

    def told(self, code: int, options: Options, payload: bytes, answer: int, back: Options) -> Iterator[Step]:
        """The device asks, the server answers."""
        self.device_mid += 1
        token = self.token()
        ask = message(CON, code, self.device_mid, token, options, payload)
        return self.exchange(True, ask, message(ACK, answer, self.device_mid, token, back))

    def register(self) -> Iterator[Step]:
        version = b"lwm2m=1.1" if self.modern else b"lwm2m=1.0"
        query = [(15, f"ep={self.name}".encode()), (15, b"lt=86400"), (15, version), (15, b"b=U")]
        links = b'</>;rt="oma.lwm2m";ct=11542,</1/0>,</3/0>,</4/0>,</5/0>,</3200/0>,</3303/0>'
        back = [(8, b"rd"), (8, self.location.encode())]
        return self.told(POST, [*path("rd"), (12, LINK), *query], links, CREATED, back)

    def update(self) -> Iterator[Step]:
        return self.told(POST, [*path(f"rd/{self.location}"), (15, b"lt=86400")], b"", CHANGED, [])

    def observe(self, where: str) -> Iterator[Step]:
        self.server_mid += 1
        token = self.watch[where] = self.token()
        ask = message(CON, GET, self.server_mid, token, [(6, b""), *path(where), (17, TLV)])
        self.count += 1
        options = [(6, uint(self.count)), (12, TLV)]
        return self.exchange(False, ask, message(ACK, CONTENT, self.server_mid, token, options, self.state(where)))

    def state(self, where: str) -> bytes:
        self.temperature += self.random.gauss(0, 0.3)
        self.signal = max(-130, min(-60, self.signal + self.random.randrange(-4, 5)))
        if where == "/3303/0":
            high, low = self.temperature + 3.25, self.temperature - 7.5
            return tlv({5700: round(self.temperature, 2), 5601: round(low, 1), 5602: round(high, 1), 5701: "Cel"})
        if where == "/4/0":
            return tlv({2: self.signal, 3: self.random.randrange(40), 8: self.random.randrange(1 << 28), 9: 11})
        words = {
            "seq": self.count,
            "alarm": self.random.choice(("none", "tilt", "leak")),
            "t": round(self.temperature, 1),
        }
        return tlv({5750: json.dumps(words)})

    def pushed(self, token: bytes, content_format: bytes, payload: bytes) -> Iterator[Step]:
        self.device_mid += 1
        self.count += self.random.choice((1, 1, 1, 2))
        options = [(6, uint(self.count & 0xFFFFFF)), (12, content_format)]
        if self.random.random() < 0.2:
            yield 0, True, message(NON, CONTENT, self.device_mid, token, options, payload)
            return
        push = message(CON, CONTENT, self.device_mid, token, options, payload)
        yield from self.exchange(True, push, message(ACK, 0, self.device_mid))

    def notify(self) -> Iterator[Step]:
        where = self.random.choice(("/3303/0", "/3303/0", "/4/0", "/3200/0/5750"))
        return self.pushed(self.watch[where], TLV, self.state(where))

    def notify_senml(self) -> Iterator[Step]:
        if not self.modern:
            return self.notify()
        self.temperature += self.random.gauss(0, 0.3)
        value = round(self.temperature, 2)
        token = self.watch["/3303/0"]
        if self.random.random() < 0.5:
            records = [{"bn": "/3303/0/", "n": "5700", "v": value, "u": "Cel"}, {"n": "5601", "v": round(value - 5, 1)}]
            return self.pushed(token, SENML_JSON, json.dumps(records, separators=(",", ":")).encode())
        # An array of two maps (RFC 8428 section 6): -2 is the base name, 0 the name, 2 the value, as a double.
        first = b"\xa3\x21\x68/3303/0/\x00\x645700\x02\xfb" + struct.pack(">d", value)
        second = b"\xa2\x00\x645601\x02\xfb" + struct.pack(">d", round(value - 5, 1))
        return self.pushed(token, SENML_CBOR, b"\x82" + first + second)

    def read(self) -> Iterator[Step]:
        self.battery = max(5.0, self.battery - self.random.random() / 10)
        if self.random.random() < 0.3:
            body = tlv({0: "Acme", 1: "NB-1", 2: self.name[:15], 9: int(self.battery), 13: 1_700_000_000 + self.count})
            return self.asked(GET, [*path("/3/0"), (17, TLV)], b"", CONTENT, [(12, TLV)], body)
        where, value = self.random.choice((("/3/0/9", int(self.battery)), ("/4/0/2", self.signal)))
        if self.random.random() < 0.4:
            return self.asked(GET, path(where), b"", CONTENT, [(12, TEXT)], str(value).encode())
        answer = tlv({int(where[5:]): value})
        return self.asked(GET, [*path(where), (17, TLV)], b"", CONTENT, [(12, TLV)], answer)

    def write(self) -> Iterator[Step]:
        lifetime = self.random.randrange(60, 90_000)
        if self.random.random() < 0.5:
            return self.asked(PUT, [*path("/1/0/1"), (12, TEXT)], str(lifetime).encode(), CHANGED, [], b"")
        return self.asked(PUT, [*path("/1/0"), (12, TLV)], tlv({1: lifetime, 2: 5, 6: True}), CHANGED, [], b"")

    def execute(self) -> Iterator[Step]:
        return self.asked(POST, path("/1/0/8"), b"", CHANGED, [], b"")

    def discover(self) -> Iterator[Step]:
        links = b"</3/0>;pmin=10,</3/0/0>,</3/0/1>,</3/0/2>,</3/0/9>;pmax=600,</3/0/13>"
        return self.asked(GET, [*path("/3/0"), (17, LINK)], b"", CONTENT, [(12, LINK)], links)

    def read_in_blocks(self) -> Iterator[Step]:
        size = self.random.randrange(200, 1000)
        whole = tlv({0: "Acme", 1: "NB-1", 17: self.random.randbytes(size).hex()})
        blocks = [whole[start : start + 256] for start in range(0, len(whole), 256)]
        for number, block in enumerate(blocks):
            asking = [(23, uint(number << 4 | 4))] if number else []
            more = 8 if number < len(blocks) - 1 else 0
            back = [(12, TLV), (23, uint(number << 4 | more | 4))]
            yield from self.asked(GET, [*path("/3/0"), (17, TLV), *asking], b"", CONTENT, back, block)

    def write_in_blocks(self) -> Iterator[Step]:
        image = self.random.randbytes(self.random.randrange(1500, 4000))
        blocks = [image[start : start + 512] for start in range(0, len(image), 512)]
        for number, block in enumerate(blocks):
            last = number == len(blocks) - 1
            option = (27, uint(number << 4 | (0 if last else 8) | 5))
            options = [*path("/5/0/0"), (12, b"\x2a"), option]
            yield from self.asked(PUT, options, block, CHANGED if last else CONTINUE, [option], b"")


def ethernet(kind: int, packet: bytes) -> bytes:
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2" + kind.to_bytes(2, "big") + packet


def ipv4(protocol: int, src: bytes, dst: bytes, body: bytes) -> bytes:
    """Without its checksum, which captures lack where network cards fill it in."""
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0x4000, 64, protocol, 0)
    return ethernet(0x0800, head + src + dst + body)


def udp(src: tuple[bytes, int], dst: tuple[bytes, int], body: bytes) -> bytes:
    return ipv4(17, src[0], dst[0], struct.pack(">HHHH", src[1], dst[1], 8 + len(body), 0) + body)


def foreign(source: random.Random) -> bytes:
    host = bytes([10, 0, 0, source.randrange(2, 250)])
    port = source.randrange(32768, 56000)
    kind = source.choices(("tcp", "dns", "ntp", "arp"), (70, 15, 5, 10))[0]
    if kind == "tcp":
        head = struct.pack(">HHIIBBHHH", port, 443, source.randrange(1 << 32), 1, 0x50, 0x18, 64000, 0, 0)
        record = source.randbytes(source.randrange(0, 1200))
        return ipv4(6, host, SERVER, head + b"\x17\x03\x03" + struct.pack(">H", len(record)) + record)
    if kind == "dns":
        name = b"\x08" + source.randbytes(4).hex().encode() + b"\x07example\x03com\0\0\x01\0\x01"
        return udp((host, port), (SERVER, 53), struct.pack(">HHHHHH", port, 0x100, 1, 0, 0, 0) + name)
    if kind == "ntp":
        return udp((host, 123), (SERVER, 123), b"\x23" + source.randbytes(47))
    return ethernet(0x0806, struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + bytes(6) + host + bytes(6) + SERVER)


def packets(count: int, devices: int = DEVICES) -> Iterator[tuple[int, bytes]]:
    """``count`` packets in the order of time: microseconds since 1970, and the frame."""
    source = random.Random(0)
    people = [Device(number) for number in range(devices)]
    lives = [device.life() for device in people]
    due = [(START + source.randrange(20_000_000), number) for number in range(devices)]
    heapq.heapify(due)
    coming = [next(life) for life in lives]
    written = 0
    while written < count:
        time, number = due[0]
        device, (_, out, data) = people[number], coming[number]
        client, server = (device.address, device.port), (SERVER, 5683)
        yield time, udp(client, server, data) if out else udp(server, client, data)
        written += 1
        coming[number] = next(lives[number])
        heapq.heapreplace(due, (time + coming[number][0], number))
        if source.random() < FOREIGN / (1 - FOREIGN) and written < count:
            yield time + 1, foreign(source)
            written += 1


def capture_header() -> bytes:
    return _FILE_HEADER


def capture_records(count: int, devices: int = DEVICES) -> Iterator[bytes]:
    """What stands behind the header of a capture file."""
    for time, frame in packets(count, devices):
        seconds, microseconds = divmod(time, 1_000_000)
        yield struct.pack("<IIII", seconds, microseconds, len(frame), len(frame)) + frame


def write_capture(target: Path, count: int, devices: int = DEVICES) -> None:
    with target.open("wb") as file:
        file.write(capture_header())
        file.writelines(capture_records(count, devices))
