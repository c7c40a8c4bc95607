"""Packets as a pcapng file with what was understood of them as comments, so that Wireshark shows both.

The format is draft-ietf-opsawg-pcapng: a section header, an interface for each link type, then the packets, each as
it was captured, in nanoseconds. Numbers in the comments are those of the capture that was read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from atshell import __version__
from atshell.styled import to_plain, visible
from atshell_lwm2m.capture.pcap import MAX_RECORD, Packet
from atshell_lwm2m.export.packets import with_packets
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.messages import head, meaning
from atshell_lwm2m.report.values import duration

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_COMMENT, _USER_APPLICATION, _RESOLUTION = 1, 4, 9
_LONGEST_COMMENT = 4000
_LAST_MOMENT = (1 << 64) - 1


def pcapng(files: Iterable[tuple[Path, Iterable[Message]]], wanted: Callable[[Message], bool]) -> Iterator[bytes]:
    """The file's blocks."""
    yield section()
    interfaces: dict[int, int] = {}
    for path, messages in files:
        for packet, group in with_packets(path, messages, wanted):
            link_type = packet[1]
            if link_type not in interfaces:
                interfaces[link_type] = len(interfaces)
                yield interface(link_type)
            yield block(packet, interfaces[link_type], [comment(message) for message in group])


def section(remark: str = "") -> bytes:
    """What a file begins with."""
    said = _option(_COMMENT, _shortened(remark)) if remark else b""
    application = _option(_USER_APPLICATION, f"atshell {__version__}".encode())
    return _block(_SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + said + application + _option(0, b""))


def interface(link_type: int) -> bytes:
    nanoseconds = _option(_RESOLUTION, b"\x09") + _option(0, b"")
    return _block(_INTERFACE, struct.pack("<HHI", link_type & 0xFFFF, 0, MAX_RECORD) + nanoseconds)


def comment(message: Message) -> str:
    """``#41 Notify /3200/0/5750 Application Type = "abcd", 187 ms after #40``."""
    text = to_plain(meaning(message)).strip() or head(message)
    file = f"{Path(message.file).name} " if message.file is not None else ""
    parts = [f"{file}#{message.frame} {text}"]
    if message.request is not None and message.rtt is not None:
        parts.append(f"{duration(message.rtt)} after #{message.request}")
    if message.response is not None:
        parts.append(f"answered by #{message.response}")
    return visible(", ".join(parts), keep="")


def block(packet: Packet, number: int, comments: list[str]) -> bytes:
    """A packet of the interface with that number."""
    time, _, data, wire = packet
    stamp = min(max(time, 0), _LAST_MOMENT)
    head = struct.pack("<IIIII", number, stamp >> 32, stamp & 0xFFFFFFFF, len(data), max(wire, len(data)))
    options = b"".join(_option(_COMMENT, _shortened(text)) for text in comments)
    return _block(_PACKET, head + _padded(data) + options + _option(0, b""))


def _shortened(text: str) -> bytes:
    """Not cut inside a character."""
    return text.encode("utf-8", "replace")[:_LONGEST_COMMENT].decode("utf-8", "ignore").encode()


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size
