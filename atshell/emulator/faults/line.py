"""What a bad serial line makes of bytes."""

from __future__ import annotations

WRITTEN_AT, READ_AT = 9600, 115200
"""Baud of a module and of its host that do not agree."""

_STOP = 9.5
"""Where the middle of the stop bit is: behind the start bit and eight of data, the lowest first."""


def changed(byte: int, chance: float) -> int:
    """Another byte than ``byte``, which one ``chance`` (from 0 to 1) decides."""
    return byte ^ (1 + int(chance * 255))


def misread(data: bytes, written: int, read: int) -> bytes:
    """What a receiver at ``read`` baud takes for bytes when they are written at ``written`` baud, without a gap.

    The line rests high. A receiver waits for it to fall, samples it in the middle of each bit by its own clock, and in
    the middle of the stop bit waits again. A stop bit that is low (a framing error) it takes for the next start bit,
    and hands the byte over like any other.
    """
    levels = [level for byte in data for level in (0, *(byte >> bit & 1 for bit in range(8)), 1)]
    step = written / read
    found = bytearray()
    start: float | None = 0.0 if levels else None
    while start is not None:
        found.append(sum(_level(levels, start + (bit + 1.5) * step) << bit for bit in range(8)))
        stop = start + _STOP * step
        start = _fall(levels, stop) if _level(levels, stop) else stop - step / 2
    return bytes(found)


def _level(levels: list[int], moment: float) -> int:
    """``moment`` counts in bits as they were written."""
    return levels[int(moment)] if moment < len(levels) else 1


def _fall(levels: list[int], moment: float) -> float | None:
    """When the line falls after ``moment``; None when it stays high."""
    return next((float(at) for at in range(int(moment) + 1, len(levels)) if levels[at] == 0), None)
