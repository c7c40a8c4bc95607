"""A message with every byte of it: offset, hexadecimal and meaning side by side.

    #20  2026-11-20 19:33:46.217  127.0.0.1:36760 → 127.0.0.1:5683  udp, 20 bytes
         Read /3/0/0 Manufacturer = "anjay"
            0  62 45 e4 39              ACK 2.05 Content, message ID 58425
            4  5b 12                    token, 2 bytes
            6  c2 2d 16                 Content-Format 11542  lwm2m+tlv
            9  ff                       payload marker
           10  c5 00 61 6e 6a 61 79     resource /3/0/0 Manufacturer = "anjay"
         answers #19 after 0.3 ms

Offsets are decimal, as in what is said of malformed bytes. Keys are not shown: neither their values nor their bytes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from itertools import pairwise

from atshell.styled import Fragment, Fragments
from atshell_lwm2m.codec import contentformat
from atshell_lwm2m.codec.registry import describe, is_secret
from atshell_lwm2m.message import NO_TIME, Message
from atshell_lwm2m.report.messages import meaning
from atshell_lwm2m.report.parts import Part, coap_parts, stream_parts, tlv_parts
from atshell_lwm2m.report.raw import rebuilt
from atshell_lwm2m.report.sides import Sides
from atshell_lwm2m.report.values import clock, duration, measured, value_text

_ROW = 8
"""Bytes a row."""
_MARGIN = "     "
_TLV = frozenset({contentformat.TLV, contentformat.OLD_TLV})
_LINK_END, _RECORD_END = rb",\s*(?=<)", rb"\}[\]\}\s]*,?|\n"
_TEXTS = frozenset({contentformat.TEXT, contentformat.LINK, contentformat.SENML_JSON, contentformat.LWM2M_JSON,
                    contentformat.OLD_JSON, 41, 50})  # fmt: skip


def lines(messages: Iterable[tuple[Message, bytes | None]]) -> Iterator[Fragments]:
    """Of messages and the bytes that they came in."""
    sides = Sides()
    file: str | None = None
    for number, (message, data) in enumerate(messages):
        if message.file != file:
            file = message.file
            yield [("bold", str(file))]
        elif number:
            yield []
        yield from _message(message, data, sides)


def _message(message: Message, data: bytes | None, sides: Sides) -> Iterator[Fragments]:
    captured = data
    if data is None or message.transport not in ("", "udp"):
        data = rebuilt(message)
    yield _title(message, data, captured, sides)
    what = meaning(message, notes=0)
    if what:
        yield [("", _MARGIN), (what[0][0], what[0][1].lstrip()), *what[1:]]
    for note in message.expert:
        mark: Fragment = (note.severity, note.text)
        yield [("", _MARGIN), mark]
    if data is not None:
        reliable = message.type is None and message.code is not None
        parts, start = stream_parts(data, framed=message.transport != "ws") if reliable else coap_parts(data)
        for part in [*parts, *_payload(message, data[start:], start)]:
            yield from _rows(part)
    elif message.payload:
        for part in _payload(message, bytes.fromhex(message.payload), 0):
            yield from _rows(part)
    yield from _resources(message)
    yield from _belongs(message)


def _title(message: Message, data: bytes | None, captured: bytes | None, sides: Sides) -> Fragments:
    if not message.transport:
        size = len(data) if data is not None else len(message.payload or "") // 2
        where: Fragments = [("dim", f"#{message.frame}  ")]
        if message.at is not None:
            where += [("dim", _when(message)), ("", f"{message.at}  ")]
        return [*where, ("name", message.kind or "?"), ("dim", f"  {size} bytes")]
    sizes = [f"{len(one)} bytes{what}" for one, what in _sizes(message, data, captured)]
    style = "tx" if sides.outgoing(message) else "rx"
    return [
        ("dim", f"#{message.frame}  {_when(message)}"),
        (style, f"{message.src} → {message.dst}"),
        ("dim", "  " + ", ".join([message.transport, *sizes])),
    ]


def _sizes(message: Message, data: bytes | None, captured: bytes | None) -> Iterator[tuple[bytes, str]]:
    """Of the datagram, and of the message where that is what came out of it."""
    if captured is not None:
        yield captured, ""
    if data is not None and (captured is None or message.transport != "udp"):
        yield data, " of CoAP"


def _when(message: Message) -> str:
    if message.time is NO_TIME:
        return ""
    try:
        date = time.strftime("%Y-%m-%d ", time.localtime(message.time))
    except (OverflowError, ValueError, OSError):
        date = ""
    return f"{date}{clock(message.time)}  "


def _payload(message: Message, payload: bytes, at: int) -> list[Part]:
    """TLV record by record, text as text, anything else as it is."""
    if not payload:
        return []
    path = message.target or ""
    if _is_tlv(message):
        return tlv_parts(payload, at, path)
    size = f"payload, {len(payload)} byte{'s' if len(payload) > 1 else ''}"
    if _holds_key(message):
        return [Part(at, payload, [("warning", f"{size}: not shown, it holds keys")], secret=True)]
    known = contentformat.NAMES.get(message.content_format) if message.content_format is not None else message.kind
    parts = [Part(at, b"", [("", size), ("dim", f", {known}" if known else "")])]
    if message.content_format == contentformat.LINK or message.kind == "link":
        return parts + [_named(part) for part in _text(payload, at, _LINK_END)]
    if message.content_format in _TEXTS or _is_text(payload):
        return parts + _text(payload, at, _RECORD_END)
    return parts + [
        Part(at + row, payload[row : row + _ROW], [("dim", _ascii(payload[row : row + _ROW]))], 1)
        for row in range(0, len(payload), _ROW)
    ]


def _is_tlv(message: Message) -> bool:
    if message.block1 is not None or message.block2 is not None:
        whole = not ((message.block1 and (message.block1.num or message.block1.more))
                     or (message.block2 and (message.block2.num or message.block2.more)))  # fmt: skip
        if not whole:
            return False
    if message.kind == "tlv" or message.content_format in _TLV:
        return True
    return any(note.text.endswith("read as TLV") for note in message.expert)


def _holds_key(message: Message) -> bool:
    """A format without offsets, or a piece of a larger whole, can't be masked in part."""
    if message.operation in ("Bootstrap-Write", "Bootstrap-Read", "Bootstrap-Pack-Request"):
        return re.match(r"/(0|21)?(/|$)", message.target or "/") is not None
    return any(is_secret(one.path) for one in message.resources)


