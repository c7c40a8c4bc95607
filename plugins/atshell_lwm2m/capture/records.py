"""The records of a classic pcap file, many at once (``fast``)."""

from __future__ import annotations

import struct

from atshell_lwm2m.capture.fast import TCP, UDP, UNBROKEN, Form, Headed, IsForeign, Pieces
from atshell_lwm2m.capture.frames import Reader
from atshell_lwm2m.capture.glance import KNOWN, MOST, PLAIN, SKIPPED, WHAT, Skip, glance, is_known
from atshell_lwm2m.capture.pcap import MAGICS, MAX_RECORD

_BILLION = 1_000_000_000


class Records(Pieces):
    def __init__(self, magic: bytes, form: Form, reader: Reader, is_foreign: IsForeign) -> None:
        super().__init__(form, reader, is_foreign)
        self.order, self._tick, self._record_size = MAGICS[magic]
        self.record = struct.Struct(self.order + ("III4x" if self._record_size == 16 else "III12x")).unpack_from

    def time(self, data: bytes, at: int) -> int:
        seconds, fraction, _ = self.record(data, at)
        return int(seconds * _BILLION + fraction * self._tick)

    def read(self, data: bytes) -> tuple[list[Headed], int, bool]:
        """What whole records hold, where they end, and whether what follows may be one."""
        record, unpack, lead, shortest = (
            self.record,
            self.form.unpack.unpack_from,
            self.form.lead,
            self.form.unpack.size,
        )
        tick, record_size, link, frame = self._tick, self._record_size, self.form.size, self.frame
        around, headers = link + 20, record_size + link + 28
        second, elsewhere, is_foreign = _BILLION // tick, self.elsewhere, self.is_foreign
        at, limit, last = 0, len(data), len(data) - record_size
        sound, gone, gone_at, when, part = True, 0, 0, 0, 0
        found: list[Headed] = []
        add = found.append
        while True:
            if at > last:  # Here, where it is near what it jumps to, Python 3.11 compares faster.
                break
            seconds, fraction, size = record(data, at)
            start = at + record_size
            stop = start + size
            if stop > limit:
                # What is longer than a record may be is never whole: so much is not read at once.
                sound = size <= MAX_RECORD
                break
            frame += 1
            if size >= shortest:
                begins, total, fragment, protocol, key, length, head, mid = unpack(data, start)
                if (
                    length + around == size
                    and total + link == size
                    and protocol == UDP
                    and head >= 0x4000
                    and (fragment == UNBROKEN or not fragment)
                    and fraction < second
                    and begins == lead
                ):
                    if elsewhere and key in elsewhere and WHAT[head] == SKIPPED:
                        gone += 1
                        when, part, gone_at, at = seconds, fraction, at, stop
                        continue
                    if gone:
                        # As ``count`` does, which is slower.
                        add((gone, when * _BILLION + part * tick, when, 0, b"", -1, -1, b"", 0))
                        gone = 0
                    time = seconds * _BILLION + fraction * tick
                    add((frame, time, seconds, fraction, key, head, mid, data[at + headers : stop], 0))
                    at = stop
                    continue
                if protocol == TCP and begins == lead and is_foreign(key, data, start + around, stop):
                    at = stop
                    continue
            at = stop
            self.frame = frame
            other = self.other(data, start, stop, seconds * _BILLION + fraction * tick)
            if other is not None:
                self.count(found, gone, data, gone_at)
                gone = 0
                add(other)
        self.count(found, gone, data, gone_at)
        self.frame = frame
        return self.timed(found, tick), at, sound


class SparseRecords(Records):
    """Without what is skipped."""

    def __init__(self, magic: bytes, form: Form, reader: Reader, is_foreign: IsForeign, skip: Skip) -> None:
        super().__init__(magic, form, reader, is_foreign)
        self._skip = skip
        self._glance = glance(self.order, f"8xI{self._record_size - 14}x", form.size)

    def read(self, data: bytes) -> tuple[list[Headed], int, bool]:
        """Up to where a record might not be whole."""
        skip, is_foreign, record_size = self._skip.keys, self.is_foreign, self._record_size
        packet, shortest = record_size + self.form.size, self.form.unpack.size
        form, before_packet, fragment, fits, what = self._glance
        peek = form.unpack_from
        found: list[Headed] = []
        at = gone = before = 0
        passed = self.frame
        last, sound = len(data) - record_size - MOST, True
        self._skip.used.clear()
        while at <= last:
            size, link, version, place, protocol, key, length, head = peek(data, at)
            if (
                key in skip
                and version == PLAIN
                and link == before_packet
                and protocol == UDP
                and not place & fragment
                and fits[length] <= size < MOST
            ):
                done = what[head]
                if done == SKIPPED or (
                    done == KNOWN and is_known(self._skip, key, data, at + packet, at + record_size + fits[length])
                ):
                    gone += 1
                    before = at
                    at += record_size + size
                    continue
            end = at + record_size + size
            if (
                protocol == TCP
                and version == PLAIN
                and link == before_packet
                and shortest <= size < MOST
                and is_foreign(key, data, at + packet + 20, end)
            ):
                passed += 1
                at = end
                continue
            if end > len(data) or size > MAX_RECORD:
                sound = size <= MAX_RECORD
                break
            self.frame = passed + gone + 1
            other = self.other(data, at + record_size, end, self.time(data, at))
            passed += 1
            if other is not None:
                self.count(found, gone, data, before)
                passed += gone
                gone = 0
                found.append(other)
            at = end
        self.frame = passed + gone
        self.count(found, gone, data, before)
        return found, at, sound
