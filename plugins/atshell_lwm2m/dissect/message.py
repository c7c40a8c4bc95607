"""A CoAP message as it was read, before anything is known about it but itself."""

from __future__ import annotations

from atshell_lwm2m.capture.frames import UNKNOWN
from atshell_lwm2m.codec.coap import CODES, TYPES, Read
from atshell_lwm2m.message import NO_TIME, Expert, Message, Seconds

SIGNALING = Expert(
    "warning", "signaling", "signaling codes (7.xx) are for TCP, TLS and WebSockets only (RFC 8323, section 5)"
)
"""Of datagrams."""


def seconds(nanoseconds: int) -> float:
    """Microseconds fit into a float; what is finer keeps its digits beside it. ``UNKNOWN`` is no
    time."""
    if nanoseconds == UNKNOWN:
        return NO_TIME
    return Seconds.of(nanoseconds) if nanoseconds % 1000 else nanoseconds // 1000 / 1_000_000


def from_datagram(
    data: bytes,
    decoded: Read,
    frame: int = 0,
    time: float = NO_TIME,
    src: str = "",
    dst: str = "",
    transport: str = "",
    file: str | None = None,
) -> Message:
    """``decoded`` is what ``coap.read`` says of ``data``."""
    kind, code, mid, token, options, payload, error = decoded
    if kind is None:
        message = Message(frame, time, src, dst, transport, file)
        message.payload, message.error = data.hex() or None, error
        return message
    return Message(
        frame,
        time,
        src,
        dst,
        transport,
        file,
        None,
        TYPES[kind],
        CODES[code],
        mid,
        token.hex() if token else None,
        options.options,
        options.path,
        options.query,
        options.observe,
        options.content_format,
        options.accept,
        options.block1,
        options.block2,
        payload.hex() if payload else None,
        None,
        error,
    )


def unnumbered(message: Message) -> Message:
    """The same from a stream, where there is neither type nor message ID (RFC 8323 section 3.2)."""
    message.type = message.mid = None
    return message
