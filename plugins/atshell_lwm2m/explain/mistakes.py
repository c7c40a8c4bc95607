"""Every mistake that is known, as one table: what it looks like in words, and what to do about it.

The phrases are filled in with what was found (``{what}``, ``{got}`` …). They name the value or the payload, then the
fix, so that they can be read without the capture beside them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from atshell.styled import visible
from atshell_lwm2m.codec.registry import is_secret
from atshell_lwm2m.message import Expert


class Mistake(NamedTuple):
    severity: Literal["error", "warning", "note"]
    what: str
    fix: str


MISTAKES: dict[str, Mistake] = {
    # Of a whole payload
    "hex-as-text": Mistake(
        "error",
        "the payload is hexadecimal text; its {size} bytes would be {kind}{found}",
        "send the bytes themselves: convert the digits before they are sent, or let the module do it",
    ),
    "hex-twice": Mistake(
        "error",
        "the payload was made hexadecimal twice; below both its {size} bytes would be {kind}{found}",
        "convert to hexadecimal once, where the module asks for it",
    ),
    "base64-as-binary": Mistake(
        "error",
        "the payload is Base64 text; its {size} bytes would be {kind}{found}",
        "decode it first: Base64 belongs into JSON and text/plain, not in place of {declared}",
    ),
    "wrong-content-format": Mistake(
        "error",
        "declared as {declared}, but it reads as {kind}{found}",
        "send Content-Format {number}, or encode it as declared",
    ),
    "senml-text-labels": Mistake(
        "warning",
        "SenML CBOR with text labels ({got}) where numbers belong ({expected})",
        "use the integer labels of RFC 8428 section 6: a strict reader does not know the others",
    ),
    "senml-number-labels": Mistake(
        "warning",
        "SenML JSON with number labels ({got}) where names belong ({expected})",
        "use the names of RFC 8428 section 4: the numbers are those of CBOR",
    ),
    "json-other-labels": Mistake(
        "warning",
        "{declared} with labels of {kind} ({got}): their values are not read",
        "write {expected}, or send the Content-Format of {kind}",
    ),
    "senml-name": Mistake(
        "warning",
        "a value was sent for {what}, which is no resource",
        "end the base name with a slash: it and the name are put together as they stand (RFC 8428 section 4.6)",
    ),
    "senml-outside-list": Mistake(
        "error", "a single SenML record that is not in a list", "put the record into an array, also when it is alone"
    ),
    "tlv-length-in-characters": Mistake(
        "error",
        "a TLV length counts characters: {what} has {got} characters but {expected} bytes",
        "count the bytes of the UTF-8 text (strlen, not the number of characters)",
    ),
    "tlv-length-in-digits": Mistake(
        "error",
        "TLV lengths count hexadecimal digits: they are twice the bytes that are there{found}",
        "count bytes: half the number of the digits",
    ),
    "payload-cut": Mistake(
        "error",
        "the payload ends {missing} before {what} does",
        "check the length given with the payload, and the module's limit for one message",
    ),
    "payload-too-long": Mistake(
        "error",
        "{extra} too many behind a complete {declared} payload",
        "check the length given with the payload: is a terminating zero or a line end counted?",
    ),
    "trailing-zero": Mistake(
        "warning", "{what} ends with a zero byte, which belongs to C, not to the value", "send one byte less"
    ),
    "json-single-quotes": Mistake("error", "JSON with single quotes", "write names and texts in double quotes"),
    "json-trailing-comma": Mistake("error", "JSON with a comma behind the last element", "leave the last comma out"),
    "json-decimal-comma": Mistake(
        "error", "JSON with a decimal comma ({got})", "write a point: the number was formatted for the local language"
    ),
    "json-leading-zero": Mistake(
        "error", "JSON with a number that begins with a zero ({got})", "leave the zero out (RFC 8259 section 6)"
    ),
    "json-backslashes": Mistake(
        "error",
        "JSON with a backslash in front of its quotes",
        "escape them in the source or in the AT command alone: what arrives is to have none",
    ),
    "json-curly-quotes": Mistake(
        "error", "JSON with typographic quotes", 'write names and texts in straight quotes (")'
    ),
    "json-bare-names": Mistake(
        "error", "JSON with a name that is not quoted ({got})", "write every name in double quotes"
    ),
    "json-constant": Mistake(
        "error", "JSON with {got}, which is of another language", "write true, false and null in small letters"
    ),
    "json-no-number": Mistake(
        "error",
        "JSON with {got}, which is no number of JSON",
        "leave the value out: a sensor that has failed, or a division by zero, has none",
    ),
    "json-bom": Mistake(
        "error", "a byte order mark (EF BB BF) stands in front of the JSON", "send the JSON without it"
    ),
    "json-utf-16": Mistake("error", "JSON in UTF-16, two bytes a character", "send it as UTF-8 (RFC 8259 section 8.1)"),
    "json-in-text": Mistake(
        "error", "the JSON was put into a JSON text: quoted, with backslashes", "encode it once, and send it as it is"
    ),
    "cbor-text-keys": Mistake(
        "error", "LwM2M CBOR with texts as keys ({got})", "use numbers as keys ({expected}): identifiers are integers"
    ),
    "json-cut": Mistake(
        "error", "the JSON ends in the middle", "check the length given with the payload, and the buffer it was made in"
    ),
    "tlv-length-byte-order": Mistake(
        "error",
        "a TLV length of {got} does not fit; with its bytes the other way round it is {expected}, which does",
        "send lengths, too, with the most significant byte first",
    ),
    "link-comma": Mistake("error", "link format with a comma behind the last link", "leave the last comma out"),
    "link-separator": Mistake(
        "error", "link format with {got} between links", "separate links by commas; a semicolon begins an attribute"
    ),
    "link-cut": Mistake(
        "error",
        "the link format ends in the middle of a link",
        "check the length given with the payload, and the buffer it was made in",
    ),
    # Of a line that carries it
    "length-of-line": Mistake(
        "warning",
        "the line says {got} bytes, and carries {expected}",
        "count the bytes, not the characters: two hexadecimal digits are one byte",
    ),
    "length-in-digits": Mistake(
        "warning",
        "the line says {got} bytes, which is the number of its hexadecimal digits: it carries {expected}",
        "give half of it: two digits are one byte",
    ),
    "declared-type": Mistake(
        "warning",
        "{what} is {a_type}, and the line declares {got}",
        "declare {expected}: the module encodes as the line says, the platform reads as the object says",
    ),
    "opaque-not-hex": Mistake(
        "error",
        "the line declares an opaque value, but {got} is no hexadecimal",
        "write each byte as two hexadecimal digits, or declare a string",
    ),
    # Of one value
    "number-as-text": Mistake(
        "warning",
        "{what} is {a_type} and was sent as the text {got}",
        "send the number as binary integer or float (as number, in JSON and CBOR)",
    ),
    "number-with-extras": Mistake(
        "warning",
        "{what} is {a_type}; the text {got} is more than a number",
        "send digits alone: without quotes, unit, line end, 0x or decimal comma",
    ),
    "text-for-number": Mistake("warning", "{what} is {a_type}, but holds the text {got}", "send a number"),
    "boolean-for-number": Mistake("warning", "{what} is {a_type}; what was sent is the boolean {got}", "send a number"),
    "bytes-for-value": Mistake(
        "warning",
        "{what} is {a_type}; what was sent are bytes ({got})",
        "send it as what it is: bytes (vd, a CBOR byte string) are for opaque resources",
    ),
    "number-for-text": Mistake("warning", "{what} is a string, but a number was sent", "send it as text"),
    "no-boolean": Mistake(
        "warning", "{what} is a boolean and was sent as {got}", "send one byte 0 or 1 (true or false, in JSON and CBOR)"
    ),
    "float-for-integer": Mistake(
        "warning",
        "{what} is {a_type}; what was sent is the float {got}",
        "send an integer, or use a resource that is a float"
    ),
    "integer-for-float": Mistake(
        "warning", "{what} is a float; what was sent is the integer {got}", "send 4 or 8 bytes of IEEE 754"
    ),
    "byte-order": Mistake(
        "warning",
        "{what} is {value} as it stands, and {got} with its bytes reversed",
        "send the most significant byte first",
    ),
    "value-width": Mistake(
        "warning", "{what} is {a_type}, which is not {size} long", "send {widths}"
    ),
    "out-of-range": Mistake(
        "note", "{what} is {value}, outside of its range {least} to {greatest}", "check the unit and the scale"
    ),
    "time-in-milliseconds": Mistake(
        "warning", "{what} is {got}, far in the future; in milliseconds it would be {value}", "send seconds since 1970"
    ),
    "id-byte-order": Mistake(
        "warning",
        "{got} is not known; with its two bytes the other way round the identifier is {what}",
        "send identifiers, too, with the most significant byte first",
    ),
    "not-utf-8": Mistake("warning", "{what} is a string, and its bytes are no UTF-8{found}", "send texts in UTF-8"),
    "hex-in-opaque": Mistake(
        "note",
        "{what} is opaque, and its bytes are hexadecimal text ({got})",
        "if the {size} bytes that it spells were meant, convert it once more before it is sent",
    ),
    "hex-in-string": Mistake(
        "note",
        "{what} is a string, and spells {got} in hexadecimal",
        "send the text itself: a module converts hexadecimal for opaque values, not for strings",
    ),
    "text-in-opaque": Mistake(
        "warning",
        "{what} is opaque, but {got} is no Base64",
        "encode its bytes as Base64 in JSON and text/plain, or send them as they are with Content-Format 42",
    ),
}  # fmt: skip


def counted(size: int) -> str:
    return "1 byte" if size == 1 else f"{size} bytes"


def hidden(path: str, text: str) -> str:
    """Keys are not told, here neither."""
    return f"{text[:4]}****" if is_secret(path) else text


def expert(mistake: str, **facts: object) -> Expert:
    """What to tell about one. Texts of the payload in ``facts`` are made harmless here."""
    severity, what, fix = MISTAKES[mistake]
    shown = {name: visible(fact, keep="") if isinstance(fact, str) else fact for name, fact in facts.items()}
    return Expert(severity, mistake, f"{what.format(**shown)} → {fix.format(**shown)}")
