"""A CoAP message and its payload cut into parts, each with its place and its meaning (RFC 7252 section 3).

Parts stand in the order of the bytes and leave nothing out: joined they are the message. Where the bytes stop making
sense, the rest is one part that says so.
"""

from __future__ import annotations

from typing import NamedTuple

from atshell.styled import Fragments
from atshell_lwm2m.codec import contentformat, tlv
from atshell_lwm2m.codec.coap import TYPES, code_name, token_length
from atshell_lwm2m.codec.coaptcp import measure
from atshell_lwm2m.codec.options import (
    ACCEPT,
    BLOCK1,
    BLOCK2,
    CONTENT_FORMAT,
    OBSERVE,
    OPAQUE,
    OPTIONS,
    SIGNALING,
    STRING,
    UINT,
)
from atshell_lwm2m.codec.registry import describe, is_secret
from atshell_lwm2m.codec.values import from_bytes
from atshell_lwm2m.message import Resource
from atshell_lwm2m.report.readings import others
from atshell_lwm2m.report.values import value_text

_OBSERVING = {0: "register", 1: "deregister"}
_REST = "what is left"


class Part(NamedTuple):
    at: int
    """Offset in the message."""
    data: bytes
    meaning: Fragments
    depth: int = 0
    secret: bool = False
    """The bytes are a key."""


def coap_parts(data: bytes) -> tuple[list[Part], int]:
    """Header and options, and where the payload begins (the length of ``data`` without one)."""
    if len(data) < 4 or data[0] >> 6 != 1:
        return ([Part(0, data, [("error", "no CoAP header")])] if data else []), len(data)
    length, at = data[0] & 15, 4
    fault: str | None = None
    if 12 < length < 15:
        length, at, fault = token_length(data, length, at)
    code = f"{data[1] >> 5}.{data[1] & 31:02}"
    kind, mid = TYPES[data[0] >> 4 & 3], data[2] << 8 | data[3]
    head = f"{kind} {code} {code_name(code)}".rstrip()
    parts = [Part(0, data[:at], [("name", head), ("", f", message ID {mid}")])]
    return _behind(data, at, length, parts, data[1]) if fault is None else _ends(data, at, parts)


def stream_parts(data: bytes, *, framed: bool) -> tuple[list[Part], int]:
    """The same of a message over TCP, or in a WebSocket frame, where no length is in front."""
    size = measure(data)
    if size is None:
        return [Part(0, data, [("error", "no CoAP header")])] if data else [], len(data)
    at = size.header if framed else 2
    length, code = data[0] & 15, data[at - 1]
    fault: str | None = None
    if 12 < length < 15:
        length, at, fault = token_length(data, length, at)
    shown = f"{code >> 5}.{code & 31:02}"
    line: Fragments = [("name", f"{shown} {code_name(shown)}".rstrip())]
    if framed:
        line.append(("", f", {size.whole} bytes"))
    parts = [Part(0, data[:at], line)]
    return _behind(data, at, length, parts, code) if fault is None else _ends(data, at, parts)


def _ends(data: bytes, at: int, parts: list[Part]) -> tuple[list[Part], int]:
    if at < len(data):
        parts.append(_rest(data, at, "no token length"))
    return parts, len(data)


def _behind(data: bytes, at: int, length: int, parts: list[Part], code: int) -> tuple[list[Part], int]:
    """Behind the header: token, options, and where the payload begins."""
    if data[0] & 15 == 15 or at + length > len(data):
        parts.append(_rest(data, at, f"a token of {length} bytes can not be"))
        return parts, len(data)
    if length:
        parts.append(Part(at, data[at : at + length], [("", f"token, {length} byte{'s' if length > 1 else ''}")]))
    return _options(data, at + length, parts, code)


def _rest(data: bytes, at: int, why: str) -> Part:
    return Part(at, data[at:], [("error", f"{why}: {_REST}")])


def _options(data: bytes, at: int, parts: list[Part], code: int) -> tuple[list[Part], int]:
    number = 0
    while at < len(data):
        if data[at] == 0xFF:
            parts.append(Part(at, data[at : at + 1], [("dim", "payload marker")]))
            return parts, at + 1
        found = _option_header(data, at)
        if found is None or found[2] > len(data) or number + found[0] > 0xFFFF:
            parts.append(_rest(data, at, "no option"))
            return parts, len(data)
        delta, start, end = found
        number += delta
        parts.append(Part(at, data[at:end], _option(number, data[start:end], code)))
        at = end
    return parts, at


