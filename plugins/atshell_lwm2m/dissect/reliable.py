"""CoAP over TCP, TLS and WebSockets (RFC 8323), told as the messages over UDP are.

There is neither type nor message ID, nothing is sent twice, and responses are found by their tokens alone. What the two
sides say about the connection itself (CSM, Ping, Pong, Release, Abort) has no operation; a Pong belongs to its Ping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from atshell_lwm2m.codec import coaptcp
from atshell_lwm2m.codec.coap import Read
from atshell_lwm2m.dissect.meaning import measure
from atshell_lwm2m.dissect.message import from_datagram, seconds, unnumbered
from atshell_lwm2m.dissect.state import Flow, Sent, remember
from atshell_lwm2m.message import Expert, Message

if TYPE_CHECKING:
    from atshell_lwm2m.dissect.dissector import Dissector
    from atshell_lwm2m.dtls.front import Dtls
    from atshell_lwm2m.streams.connection import Connection, Heard
    from atshell_lwm2m.streams.tls import Opened

MAX_CONNECTIONS = 16_384
MAX_PINGS = 64


class Reliable:
    """The TCP connections of one capture."""

    def __init__(self, dissector: Dissector, dtls: Dtls, ports: frozenset[bytes]) -> None:
        self._dissector, self._dtls, self._ports = dissector, dtls, ports
        self._connections: dict[Flow, tuple[Connection, bool]] = {}
        self._pings: dict[tuple[Flow, bytes], Sent] = {}

    def take(self, flow: Flow, frame: int, time: int, data: bytes, missing: int) -> list[Sent]:
        """The messages that a segment completes."""
        connection, side = self._connections.get(flow) or self._begin(flow)
        heard = connection.take(side, data, missing)
        return self._told(heard, flow, frame, time) if heard.found or heard.closed else []

    def _begin(self, flow: Flow) -> tuple[Connection, bool]:
        from atshell_lwm2m.streams.connection import Connection

        known = any(int(end.rpartition(":")[2]).to_bytes(2, "big") in self._ports for end in (flow.src, flow.dst))
        connection = Connection(self._dtls.keys, self._dtls.sessions, known=known)
        remember(self._connections, flow.peer, (connection, False), 2 * MAX_CONNECTIONS)
        remember(self._connections, flow, (connection, True), 2 * MAX_CONNECTIONS)
        return connection, True

    def _told(self, heard: Heard, flow: Flow, frame: int, time: int) -> list[Sent]:
        messages = [self._closed(opened, flow, frame, time) for opened in heard.closed]
        for found, transport, ours in heard.found:
            where = flow if ours else flow.peer
            decoded = coaptcp.read(found.data) if found.framed else coaptcp.read_in_frame(found.data)
            messages.append(self._message(decoded, found.data, found.error, transport, where, frame, time))
        return messages

    def _closed(self, opened: Opened, flow: Flow, frame: int, time: int) -> Sent:
        message = Message(frame, seconds(time), flow.src, flow.dst, "tls", self._dissector.file)
        message.expert = [Expert("note", "encrypted", opened.text)]
        if opened.reason is not None:
            message.expert.append(Expert("note", opened.reason.id, opened.reason.text))
        message.error = opened.problem
        return Sent(frame, time, b"", flow, 0, whole=message)

    def _message(
        self, decoded: Read, data: bytes, error: str | None, transport: str, flow: Flow, frame: int, time: int
    ) -> Sent:
        file = self._dissector.file
        message = unnumbered(from_datagram(data, decoded, frame, seconds(time), flow.src, flow.dst, transport, file))
        message.error = error or message.error
        sent = Sent(frame, time, _header(decoded), flow, decoded[1], whole=message)
        if message.error is None and decoded[1]:
            self._joined(sent, decoded)
        return sent

    def _joined(self, sent: Sent, decoded: Read) -> None:
        _, code, _, token, options, payload, _ = decoded
        if code >= coaptcp.CSM:
            self._signal(sent, token)
            return
        self._dissector.begun(sent)
        if code < 32:
            self._dissector.flows.left -= 1
            self._dissector.asked(sent, token, options, payload)
        else:
            self._dissector.responded(sent, token, options, payload)

    def _signal(self, sent: Sent, token: bytes) -> None:
        if sent.code == coaptcp.PING:
            sent.waiting = True
            remember(self._pings, (sent.flow, token), sent, MAX_PINGS)
        elif sent.code == coaptcp.PONG:
            ping = self._pings.pop((sent.flow.peer, token), None)
            if ping is not None:
                sent.message.request = ping.frame
                measure(sent, ping)
                ping.answered(sent.frame)


def _header(decoded: Read) -> bytes:
    """As a datagram would have it: token and code are looked up there."""
    _, code, _, token, *_ = decoded
    size = len(token)
    if size < 13:
        return bytes([0x50 | size, code, 0, 0]) + token
    nibble, more = (13, bytes([size - 13])) if size < 269 else (14, (size - 269).to_bytes(2, "big"))
    return bytes([0x50 | nibble, code, 0, 0]) + more + token
