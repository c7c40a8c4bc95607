"""Mistakes in a whole payload that does not decode as it is declared: what would it be instead?

Each guess turns the payload into what it might have been meant to be, and decodes that; the first that gives values
is told. Every guess costs one decoding at most and none is made of another, so the work stays linear.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Iterator

from atshell_lwm2m.codec import contentformat as formats
from atshell_lwm2m.codec import linkformat, lwm2mcbor, senml, tlv
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import describe, entry_of
from atshell_lwm2m.explain import cbors, jsontexts
from atshell_lwm2m.explain.mistakes import counted, expert, hidden
from atshell_lwm2m.message import Expert, Resource

MAX_SIZE = 1 << 16
"""Bytes of a payload that is worth guesses."""
_HEX = re.compile(rb"\s*(?:0[xX])?((?:[0-9A-Fa-f]{2}){2,})\s*")
_BASE64 = re.compile(rb"\s*((?:[A-Za-z0-9+/_-]{4})+(?:[A-Za-z0-9+/_-]{2,3}={0,2})?)\s*")
_BETWEEN_LINKS = re.compile(rb">\s*([; ]|)\s*<")
_SEPARATORS = {b";": "a semicolon", b" ": "a blank"}
_SHOWN = 3
_CBOR_MAP = 5
"""Major type (RFC 8949 section 3.1)."""
_MAX_EXTRA = 4
_RESOURCE_DEPTH = 3

Decode = Callable[[bytes, str], list[Resource]]
READERS: dict[int, Decode] = {
    formats.SENML_JSON: lambda data, _: senml.decode_json(data),
    formats.LWM2M_JSON: senml.decode_lwm2m_json,
    formats.LINK: lambda data, _: [Resource(link.target) for link in linkformat.parse(data.decode())],
    formats.SENML_CBOR: lambda data, _: senml.decode_cbor(data),
    formats.LWM2M_CBOR: lambda data, _: lwm2mcbor.decode(data),
    formats.TLV: tlv.decode,
}
"""The most telling first: what reads as one of these by chance reads as none before it."""
NAMES = {
    formats.SENML_JSON: "SenML JSON",
    formats.LWM2M_JSON: "LwM2M JSON",
    formats.LINK: "link format",
    formats.SENML_CBOR: "SenML CBOR",
    formats.LWM2M_CBOR: "LwM2M CBOR",
    formats.TLV: "TLV",
}
_SAME = {
    formats.OLD_TLV: formats.TLV,
    formats.OLD_JSON: formats.LWM2M_JSON,
    formats.ETCH_JSON: formats.SENML_JSON,
    formats.ETCH_CBOR: formats.SENML_CBOR,
}
_JSON = frozenset({formats.SENML_JSON, formats.LWM2M_JSON})


def of_payload(data: bytes, content_format: int, target: str) -> Expert | None:
    """Of one that was Malformed as ``content_format``."""
    if not data or len(data) > MAX_SIZE:
        return None
    declared = _SAME.get(content_format, content_format)
    return next(_guesses(data, declared, target), None)


def of_unread(data: bytes, target: str) -> Expert | None:
    """Of one of which nothing is known: that which leads to values when it is mended."""
    if not data or len(data) > MAX_SIZE or target.count("/") >= _RESOURCE_DEPTH:
        return None
    if data.lstrip()[:1] in (b"[", b"{"):
        declared = formats.SENML_JSON if data.lstrip()[:1] == b"[" else formats.LWM2M_JSON
        return next(jsontexts.guesses(data.lstrip(), lambda mended: _values(mended, declared, target)), None)
    if data.isascii():
        return next(_encoded(data, formats.TLV, target), None)
    return next(_tlv_lengths(data, target), None)


def _guesses(data: bytes, declared: int, target: str) -> Iterator[Expert]:
    yield from _ended(data, declared, target)
    if declared in _JSON:
        yield from jsontexts.guesses(data.lstrip(), lambda mended: _values(mended, declared, target))
    if declared in (formats.SENML_JSON, formats.SENML_CBOR, formats.LWM2M_JSON):
        yield from _alone(data, declared, target)
    if declared == formats.LINK:
        yield from _links(data, target)
    if declared == formats.LWM2M_CBOR:
        yield from cbors.text_keys(data)
    yield from _encoded(data, declared, target)
    yield from _other_format(data, declared, target)
    if declared == formats.TLV:
        yield from _tlv_lengths(data, target)


def _values(data: bytes, content_format: int, target: str) -> list[Resource]:
    """None when the bytes are not of the format, or name nothing that is LwM2M."""
    reader = READERS.get(content_format)
    if reader is None:
        return []
    try:
        found = reader(data, target)
    except (Malformed, UnicodeDecodeError):
        return []
    if content_format == formats.TLV:
        return found if _plausible(found) else []
    if content_format == formats.LWM2M_CBOR:
        return found if all(one.path.count("/") >= _RESOURCE_DEPTH for one in found) else []
    return found


def _plausible(found: list[Resource]) -> bool:
    """Any few bytes read as TLV; what the registry knows, and text that can be read, do not come by chance."""
    return any(one.name is not None and one.type is not None for one in found)


def _shown(found: list[Resource]) -> str:
    texts = [
        one.path if one.value is None else f"{one.path} = {hidden(one.path, str(one.value))}" for one in found[:_SHOWN]
    ]
    return f" ({', '.join(texts)}{', …' if len(found) > _SHOWN else ''})"[:200]


# The same in other clothes


def _encoded(data: bytes, declared: int, target: str) -> Iterator[Expert]:
    """Hexadecimal or Base64 in place of the bytes."""
    digits, times = _HEX.fullmatch(data), 0
    while digits is not None and times < 2:
        times += 1
        inner = bytes.fromhex(digits[1].decode())
        for content_format in (declared, *READERS):
            found = _values(inner, content_format, target)
            if found:
                mistake = "hex-as-text" if times == 1 else "hex-twice"
                yield expert(mistake, size=len(inner), kind=NAMES[content_format], found=_shown(found))
        digits = _HEX.fullmatch(inner)
    text = _BASE64.fullmatch(data)
    if text is not None:
        inner = _plain(text[1])
        found = _values(inner, declared, target)
        if found:
            kind = NAMES[declared]
            yield expert("base64-as-binary", size=len(inner), kind=kind, found=_shown(found), declared=kind)


def _plain(text: bytes) -> bytes:
    try:
        return b64decode(text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4), altchars=b"-_")
    except binascii.Error:
        return b""


def _other_format(data: bytes, declared: int, target: str) -> Iterator[Expert]:
    for content_format in READERS:
        if content_format != declared and (found := _values(data, content_format, target)):
            kind = NAMES[content_format]
            yield expert(
                "wrong-content-format",
                declared=formats.name(declared),
                kind=kind,
                found=_shown(found),
                number=content_format,
            )


# Too much, or too little


def _ended(data: bytes, declared: int, target: str) -> Iterator[Expert]:
    for extra in range(1, _MAX_EXTRA + 1):
        if data[-extra:].strip(b"\0\r\n") or extra >= len(data):
            return
        if _values(data[:-extra], declared, target):
            if data[-extra:] == b"\0":
                yield expert("trailing-zero", what="the payload")
            yield expert("payload-too-long", extra=counted(extra), declared=formats.name(declared))


def _alone(data: bytes, declared: int, target: str) -> Iterator[Expert]:
    """One record of SenML that is in no list."""
    meant = declared
    if declared == formats.SENML_CBOR:
        listed = b"\x81" + data if data[0] >> 5 == _CBOR_MAP else b""
    else:
        meant, listed = formats.SENML_JSON, b"[%b]" % data if data.lstrip()[:1] == b"{" else b""
    if listed and any(one.value is not None for one in _values(listed, meant, target)):
        yield expert("senml-outside-list")


def _links(data: bytes, target: str) -> Iterator[Expert]:
    mended = data.rstrip()
    if mended.endswith(b",") and _values(mended[:-1], formats.LINK, target):
        yield expert("link-comma")
    between = _BETWEEN_LINKS.search(mended)
    if between is not None and _values(_BETWEEN_LINKS.sub(b">,<", mended), formats.LINK, target):
        yield expert("link-separator", got=_SEPARATORS.get(between[1], "nothing"))
    begun = mended.rfind(b"<")
    if begun > mended.rfind(b">") and (not begun or _values(mended[:begun].rstrip(b" ,"), formats.LINK, target)):
        yield expert("link-cut")


# TLV

Header = tuple[tlv.Kind, int, int, int]
_CONTAINERS = frozenset({tlv.Kind.OBJECT_INSTANCE, tlv.Kind.MULTIPLE_RESOURCE})


def _tlv_lengths(data: bytes, target: str) -> Iterator[Expert]:
    header = _headers(data)
    characters = _in_characters(data, header)
    if characters is not None:
        text, size = characters
        yield expert("tlv-length-in-characters", what=f'"{text[:40]}"', got=len(text), expected=size)
    halves = _in_digits(data, header)
    found = _values(halves, formats.TLV, target) if halves is not None else []
    if found and all(one.type == describe(one.path).type for one in found):
        yield expert("tlv-length-in-digits", found=_shown(found))
    yield from _turned(data, target)
    yield from _cut(data, header, target)


def _turned(data: bytes, target: str) -> Iterator[Expert]:
    """The first length that is too long has two bytes or three, and fits with them the other way round."""
    at = 0
    while at < len(data):
        width = data[at] >> 3 & 3
        place = at + 2 + (data[at] >> 5 & 1)
        size = int.from_bytes(data[place : place + width], "big") if width else data[at] & 7
        start = place + width
        if start + size <= len(data):
            at = start + size
            continue
        turned = int.from_bytes(data[place:start], "little")
        mended = data[:place] + turned.to_bytes(max(width, 3), "big")[-width:] + data[start:]
        if width > 1 and start + turned <= len(data) and _values(mended, formats.TLV, target):
            yield expert("tlv-length-byte-order", got=size, expected=turned)
        return


def _cut(data: bytes, header: Callable[[int], Header | None], target: str) -> Iterator[Expert]:
    """The last record goes on behind the end, and is one that the target has."""
    at = 0
    while at < len(data):
        found = header(at)
        if found is None:
            return
        kind, number, _, stop = found
        path = f"{target}/{number}"
        if stop > len(data) and (kind == tlv.Kind.OBJECT_INSTANCE or entry_of(path) is not None):
            yield expert("payload-cut", missing=counted(stop - len(data)), what=path)
        at = stop


def _headers(data: bytes) -> Callable[[int], Header | None]:
    """Reads the header at a place, also where its value would end behind the data; None where it is not whole."""
    padded = data + bytes(8)

    def read(at: int) -> Header | None:
        found = tlv.header(padded, at, len(padded) + (1 << 24))
        return found if found[2] <= len(data) else None

    return read


def _in_characters(data: bytes, header: Callable[[int], Header | None]) -> tuple[str, int] | None:
    """The first text whose length is that of its characters, where the payload reads to its end so."""
    first, at = None, 0
    while at < len(data):
        found = header(at)
        if found is None:
            return None
        kind, _, start, stop = found
        if kind in _CONTAINERS:
            at = start  # its own length is as wrong as what it holds
            continue
        length = stop - start
        text = data[start : start + 4 * length].decode("utf-8", "ignore")[:length]
        size = len(text.encode())
        if size > length == len(text) and data[start : start + size] == text.encode():
            first, stop = first or (text, size), start + size
        at = stop
    return first if at == len(data) else None


def _in_digits(data: bytes, header: Callable[[int], Header | None]) -> bytes | None:
    """The payload as it would be with lengths of half as much, where it reads to its end so."""
    records, at = [], 0
    while at < len(data):
        found = header(at)
        if found is None or found[0] in _CONTAINERS or (found[3] - found[2]) % 2:
            return None
        kind, number, start, stop = found
        at = start + (stop - start) // 2
        records.append(tlv.TlvRecord(kind, number, data[start:at]))
    return tlv.encode_records(records) if at == len(data) else None
