"""Hex dumps: what Wireshark prints with ``tshark -x`` and exports as plain text, what ``text2pcap`` takes, and what
``tcpdump -x``, ``xxd``, ``hexdump -C`` and ``od -tx1`` print, also as Windows saves it.

A packet begins where an offset is zero; each line's bytes are as many as the next line's offset says, so that what
stands beside them for reading is not taken for more. Lines in front of a packet may tell its time and, with ``I`` or
``O``, its direction. What is no frame of a link layer is taken for a datagram of CoAP and gets headers, as
``text2pcap -u`` makes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from atshell_lwm2m.capture.made import Made
from atshell_lwm2m.capture.pcap import MAX_RECORD, Packet
from atshell_lwm2m.capture.stamps import Stamps
from atshell_lwm2m.capture.tally import Tally, Warn
from atshell_lwm2m.capture.window import Window
from atshell_lwm2m.codec.errors import Malformed

_LONGEST_LINE = 1 << 20
_LOOKED_AT = 1 << 16
# An offset, not far from the margin, then bytes; a ">" in front is from a mail.
_LINE = re.compile(rb"[ \t>]{0,3}(0[xX])?([0-9A-Fa-f]{3,8}):?[ \t]+((?:[0-9A-Fa-f]{2})+)(?=[ \t\r-]|$)(.*)", re.DOTALL)
_FIRST = re.compile(rb"(?:^|\n)[ \t>]{0,3}(?:0[xX])?0{3,8}:?[ \t]+(?:[0-9A-Fa-f]{2})+(?=[ \t\r\n-]|$)")
_BYTE = re.compile(rb"(?:[ \t]{1,2}|-)([0-9A-Fa-f]{2})(?=[ \t\r-]|$)")
_GROUP = re.compile(rb"[ \t]([0-9A-Fa-f]{2,8})(?=[ \t\r]|$)")
# Wireshark's names for several views of one packet's bytes: "Frame (62 bytes):", "Decrypted DTLS (20 bytes):".
_VIEW = re.compile(rb"(\S[^()]{0,60}) \(\d+ bytes?\):\s*")
_FRAME = b"Frame"
# Windows puts a mark in front of text; PowerShell's ">" writes two bytes a character as well.
_MARK, _WIDE = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
# Words of two bytes behind an offset of ``hexdump`` or ``od``; ``xxd`` and ``tcpdump`` have a colon there.
_WORDS = re.compile(rb"[ \t>]{0,3}[0-9A-Fa-f]{6,7}(?:[ \t]+[0-9A-Fa-f]{4})+[ \t\r]*", re.DOTALL)
_SWAPPED = "words of two bytes in the host's order (print bytes, with hexdump -C, od -tx1 or xxd)"
_OMITTED = "a * for lines that were left out (print them with -v)"


def looks_like_it(start: bytes) -> bool:
    """Whether a file that begins so has a hex dump."""
    return b"\0" not in start and _FIRST.search(start) is not None


def is_hexdump(window: Window) -> bool:
    """Looks ahead as far as it has to."""
    size = 0
    while size < _LOOKED_AT:
        size = min(len(window.data) - window.at, _LOOKED_AT)
        start = window.data[window.at : window.at + size]
        start = _narrow(start[2:]) if start.startswith(_WIDE) else start.removeprefix(_MARK)
        if b"\0" in start or looks_like_it(start):
            return b"\0" not in start
        if not window.holds(size + 1):
            return False
    return False


def _narrow(text: bytes) -> bytes:
    """A dump's characters are ASCII: of each one's two bytes the other is zero, in either byte order."""
    return text.replace(b"\0", b"")


@dataclass(slots=True)
class _Dump:
    """The packet that is being read."""

    time: int
    outgoing: bool | None
    data: bytearray = field(default_factory=bytearray)
    last: int = 0
    """Offset of the last line."""
    width: int = MAX_RECORD
    """Bytes in a line."""
    wanted: bool = True
    """It is the frame, not another view of it, and nothing is wrong with it."""
    words: int = 0
    """The line where it began, if that has words."""


def packets(window: Window, warn: Warn) -> Iterator[Packet]:
    tally, made = Tally(warn), Made()
    for dump in _dumps(window, tally):
        if dump.words and not made.is_known(bytes(dump.data)):
            tally.note(*_swapped(dump))
            continue
        link_type, data = made.frame(bytes(dump.data), dump.outgoing)
        yield dump.time, link_type, data, len(data)
    tally.tell()


def bare(text: bytes) -> bytes | None:
    """The bytes that a dump is of, whatever they are; None where there is not just one, without a fault. Raises
    Malformed where their order is not told."""
    faults: list[str] = []
    tally = Tally(faults.append)
    dumps = list(_dumps(Window(BytesIO(text)), tally))
    found = [bytes(dump.data) for dump in dumps]
    tally.tell()
    if any(dump.words for dump in dumps) or any(_SWAPPED in fault for fault in faults):
        raise Malformed(_SWAPPED, 0)
    return found[0] if len(found) == 1 and not faults else None


def _dumps(window: Window, tally: Tally) -> Iterator[_Dump]:
    reader = _Reader(tally)
    for number, line in enumerate(_lines(window), 1):
        yield from reader.take(number, line)
    yield from reader.done()


def _lines(window: Window) -> Iterator[bytes]:
    """A line that is too long is cut."""
    wide = window.holds(2) and window.data.startswith(_WIDE, window.at)
    if wide or (window.holds(len(_MARK)) and window.data.startswith(_MARK, window.at)):
        window.at += 2 if wide else len(_MARK)
    while window.holds(1):
        end, size = -1, len(window.data) - window.at
        while (end := window.data.find(b"\n", window.at)) < 0 and size < _LONGEST_LINE and window.holds(size + 1):
            size = len(window.data) - window.at
        stop = end if end >= 0 else min(len(window.data), window.at + _LONGEST_LINE)
        line = window.data[window.at : stop]
        window.at = stop + (end >= 0)
        yield _narrow(line) if wide else line


class _Reader:
    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self._stamps = Stamps()
        self._dump: _Dump | None = None
        self._view = _FRAME
        self._base = 16
        """Of the offsets."""

    def take(self, number: int, line: bytes) -> Iterator[_Dump]:
        found = _LINE.match(line)
        offset = self._offset(found[2]) if found is not None else -1
        if found is None or (offset and self._dump is None):
            yield from self._beside(number, line)
            return
        if offset == 0:
            yield from self.done()
            outgoing, time = self._stamps.taken()
            words = number if _WORDS.fullmatch(line) is not None else 0
            self._dump = _Dump(time, outgoing, wanted=self._view == _FRAME, words=words)
            self._view = _FRAME
        if self._dump is not None:
            self._add(self._dump, offset, _bytes(found[3], found[4]), number)

    def _offset(self, text: bytes) -> int:
        """``od`` counts in octal where it is not told otherwise, and may count in tens (``text2pcap -o``): where the
        bytes in front are fewer than a hexadecimal offset says, and exactly as many as another one does."""
        dump, size = self._dump, len(self._dump.data) if self._dump is not None else 0
        if self._base == 16 and dump is not None and not dump.last and size < int(text, 16):
            self._base = next((base for base in (10, 8) if text.isdigit() and _number(text, base) == size), 16)
        return _number(text, self._base)

    def _beside(self, number: int, line: bytes) -> Iterator[_Dump]:
        """A line that is no dump: it ends one, and may tell of the next."""
        if self._dump is not None and self._dump.wanted and line.strip() == b"*":
            self.tally.note("omitted", f"line {number}: {_OMITTED}: the packet is left out")
            self._dump.wanted = False
        yield from self.done()
        view = _VIEW.fullmatch(line)
        self._view = view[1] if view is not None else _FRAME
        if not line.lstrip().startswith(b"#"):
            self._stamps.look(line)

    def _add(self, dump: _Dump, offset: int, data: bytes, number: int) -> None:
        if not dump.last <= offset <= len(dump.data) or len(dump.data) + len(data) > MAX_RECORD:
            if dump.wanted:
                fault = "offset", f"line {number}: the offset does not follow: the packet is left out"
                self.tally.note(*(_swapped(dump) if dump.words else fault))
            dump.wanted = False
            return
        if not dump.last and offset:
            dump.width = offset
        del dump.data[offset:]
        dump.data += data[: dump.width]
        dump.last = offset

    def done(self) -> Iterator[_Dump]:
        dump, self._dump = self._dump, None
        if dump is not None and dump.wanted and dump.data:
            yield dump


def _swapped(dump: _Dump) -> tuple[str, str]:
    return "words", f"line {dump.words}: {_SWAPPED}: the packet is left out"


def _number(text: bytes, base: int) -> int:
    try:
        return int(text, base)
    except ValueError:
        return -1


def _bytes(first: bytes, rest: bytes) -> bytes:
    """Up to where the reading aid begins: behind more space than there is between bytes, or at what is none."""
    digits = [first]
    pattern = _BYTE if len(first) == 2 else _GROUP
    at = 0
    while (found := pattern.match(rest, at)) is not None and len(found[1]) % 2 == 0:
        digits.append(found[1])
        at = found.end()
    return bytes.fromhex(b"".join(digits).decode())
