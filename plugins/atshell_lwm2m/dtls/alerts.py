"""Alerts in words (RFC 5246 section 7.2, RFC 4279 section 2, and IANA's registry)."""

from __future__ import annotations

_WORDS = {
    0: "close notify",
    10: "unexpected message",
    20: "bad record MAC",
    21: "decryption failed",
    22: "record overflow",
    40: "handshake failure",
    41: "no certificate",
    42: "bad certificate",
    43: "unsupported certificate",
    44: "certificate revoked",
    45: "certificate expired",
    46: "certificate unknown",
    47: "illegal parameter",
    48: "unknown CA",
    49: "access denied",
    50: "decode error",
    51: "decrypt error",
    60: "export restriction",
    70: "protocol version",
    71: "insufficient security",
    80: "internal error",
    86: "inappropriate fallback",
    90: "user canceled",
    100: "no renegotiation",
    109: "missing extension",
    110: "unsupported extension",
    112: "unrecognized name",
    115: "unknown PSK identity",
    116: "certificate required",
    120: "no application protocol",
}
_FATAL = 2


def alert(body: bytes) -> str:
    if len(body) != 2:
        return "alert"
    level = "fatal alert" if body[0] == _FATAL else "alert"
    return f"{level} ({_WORDS.get(body[1], str(body[1]))})"
