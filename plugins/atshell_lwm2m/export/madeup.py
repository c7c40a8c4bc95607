"""Messages and payloads as packets that are made up around them, so that any analyzer opens what never was captured.

A CoAP message is encoded again and put into UDP and IP; one that was decrypted is in the clear here. A payload of its
own becomes that of a CoAP request to the path that it is about, with the Content-Format of its kind. What is not known
is made up: addresses from the blocks for documentation (RFC 5737, RFC 3849), and where there is no time, one packet a
second. The file's comment says so, and each packet's comment what its message means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from atshell_lwm2m.capture.writer import LINKTYPE_RAW, udp_packet
from atshell_lwm2m.codec.options import CONTENT_FORMAT, URI_PATH
from atshell_lwm2m.export.pcapng import block, comment, interface, section
from atshell_lwm2m.message import NO_TIME, Message, Seconds
from atshell_lwm2m.pasted import FORMATS
from atshell_lwm2m.report.raw import encoded, rebuilt

REMARK = (
    "Made by atshell from payloads and decoded messages, not captured: addresses and ports that nobody knew, "
    "IP and UDP headers, and the CoAP header around a payload that stood alone are made up; what was decrypted is "
    "shown on port 5683 instead of 5684"
)
Address = tuple[str, int]
_MODULE, _SERVER = ("192.0.2.1", 49152), ("192.0.2.2", 5683)
_MODULE6 = "2001:db8::1"
_SECURE_PORT = 5684
_NON, _PUT, _POST = 1, 3, 2
_MOST = 65_000
"""Bytes in a UDP datagram, with room for headers."""
_SECOND = 1_000_000_000


def pcapng(messages: Iterable[Message], warnings: list[str]) -> Iterator[bytes]:
    """The file's blocks. What has no packet is counted in ``warnings``."""
    yield section(REMARK)
    yield interface(LINKTYPE_RAW)
    left_out = 0
    for number, message in enumerate(messages, 1):
        packet = _packet(message, number)
        if packet is None:
            left_out += 1
            continue
        time = _nanoseconds(message, number)
        yield block((time, LINKTYPE_RAW, packet, len(packet)), 0, [_comment(message)])
    if left_out:
        count = "1 record has" if left_out == 1 else f"{left_out} records have"
        warnings.append(f"{count} no packet: encrypted, not over datagrams, or without a payload")


def _comment(message: Message) -> str:
    said = comment(message)
    if message.type is None and message.kind is not None:
        said = f"{message.kind} payload {said}"
    return f"{said} ({message.at}, line {message.frame})" if message.at else said


def _nanoseconds(message: Message, number: int) -> int:
    if message.time is NO_TIME:
        return number * _SECOND
    if isinstance(message.time, Seconds):
        whole, _, fraction = message.time.digits.partition(".")
        return int(whole) * _SECOND + int(fraction)
    return round(message.time * 1_000_000) * 1000


def _packet(message: Message, number: int) -> bytes | None:
    data = _datagram(message, number)
    if data is None or len(data) > _MOST:
        return None
    source, destination = _addresses(message)
    return udp_packet(_in_clear(source), _in_clear(destination), data, number & 0xFFFF)


def _in_clear(address: Address) -> Address:
    """On the port of CoAP without DTLS, else other programs look for DTLS in it."""
    return (address[0], _SERVER[1]) if address[1] == _SECURE_PORT else address


def _datagram(message: Message, number: int) -> bytes | None:
    if message.type is not None:
        return rebuilt(message)
    if message.payload is None or message.transport not in ("", "udp"):
        return None
    data = bytes.fromhex(message.payload)
    if message.kind not in FORMATS:
        return data  # CoAP that is malformed
    target = message.target or ""
    parts = [(URI_PATH, part.encode()) for part in target.split("/") if part]
    number &= 0xFFFF
    options = [*parts, (CONTENT_FORMAT, _unsigned(FORMATS[message.kind]))]
    return encoded(_NON, _PUT if target else _POST, number, b"", options, data)


def _unsigned(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _addresses(message: Message) -> tuple[Address, Address]:
    """Of sender and receiver; of a session's payload the module's own is not known."""
    source, destination = _address(message.src), _address(message.dst)
    if source is None and destination is None:
        return (_SERVER, _MODULE) if _from_server(message) else (_MODULE, _SERVER)
    if source is None and destination is not None:
        return _module(destination), destination
    if destination is None and source is not None:
        return source, _module(source)
    return source or _MODULE, destination or _SERVER


def _from_server(message: Message) -> bool:
    """What the module tells; of CoAP, answers."""
    if message.at is not None:
        return not message.at.startswith("AT")
    return message.type is not None and message.code is not None and not message.code.startswith("0.")


def _module(peer: Address) -> Address:
    """Of the peer's family."""
    return (_MODULE6, _MODULE[1]) if ":" in peer[0] else _MODULE


def _address(text: str) -> Address | None:
    """None where it is not known, or a name."""
    host, _, port = text.rpartition(":")
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        return None
