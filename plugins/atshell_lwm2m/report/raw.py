"""The bytes that a decoded message came in.

A decoded message does not carry them. The capture is read a second time beside the messages, which come in its order,
so that none of it has to be kept. What was encrypted, and a pipe, which can be read but once, give none: then
``rebuilt`` encodes the message again, as short as it can be (RFC 7252 section 3.1), which is how stacks send it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.reader import datagrams
from atshell_lwm2m.codec.coap import TYPES
from atshell_lwm2m.codec.options import OPTIONS, STRING
from atshell_lwm2m.message import Message, OptionValue


def paired(path: Path, messages: Iterable[Message]) -> Iterator[tuple[Message, bytes | None]]:
    """Each message of the capture with its datagram."""
    captured: Iterator[CapturedDatagram] = datagrams(path, _ignore) if path.is_file() else iter(())
    frame, data = 0, b""
    for message in messages:
        while frame < message.frame:
            found = next(captured, None)
            if found is None:
                captured, frame = iter(()), _NEVER
                break
            frame, data = found[0], found[3]
        yield message, data if frame == message.frame else None


_NEVER = 1 << 62


def _ignore(_warning: str) -> None:
    """The first reading has said it."""


def rebuilt(message: Message) -> bytes | None:
    """The message encoded again; None where it is none of CoAP over datagrams."""
    if message.type is None or message.code is None or message.mid is None:
        return None
    major, _, minor = message.code.partition(".")
    token = bytes.fromhex(message.token or "")
    head = bytes((0x40 | TYPES.index(message.type) << 4 | len(token), int(major) << 5 | int(minor)))
    parts = [head, message.mid.to_bytes(2, "big"), token]
    before = 0
    for number, _, value in message.options:
        data = _option_value(number, value)
        delta, delta_more = _nibble(number - before)
        size, size_more = _nibble(len(data))
        parts.append(bytes((delta << 4 | size,)) + delta_more + size_more + data)
        before = number
    if message.payload is not None:
        parts.append(b"\xff" + bytes.fromhex(message.payload))
    return b"".join(parts)


def _option_value(number: int, value: OptionValue) -> bytes:
    if isinstance(value, int):
        return value.to_bytes((value.bit_length() + 7) // 8, "big")
    if number in OPTIONS and OPTIONS[number][1] is STRING:
        return value.encode("utf-8", "replace")
    return bytes.fromhex(value)


def _nibble(value: int) -> tuple[int, bytes]:
    """Option delta and length: in four bits, or in one or two bytes behind them."""
    if value < 13:
        return value, b""
    return (13, bytes((value - 13,))) if value < 269 else (14, (value - 269).to_bytes(2, "big"))
