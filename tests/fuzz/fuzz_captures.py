"""Captures and what lies in them, down to conversations: samples, and what reads them."""

from __future__ import annotations

import atexit
import bz2
import functools
import gzip
import lzma
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fuzz_payloads import RECORDINGS, messages

from atshell.hooks import DecodeOptions
from atshell.styled import to_plain
from atshell_lwm2m.analyzer import LwM2mAnalyzer
from atshell_lwm2m.analyzer import messages as messages_of
from atshell_lwm2m.capture.layers import Layers
from atshell_lwm2m.capture.links import LINKS
from atshell_lwm2m.capture.reader import datagrams, packets
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.opener import DtlsOpener
from atshell_lwm2m.message import to_json

GOLDENS = RECORDINGS.parent / "capture" / "goldens"
SMALL = 500
"""Bytes: of larger captures the beginning is enough, for it is read again and again."""
KEYS = Keys([(b"*", bytes(range(16))), (b"*", b"secret")])
LINK_TYPES = (*LINKS, 105, 195)
"""The last two are scapy's (IEEE 802.11 and 802.15.4)."""


@functools.cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="atshell-fuzz-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def written(data: bytes, name: str = "input") -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


@functools.cache
def pcaps() -> list[bytes]:
    paths = [*sorted(RECORDINGS.glob("*.pcap")), *sorted(GOLDENS.glob("*.pcap"))]
    return [path.read_bytes()[:SMALL] for path in paths]


@functools.cache
def pcapngs() -> list[bytes]:
    return [path.read_bytes()[:SMALL] for path in sorted(GOLDENS.glob("*.pcapng"))]


@functools.cache
def hexdumps() -> list[bytes]:
    return [path.read_bytes()[:SMALL] for path in sorted(GOLDENS.glob("text_*.txt"))]


@functools.cache
def packed() -> list[bytes]:
    one = pcaps()[0]
    return [gzip.compress(one, mtime=0), bz2.compress(one), lzma.compress(one), gzip.compress(one, mtime=0) * 2]


@functools.cache
def whole() -> list[bytes]:
    return [path.read_bytes()[:4000] for path in sorted(RECORDINGS.glob("*.pcap"))]


@functools.cache
def tcps() -> list[bytes]:
    """CoAP over TCP, TLS and WebSockets; in each, the connection's beginning and what is said first."""
    return [path.read_bytes()[:3000] for path in sorted((RECORDINGS / "tcp").glob("*.pcap"))]


@functools.cache
def frames() -> list[bytes]:
    """The first byte says the link type."""
    found = []
    for path in [*sorted(GOLDENS.glob("*.pcap")), *sorted(RECORDINGS.glob("*.pcap"))]:
        for _, kind, data, _ in list(packets(path))[:6]:
            if kind in LINK_TYPES and len(data) < SMALL:
                found.append(bytes([LINK_TYPES.index(kind)]) + data)
    return found


@functools.cache
def fragments() -> list[bytes]:
    """Some frames of one capture, each with its length in front."""
    found = []
    for path in sorted(GOLDENS.glob("*fragments*.pcap")):
        records = [data[14:] if kind == 1 else data for _, kind, data, _ in packets(path)]
        found += [joined([one[:200] for one in records[at : at + 4]]) for at in range(0, len(records), 4)]
    return found[:40]


def joined(parts: list[bytes]) -> bytes:
    return b"".join(len(one).to_bytes(2, "big") + one for one in parts)


def parted(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        yield data[at + 2 : at + 2 + size]
        at += 2 + size


@functools.cache
def conversations() -> list[bytes]:
    """Neighbours in a capture: question and answer, blocks, retransmissions."""
    every = messages()
    return [joined(every[at : at + 5]) for at in range(0, len(every), 5)]


@functools.cache
def handshakes() -> list[bytes]:
    """Each datagram has its direction as its first byte: 1 to the server, whose port is the lower one."""
    found = []
    for path in [*sorted((RECORDINGS / "dtls").glob("*.pcap")), *sorted(RECORDINGS.glob("*dtls*.pcap"))]:
        said = [(key[-2:] < key[-4:-2], data) for *_, key, data, _ in datagrams(path, lambda _: None)]
        found.append(joined([bytes([up]) + data for up, data in said[:9]]))
    return found


# What reads them


def file(data: bytes) -> int:
    warnings: list[str] = []
    found = list(datagrams(written(data), warnings.append))
    return sum(len(one[3]) for one in found) + sum(map(len, warnings))


def pcap(data: bytes) -> int:
    """The fast reader says what the other says."""
    warnings: tuple[list[str], list[str]] = [], []
    path = written(data)
    found = list(datagrams(path, warnings[0].append))
    assert list(datagrams(path, warnings[1].append, common=False)) == found
    assert warnings[0] == warnings[1]
    return sum(len(one[3]) for one in found) + sum(map(len, warnings[0]))


def lines(data: bytes) -> int:
    """The short way to JSON and the readable one say the same, byte for byte."""
    path = written(data)
    found = list(LwM2mAnalyzer().decode([path], DecodeOptions()).json())
    assert found == [to_json(one).decode() for one in messages_of([path])]
    return 1 + sum(map(len, found))


def streams(data: bytes) -> int:
    options = DecodeOptions(psk=("*:0x000102030405060708090a0b0c0d0e0f",))
    return 1 + sum(map(len, LwM2mAnalyzer().decode([written(data)], options).json()))


def frame(data: bytes) -> int:
    warnings: list[str] = []
    layers = Layers(warnings.append)
    kind = LINK_TYPES[(data[0] if data else 0) % len(LINK_TYPES)]
    found = list(layers.datagrams([(0, kind, data[1:], len(data))]))
    return 1 + sum(len(one[3]) for one in found) + sum(map(len, warnings))


def fragmented(data: bytes) -> int:
    warnings: list[str] = []
    records = [(at, 101, one, len(one)) for at, one in enumerate(parted(data))]
    return 1 + sum(len(one[3]) for one in Layers(warnings.append).datagrams(records)) + sum(map(len, warnings))


UP, DOWN = b"\x0a\0\0\1\x0a\0\0\2\xc0\0\x16\x33", b"\x0a\0\0\2\x0a\0\0\1\x16\x33\xc0\0"


def conversation(data: bytes) -> int:
    """All that is said arrives in the result, whatever it is."""
    said = list(parted(data))
    captured = [(at, at * 10**9, UP if at % 2 else DOWN, one, 0) for at, one in enumerate(said, 1)]
    found = list(Dissector().messages(captured))
    assert [one.frame for one in found] == [one[0] for one in captured]
    return sum(len(to_json(one)) for one in found)


def dtls(data: bytes) -> int:
    opener = DtlsOpener(KEYS)
    size = 1
    for one in parted(data):
        src, dst = ("a", "b") if one[:1] == b"\1" else ("b", "a")
        opened = opener.take(src, dst, one[1:])
        size += len(opened.text) + sum(map(len, opened.plain)) + len(opened.reason.text if opened.reason else "")
    return size


def views(data: bytes) -> int:
    """Every way to look at a capture, as text and for programs; nothing that steers a terminal comes through."""
    path, size = written(data), 0
    for view in ("messages", "details", "exchanges", "registrations", "stats"):
        report = LwM2mAnalyzer().decode([path], DecodeOptions(view=view))
        lines = [to_plain(line) for line in report.text()]
        assert all(line.isprintable() for line in lines), [line for line in lines if not line.isprintable()][:1]
        size += sum(map(len, lines)) // 10
        size += sum(map(len, LwM2mAnalyzer().decode([path], DecodeOptions(view=view)).json())) // 10
    return size
