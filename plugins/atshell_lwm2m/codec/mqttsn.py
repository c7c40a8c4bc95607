"""MQTT-SN 1.2, as far as it takes to name its messages.

A message says its own length and its type (section 5.2), and most of what follows can have few values (section 5.4).
All of that has to be so: of two random bytes one pair in 9,000 is taken for a message, of five and more one in 30,000.
"""

from __future__ import annotations

import re

PORTS = frozenset({1883, 1884, 10_000})
"""1883 is MQTT's at IANA, for UDP too; the others are those of Eclipse's brokers and gateways (RSMB, Paho)."""


def _flags(mask: int, value: int = 0, unused: int = 0) -> bytes:
    """A byte of flags: DUP, two bits of QoS, retain, will, clean session, two bits that say what a topic is, of which
    3 is reserved (section 5.3.4). Its bits under ``mask`` are ``value``, and those under ``unused`` are 0."""
    fitting = (n for n in range(256) if n & mask == value and not n & unused and n & 3 != 3)
    return b"[" + b"".join(b"\\x%02x" % n for n in fitting) + b"]"


_TEXT = rb"(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
_ID = rb"(?!\0\0).."
_RETURN = rb"[\0-\x03]"
_QOS_0, _QOS_1, _QOS_2, _QOS_MINUS_1, _QOS = 0, 0x20, 0x40, 0x60, 0x60
_DUP, _RETAIN, _WILL, _CLEAN, _TOPIC = 0x80, 0x10, 0x08, 0x04, 0x03
# Nobody answers what is sent with QoS 0 or -1: it has no message ID, and never comes twice (section 5.4.12).
_UNANSWERED = _flags(_QOS, _QOS_0, _WILL | _CLEAN | _DUP), _flags(_QOS, _QOS_MINUS_1, _WILL | _CLEAN | _DUP)
_ANSWERED = _flags(_QOS, _QOS_1, _WILL | _CLEAN), _flags(_QOS, _QOS_2, _WILL | _CLEAN)
_PUBLISH = b"(?:(?:%b|%b)..\\0\\0|(?:%b|%b)..%b).*" % (*_UNANSWERED, *_ANSWERED, _ID)
_BY_NAME, _BY_ID = _flags(_TOPIC, 0, _RETAIN | _WILL | _CLEAN), _flags(0, 0, _RETAIN | _WILL | _CLEAN)
_TOPICS = b"(?:%b%b%b+|%b%b..)" % (_BY_NAME, _ID, _TEXT, _BY_ID, _ID)
_WILL_TOPIC = b"(?:%b%b+)?" % (_flags(0, 0, _DUP | _WILL | _CLEAN | _TOPIC), _TEXT)
# Type -> name, and what follows it.
_MESSAGES: dict[int, tuple[str, re.Pattern[bytes]]] = {
    kind: (name, re.compile(rest, re.DOTALL))
    for kind, name, rest in (
        (0x00, "ADVERTISE", rb"..."),
        (0x01, "SEARCHGW", rb"."),
        (0x02, "GWINFO", rb".(?:.{1,2}|.{4}|.{6}|.{16}|.{18})?"),
        (0x04, "CONNECT", _flags(0, 0, 0xF3) + rb"\x01.." + _TEXT + b"*"),
        (0x05, "CONNACK", _RETURN),
        (0x06, "WILLTOPICREQ", rb""),
        (0x07, "WILLTOPIC", _WILL_TOPIC),
        (0x08, "WILLMSGREQ", rb""),
        (0x09, "WILLMSG", _TEXT + rb"+"),
        (0x0A, "REGISTER", rb".." + _ID + _TEXT + rb"+"),
        (0x0B, "REGACK", rb".." + _ID + _RETURN),
        (0x0C, "PUBLISH", _PUBLISH),
        (0x0D, "PUBACK", rb"...." + _RETURN),
        (0x0E, "PUBCOMP", _ID),
        (0x0F, "PUBREC", _ID),
        (0x10, "PUBREL", _ID),
        (0x12, "SUBSCRIBE", _TOPICS),
        (0x13, "SUBACK", _flags(0, 0, 0x9F) + rb".." + _ID + _RETURN),
        (0x14, "UNSUBSCRIBE", _TOPICS),
        (0x15, "UNSUBACK", _ID),
        (0x16, "PINGREQ", _TEXT + rb"*"),
        (0x17, "PINGRESP", rb""),
        (0x18, "DISCONNECT", rb"(?:..)?"),
        (0x1A, "WILLTOPICUPD", _WILL_TOPIC),
        (0x1B, "WILLTOPICRESP", _RETURN),
        (0x1C, "WILLMSGUPD", _TEXT + rb"+"),
        (0x1D, "WILLMSGRESP", _RETURN),
    )
}
_UNKNOWN = "", re.compile(rb"(?!)")


def message_name(data: bytes) -> str | None:
    """``PUBLISH``; None of what is no MQTT-SN."""
    # A length of up to 255 stands in one byte, any other in the two behind a 1.
    head = 3 if data[:1] == b"\x01" else 1
    if len(data) <= head or len(data) != (int.from_bytes(data[1:3], "big") if head == 3 else data[0]):
        return None
    name, rest = _MESSAGES.get(data[head], _UNKNOWN)
    return name if rest.fullmatch(data, head + 1) else None
