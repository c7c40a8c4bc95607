"""The payloads that the lines of a session carry (``atshell.session.carried``), decoded.

What goes through a socket and is CoAP, or is for a port of CoAP, is dissected like a capture, so that responses and
notifications know what they are about; the module's own address is not known, and one is made up for the time being.
Any other payload is decoded alone, as what the line says that it is. Of a line that nobody knows only that is taken
which can hardly be anything but a payload.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import NamedTuple

from atshell.session.carried import Carried, CarriedLine
from atshell_lwm2m import pasted, payload
from atshell_lwm2m.capture.frames import UNKNOWN, CapturedDatagram
from atshell_lwm2m.capture.traffic import KNOWN_PORTS, looks_like_coap
from atshell_lwm2m.codec import contentformat as formats
from atshell_lwm2m.codec import foreign, tlv
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import entry_of
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.message import seconds
from atshell_lwm2m.dtls.front import Dtls
from atshell_lwm2m.explain import lines as mistakes
from atshell_lwm2m.message import Message

MAX_CHANNELS = 256
_MODULE, _SOMEWHERE = ip_address("192.0.2.1").packed, ip_address("192.0.2.2").packed
"""Of the block for documentation (RFC 5737)."""
_FIRST_PORT = 49152
_COAP_PORT = 5683
_TELLING = frozenset({"coap", "senml-json", "senml-cbor", "lwm2m-json", "lwm2m-cbor", "link", "text"})
_MIN_LETTERS = 4


class _Channel(NamedTuple):
    number: int
    peer: str
    coap: bool


def messages(
    lines: Iterable[CarriedLine], ports: Iterable[int] = (), dtls: Dtls | None = None, file: str | None = None
) -> list[Message]:
    """In the order of the lines."""
    reader = _Reader(frozenset(ports), dtls)
    found = [message for line in lines if (message := reader.take(line)) is not None]
    found = sorted([*found, *reader.dissected()], key=lambda one: one.frame)
    for message in found:
        message.file = file
    return found


def one(carried: Carried, number: int = 0) -> Message | None:
    """A payload alone; None when it is hardly one."""
    kind = _kind(carried)
    if kind is None:
        return None
    message = _decoded(carried, kind)
    message.frame = number
    message.expert = [*mistakes.of_line(carried), *message.expert]
    return message


class _Reader:
    """Lines to messages, with the sockets that they spoke of."""

    def __init__(self, ports: frozenset[int], dtls: Dtls | None) -> None:
        self._ports = ports | KNOWN_PORTS
        self._dtls = dtls
        self._channels: dict[str, _Channel] = {}
        self._datagrams: list[CapturedDatagram] = []
        self._said: dict[int, tuple[str, Carried, str]] = {}
        """By the number of the line: its name, what it carries, and who is at the other end."""

    def take(self, line: CarriedLine) -> Message | None:
        """None for what is dissected later, and for what is no payload."""
        carried = line.carried
        channel = self._channel(carried) if carried.channel else None
        if not carried.data:
            return None
        if channel is not None and channel.coap:
            self._datagrams.append((line.number, line.time or UNKNOWN, _key(channel, carried), carried.data, 0))
            self._said[line.number] = line.name, carried, channel.peer
            return None
        message = one(carried, line.number)
        if message is not None:
            message.time, message.at = seconds(line.time or UNKNOWN), line.name or None
            _address(message, carried, channel.peer if channel is not None else "")
        return message

    def dissected(self) -> Iterator[Message]:
        ports = {port for channel in self._channels.values() if (port := _port(channel.peer))}
        for message in Dissector(ports, dtls=self._dtls).messages(self._datagrams):
            name, carried, peer = self._said[message.frame]
            message.at = name or None
            if message.transport == "udp":
                message.kind, message.transport = "coap", ""
            _address(message, carried, peer)
            message.expert = [*mistakes.of_line(carried), *message.expert]
            yield message

    def _channel(self, carried: Carried) -> _Channel:
        known = self._channels.get(carried.channel)
        if known is None:
            if len(self._channels) >= MAX_CHANNELS:
                self._channels.clear()
            known = _Channel(len(self._channels), "", False)
        peer = carried.peer or known.peer
        opened_anew = not carried.data or (carried.peer and carried.peer != known.peer)
        coap = (known.coap and not opened_anew) or _port(peer) in self._ports or looks_like_coap(carried.data)
        self._channels[carried.channel] = found = _Channel(known.number, peer, coap)
        return found


def _address(message: Message, carried: Carried, peer: str) -> None:
    """The module's own address is not known."""
    if carried.sender == "client":
        message.src, message.dst = "", carried.peer or peer or _unless_made_up(message.dst)
    else:
        message.src, message.dst = carried.peer or peer or _unless_made_up(message.src), ""


def _unless_made_up(address: str) -> str:
    return "" if address.startswith("192.0.2.2:") else address


def _key(channel: _Channel, carried: Carried) -> bytes:
    """As datagrams of a capture have it: addresses and ports."""
    host, port = _host(channel.peer), _port(channel.peer) or _COAP_PORT
    module = _MODULE if len(host) == len(_MODULE) else bytes(12) + _MODULE
    near, far = (_FIRST_PORT + channel.number).to_bytes(2, "big"), port.to_bytes(2, "big")
    return module + host + near + far if carried.sender == "client" else host + module + far + near


def _host(peer: str) -> bytes:
    try:
        return ip_address(peer.rpartition(":")[0].strip("[]")).packed
    except ValueError:
        return _SOMEWHERE  # a name


def _port(peer: str) -> int | None:
    port = peer.rpartition(":")[2]
    return int(port) if port.isdecimal() and len(port) <= 5 else None


def _kind(carried: Carried) -> str | None:
    """None for what can hardly be a payload."""
    if carried.kind:
        return carried.kind
    if carried.path.count("/") == 3:
        return "opaque"
    guessed = pasted.guess(carried.data, carried.path)
    return guessed if carried.certain or _is_telling(carried.data, guessed) else None


def _is_telling(data: bytes, kind: str) -> bool:
    if kind == "text":
        return sum(map(str.isalpha, data.decode("utf-8", "replace"))) >= _MIN_LETTERS
    if kind == "tlv":
        try:
            several = len(tlv.parse_records(data)) > 1
        except Malformed:
            return False
        return several or (data[0] >> 6 == tlv.Kind.OBJECT_INSTANCE and len(data) > _LEAST)
    return kind in _TELLING


_LEAST = 5
"""Bytes of an object instance with something in it."""


def _decoded(carried: Carried, kind: str) -> Message:
    data, path = carried.data, carried.path
    if carried.operation == "Execute":
        message = Message(kind=kind, payload=data.hex() or None)
    elif carried.declared and path.count("/") == 3:
        message = _typed(carried, kind)
    else:
        message = pasted.decode(data, kind, path or None)
    if carried.operation:
        message.operation, message.target = carried.operation, path or None
    return message


def _typed(carried: Carried, kind: str) -> Message:
    """A value whose type the line has told: text of any type, or the bytes of a string or an opaque value."""
    message = Message(kind=kind, payload=carried.data.hex() or None)
    entry = entry_of(carried.path)
    bare = kind == "opaque" or (entry is not None and entry.type == "opaque")
    if bare:
        message.resources = [payload.raw(carried.data, carried.path)]
        named = foreign.of_resources(message.resources)
        message.expert = [named] if named is not None else []
    else:
        message.resources = [payload.single(carried.data, formats.TEXT, carried.path)]
    return message
