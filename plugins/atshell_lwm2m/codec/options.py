"""CoAP options: numbers, names and formats, and the reader of a whole option list.

The reader takes the bytes between token and payload and gives everything that a message shows of them at once.
Option lists repeat (every poll of a resource has the same one), so short ones are kept in a bounded table, and the
common case is one dictionary look-up.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from atshell_lwm2m.codec.errors import left
from atshell_lwm2m.message import Block, OptionValue

STRING, UINT, OPAQUE, EMPTY = "string", "uint", "opaque", "empty"

IF_MATCH, OBSERVE, LOCATION_PATH, URI_PATH, CONTENT_FORMAT, URI_QUERY = 1, 6, 8, 11, 12, 15
ACCEPT, BLOCK2, BLOCK1 = 17, 23, 27
Q_BLOCK1, Q_BLOCK2, NO_RESPONSE, REQUEST_TAG = 19, 31, 258, 292

# Number -> name, format. IANA "CoAP Option Numbers".
OPTIONS: dict[int, tuple[str, str]] = {
    # RFC 7252 section 5.10
    1: ("If-Match", OPAQUE),
    3: ("Uri-Host", STRING),
    4: ("ETag", OPAQUE),
    5: ("If-None-Match", EMPTY),
    7: ("Uri-Port", UINT),
    8: ("Location-Path", STRING),
    11: ("Uri-Path", STRING),
    12: ("Content-Format", UINT),
    14: ("Max-Age", UINT),
    15: ("Uri-Query", STRING),
    17: ("Accept", UINT),
    20: ("Location-Query", STRING),
    35: ("Proxy-Uri", STRING),
    39: ("Proxy-Scheme", STRING),
    60: ("Size1", UINT),
    6: ("Observe", UINT),  # RFC 7641
    # RFC 7959
    23: ("Block2", UINT),
    27: ("Block1", UINT),
    28: ("Size2", UINT),
    258: ("No-Response", UINT),  # RFC 7967
    9: ("OSCORE", OPAQUE),  # RFC 8613
    16: ("Hop-Limit", UINT),  # RFC 8768
    # RFC 9175
    252: ("Echo", OPAQUE),
    292: ("Request-Tag", OPAQUE),
    # RFC 9177
    19: ("Q-Block1", UINT),
    31: ("Q-Block2", UINT),
    21: ("EDHOC", EMPTY),  # RFC 9668
    # Open Connectivity Foundation
    2049: ("OCF-Accept-Content-Format-Version", UINT),
    2053: ("OCF-Content-Format-Version", UINT),
}

# The options of signaling messages have numbers of their own, by code (RFC 8323 section 5, RFC 8974 section 2.2.2).
SIGNALING: dict[int, dict[int, tuple[str, str]]] = {
    0xE1: {
        2: ("Max-Message-Size", UINT),
        4: ("Block-Wise-Transfer", EMPTY),
        6: ("Extended-Token-Length", UINT),
    },
    0xE2: {2: ("Custody", EMPTY)},
    0xE3: {2: ("Custody", EMPTY)},
    0xE4: {2: ("Alternative-Address", STRING), 4: ("Hold-Off", UINT)},
    0xE5: {2: ("Bad-CSM-Option", UINT)},
}

_BLOCKS = frozenset({BLOCK1, BLOCK2, Q_BLOCK1, Q_BLOCK2})
_UNKNOWN_FORMAT = OPAQUE
_SIGNALS = 0xE0
_MAX_UINT_BYTES = 8
_CACHED_LENGTH = 96
_CACHED_LISTS = 4096


class OptionList(msgspec.Struct, frozen=True, gc=False):
    """What an option list says. Messages share these: the lists in it are not to be changed."""

    options: list[tuple[int, str, OptionValue]]
    path: str | None
    query: list[str]
    observe: int | None
    content_format: int | None
    accept: int | None
    block1: Block | None
    """Or Q-Block1; so with the other."""
    block2: Block | None
    location: str | None
    end: int
    """Where the options end: at the payload marker or behind the last byte."""
    error: tuple[str, int] | None
    """What is wrong, and at which byte of the list."""


NO_OPTIONS = OptionList([], None, [], None, None, None, None, None, None, 0, None)
_known: dict[bytes, OptionList] = {}


def read_options(data: bytes, start: int, code: int = 1) -> OptionList:
    """The options of the message ``data``, which begin at ``start``. ``end`` and the error's offset count from there.

    The list up to the first 0xFF byte is looked up. Only complete lists are kept, so what is found ended there at a
    true payload marker, never at a 0xFF inside a value.
    """
    if code >= _SIGNALS:
        return _read_signaling(data[start:], code)
    marker = data.find(b"\xff", start)
    slice_ = data[start:] if marker < 0 else data[start:marker]
    found = _known.get(slice_)
    if found is not None:
        return found
    read = _read(data[start:])
    if len(slice_) <= _CACHED_LENGTH and read.end == len(slice_) and read.error is None:
        if len(_known) >= _CACHED_LISTS:
            _known.clear()
        _known[slice_] = read
    return read


def _read(data: bytes) -> OptionList:
    options, end, error = _named(data, OPTIONS)
    strings: dict[int, list[str]] = {LOCATION_PATH: [], URI_PATH: [], URI_QUERY: []}
    numbers: dict[int, int] = {}
    for number, _, shown in options:
        if number in strings:
            strings[number].append(str(shown))
        elif type(shown) is int:
            numbers.setdefault(number, shown)  # What may stand once counts where it stands first (section 5.4.5).
    path, location = strings[URI_PATH], strings[LOCATION_PATH]
    return OptionList(
        options,
        "/" + "/".join(path) if path else None,
        strings[URI_QUERY],
        numbers.get(OBSERVE),
        numbers.get(CONTENT_FORMAT),
        numbers.get(ACCEPT),
        _block(numbers.get(BLOCK1, numbers.get(Q_BLOCK1))),
        _block(numbers.get(BLOCK2, numbers.get(Q_BLOCK2))),
        "/" + "/".join(location) if location else None,
        end,
        error,
    )


def _read_signaling(data: bytes, code: int) -> OptionList:
    """They are numbered anew and name no resource."""
    options, end, error = _named(data, SIGNALING.get(code, {}))
    return replace(NO_OPTIONS, options=options, end=end, error=error)


def _named(
    data: bytes, names: Mapping[int, tuple[str, str]]
) -> tuple[list[tuple[int, str, OptionValue]], int, tuple[str, int] | None]:
    """Every option as these names say, where they end, and what is wrong with them first."""
    raw, end, error = _split(data)
    options: list[tuple[int, str, OptionValue]] = []
    for number, value, at in raw:
        name, form = names.get(number) or (f"Option-{number}", _UNKNOWN_FORMAT)
        shown, problem = _shown(name, form, value)
        if problem is not None:
            error = error or (problem, at)
        options.append((number, name, shown))
    return options, end, error


def _shown(name: str, form: str, value: bytes) -> tuple[OptionValue, str | None]:
    """A value, and what is wrong with it."""
    shown = _value(form, value)
    if shown is not None:
        return shown, None
    if form is STRING:
        return value.decode("utf-8", "replace"), f"{name} is not UTF-8"
    return value.hex(), f"{name} has {len(value)} bytes"


def _value(form: str, value: bytes) -> OptionValue | None:
    """None where the bytes are not of the form."""
    if form is UINT:
        return int.from_bytes(value, "big") if len(value) <= _MAX_UINT_BYTES else None
    if form is STRING:
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    return value.hex()


def reserved_block(options: OptionList) -> bool:
    """Whether there is a block whose size is 7: RFC 7959 section 2.2 reserves it, and RFC 8323 section 6 gives it a
    meaning over TCP."""
    if options.block1 is None and options.block2 is None:
        return False
    return any(number in _BLOCKS and type(value) is int and value & 7 == 7 for number, _, value in options.options)


def _block(value: int | None) -> Block | None:
    """RFC 7959 section 2.2."""
    if value is None:
        return None
    return Block(value >> 4, bool(value & 8), 1 << min(value & 7, 6) + 4)


def _split(data: bytes) -> tuple[list[tuple[int, bytes, int]], int, tuple[str, int] | None]:
    """Number, value and offset of each option; where they end; what is wrong (RFC 7252 section 3.1)."""
    options: list[tuple[int, bytes, int]] = []
    number = at = 0
    size = len(data)
    while at < size:
        first = data[at]
        if first == 0xFF:
            return options, at, None
        start = at + 1
        delta, length = first >> 4, first & 15
        if delta > 12 or length > 12:
            delta, start, problem = _extended(data, delta, start, "delta")
            if problem is None:
                length, start, problem = _extended(data, length, start, "length")
            if problem is not None:
                return options, at, (problem, at)
        number += delta
        if number > 0xFFFF:
            return options, at, (f"option number {number} is above 65535", at)
        if start + length > size:
            return options, at, (f"option {number} of length {length} where {left(size - start)}", at)
        options.append((number, data[start : start + length], at))
        at = start + length
    return options, at, None


def _extended(data: bytes, nibble: int, at: int, what: str) -> tuple[int, int, str | None]:
    if nibble < 13:
        return nibble, at, None
    if nibble == 15:
        return 0, at, f"an option {what} of 15 is reserved"
    width = nibble - 12
    if at + width > len(data):
        return 0, at, f"the message ends inside an option {what}"
    return int.from_bytes(data[at : at + width], "big") + (13 if width == 1 else 269), at + width, None
