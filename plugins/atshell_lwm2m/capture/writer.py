"""Write UDP datagrams as a pcap file that every analyzer reads.

The format is the classic one: little-endian, microseconds, LINKTYPE_RAW (101), so a record is an IP packet and nothing
more. Each packet is flushed, so that a reader which follows the file (or a session that is killed) sees all of it.
"""

from __future__ import annotations

import struct
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

LINKTYPE_RAW = 101
_FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, LINKTYPE_RAW)
_UDP = 17
_HOP_LIMIT = 64


class PcapWriter:
    """``target`` is a path, which is overwritten, or a binary file, which is the caller's to close."""

    def __init__(self, target: Path | str | BinaryIO) -> None:
        self._owned = isinstance(target, (Path, str))
        self._file: BinaryIO = Path(target).open("wb") if isinstance(target, (Path, str)) else target  # noqa: SIM115
        self._identification = 0
        self._file.write(_FILE_HEADER)
        self._file.flush()

    def write_udp(self, time: float, src: tuple[str, int], dst: tuple[str, int], payload: bytes) -> None:
        """``time`` in seconds since 1970. Both addresses are of one family; names are no addresses."""
        self._identification = self._identification + 1 & 0xFFFF
        packet = udp_packet(src, dst, payload, self._identification)
        microseconds = round(time * 1_000_000)
        header = struct.pack("<IIII", *divmod(microseconds, 1_000_000), len(packet), len(packet))
        self._file.write(header + packet)
        self._file.flush()

    def close(self) -> None:
        if self._owned:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def udp_packet(src: tuple[str, int], dst: tuple[str, int], payload: bytes, identification: int = 0) -> bytes:
    """UDP in IPv4 or IPv6. Raises ValueError for what are no two addresses of one family."""
    source, destination = ip_address(src[0].partition("%")[0]), ip_address(dst[0].partition("%")[0])
    if source.version != destination.version:
        raise ValueError(f"{src[0]} and {dst[0]} are of two address families")
    length = 8 + len(payload)
    addresses = source.packed + destination.packed
    udp = struct.pack(">HHHH", src[1], dst[1], length, 0)
    # RFC 768; RFC 8200 section 8.1: a sum of zero is sent as all ones.
    total = _checksum(addresses + struct.pack(">IHH", length, 0, _UDP) + udp + payload) or 0xFFFF
    datagram = udp[:6] + total.to_bytes(2, "big") + payload
    if source.version == 6:
        return struct.pack(">IHBB", 6 << 28, length, _UDP, _HOP_LIMIT) + addresses + datagram
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + length, identification, 0x4000, _HOP_LIMIT, _UDP, 0)
    return head[:10] + _checksum(head + addresses).to_bytes(2, "big") + addresses + datagram


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
