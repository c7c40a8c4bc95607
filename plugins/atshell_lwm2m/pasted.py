"""A pasted payload: what kind it is, and what it says.

Without a kind, the kinds are tried from the most telling to the least: the first whose reader takes every byte and
whose content is plausible is it. Text comes late, opaque last: they fit almost anything.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from atshell.errors import AtshellError
from atshell_lwm2m import explain, payload
from atshell_lwm2m.capture.traffic import looks_like_coap
from atshell_lwm2m.codec import cbor, coap, coaptcp, foreign, linkformat, lwm2mcbor, senml, tlv
from atshell_lwm2m.codec import contentformat as formats
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import describe
from atshell_lwm2m.dissect.message import SIGNALING, from_datagram, unnumbered
from atshell_lwm2m.dissect.operations import Side, classify
from atshell_lwm2m.message import Expert, Message, Resource
from atshell_lwm2m.notation import bytes_of

Decoder = Callable[[bytes, str], list[Resource]]


def _text(data: bytes, path: str) -> list[Resource]:
    if path.count("/") >= 3:
        return [payload.single(data, formats.TEXT, path)]
    return [Resource(path, type="string", value=payload.text(data))]


def _opaque(data: bytes, path: str) -> list[Resource]:
    if path.count("/") >= 3:
        return [payload.raw(data, path)]
    return [Resource(path, type="opaque", value=data.hex())]


def _cbor(data: bytes, path: str) -> list[Resource]:
    """A single value is shown as what it is, anything larger as JSON."""
    value = cbor.decode(data)
    typed = senml.value_of(value, describe(path).type)
    if typed is not None:
        return [Resource(path, describe(path).name, typed[0], typed[1], describe(path).unit)]
    return [Resource(path, type="string", value=_shown(value))]


def _shown(value: cbor.Cbor) -> str:
    try:
        return msgspec.json.encode(value, enc_hook=str).decode()
    except (TypeError, OverflowError, ValueError):
        return str(value)


DECODERS: dict[str, Decoder] = {
    "tlv": tlv.decode,
    "senml-json": lambda data, _: senml.decode_json(data),
    "senml-cbor": lambda data, _: senml.decode_cbor(data),
    "lwm2m-json": senml.decode_lwm2m_json,
    "lwm2m-cbor": lambda data, _: lwm2mcbor.decode(data),
    "link": lambda data, _: payload.links(data),
    "cbor": _cbor,
    "text": _text,
    "opaque": _opaque,
}
FORMATS = {
    "tlv": formats.TLV,
    "senml-json": formats.SENML_JSON,
    "senml-cbor": formats.SENML_CBOR,
    "lwm2m-json": formats.LWM2M_JSON,
    "lwm2m-cbor": formats.LWM2M_CBOR,
    "link": formats.LINK,
    "cbor": formats.CBOR,
    "text": formats.TEXT,
    "opaque": formats.OPAQUE,
}
KINDS = ("coap", "coap-tcp", *DECODERS)
_COMPOSITE = frozenset({coap.FETCH, coap.IPATCH})
_SELF_NAMING = frozenset({formats.SENML_JSON, formats.SENML_CBOR, formats.ETCH_JSON, formats.ETCH_CBOR})


def decode(data: bytes, kind: str | None, path: str | None) -> Message:
    """The record of one pasted payload; what is wrong with it is in ``error``."""
    if kind is not None and kind not in KINDS:
        raise AtshellError(f"{kind!r} is no kind of payload", f"name one of {', '.join(KINDS)}")
    guessed = kind is None
    kind = kind or guess(data, path or "")
    if kind in ("coap", "coap-tcp"):
        return _coap(data, kind)
    message = Message(kind=kind, payload=data.hex() or None, target=path)
    if guessed and kind in ("opaque", "text"):
        message.expert = _nearly(data, path or "", kind)
    named = foreign.of_data(data) or foreign.of_datagram(data) if kind == "opaque" and not path else None
    try:
        message.resources = DECODERS[kind](data, path or "")
        named = named or foreign.of_resources(message.resources)
        message.expert = [named] if named is not None else message.expert
        message.expert += explain.of_values(message.resources, data, FORMATS[kind], path or "")
    except Malformed as error:
        message.error = str(error)
        why = explain.of_payload(data, FORMATS[kind], path or "")
        message.expert += [why] if why else []
    return message


def _nearly(data: bytes, path: str, kind: str) -> list[Expert]:
    """What it would be but for a mistake; or why bytes that begin as a record of TLV does are none: most often one of
    them is missing."""
    why = explain.of_unread(data, path)
    if why is not None:
        return [why]
    if kind == "text" or len(data) < 3 or data[0] >> 6 == 1:  # resource instances never come first
        return []
    try:
        tlv.decode(data, path)
    except Malformed as error:
        return [Expert("note", "not-tlv", f"no TLV: {error}")]
    return []


def decode_hex(text: str, kind: str | None, path: str | None) -> Message:
    """The same as people paste it, most often in hexadecimal."""
    try:
        data = bytes_of(text)
    except Malformed as error:
        return Message(kind=kind, target=path, error=str(error))
    return decode(data, kind, path)


def _coap(data: bytes, kind: str) -> Message:
    if kind == "coap":
        message = from_datagram(data, coap.read(data))
    else:
        message = unnumbered(from_datagram(data, coaptcp.read(data)))
    message.kind = kind
    if kind == "coap" and (message.code or "").startswith(f"{coap.SIGNALING_CLASS}."):
        message.expert = [SIGNALING]
    named = foreign.of_path(message.path)
    if named is not None:
        message.expert = [named]
    elif message.code is not None and message.code.startswith("0.") and message.error is None:
        code = int(message.code[2:])
        # Only a server asks like this; what else has no path may be anything.
        side = Side.SERVER if code in _COMPOSITE and message.path is None else Side.UNKNOWN
        message.operation, message.target = classify(
            side,
            "",
            code,
            message.path,
            tuple(message.query),
            message.observe,
            message.content_format,
            message.accept,
            message.payload is not None,
        )
    if message.payload is not None and message.error is None:
        decoded = payload.decode(bytes.fromhex(message.payload), message.content_format, message.target or "")
        if message.target or message.content_format in _SELF_NAMING:
            message.resources, message.error = decoded.resources, decoded.error
            message.expert = [*message.expert, *decoded.expert]
    return message


def guess(data: bytes, path: str) -> str:
    """The kind of payload that these bytes most probably are."""
    if looks_like_coap(data) or _is_response(data):
        return "coap"
    return next((kind for kind, fits in _SIGNS if fits(data, path)), "opaque")


def _is_response(data: bytes) -> bool:
    """A message with a fault shows itself by its first bytes; an answer has a known code and decodes."""
    if len(data) < 4 or data[0] >> 6 != 1 or data[1] not in coap.CODE_NAMES:
        return False
    return coap.read(data)[-1] is None and not _is_text(data, "")


def _is_json(name: str) -> Callable[[bytes, str], bool]:
    def fits(data: bytes, path: str) -> bool:
        return data.lstrip()[:1] in (b"[", b"{") and _decodes(name)(data, path)

    return fits


def _decodes(name: str) -> Callable[[bytes, str], bool]:
    def fits(data: bytes, path: str) -> bool:
        try:
            return bool(DECODERS[name](data, path))
        except Malformed:
            return False

    return fits


def _is_lwm2m_cbor(data: bytes, _path: str) -> bool:
    """Any map of numbers reads as LwM2M CBOR; one that goes down to resources is it."""
    try:
        found = lwm2mcbor.decode(data)
    except Malformed:
        return False
    return bool(found) and all(resource.path.count("/") >= 3 for resource in found)


def _is_link(data: bytes, path: str) -> bool:
    if not data.lstrip().startswith((b"<", b"lwm2m=")):
        return False
    try:
        return bool(linkformat.parse(payload.text(data)))
    except Malformed:
        return False


def _is_text(data: bytes, _path: str) -> bool:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\r\n\t" for char in text)


_SIGNS: tuple[tuple[str, Callable[[bytes, str], bool]], ...] = (
    ("senml-json", _is_json("senml-json")),
    ("lwm2m-json", _is_json("lwm2m-json")),
    ("link", _is_link),
    ("text", _is_text),
    ("senml-cbor", _decodes("senml-cbor")),
    ("lwm2m-cbor", _is_lwm2m_cbor),
    ("tlv", _decodes("tlv")),
    ("cbor", _decodes("cbor")),
)