def _option_header(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Delta, and where the value starts and ends."""
    start = at + 1
    numbers = []
    for nibble in (data[at] >> 4, data[at] & 15):
        if nibble == 15:
            return None
        width = max(nibble - 12, 0)
        more = int.from_bytes(data[start : start + width], "big")
        numbers.append(nibble if not width else more + (13 if width == 1 else 269))
        start += width
    return numbers[0], start, start + numbers[1]


def _option(number: int, value: bytes, code: int) -> Fragments:
    name, form = SIGNALING.get(code, OPTIONS).get(number, (f"Option {number}", OPAQUE))
    line: Fragments = [("name", name)]
    if form is STRING:
        line.append(("value", f" {value.decode('utf-8', 'replace')}"))
    elif form is UINT and len(value) <= 8:
        line.append(("value", f" {int.from_bytes(value, 'big')}"))
        if code not in SIGNALING:
            line.append(("dim", _uint(number, int.from_bytes(value, "big"), response=code >= 32)))
    elif value:
        line.append(("value", f" {value.hex()}"))
    return line


def _uint(number: int, value: int, *, response: bool) -> str:
    """What a number means."""
    if number in (CONTENT_FORMAT, ACCEPT) and value in contentformat.NAMES:
        return f"  {contentformat.NAMES[value]}"
    if number in (BLOCK1, BLOCK2):
        return f"  block {value >> 4} of {16 << min(value & 7, 6)} bytes, {'more follow' if value & 8 else 'the last'}"
    if number == OBSERVE and not response and value in _OBSERVING:
        return f"  {_OBSERVING[value]}"
    return ""


def tlv_parts(data: bytes, at: int, path: str) -> list[Part]:
    """TLV records in ``data``, which stands at ``at`` in the message; ``path`` is the target or ""."""
    parts: list[Part] = []
    _tlvs(data, 0, len(data), _Above.of(path), 0, at, parts)
    return parts


class _Above(NamedTuple):
    """Where the outermost records stand."""

    path: list[str]
    known: bool

    @classmethod
    def of(cls, path: str) -> _Above:
        base = path.rstrip("/").split("/")
        return cls(base[1:], len(base) > 1)

    def place(self, kind: tlv.Kind, identifier: int) -> str:
        """The path of a record, from the target's as far as the record's kind lets it go."""
        depth = {tlv.Kind.OBJECT_INSTANCE: 1, tlv.Kind.RESOURCE_INSTANCE: 3}.get(kind, 2)
        above = self.path[:depth]
        if depth == 2 and len(above) == 1:
            above = [*above, "0"]  # As in codec.tlv: the only instance may be left out.
        return "/".join(["", *above, str(identifier)])


def _tlvs(data: bytes, at: int, end: int, above: _Above, depth: int, base: int, parts: list[Part]) -> None:
    while at < end:
        header = _tlv_header(data, at, end)
        if header is None:
            parts.append(Part(base + at, data[at:end], [("error", f"no TLV record: {_REST}")], depth))
            return
        kind, identifier, start, stop = header
        path = above.place(kind, identifier)
        what = kind.name.lower().replace("_", " ")
        name = describe(path).name if above.known else None
        if kind in (tlv.Kind.RESOURCE, tlv.Kind.RESOURCE_INSTANCE) or depth > 1:
            parts.append(_value(data, at, start, stop, path, what, base, depth, known=above.known))
        else:
            line: Fragments = [("", f"{what} "), ("name", path), ("", f" {name}" if name else "")]
            parts.append(Part(base + at, data[at:start], [*line, ("dim", f"  {stop - start} bytes")], depth))
            _tlvs(data, start, stop, _Above(path.split("/")[1:], above.known), depth + 1, base, parts)
        at = stop


def _value(
    data: bytes, at: int, start: int, stop: int, path: str, what: str, base: int, depth: int, *, known: bool
) -> Part:
    name, expected, unit = describe(path) if known else (None, None, None)
    kind, value = from_bytes(data[start:stop], expected)
    resource = Resource(path, name, kind, value, unit)
    secret = known and is_secret(path)
    shown = value_text(resource, whole=True)
    line: Fragments = [("", f"{what} "), ("name", path), ("", f" {name}" if name else ""), ("", " = ")]
    line += [("value", shown), ("dim", "" if secret else others(resource, data[start:stop]))]
    line.append(("dim", f" {unit}" if unit else ""))
    return Part(base + at, data[at:stop], line, depth, secret)


def _tlv_header(data: bytes, at: int, end: int) -> tuple[tlv.Kind, int, int, int] | None:
    """Kind, identifier, and where the value starts and stops; None when it is cut (LwM2M 1.0 section 6.4.3)."""
    first = data[at]
    id_width, length_width = 2 if first & 0x20 else 1, first >> 3 & 3
    start = at + 1 + id_width + length_width
    if start > end:
        return None
    identifier = int.from_bytes(data[at + 1 : at + 1 + id_width], "big")
    size = int.from_bytes(data[at + 1 + id_width : start], "big") if length_width else first & 7
    return (tlv.Kind(first >> 6), identifier, start, start + size) if start + size <= end else None
