"""Mistakes in one value: of another type than the registry says, or right in form and yet hardly meant.

``of_bytes`` looks at a value's own bytes (TLV), ``of_text`` at text/plain, ``of_resource`` at what formats with types
of their own have said (SenML, JSON, CBOR). All of them give the first mistake that fits, or None, and are careful: a
value that a sound device may send gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from atshell_lwm2m.codec.registry import ResourceEntry, entry_of
from atshell_lwm2m.codec.values import from_bytes, from_text
from atshell_lwm2m.explain.mistakes import counted, expert, hidden
from atshell_lwm2m.explain.numbers import (
    A_TYPE,
    NUMBER,
    NUMBERS,
    WHOLE,
    WIDTHS,
    milliseconds,
    of_number,
    out_of_range,
    short,
)
from atshell_lwm2m.message import Expert, Resource

SPELLED = re.compile(rb"(?=[^A-Fa-f]*[A-Fa-f])(?:[2-7][0-9A-Fa-f]){4,}")
"""ASCII in hexadecimal. Digits alone are a number, more likely than a text."""
HEXADECIMAL = re.compile(rb"(?=[^A-Fa-f]*[A-Fa-f])(?:[0-9A-Fa-f]{2}){4,}")
_SAID = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/-]*")
_MORE_THAN_A_NUMBER = re.compile(
    r"""["'\s]*+(?:[+-]?[0-9]{1,15}(?:[.,][0-9]{0,15})?|0[xX][0-9a-fA-F]{1,16})\s*+[^0-9\s]{0,8}+["'\s\0]*+""", re.ASCII
)
"""The ``+`` keeps what was taken: giving it back piece by piece would take the square of a long run of blanks."""
_DECIMAL = re.compile(rb"[+-]?[0-9]{1,15}\.[0-9]{0,15}")
_SHOWN = 40
_RESOURCE_PARTS = 4
_TWO_BYTES = 256
"""From here on identifiers have two."""


def of_bytes(path: str, raw: bytes) -> Expert | None:
    """``raw`` is the value as TLV has it."""
    entry = entry_of(path)
    if entry is None or entry.type is None:
        return _identifier(path) if entry is None else None
    what = _named(path, entry)
    if entry.type in NUMBERS:
        return next(of_number(what, entry, raw), None)
    if entry.type in ("boolean", "objlnk"):
        return next(_of_one_width(what, entry, raw), None)
    if entry.type == "opaque":
        return _of_opaque(path, what, raw)
    return _of_string(what, raw) if entry.type == "string" else None


def _named(path: str, entry: ResourceEntry) -> str:
    return f"{path} {entry.name}"


def _of_one_width(what: str, entry: ResourceEntry, raw: bytes) -> Iterator[Expert]:
    known = str(entry.type)
    if from_bytes(raw, entry.type)[0] == known:
        return
    if known == "boolean" and (raw.isalnum() or len(raw) == 1):
        text = raw[:_SHOWN].decode("latin-1")
        yield expert("no-boolean", what=what, got=f'the text "{text}"' if raw.isalnum() else f"the number {raw[0]}")
    yield expert("value-width", what=what, a_type=A_TYPE[known], size=counted(len(raw)), widths=WIDTHS[known])


