"""CoAP and LwM2M TLV as scapy layers, for those who build and take apart packets with scapy.

    from scapy.layers.inet import IP, UDP
    from atshell_lwm2m.scapy import CoAP, LwM2MTLV

    request = CoAP(type="CON", code="0.02", mid=1, token=b"\\x01", options=[("Uri-Path", "rd"), ("Uri-Query", "ep=x")])
    report = CoAP(code="2.05", options=[("Content-Format", 11542)]) / LwM2MTLV(id=5700, value=23.5) / LwM2MTLV(id=5701)
    IP(dst="192.0.2.2") / UDP(dport=5683) / request

``options`` are pairs of a name (or number) and a value: text, a number or bytes, as the option's format is. They are
sorted when they are built; the payload marker, lengths and widths come by themselves unless they are set. What is
malformed stays a layer's payload. Importing this module binds CoAP to UDP port 5683.

scapy is GPL-2.0: this module is the only one that a program imports to have the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from scapy.fields import (
    BitEnumField,
    BitField,
    ByteField,
    ConditionalField,
    Field,
    PacketListField,
    ShortField,
    StrField,
    StrLenField,
)
from scapy.layers.inet import UDP
from scapy.packet import Packet, Raw, bind_layers

from atshell_lwm2m.codec import contentformat
from atshell_lwm2m.codec.coap import CODE_NAMES, CODES
from atshell_lwm2m.codec.options import CONTENT_FORMAT, OPTIONS, STRING, UINT, URI_PATH
from atshell_lwm2m.codec.tlv import encode_value

PORT = 5683
MARKER = b"\xff"

OptionKey = str | int
OptionIn = str | int | bytes
_NUMBERS = {name: number for number, (name, _) in OPTIONS.items()}
_BY_CODE = {name.lower(): number for number, name in CODE_NAMES.items()} | {code: n for n, code in enumerate(CODES)}
_EXTENDED = ((13, 1, 13), (269, 2, 14))
"""From which value on, in how many bytes, by which nibble (RFC 7252 section 3.1, RFC 8974 section 2.1)."""


def _nibble(value: int) -> tuple[int, bytes]:
    """A value in four bits, and what of it follows in bytes of its own."""
    for least, width, mark in reversed(_EXTENDED):
        if value >= least:
            return mark, (value - least).to_bytes(width, "big")
    return value, b""


def _whole(nibble: int, data: bytes) -> tuple[int, int] | None:
    """The value that a nibble and the bytes behind it are, and how many bytes; None for what is no such value."""
    for least, width, mark in _EXTENDED:
        if nibble == mark:
            return (least + int.from_bytes(data[:width], "big"), width) if len(data) >= width else None
    return (nibble, 0) if nibble < 13 else None


# Fields of a message


class _Code(ByteField):  # type: ignore[misc]
    """``"0.02"`` or ``"POST"`` as well as 2."""

    def any2i(self, pkt: Packet | None, x: object) -> object:
        if isinstance(x, str):
            if x.lower() not in _BY_CODE:
                raise ValueError(f"{x!r} is no CoAP code: say 0.02 or POST")
            return _BY_CODE[x.lower()]
        return x

    def i2repr(self, pkt: Packet | None, x: int) -> str:
        return f"{CODES[x]} {CODE_NAMES.get(x, '')}".strip()


class _TokenLength(BitField):  # type: ignore[misc]
    def i2m(self, pkt: Packet | None, x: int | None) -> int:
        if x is None:
            return _nibble(len(pkt.token))[0] if pkt is not None else 0
        return x


class _Token(StrField):  # type: ignore[misc]
    def addfield(self, pkt: Packet, s: bytes, val: bytes) -> bytes:
        """A token length that was set by hand says nothing of the bytes."""
        return s + (_nibble(len(val))[1] if pkt.tkl is None or pkt.tkl > 12 else b"") + val

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, bytes]:
        found = _whole(pkt.tkl, s)
        if found is None or found[0] + found[1] > len(s):
            return s, b""
        length, width = found
        return s[width + length :], s[width : width + length]


class _Options(Field[Any, Any]):  # type: ignore[misc]
    """A list; what can't be read as options is left to the payload."""

    islist = 1

    def any2i(self, pkt: Packet | None, x: object) -> object:
        """A pair of names that nobody knows is an error now, not when the packet is sent."""
        if isinstance(x, list):
            for key, value in x:
                _encoded(key, value)
        return x

    def i2len(self, pkt: Packet, x: Sequence[object]) -> int:
        return len(self.addfield(pkt, b"", x))

    def addfield(self, pkt: Packet, s: bytes, val: Iterable[Any]) -> bytes:
        last = 0
        for number, value in sorted((_encoded(key, value) for key, value in val), key=lambda one: one[0]):
            (delta, delta_more), (length, length_more) = _nibble(number - last), _nibble(len(value))
            s += bytes((delta << 4 | length,)) + delta_more + length_more + value
            last = number
        return s

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, list[tuple[OptionKey, OptionIn]]]:
        options: list[tuple[OptionKey, OptionIn]] = []
        number = at = 0
        while at < len(s) and s[at] != MARKER[0]:
            delta = _whole(s[at] >> 4, s[at + 1 : at + 3])
            if delta is None:
                break
            begin = at + 1 + delta[1]
            length = _whole(s[at] & 15, s[begin : begin + 2])
            if length is None or number + delta[0] > 0xFFFF:
                break
            begin += length[1]
            if begin + length[0] > len(s):
                break
            number, at = number + delta[0], begin + length[0]
            options.append(_decoded(number, s[begin:at]))
        return s[at:], options


