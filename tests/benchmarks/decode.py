"""How fast captures are decoded, beside ``tshark -T fields`` with the same fields, in the same run.

    python tests/benchmarks/decode.py [MESSAGES]

A capture of registrations, updates, observations, TLV notifications, reads, writes and retransmissions is made in a
temporary file; each program reads it three times, and the best time counts.
"""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from atshell_lwm2m.capture.writer import PcapWriter
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value

MESSAGES = 100_000
ROUNDS = 3
FIELDS = [
    *("frame.number", "frame.time_epoch", "ip.src", "udp.srcport", "ip.dst", "udp.dstport"),
    *("coap.type", "coap.code", "coap.mid", "coap.token", "coap.opt.name", "coap.opt.uri_path_recon"),
    *("coap.opt.uri_query", "coap.opt.observe", "coap.opt.ctype", "coap.opt.accept", "coap.payload"),
    *("coap.response_to", "coap.response_in", "coap.response_time", "coap.retransmitted"),
    *("lwm2mtlv.resource_name", "lwm2mtlv.identifier", "lwm2mtlv.value.string", "lwm2mtlv.value.integer"),
    *("lwm2mtlv.value.float", "lwm2mtlv.value.double"),
]
Datagram = tuple[bool, bytes]
"""Whether it goes to the server, and what it holds."""


def message(
    kind: int, code: int, mid: int, token: bytes, options: list[tuple[int, bytes]], payload: bytes = b""
) -> bytes:
    parts = [struct.pack(">BBH", 0x40 | kind << 4 | len(token), code, mid & 0xFFFF), token]
    last = 0
    for number, value in options:
        delta, length = number - last, len(value)
        parts.append(bytes([delta << 4 | min(length, 13)]) + (bytes([length - 13]) if length > 12 else b"") + value)
        last = number
    return b"".join(parts) + (b"\xff" + payload if payload else b"")


def path(text: str) -> list[tuple[int, bytes]]:
    return [(11, part.encode()) for part in text.strip("/").split("/")]


def session(number: int) -> Iterator[Datagram]:
    """One device's life, in about 120 messages."""
    mid, token = number * 1000, struct.pack(">I", number)
    name = f"8699750300{number:05}"
    query = [(15, f"ep={name}".encode()), (15, b"lt=300"), (15, b"lwm2m=1.0"), (15, b"b=U")]
    links = b'</>;rt="oma.lwm2m";ct=11542,</1/0>,</3/0>,</3200/0>,</3303/0>'
    yield True, message(0, 2, mid, token, [*path("rd"), (12, b"\x28"), *query], links)
    yield False, message(2, 0x41, mid, token, [(8, b"rd"), (8, b"%04x" % number)])
    watch = b"\x01" + token
    yield False, message(0, 1, mid + 1, watch, [(6, b""), *path("/3303/0"), (17, b"\x2d\x16")])
    tlv = (12, b"\x2d\x16")
    yield True, message(2, 0x45, mid + 1, watch, [(6, b"\x01"), tlv], sensor(number))
    for beat in range(20):
        notification = message(0, 0x45, mid + 100 + beat, watch, [(6, bytes([beat + 2])), tlv], sensor(number + beat))
        yield True, notification
        if beat % 10 == 9:
            yield True, notification
        yield False, message(2, 0, mid + 100 + beat, b"", [])
        asked = b"\x02" + bytes([beat]) + token
        yield False, message(0, 1, mid + 200 + beat, asked, [*path("/3/0/9"), (17, b"\x2d\x16")])
        yield True, message(2, 0x45, mid + 200 + beat, asked, [tlv], value(9, 100 - beat))
        yield False, message(0, 3, mid + 300 + beat, asked, [*path("/1/0/1"), (12, b"")], b"300")
        yield True, message(2, 0x44, mid + 300 + beat, asked, [])
    yield True, message(0, 2, mid + 50, token, path(f"rd/{number:04x}"))
    yield False, message(2, 0x44, mid + 50, token, [])


def sensor(seed: int) -> bytes:
    records = [
        TlvRecord(Kind.RESOURCE, 5700, encode_value(20.0 + seed % 50 / 4)),
        TlvRecord(Kind.RESOURCE, 5601, encode_value(19.5)),
        TlvRecord(Kind.RESOURCE, 5701, b"Cel"),
    ]
    return encode_records(records)


def value(identifier: int, number: int) -> bytes:
    return encode_records([TlvRecord(Kind.RESOURCE, identifier, encode_value(number))])


def write_capture(target: Path, count: int) -> int:
    """At least ``count`` messages; how many there are."""
    buffer = io.BytesIO()
    writer = PcapWriter(buffer)
    server = ("10.0.0.1", 5683)
    written = 0
    number = 0
    while written < count:
        client = (f"10.{1 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}", 40000)
        for out, data in session(number):
            src, dst = (client, server) if out else (server, client)
            writer.write_udp(1_700_000_000 + written * 0.001, src, dst, data)
            written += 1
        number += 1
    target.write_bytes(buffer.getvalue())
    return written


def best(command: list[str]) -> float:
    """Seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as folder:
        capture = Path(folder) / "benchmark.pcap"
        count = write_capture(capture, wanted)
        print(f"{count} messages, {capture.stat().st_size / 1e6:.1f} MB")
        ours = best([sys.executable, "-m", "atshell", "decode", str(capture), "--format", "json"])
        print(f"atshell decode --format json   {ours:7.2f} s  {count / ours:9.0f} messages/s")
        tshark = shutil.which("tshark")
        if tshark is None:
            print("tshark is not installed: nothing to compare with")
            return 1
        fields = [part for field in FIELDS for part in ("-e", field)]
        theirs = best([tshark, "-r", str(capture), "-T", "fields", *fields])
        print(f"tshark -T fields               {theirs:7.2f} s  {count / theirs:9.0f} messages/s")
        print(f"ratio                          {theirs / ours:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
