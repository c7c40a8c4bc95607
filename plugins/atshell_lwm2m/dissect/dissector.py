"""Datagrams to messages with a meaning, in one pass.

Each datagram becomes a Message at once. A request is kept by its message ID and by its token; what comes back finds it
there and takes operation, endpoint and target from it: an ACK or RST by message ID, any other response by token,
a notification by the token of its Observe. Since a request shall tell its response's frame, messages are held back
until their answer has come, or until it is too late for one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from atshell_lwm2m.capture.reader import CapturedDatagram
from atshell_lwm2m.capture.traffic import KNOWN_PORTS, looks_like_coap
from atshell_lwm2m.codec import dtls
from atshell_lwm2m.codec.coap import ACK, CON, NON, RST, Read, read
from atshell_lwm2m.dissect.meaning import Meaning
from atshell_lwm2m.dissect.message import from_datagram, seconds
from atshell_lwm2m.dissect.state import MAX_SENT, Flow, Flows, Sent
from atshell_lwm2m.message import Expert, Message

# RFC 7252 section 4.8.2, EXCHANGE_LIFETIME: a message ID does not return sooner.
LIFETIME = 247 * 1_000_000_000
MAX_HELD = 20_000


class Dissector:
    """One capture file's traffic."""

    def __init__(self, ports: Iterable[int] = (), file: str | None = None) -> None:
        self._ports = KNOWN_PORTS.union(ports)
        self._file = file
        self._flows = Flows()
        self._meaning = Meaning()

    def messages(self, datagrams: Iterable[CapturedDatagram]) -> Iterator[Message]:
        """In the order of the capture."""
        held: deque[Sent] = deque()
        known = self._flows.get
        for frame, time, key, payload, missing in datagrams:
            flow = known(key) or self._new(key)
            if not flow.coap:
                if missing or not looks_like_coap(payload):
                    continue
                flow.coap = flow.peer.coap = True
            sent = self._take(flow, frame, time, payload, missing)
            if not held and not sent.waiting:
                yield sent.message
                continue
            held.append(sent)
            while held:
                head = held[0]
                if head.waiting and time - head.time < LIFETIME and len(held) < MAX_HELD:
                    break
                yield held.popleft().message
        for sent in held:
            yield sent.message

    def _new(self, key: bytes) -> Flow:
        flow = self._flows.make(key)
        ports = {int.from_bytes(key[-4:-2], "big"), int.from_bytes(key[-2:], "big")}
        if not self._ports.isdisjoint(ports):
            flow.coap = flow.peer.coap = True
        return flow

    def _take(self, flow: Flow, frame: int, time: int, data: bytes, missing: int) -> Sent:
        decoded = read(data)
        kind, code = decoded[:2]
        if kind is None and dtls.is_dtls(data):
            return self._encrypted(flow, frame, time, data, missing)
        message = from_datagram(data, decoded, frame, seconds(time), flow.src, flow.dst, "udp", self._file)
        sent = Sent(message, time, data, flow, code)
        if missing:
            message.error = _cut(data, missing)
        if kind is None or message.error is not None:
            return sent
        if flow.client is not None:
            message.endpoint = flow.client.endpoint
        if kind <= NON:
            self._numbered(sent, decoded)
        else:
            self._answering(sent, decoded)
        return sent

    def _encrypted(self, flow: Flow, frame: int, time: int, data: bytes, missing: int) -> Sent:
        message = Message(frame, seconds(time), flow.src, flow.dst, "dtls", self._file)
        text, problem = dtls.describe(data)
        message.expert = [Expert("note", "encrypted", text)]
        message.error = _cut(data, missing) if missing else problem
        return Sent(message, time, data, flow, 0)

    def _numbered(self, sent: Sent, decoded: Read) -> None:
        """A message that has its own message ID: confirmable or not."""
        kind, code, mid, token, options, payload, _ = decoded
        flow = sent.flow
        first = flow.sent.get(mid)
        if first is not None and first.data == sent.data and sent.time - first.time < LIFETIME:
            _repeat(first, sent)
            return
        _keep_sent(flow.sent, mid, sent)
        sent.waiting = kind == CON
        if code == 0:
            return
        if code < 32:
            sent.waiting = True
            self._meaning.request(sent, options, payload)
            _keep_request(flow, token, sent)
            return
        origin = flow.peer.requests.get(token)
        if origin is None and flow.client is not None:
            origin = flow.client.observations.get(token)
        if origin is None:
            self._meaning.orphan(sent, options, payload)
        else:
            self._meaning.response(sent, origin, options, payload)

    def _answering(self, sent: Sent, decoded: Read) -> None:
        """An acknowledgement or reset: its message ID is the other side's."""
        kind, code, mid, token, options, payload, _ = decoded
        first = sent.flow.peer.sent.get(mid)
        if first is None or sent.time - first.time >= LIFETIME:
            return
        if code == 0:
            self._meaning.empty(sent, first, reset=kind == RST)
            return
        if kind != ACK or first.code == 0 or first.code >= 32:
            return
        if token != _token(first):
            sent.message.expert = [
                Expert("warning", "token-mismatch", "the token is not the request's; matched by message ID")
            ]
        self._meaning.response(sent, first, options, payload)


def _cut(data: bytes, missing: int) -> str:
    return f"{missing} of the datagram's {len(data) + missing} bytes are not in this frame at byte {len(data)}"


def _token(sent: Sent) -> bytes:
    return sent.data[4 : 4 + (sent.data[0] & 15)]


def _keep_sent(table: dict[int, Sent], mid: int, sent: Sent) -> None:
    table.pop(mid, None)
    if len(table) >= MAX_SENT:
        del table[next(iter(table))]
    table[mid] = sent


def _keep_request(flow: Flow, token: bytes, sent: Sent) -> None:
    """The token's request from now on. The further blocks of a notification may be asked for with its token, which
    goes on to belong to the Observe."""
    table, message = flow.requests, sent.message
    if message.block2 is not None and message.block2.num and message.observe is None:
        running = table.get(token)
        if running is not None and running.message.observe == 0:
            return
    table.pop(token, None)
    if len(table) >= MAX_SENT:
        del table[next(iter(table))]
    table[token] = sent


def _repeat(first: Sent, sent: Sent) -> None:
    """A retransmission means what the first transmission means."""
    message, original = sent.message, first.message
    message.retransmission_of = original.frame
    message.request, message.response = original.request, original.response
    message.operation, message.target = original.operation, original.target
    message.endpoint = original.endpoint
    message.registration, message.resources = original.registration, original.resources
    if first.copies is None:
        first.copies = []
    if len(first.copies) < MAX_SENT:
        first.copies.append(message)
    sent.waiting = False
