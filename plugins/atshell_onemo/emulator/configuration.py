"""The configuration that AT+MIPLCREATE takes (section 3.1): its pieces, and what it says.

The manual leaves the layout of the structure to a tool. What is read here is the layout of OneNET's open client
(``cis_config.c``, first version), which that tool writes:

    13 00 31              version 1 with 3 blocks, length of everything
    F1 00 03              init: nothing
    F2 00 23              net, with its length:
       04 00  11  80        MTU, link and band, flags (bit 7: bootstrap, bit 6: DTLS), which may be missing
       00 00  00 00  00 00  access point, user, password: a length of two bytes, then the text
       00 12  31 38 …       host, "183.230.40.40:5683"
       00 01  31            user data, "AuthCode:…;PSK:…;" where there are any
    F3 00 08 …            system: logs

Whatever is no such structure makes the default device, as far as it is hexadecimal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VERSION = 1
NET = 2
BOOTSTRAP, DTLS = 0x80, 0x40
_HEADER = 3
_HOST, _USER_DATA = 3, 4
"""Among the five texts of the net block."""
_FIELD = re.compile(rb"(AuthCode|PSK):([^;]*);")


@dataclass(frozen=True, slots=True)
class Configuration:
    host: str
    """``host`` or ``host:port``."""
    bootstrap: bool | None
    """None where it does not say."""
    dtls: bool = False
    authcode: str = ""
    psk: str = ""


class Pieces:
    """The text of a configuration as it comes in. ``<index>`` counts down to 0, where ``<flag>`` 0 ends it.

    Lengths are in characters, as the manual says, or in the bytes that they stand for, as the tool writes them; the
    first piece shows which."""

    def __init__(self) -> None:
        self.text = ""
        self._total = 0
        self._next: int | None = None

    def clear(self) -> None:
        self.text, self._total, self._next = "", 0, None

    def add(self, total: int, piece: str, index: int, size: int, last: bool) -> bool:
        """False when it does not follow what was there; then all is forgotten."""
        unit = 2 if 2 * size == len(piece) else 1
        whole = len(self.text) + len(piece)
        fits = (
            size * unit == len(piece)
            and self._next in (None, index)
            and (self._total or total * unit) == total * unit
            and last == (index == 0)
            and (whole == total * unit if last else whole < total * unit)
        )
        if not fits:
            self.clear()
            return False
        self.text, self._total, self._next = self.text + piece, total * unit, index - 1
        return True


def read(data: bytes) -> Configuration | None:
    """None where it is no such structure."""
    if len(data) < _HEADER or data[0] >> 4 != VERSION or int.from_bytes(data[1:3]) != len(data):
        return None
    rest = data[_HEADER:]
    while len(rest) >= _HEADER:
        size = int.from_bytes(rest[1:3])
        if not _HEADER <= size <= len(rest):
            return None
        if rest[0] & 0x0F == NET:
            return _net(rest[_HEADER:size])
        rest = rest[size:]
    return None


def _net(block: bytes) -> Configuration | None:
    """The flags are younger than the rest: the block is read to its very end with them or without."""
    flags, texts = block[3:4], _texts(block[4:])
    if texts is None:
        flags, texts = b"", _texts(block[3:])
    if texts is None:
        return None
    told = {name: value.decode("ascii", "replace") for name, value in _FIELD.findall(texts[_USER_DATA])}
    return Configuration(
        host=texts[_HOST].decode("ascii", "replace"),
        bootstrap=bool(flags[0] & BOOTSTRAP) if flags else None,
        dtls=bool(flags and flags[0] & DTLS),
        authcode=told.get(b"AuthCode", ""),
        psk=told.get(b"PSK", ""),
    )


def _texts(rest: bytes) -> list[bytes] | None:
    """Each with its length before it; None when they do not end where the block does."""
    texts = []
    for _ in range(_USER_DATA + 1):
        size = int.from_bytes(rest[:2])
        if len(rest) < 2 + size:
            return None
        texts.append(rest[2 : 2 + size])
        rest = rest[2 + size :]
    return None if rest else texts