def _of_opaque(path: str, what: str, raw: bytes) -> Expert | None:
    if HEXADECIMAL.fullmatch(raw):
        return expert("hex-in-opaque", what=what, got=hidden(path, _cut(raw.decode())), size=len(raw) // 2)
    return None


def _identifier(path: str) -> Expert | None:
    """Of a resource that is not known: with the bytes of its number the other way round it may be."""
    parts = path.split("/")
    if len(parts) != _RESOURCE_PARTS or not parts[3].isdecimal() or int(parts[3]) < _TWO_BYTES:
        return None
    turned = int.from_bytes(int(parts[3]).to_bytes(2, "little"), "big")
    if turned < _TWO_BYTES:
        return None
    known = f"{'/'.join(parts[:3])}/{turned}"
    entry = entry_of(known)
    return expert("id-byte-order", got=path, what=_named(known, entry)) if entry is not None else None


def _of_string(what: str, raw: bytes) -> Expert | None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return expert("not-utf-8", what=what, found=_as_chinese(raw))
    if raw.endswith(b"\0"):
        return expert("trailing-zero", what=what)
    if SPELLED.fullmatch(raw):
        said = bytes.fromhex(raw.decode()).decode()
        if _SAID.fullmatch(said):
            return expert("hex-in-string", what=what, got=f'"{_cut(said)}"')
    return None


def _as_chinese(raw: bytes) -> str:
    """Texts in GBK, which Chinese tools write, when all of it are common Chinese characters."""
    try:
        text = raw.decode("gbk")
    except UnicodeDecodeError:
        return ""
    common = all("\u4e00" <= char <= "\u9fff" or char.isascii() for char in text)
    return f' (as GBK: "{_cut(text)}")' if common and not text.isascii() else ""


def of_text(path: str, raw: bytes) -> Expert | None:
    """``raw`` is the value as text/plain."""
    entry = entry_of(path)
    if entry is None or entry.type is None:
        return None
    what, text = _named(path, entry), raw.decode("utf-8", "replace")
    kind, value = from_text(raw, entry.type)
    if entry.type in WHOLE and kind != entry.type and _DECIMAL.fullmatch(raw):
        return expert("float-for-integer", what=what, a_type=A_TYPE[entry.type], got=text[:_SHOWN])
    if kind != entry.type:
        return _of_other_text(what, entry, hidden(path, text))
    if entry.type in NUMBERS:
        return next(out_of_range(what, entry, value), None)
    return _of_string(what, raw) if entry.type == "string" else None


def of_resource(resource: Resource) -> Expert | None:
    """Of a format whose values have types of their own."""
    entry, value = entry_of(resource.path), resource.value
    if entry is None or entry.type is None or value is None:
        return None
    what = _named(resource.path, entry)
    if resource.type == "opaque" and entry.type != "opaque":
        a_type = A_TYPE.get(entry.type, f"a {entry.type}")
        return expert("bytes-for-value", what=what, a_type=a_type, got=_cut(str(value)))
    if isinstance(value, str):
        if resource.type != entry.type:
            return _of_other_text(what, entry, hidden(resource.path, value))
        return _of_string(what, value.encode("utf-8", "replace")) if entry.type == "string" else None
    if isinstance(value, bool) or entry.type not in NUMBERS:
        return _of_other_kind(what, entry, value)
    late = next(milliseconds(what, entry, value), None)
    if late is not None:
        return late
    if entry.type in WHOLE and isinstance(value, float):
        return expert("float-for-integer", what=what, a_type=A_TYPE[entry.type], got=short(value))
    return next(out_of_range(what, entry, value), None)


def _of_other_kind(what: str, entry: ResourceEntry, value: float) -> Expert | None:
    """A number or a truth value in JSON or CBOR."""
    if isinstance(value, bool):
        if entry.type in NUMBERS:
            return expert("boolean-for-number", what=what, a_type=A_TYPE[str(entry.type)], got=str(value).lower())
        return None
    if entry.type == "boolean":
        return expert("no-boolean", what=what, got=f"the number {short(value)}")
    return expert("number-for-text", what=what) if entry.type == "string" else None


def _of_other_text(what: str, entry: ResourceEntry, text: str) -> Expert | None:
    """A text where something else belongs."""
    got = f'"{_cut(text)}"'
    if entry.type in NUMBERS:
        if NUMBER.fullmatch(text.encode("utf-8", "replace")):
            mistake = "number-as-text"
        else:
            mistake = "number-with-extras" if _MORE_THAN_A_NUMBER.fullmatch(text) else "text-for-number"
        return expert(mistake, what=what, a_type=A_TYPE[str(entry.type)], got=got)
    if entry.type == "boolean":
        return expert("no-boolean", what=what, got=f"the text {got}")
    return expert("text-in-opaque", what=what, got=got) if entry.type == "opaque" else None


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