def _encoded(key: OptionKey, value: OptionIn) -> tuple[int, bytes]:
    number = key if isinstance(key, int) else _NUMBERS.get(key)
    if number is None or not 0 <= number <= 0xFFFF:
        raise ValueError(f"{key!r} is no CoAP option: say a name of RFC 7252 such as Uri-Path, or a number")
    if isinstance(value, int):
        if value < 0:
            raise ValueError(f"{value} for {key!r}: the numbers of options have no sign")
        return number, value.to_bytes((value.bit_length() + 7) // 8, "big")
    return number, value.encode() if isinstance(value, str) else bytes(value)


def _decoded(number: int, value: bytes) -> tuple[OptionKey, OptionIn]:
    """As it can be built again: bytes where the format would lose some (zeros in front of a number)."""
    name, form = OPTIONS.get(number, (None, None))
    shown: OptionIn = value
    if form is UINT and value[:1] != b"\0":
        shown = int.from_bytes(value, "big")
    elif form is STRING:
        shown = value.decode("utf-8", "ignore")
    key: OptionKey = number if name is None else name
    return (key, shown) if _encoded(key, shown)[1] == value else (key, value)


class _Marker(StrField):  # type: ignore[misc]
    """There when there is a payload."""

    def i2m(self, pkt: Packet | None, x: bytes | None) -> bytes:
        if x is None:
            return MARKER if pkt is not None and pkt.payload else b""
        return x

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, bytes]:
        return (s[1:], MARKER) if s[:1] == MARKER else (s, b"")


class CoAP(Packet):  # type: ignore[misc]
    """A CoAP message over UDP (RFC 7252 section 3; tokens of more than 12 bytes: RFC 8974)."""

    name = "CoAP"
    fields_desc: ClassVar = [
        BitField("ver", 1, 2),
        BitEnumField("type", 0, 2, {0: "CON", 1: "NON", 2: "ACK", 3: "RST"}),
        _TokenLength("tkl", None, 4),
        _Code("code", 1),
        ShortField("mid", 0),
        _Token("token", b""),
        _Options("options", []),
        _Marker("marker", None),
    ]

    @property
    def content_format(self) -> int | None:
        value = next((value for key, value in self.options if key == OPTIONS[CONTENT_FORMAT][0]), None)
        return value if isinstance(value, int) else None

    def mysummary(self) -> str:
        """``CoAP CON 0.02 POST /rd``, as it stands in a list of packets."""
        path = "".join(f"/{value}" for key, value in self.options if key == OPTIONS[URI_PATH][0])
        return f"CoAP {self.sprintf('%CoAP.type% %CoAP.code%')} {path}".rstrip()

    def guess_payload_class(self, payload: bytes) -> object:
        if self.marker == MARKER and self.content_format in (contentformat.TLV, contentformat.OLD_TLV):
            return LwM2MTLV
        return Raw

    def answers(self, other: Packet) -> bool:
        """A response to a request: by its token, and by its message ID where it is piggybacked (section 5.3.2)."""
        if not isinstance(other, CoAP) or not 0 < other.code < 32 or self.code < 64:
            return False
        return bool(self.token == other.token and (self.type != 2 or self.mid == other.mid))


