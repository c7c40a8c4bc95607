"""What speaks for a line and a message being about the same thing: target and values.

A message ID alone can repeat, and a capture shows other modules too. Values come in two spellings: as a person
types them and as a decoder reads them, which takes an unknown resource for opaque.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from atshell.session.intent import Intent, Value
from atshell_lwm2m.correlate.traffic import LIFETIME, Operation

SHOWN_VALUE = 32
"""Characters of a value in a reason."""
SHORTEST_TEXT = 3
"""Characters of a value that is looked for among the bytes of a payload."""
FLOAT_MAX = 3.4e38
"""The largest number in single precision."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``weight`` is 0 when nothing speaks for it, below 0 when something speaks against it."""

    weight: float
    why: tuple[str, ...] = ()


AGAINST = Evidence(-1.0)


def weigh(intent: Intent, operation: Operation) -> Evidence:
    """Target and values of both sides compared; a part that one side does not give says nothing."""
    target = _target(intent.target, operation.target)
    if target < 0:
        return AGAINST
    same, different = _values(intent, operation.values)
    if not operation.values and operation.payload:
        same = [(path, value) for path, value in intent.values if _holds(operation.payload, value)]
    if different:
        return AGAINST
    why = []
    if target > 0 and intent.target is not None:
        why.append(f"path {intent.target}")
    why += [_reason(path, value) for path, value in same]
    return Evidence(target + float(bool(same)), tuple(why))


def _holds(payload: str, value: Value) -> bool:
    """A payload that could not be decoded has the value's bytes, as TLV, JSON, CBOR and plain text all write them."""
    return any(_hex_at(payload, data.hex()) for data in _encoded(value))


def _hex_at(payload: str, data: str) -> bool:
    place = payload.find(data)
    while place > 0 and place % 2:  # it began in the middle of a byte
        place = payload.find(data, place + 1)
    return place >= 0


def _encoded(value: Value) -> Iterator[bytes]:
    """Only what is long enough to mean something."""
    text = value if isinstance(value, str) else str(value)
    if len(text) >= SHORTEST_TEXT and not isinstance(value, bool):
        yield text.encode("utf-8", "surrogatepass")
    if isinstance(value, str) and len(value) >= 2 * SHORTEST_TEXT and _is_hex(value):
        yield bytes.fromhex(value)
    if isinstance(value, float):
        yield struct.pack(">d", value)
        if abs(value) < FLOAT_MAX:
            yield struct.pack(">f", value)


def _reason(path: str, value: Value) -> str:
    if path == LIFETIME:
        return f"lifetime {value}"
    if not path.startswith("/"):
        return f"{path}={value}"
    text = str(value) if not isinstance(value, str) else f'"{value}"'
    return f"value {text if len(text) <= SHOWN_VALUE else text[:SHOWN_VALUE] + '…'}"


def _target(one: str | None, other: str | None) -> float:
    """Equal paths 0.5, one below the other 0.4, else -1; 0 when either is unknown."""
    if one is None or other is None:
        return 0.0
    if one == other:
        return 0.5
    short, long = sorted((one.rstrip("/") + "/", other.rstrip("/") + "/"), key=len)
    return 0.4 if long.startswith(short) else -1.0


def _values(intent: Intent, values: Mapping[str, Value]) -> tuple[list[tuple[str, Value]], bool]:
    """Those that are equal, and whether any other is certainly not."""
    same, different = [], False
    for path, value in intent.values:
        if path in values:
            equal = same_value(value, values[path])
            if equal:
                same.append((path, value))
            # A server may have another lifetime set, and a module may fall back to its own.
            different |= equal is False and path != LIFETIME
    return same, different


def same_value(one: Value, other: Value) -> bool | None:
    """True or False when it is certain, None when the two are told too differently to say."""
    if isinstance(one, str) and isinstance(other, str):
        if one == other or one.lower() == other.lower() or _spelled(one) & _spelled(other):
            return True
        return None if _is_hex(one) or _is_hex(other) else False
    if not isinstance(one, str) and not isinstance(other, str):
        return _close(one, other)
    text, number = (one, other) if isinstance(one, str) else (other, one)
    if not isinstance(text, str) or isinstance(number, str):
        return None
    try:
        return _close(float(text[:40]), number) or None
    except ValueError:
        return True if _is_hex(text) and _hex_number(text, number) else None


def _close(one: float, other: float) -> bool:
    """Equal but for what a single-precision float loses."""
    try:
        return one == other or math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-9)
    except OverflowError:  # an integer beyond every float
        return False


def _is_hex(text: str) -> bool:
    return bool(text) and len(text) % 2 == 0 and all(char in "0123456789abcdefABCDEF" for char in text)


def _spelled(text: str) -> set[bytes]:
    """The bytes that a text can stand for."""
    forms = {text.encode("utf-8", "surrogatepass")}
    if _is_hex(text):
        forms.add(bytes.fromhex(text))
    return forms


def _hex_number(text: str, number: float) -> bool:
    """A number as TLV writes it (OMA LwM2M 1.0, annex C): big-endian, signed."""
    data = bytes.fromhex(text)
    return len(data) <= 8 and int.from_bytes(data, "big", signed=True) == number


def canonical(value: Value) -> str:
    """A key under which equal values of both sides mostly meet."""
    try:
        return f"{float(value):.5g}" if not isinstance(value, str) else f"{float(value[:40]):.5g}"
    except (ValueError, OverflowError):
        return str(value)
