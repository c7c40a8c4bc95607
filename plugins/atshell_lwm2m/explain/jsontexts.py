"""Mistakes in JSON: what other languages and careless buffers make of it.

Each guess mends one thing and asks ``reads`` whether that is the declared format then.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator

import msgspec

from atshell_lwm2m.explain.mistakes import expert
from atshell_lwm2m.message import Expert, Resource

Reads = Callable[[bytes], list[Resource]]
_TRAILING_COMMA = re.compile(rb",\s*(?=[\]}])")
_BARE_NAME = re.compile(rb"(?<=[{,])(\s*)([A-Za-z_][A-Za-z0-9_]{0,30})(?=\s*:)")
_NOT_JSON = re.compile(rb"(?<=:)\s*(True|False|None|NaN|-?Infinity|-?inf|nan)(?=\s*[,}])")
_DECIMAL_COMMA = re.compile(rb"(?<=:)\s*(-?[0-9]{1,15}),([0-9]{1,15})(?=\s*[,}\]])")
_LEADING_ZERO = re.compile(rb"(?<=:)\s*(-?)0+([0-9]{1,15})(?=[^0-9])")
_CURLY = re.compile(rb"\xe2\x80[\x9c-\x9f]")
"""U+201C to U+201F in UTF-8."""
_IN_JSON = {b"True": b"true", b"False": b"false", b"None": b"null"}
_OPENS, _CLOSES = (b"[", b"{"), (b"]", b"}")


def guesses(data: bytes, reads: Reads) -> Iterator[Expert]:
    if b"'" in data and b'"' not in data and reads(data.replace(b"'", b'"')):
        yield expert("json-single-quotes")
    if _TRAILING_COMMA.search(data) and reads(_TRAILING_COMMA.sub(b"", data)):
        yield expert("json-trailing-comma")
    bare = _BARE_NAME.search(data)
    if bare is not None and reads(_BARE_NAME.sub(rb'\1"\2"', data)):
        yield expert("json-bare-names", got=bare[2].decode())
    yield from _constant(data, reads)
    yield from _number(data, reads)
    yield from _quotes(data, reads)
    yield from _encoding(data, reads)
    if data[:1] in _OPENS and (data.rstrip()[-1:] not in _CLOSES or reads(data + b"]")) and b"\0" not in data:
        yield expert("json-cut")


def _constant(data: bytes, reads: Reads) -> Iterator[Expert]:
    """A number that is none, or a constant as another language writes it."""
    found = _NOT_JSON.search(data)
    if found is not None and reads(_NOT_JSON.sub(lambda match: _IN_JSON.get(match[1], b"0"), data)):
        mistake = "json-constant" if found[1] in _IN_JSON else "json-no-number"
        yield expert(mistake, got=found[1].decode())


def _number(data: bytes, reads: Reads) -> Iterator[Expert]:
    comma = _DECIMAL_COMMA.search(data)
    if comma is not None and reads(_DECIMAL_COMMA.sub(rb"\1.\2", data)):
        yield expert("json-decimal-comma", got=comma[0].strip().decode())
    zero = _LEADING_ZERO.search(data)
    if zero is not None and reads(_LEADING_ZERO.sub(rb"\1\2", data)):
        yield expert("json-leading-zero", got=zero[0].strip().decode())


def _quotes(data: bytes, reads: Reads) -> Iterator[Expert]:
    if b'\\"' in data and reads(data.replace(b'\\"', b'"')):
        yield expert("json-backslashes")
    if _CURLY.search(data) and reads(_CURLY.sub(b'"', data)):
        yield expert("json-curly-quotes")


def _encoding(data: bytes, reads: Reads) -> Iterator[Expert]:
    if data.startswith(BOM_UTF8) and reads(data.removeprefix(BOM_UTF8)):
        yield expert("json-bom")
    if data[:2].strip(b"\0") != data[:2] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        big = data[:1] == b"\0" or data[:2] == b"\xfe\xff"
        text = data.decode("utf-16-be" if big else "utf-16-le", "replace").lstrip("\ufeff")
        if reads(text.encode("utf-8", "replace")):
            yield expert("json-utf-16")
    if data[:1] == b'"':
        try:
            inner = msgspec.json.decode(data, type=str)
        except (msgspec.MsgspecError, ValueError):
            return
        if reads(inner.encode("utf-8", "replace")):
            yield expert("json-in-text")