# Fields of a record

_INSTANCE, _RESOURCE_INSTANCE, _MULTIPLE, _RESOURCE = range(4)
_LENGTHS = (8, 1 << 8, 1 << 16)


class _Bits(BitField):  # type: ignore[misc]
    """None is what the record's identifier and length ask for."""

    def i2m(self, pkt: Packet | None, x: int | None) -> int:
        if x is not None:
            return x
        return pkt.automatic(self.name) if pkt is not None else 0


class _Number(Field[Any, Any]):  # type: ignore[misc]
    """In as many bytes as the record's first byte says."""

    def addfield(self, pkt: Packet, s: bytes, val: int | None) -> bytes:
        width: int = pkt.width(self.name)
        value: int = pkt.size() if val is None else val
        return s + (value & (1 << 8 * width) - 1).to_bytes(width, "big")

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, int | None]:
        width = pkt.width(self.name)
        return s[width:], int.from_bytes(s[:width], "big") if width else None


class _Value(StrLenField):  # type: ignore[misc]
    """Text, numbers and truth become bytes as LwM2M 1.0 appendix C says."""

    def any2i(self, pkt: Packet | None, x: object) -> object:
        return encode_value(x) if isinstance(x, (str, int, float)) else x


class _Record(Packet):  # type: ignore[misc]
    """What records of all levels have."""

    holding: tuple[int, ...] = ()
    """The kinds whose value is records."""

    def automatic(self, name: str) -> int:
        if name == "wide_id":
            return int(self.id > 0xFF)
        size = self.size()
        if name == "length_width":
            return sum(size >= least for least in _LENGTHS)
        return size if size < 8 else 0

    def size(self) -> int:
        """The value's bytes."""
        if self.kind in self.holding:
            return sum(len(bytes(one)) for one in self.records)
        return len(self.value)

    def width(self, name: str) -> int:
        if name == "id":
            return 1 + (self.automatic("wide_id") if self.wide_id is None else int(self.wide_id))
        return self.automatic("length_width") if self.length_width is None else int(self.length_width)

    def said(self) -> int:
        """How long the value is by the header that was read."""
        return int(self.length if self.length is not None else self.short_length or 0)


def _fields(inner: type[_Record] | None) -> list[object]:
    """``inner`` is what records of this level may hold."""
    value = _Value("value", b"", length_from=_Record.said)
    found: list[object] = [
        BitEnumField(
            "kind", 3, 2, {0: "object instance", 1: "resource instance", 2: "multiple resource", 3: "resource"}
        ),
        _Bits("wide_id", None, 1),
        _Bits("length_width", None, 2),
        _Bits("short_length", None, 3),
        _Number("id", 0, "B"),
        _Number("length", None, "B"),
    ]
    if inner is None:
        return [*found, value]
    records = PacketListField("records", [], inner, length_from=_Record.said)
    return [
        *found,
        ConditionalField(records, lambda pkt: pkt.kind in pkt.holding),
        ConditionalField(value, lambda pkt: pkt.kind not in pkt.holding),
    ]


class _ResourceInstance(_Record):
    name = "LwM2M TLV resource instance"
    fields_desc: ClassVar = _fields(None)

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes]:
        return b"", s


class _Resource(_Record):
    name = "LwM2M TLV resource"
    holding = (_MULTIPLE,)
    fields_desc: ClassVar = _fields(_ResourceInstance)

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes]:
        return b"", s


class LwM2MTLV(_Record):
    """One TLV record (LwM2M 1.0 section 6.4.3); further ones follow as its payload. An object instance and a multiple
    resource have ``records``, which are LwM2MTLV too, the others a ``value``."""

    name = "LwM2M TLV"
    holding = (_INSTANCE, _MULTIPLE)
    fields_desc: ClassVar = _fields(_Resource)

    def guess_payload_class(self, payload: bytes) -> object:
        return LwM2MTLV


bind_layers(UDP, CoAP, dport=PORT)
bind_layers(UDP, CoAP, sport=PORT)
