"""The enhanced packet blocks of a pcapng file, many at once (``fast``).

They are those of the first interface, whose clock counts micro- or nanoseconds. At any other block this ends.
"""

from __future__ import annotations

import struct

from atshell_lwm2m.capture.fast import TCP, UDP, UNBROKEN, Form, Headed, IsForeign, Pieces
from atshell_lwm2m.capture.frames import Reader
from atshell_lwm2m.capture.glance import KNOWN, PLAIN, SKIPPED, WHAT, Skip, glance, is_known
from atshell_lwm2m.capture.pcapng import ENHANCED, Section

_BILLION = 1_000_000_000
_HEADER, _AROUND = 28, 32
"""Bytes of a block in front of the frame, and those that it has at least around it."""
_MOST = 1 << 17
"""Bytes of a block; what is longer is no common one."""


def link_type_of(section: Section) -> int:
    """The first interface's, if that is one to be read here; or -1."""
    if not section.interfaces:
        return -1
    first = section.interfaces[0]
    return first.link_type if first.ticks in (1_000_000, _BILLION) and not first.offset else -1


class Blocks(Pieces):
    def __init__(self, section: Section, form: Form, reader: Reader, is_foreign: IsForeign) -> None:
        """``section`` is told how many blocks there were."""
        super().__init__(form, reader, is_foreign)
        self._section = section
        self._ticks = section.interfaces[0].ticks
        self._block = struct.Struct(section.order + "IIIIII").unpack_from
        self._length = struct.Struct(section.order + "I").unpack_from

    def time(self, data: bytes, at: int) -> int:
        _, _, _, high, low, _ = self._block(data, at)
        return int((high << 32 | low) * (_BILLION // self._ticks))

    def read(self, data: bytes) -> tuple[list[Headed], int, bool]:
        """What whole blocks hold, where they end, and whether what follows may be one."""
        block, trailer, unpack, lead = self._block, self._length, self.form.unpack.unpack_from, self.form.lead
        ticks, link, shortest = self._ticks, self.form.size, self.form.unpack.size
        around, headers, tick, first = link + 20, _HEADER + link + 28, _BILLION // ticks, self.frame
        at, limit, last, frame = 0, len(data), len(data) - _AROUND, self.frame
        elsewhere, is_foreign = self.elsewhere, self.is_foreign
        sound, gone, gone_at, when, part = True, 0, 0, 0, 0
        found: list[Headed] = []
        add = found.append
        while True:
            if at > last:  # Here, where it is near what it jumps to, Python 3.11 compares faster.
                break
            kind, length, index, high, low, size = block(data, at)
            end = at + length
            if (
                kind != ENHANCED
                or index
                or not _AROUND + size <= length <= _MOST
                or length & 3
                or end > limit
                or trailer(data, end - 4)[0] != length
            ):
                sound = self._may_be(data, at)
                break
            start = at + _HEADER
            stop = start + size
            frame += 1
            seconds, fraction = divmod(high << 32 | low, ticks)
            if size >= shortest:
                begins, total, fragment, protocol, key, udp, head, mid = unpack(data, start)
                if (
                    udp + around == size
                    and total + link == size
                    and protocol == UDP
                    and head >= 0x4000
                    and (fragment == UNBROKEN or not fragment)
                    and begins == lead
                ):
                    if elsewhere and key in elsewhere and WHAT[head] == SKIPPED:
                        gone += 1
                        when, part, gone_at, at = seconds, fraction, at, end
                        continue
                    if gone:
                        # As ``count`` does, which is slower.
                        add((gone, when * _BILLION + part * tick, when, 0, b"", -1, -1, b"", 0))
                        gone = 0
                    time = seconds * _BILLION + fraction * tick
                    add((frame, time, seconds, fraction, key, head, mid, data[at + headers : stop], 0))
                    at = end
                    continue
                if protocol == TCP and begins == lead and is_foreign(key, data, start + around, stop):
                    at = end
                    continue
            at = end
            self.frame = frame
            other = self.other(data, start, stop, seconds * _BILLION + fraction * tick)
            if other is not None:
                self.count(found, gone, data, gone_at)
                gone = 0
                add(other)
        self.count(found, gone, data, gone_at)
        self.frame = frame
        self._section.blocks += frame - first
        return self.timed(found, tick), at, sound

    def _may_be(self, data: bytes, at: int) -> bool:
        """Whether this is one of these blocks, if more bytes follow."""
        kind, length, index, _, _, size = self._block(data, at)
        common = kind == ENHANCED and not index and _AROUND + size <= length <= _MOST and not length & 3
        return common and at + length > len(data)


class SparseBlocks(Blocks):
    """Without what is skipped."""

    def __init__(self, section: Section, form: Form, reader: Reader, is_foreign: IsForeign, skip: Skip) -> None:
        super().__init__(section, form, reader, is_foreign)
        self._skip = skip
        self._glance = glance(section.order, "III8xI2x", form.size)

    def read(self, data: bytes) -> tuple[list[Headed], int, bool]:
        """Up to where a block might not be whole."""
        skip, is_foreign, trailer = self._skip.keys, self.is_foreign, self._length
        packet, shortest = _HEADER + self.form.size, self.form.unpack.size
        form, before_packet, fragment, fits, what = self._glance
        peek = form.unpack_from
        found: list[Headed] = []
        at = gone = before = 0
        passed = first = self.frame
        last, sound = len(data) - form.size, True
        self._skip.used.clear()
        while at <= last:
            kind, length, index, size, link, version, place, protocol, key, udp, head = peek(data, at)
            end = at + length
            if (
                kind != ENHANCED
                or index
                or not _AROUND + size <= length <= _MOST
                or length & 3
                or end > len(data)
                or trailer(data, end - 4)[0] != length
            ):
                sound = self._may_be(data, at)
                break
            if version == PLAIN and link == before_packet and shortest <= size:
                if protocol == UDP and key in skip and not place & fragment and fits[udp] <= size:
                    done = what[head]
                    if done == SKIPPED or (
                        done == KNOWN and is_known(self._skip, key, data, at + packet, at + _HEADER + fits[udp])
                    ):
                        gone += 1
                        before, at = at, end
                        continue
                elif protocol == TCP and is_foreign(key, data, at + packet + 20, at + _HEADER + size):
                    passed += 1
                    at = end
                    continue
            self.frame = passed + gone + 1
            other = self.other(data, at + _HEADER, at + _HEADER + size, self.time(data, at))
            passed += 1
            if other is not None:
                self.count(found, gone, data, before)
                passed += gone
                gone = 0
                found.append(other)
            at = end
        self.frame = passed + gone
        self._section.blocks += self.frame - first
        self.count(found, gone, data, before)
        return found, at, sound
