"""The times of power saving as bits (3GPP TS 24.008, 10.5.5.32, 10.5.7.4 and 10.5.7.4a)."""

from __future__ import annotations

_T3324_UNITS = {0b000: 2, 0b001: 60, 0b010: 360}
"""Seconds; other units count in minutes, but for 111, which switches it off."""
_T3412_UNITS = {0b000: 600, 0b001: 3600, 0b010: 36000, 0b011: 2, 0b100: 30, 0b101: 60, 0b110: 320 * 3600}
_OFF = 0b111
_CYCLES = (0.5, 1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128, 256, 512, 1024)
"""Of eDRX, in hyperframes of 10.24 s."""
_HYPERFRAME = 10.24
_NB_CYCLES = frozenset({2, 3, 5, 9, 10, 11, 12, 13, 14, 15})
_NB_WINDOW, _WB_WINDOW = 2.56, 1.28


def active_time(bits: str) -> float | None:
    """T3324 in seconds; None when it is switched off."""
    unit, count = int(bits[:3], 2), int(bits[3:], 2)
    return None if unit == _OFF else float(_T3324_UNITS.get(unit, 60) * count)


def periodic_time(bits: str) -> float | None:
    """T3412 in its extended form, in seconds; None when it is switched off."""
    unit, count = int(bits[:3], 2), int(bits[3:], 2)
    return float(_T3412_UNITS[unit] * count) if unit != _OFF and count else None


def cycle(bits: str, *, narrow: bool) -> float:
    """Of eDRX, in seconds; ``narrow`` is NB-IoT, where what is not defined stands for 20.48 s."""
    value = int(bits, 2)
    return _HYPERFRAME * _CYCLES[value if not narrow or value in _NB_CYCLES else 2]


def window(bits: str, *, narrow: bool) -> float:
    """The paging time window, in seconds."""
    return (int(bits, 2) + 1) * (_NB_WINDOW if narrow else _WB_WINDOW)
