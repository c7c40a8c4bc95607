"""Times, shares, numbers and bytes as a fault's line writes them.

Times are whole milliseconds, shares have four decimals at most, so that what is written is what was read.
"""

from __future__ import annotations

import re

MAX_NUMBER = 10**9

_TIME = re.compile(r"(\d{1,9})(?:\.(\d{1,3}))?(ms|s|m|h)?", re.ASCII)
_SHARE = re.compile(r"\d{1,3}(?:\.\d{1,4})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
"""In milliseconds, the longest first."""


class Unreadable(Exception):
    """The text is no such value; the message says what one looks like."""


def read_time(text: str) -> float:
    """Seconds."""
    match = _TIME.fullmatch(text.lower())
    if match is None:
        raise Unreadable("a TIME is 5s, 200ms, 1.5s, 2m or 1h")
    whole, decimals, unit = match.groups()
    thousandths = int(whole + (decimals or "").ljust(3, "0")) * _UNITS[unit or "s"]
    if thousandths % 1000:
        raise Unreadable("a TIME has no part of a millisecond")
    return thousandths // 1000 / 1000


def write_time(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    if milliseconds == 0:
        return "0s"
    unit = next(unit for unit, size in _UNITS.items() if milliseconds % size == 0)
    return f"{milliseconds // _UNITS[unit]}{unit}"


def read_share(text: str) -> float:
    """Percent; ``text`` has no sign."""
    share = float(text) if _SHARE.fullmatch(text) else 0.0
    if not 0 < share <= 100:
        raise Unreadable("a share is more than 0%, and 100% at most, with four decimals at most")
    return share


def read_number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > MAX_NUMBER:
        raise Unreadable(f"N is a number up to {MAX_NUMBER}")
    return int(text)


def read_count(text: str) -> int:
    number = read_number(text)
    if number == 0:
        raise Unreadable("N counts from 1")
    return number


def read_bytes(text: str) -> bytes:
    """A text stands for its bytes in UTF-8, ``0x…`` for those that it writes."""
    if not text.lower().startswith("0x"):
        data = text.encode("utf-8", "surrogatepass")
    else:
        try:
            data = bytes.fromhex(text[2:])
        except ValueError:
            data = b""
    if not data:
        raise Unreadable("BYTES are a text, or 0x and hexadecimal digits")
    return data


def write_bytes(data: bytes) -> str:
    text = data.decode("ascii", "replace")
    plain = text.isascii() and text.isprintable() and not text.lower().startswith("0x")
    return quoted(text) if plain else f"0x{data.hex()}"


def quoted(text: str) -> str:
    """In double quotes; a backslash takes the character behind it as it is."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