def _is_text(payload: bytes) -> bool:
    try:
        return payload.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _text(payload: bytes, at: int, end: bytes) -> list[Part]:
    """Text with its bytes, cut where ``end`` matches, so that each row is a thing of its own."""
    cuts = [found.end() for found in re.finditer(end, payload)]
    bounds = [0, *cuts, len(payload)] if not cuts or cuts[-1] < len(payload) else [0, *cuts]
    return [
        Part(at + start, payload[start:stop], [("value", payload[start:stop].decode("utf-8", "replace").strip())], 1)
        for start, stop in pairwise(bounds)
    ]


def _named(part: Part) -> Part:
    """A link with the name of what it leads to."""
    target = re.match(rb"\s*<([0-9/]+)>", part.data)
    name = describe(target[1].decode()).name if target is not None else None
    return part if name is None else part._replace(meaning=[*part.meaning, ("dim", f"  {name}")])


def _ascii(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in data)


def _rows(part: Part) -> Iterator[Fragments]:
    """The first bytes with the meaning, the others below."""
    indent = "  " * part.depth
    for row in range(0, max(len(part.data), 1), _ROW):
        data = part.data[row : row + _ROW]
        shown = "** " * len(data) if part.secret else data.hex(" ")
        place: Fragments = [("dim", f"{_MARGIN}{part.at + row:5}  ")]
        if row:
            yield [*place, ("", shown.rstrip())]
        else:
            yield [*place, ("", f"{shown:{_ROW * 3 + 1}}{indent}"), *part.meaning]


def _resources(message: Message) -> Iterator[Fragments]:
    """What the whole says where the rows above do not: names and types come from the registry."""
    if _is_tlv(message) or message.content_format == contentformat.LINK or len(message.resources) < 2:
        return
    yield [("", _MARGIN), ("dim", "resources")]
    for one in message.resources:
        line: Fragments = [("", f"{_MARGIN}  "), ("name", one.path), ("", f" {one.name}" if one.name else "")]
        if one.value is not None:
            line += [("", " = "), ("value", value_text(one, whole=True)), ("dim", f" {one.unit}" if one.unit else "")]
        if one.time is not None:
            line.append(("dim", f"  {measured(one.time)}"))
        yield line


def _belongs(message: Message) -> Iterator[Fragments]:
    facts = []
    if message.endpoint is not None:
        facts.append(f"endpoint {message.endpoint}")
    if message.request is not None:
        after = f" after {duration(message.rtt)}" if message.rtt is not None else ""
        facts.append(f"belongs to #{message.request}" if not after else f"answers #{message.request}{after}")
    if message.response is not None:
        facts.append(f"answered by #{message.response}")
    if message.retransmission_of is not None:
        facts.append(f"retransmission of #{message.retransmission_of}")
    if message.body is not None:
        facts.append(f"completes a body of {len(message.body) // 2} bytes")
    if facts:
        yield [("", _MARGIN), ("dim", " · ".join(facts))]
