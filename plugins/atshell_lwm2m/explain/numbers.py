"""Numbers that are not what they should be: of another width, another type, another byte order, or out of range.

What makes sense instead is told from what does not by its decimals: a measurement has few, and the same bytes read
the wrong way have many, or are absurdly large or small.
"""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Iterator

from atshell_lwm2m.codec.registry import ResourceEntry
from atshell_lwm2m.codec.values import from_bytes
from atshell_lwm2m.explain.mistakes import counted, expert
from atshell_lwm2m.message import Expert

WHOLE = frozenset({"integer", "unsigned", "time"})
NUMBERS = WHOLE | {"float"}
A_TYPE = {
    "integer": "an integer",
    "unsigned": "an unsigned integer",
    "time": "a time",
    "float": "a float",
    "boolean": "a boolean",
    "objlnk": "an object link",
}
WIDTHS = {"float": "4 or 8 bytes", "boolean": "1 byte", "objlnk": "4 bytes"}
ANY_WIDTH = "1, 2, 4 or 8 bytes"
NUMBER = re.compile(rb"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?")
HUGE, TINY = 1e20, 2e-4
"""Beyond these few floats measure anything on a device. Digits in ASCII, taken for a float, are below as well."""
FIRST_FLOAT = 0x3A00_0000
"""Integers of four bytes from here on may be floats (0.0005 and more) whose bytes were sent as they are."""
LAST_TIME = 100_000_000_000
"""Seconds, in the year 5138: later ones are milliseconds."""
_MILLISECONDS = range(10**12, 4 * 10**12)
"""From 2001 on, into the next century."""
_DIGITS = {4: 4, 8: 6}
"""Significant ones that a sensible float of that width has at most: chance gives so few in one of a thousand."""
_SMALL = 1 << 24


def usual(entry: ResourceEntry) -> tuple[float, float]:
    """Between which values a number of this resource needs no second look; of a float, if it is not tiny."""
    if entry.limits is not None:
        return entry.limits
    if entry.type == "float":
        return -HUGE, HUGE
    return -(1 << 63), LAST_TIME if entry.type == "time" else FIRST_FLOAT


def is_usual(entry: ResourceEntry, value: object) -> bool:
    if not isinstance(value, (int, float)):
        return False
    least, greatest = usual(entry)
    return least <= value <= greatest and not 0 < abs(value) < TINY


def of_number(what: str, entry: ResourceEntry, raw: bytes) -> Iterator[Expert]:
    """The likeliest mistake first. ``raw`` is the value as TLV has it."""
    kind, value = from_bytes(raw, entry.type)
    if kind == entry.type and is_usual(entry, value):
        return
    yield from _text(what, entry, raw)
    yield from milliseconds(what, entry, value)
    yield from _reversed(what, entry, raw, value)
    yield from (_integer_for_float if entry.type == "float" else _float_for_integer)(what, entry, raw)
    if kind != entry.type:
        known = str(entry.type)
        widths = WIDTHS.get(known, ANY_WIDTH)
        yield expert("value-width", what=what, a_type=A_TYPE[known], size=counted(len(raw)), widths=widths)
    else:
        yield from out_of_range(what, entry, value)


def out_of_range(what: str, entry: ResourceEntry, value: object) -> Iterator[Expert]:
    if entry.limits is not None and isinstance(value, (int, float)):
        least, greatest = entry.limits
        if not least <= value <= greatest:
            yield expert("out-of-range", what=what, value=short(value), least=short(least), greatest=short(greatest))


def milliseconds(what: str, entry: ResourceEntry, value: object) -> Iterator[Expert]:
    if entry.type == "time" and isinstance(value, int) and value in _MILLISECONDS:
        moment = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(value // 1000))
        yield expert("time-in-milliseconds", what=what, got=value, value=moment)


def _text(what: str, entry: ResourceEntry, raw: bytes) -> Iterator[Expert]:
    digits = raw.rstrip(b"\0")
    if NUMBER.fullmatch(digits) and len(raw) > 1:
        yield expert("number-as-text", what=what, a_type=A_TYPE[str(entry.type)], got=f'"{digits.decode()}"')


def _integer_for_float(what: str, entry: ResourceEntry, raw: bytes) -> Iterator[Expert]:
    whole = int.from_bytes(raw, "big", signed=True)
    if len(raw) in (1, 2, 4, 8) and abs(whole) < _SMALL and (len(raw) < 4 or whole):
        yield expert("integer-for-float", what=what, got=whole)


def _float_for_integer(what: str, entry: ResourceEntry, raw: bytes) -> Iterator[Expert]:
    value = sensible(raw)
    if value is not None and value % 1 and entry.type != "time":
        yield expert("float-for-integer", what=what, a_type=A_TYPE[str(entry.type)], got=short(value))


def _reversed(what: str, entry: ResourceEntry, raw: bytes, value: object) -> Iterator[Expert]:
    turned: float | None = None
    if entry.type == "float":
        turned = sensible(raw[::-1])
    elif entry.limits is not None and len(raw) in (2, 4, 8):
        turned = int.from_bytes(raw[::-1], "big", signed=entry.type != "unsigned")
    if turned is not None and is_usual(entry, turned):
        yield expert("byte-order", what=what, value=short(value), got=short(turned))


def sensible(raw: bytes) -> float | None:
    """The float that these bytes are, when it has few digits."""
    digits = _DIGITS.get(len(raw))
    if digits is None:
        return None
    form = ">f" if len(raw) == 4 else ">d"
    value = float(struct.unpack(form, raw)[0])
    if not 1e-3 <= abs(value) < 1e7:
        return None
    plain = float(f"{value:.{digits}g}")
    return plain if struct.pack(form, plain) == raw else None


def short(value: object) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
