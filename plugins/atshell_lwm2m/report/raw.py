"""The bytes that a decoded message came in.

A decoded message does not carry them. The capture is read a second time beside the messages, which come in its order,
so that none of it has to be kept. What was encrypted, and a pipe, which can be read but once, give none: then
``rebuilt`` encodes the message again, as short as it can be (RFC 7252 section 3.1), which is how stacks send it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.reader import datagrams
from atshell_lwm2m.codec.coap import TYPES
from atshell_lwm2m.codec.options import OPTIONS, SIGNALING, STRING
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
    """The message encoded again; None where it is none."""
    if message.code is None:
        return None
    major, _, minor = message.code.partition(".")
    code, token = int(major) << 5 | int(minor), bytes.fromhex(message.token or "")
    names = SIGNALING.get(code, OPTIONS)
    options = [(number, _option_value(names, number, value)) for number, _, value in message.options]
    payload = bytes.fromhex(message.payload) if message.payload is not None else None
    if message.type is None or message.mid is None:
        return streamed(code, token, options, payload, framed=message.transport != "ws")
    return encoded(TYPES.index(message.type), code, message.mid, token, options, payload)


def encoded(
    kind: int, code: int, mid: int, token: bytes, options: Iterable[tuple[int, bytes]], payload: bytes | None
) -> bytes:
    """A message; the options stand in the order of their numbers."""
    size, more = _nibble(len(token))
    head = bytes((0x40 | kind << 4 | size, code)) + mid.to_bytes(2, "big")
    return head + more + token + _rest(options, payload)


def streamed(
    code: int, token: bytes, options: Iterable[tuple[int, bytes]], payload: bytes | None, *, framed: bool
) -> bytes:
    """The same over TCP, or in a WebSocket frame, which has the length already (RFC 8323 sections 3.2 and 4.2)."""
    rest = _rest(options, payload)
    size, more = _nibble(len(token))
    length, longer = _nibble(len(rest)) if framed else (0, b"")
    if framed and len(rest) >= 65_805:
        length, longer = 15, (len(rest) - 65_805).to_bytes(4, "big")
    return bytes((length << 4 | size,)) + longer + bytes((code,)) + more + token + rest


def _rest(options: Iterable[tuple[int, bytes]], payload: bytes | None) -> bytes:
    """Behind the token."""
    parts: list[bytes] = []
    before = 0
    for number, data in options:
        delta, delta_more = _nibble(number - before)
        size, size_more = _nibble(len(data))
        parts.append(bytes((delta << 4 | size,)) + delta_more + size_more + data)
        before = number
    if payload is not None:
        parts.append(b"\xff" + payload)
    return b"".join(parts)


def _option_value(names: Mapping[int, tuple[str, str]], number: int, value: OptionValue) -> bytes:
    if isinstance(value, int):
        return value.to_bytes((value.bit_length() + 7) // 8, "big")
    if number in names and names[number][1] is STRING:
        return value.encode("utf-8", "replace")
    return bytes.fromhex(value)


def _nibble(value: int) -> tuple[int, bytes]:
    """Option delta, and lengths: in four bits, or in one or two bytes behind them."""
    if value < 13:
        return value, b""
    return (13, bytes((value - 13,))) if value < 269 else (14, (value - 269).to_bytes(2, "big"))
