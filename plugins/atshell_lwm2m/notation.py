"""Bytes as people paste them, from logs, sources and other analyzers.

Hexadecimal digits with blanks, colons or dashes, with or without 0x; a hex dump with its offsets and what stands beside
them for reading; an array of C or of another language; a string with escapes. What begins as JSON or as link format is
the payload itself.
"""

from __future__ import annotations

import re

from atshell_lwm2m.codec.errors import Malformed

_SEPARATORS = re.compile(r"0[xX]|[\s:,'\"-]")
_NO_DIGIT = re.compile(r"[^0-9A-Fa-f]")
_ITSELF = re.compile(r"\s*(?:\[\s*\{|\{\s*['\"]|</)")
_OFFSET = r"[ \t]*(?:0[xX])?0*"
# Behind an offset of zero a colon, or bytes of two digits each; or there is a further line with an offset.
_DUMP = re.compile(
    rf"(?={_OFFSET}0{{3}}){_OFFSET}(?::?[ \t]+(?:[0-9A-Fa-f]{{2}}(?:\s|$))|:\s|\s[^\n]*\n{_OFFSET}[1-9A-Fa-f]0*:?\s)"
)
# Java needs a cast for what is above 127.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*|\(byte\)", re.DOTALL)
# What stands in front of an array may have a size in brackets.
_ARRAY = re.compile(r"(?:[\w\s*&.=:()]|\[[\w; ]*\])*[{\[]([^{}\[\]]*)[}\]][\s;)]*")
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]{1,2}|-?[0-9]{1,3}")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
# "…" in a source: what is declared, and strings side by side, also over lines that end with a backslash.
_DECLARED = re.compile(r"\A[\w\s*\[\]]+=\s*(?=['\"])")
_JOINT = re.compile(r"\"\s*(?:\\\s*)?\"")
_QUOTED = re.compile(r"[hHxXbB]?(['\"])(.*)\1", re.DOTALL)
_CONTROLS = {"n": b"\n", "r": b"\r", "t": b"\t", "0": b"\0", "\n": b""}


def bytes_of(text: str) -> bytes:
    """Raises Malformed."""
    if _ITSELF.match(text):
        return text.strip().encode("utf-8", "replace")
    return _dumped(text) or _array(text) or _string(text.strip())


def _dumped(text: str) -> bytes | None:
    if _DUMP.match(text) is None:
        return None
    from atshell_lwm2m.capture.hexdump import bare

    return bare(text.encode("utf-8", "replace"))


def _array(text: str) -> bytes | None:
    found = _ARRAY.fullmatch(_COMMENT.sub("", text))
    if found is None:
        return None
    items = found[1].replace(",", " ").split()
    if all(len(item) == 2 and _NO_DIGIT.search(item) is None for item in items):
        return bytes.fromhex("".join(items))
    numbers = []
    for place, item in enumerate(items):
        value = int(item, 0) if _NUMBER.fullmatch(item) and not item.lstrip("-").startswith("00") else 256
        if not -128 <= value <= 255:
            raise Malformed(f"{item[:20]!r} is no byte", place)
        numbers.append(value & 0xFF)  # Java's bytes have a sign
    return bytes(numbers)


def _string(text: str) -> bytes:
    quoted = _QUOTED.fullmatch(_DECLARED.sub("", text.rstrip("; \r\n\t")))
    inside = _JOINT.sub("", quoted[2]) if quoted is not None else text
    if "\\x" not in inside:
        return _digits(inside)
    if not _ESCAPE.sub(lambda found: "" if found[1] or found[2] == "\n" else found[0], inside).strip(" \t\r\n,'\""):
        inside = "".join(found[1] or "" for found in _ESCAPE.finditer(inside))
        return bytes.fromhex(inside)
    return _unescaped(inside)


def _unescaped(text: str) -> bytes:
    """As C and Python write bytes: what is no escape is a character."""
    pieces, at = [], 0
    for found in _ESCAPE.finditer(text):
        pieces.append(text[at : found.start()].encode("utf-8", "replace"))
        at = found.end()
        if found[1] is not None:
            pieces.append(bytes.fromhex(found[1]))
        else:
            pieces.append(_CONTROLS.get(found[2], found[2].encode("utf-8", "replace")))
    return b"".join(pieces) + text[at:].encode("utf-8", "replace")


def _digits(text: str) -> bytes:
    digits = _SEPARATORS.sub("", text)
    bad = _NO_DIGIT.search(digits)
    if bad is not None:
        raise Malformed(f"{bad[0]!r} is no hexadecimal digit", bad.start() // 2)
    if len(digits) % 2:
        raise Malformed("an odd number of hexadecimal digits", len(digits) // 2)
    return bytes.fromhex(digits)
