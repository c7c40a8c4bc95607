"""Datagrams to messages with a meaning, in one pass.

Each datagram becomes a Message at once. A request is kept by its message ID and by its token; what comes back finds it
there and takes operation, endpoint and target from it: an ACK or RST by message ID, any other response by token,
a notification by the token of its Observe. Since a request shall tell its response's frame, messages are held back
until their answer has come, or until it is too late for one. Of what is live nothing is: there a request does not tell
its response, only the response its request.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from atshell_lwm2m.capture.frames import CapturedDatagram, addresses, turned
from atshell_lwm2m.capture.traffic import KNOWN_PORTS, looks_like_coap
from atshell_lwm2m.codec import foreign, mqttsn
from atshell_lwm2m.codec.coap import ACK, CON, NON, RST, SIGNALING_CLASS, Read, read, token_of
from atshell_lwm2m.codec.options import reserved_block
from atshell_lwm2m.dissect.meaning import Meaning, waits
from atshell_lwm2m.dissect.message import SIGNALING, from_datagram, seconds
from atshell_lwm2m.dissect.state import (
    LIFETIME,
    MAX_FLOWS,
    Flow,
    Flows,
    Sent,
    Warn,
    ignore,
    remember,
)
from atshell_lwm2m.dtls.front import Dtls
from atshell_lwm2m.dtls.records import is_dtls
from atshell_lwm2m.message import Expert, Message

if TYPE_CHECKING:
    from atshell_lwm2m.codec.options import OptionList
    from atshell_lwm2m.dissect.reliable import Reliable
    from atshell_lwm2m.dtls.opener import Opened
    from atshell_lwm2m.dtls.unshown import Unshown

_RESERVED_BLOCK = Expert(
    "warning",
    "reserved-block-size",
    "a block size of 7 is reserved over UDP and to be refused with 4.00; read as 1024 bytes, its meaning over TCP",
)
_MQTT_SN = frozenset(port.to_bytes(2, "big") for port in mqttsn.PORTS)
_HEADERS = frozenset(bytes([first]) for first in range(0x40, 0x80))
MAX_HELD = 20_000


class Dissector:
    """One capture file's traffic."""

    def __init__(
        self,
        ports: Iterable[int] = (),
        file: str | None = None,
        dtls: Dtls | None = None,
        warn: Warn = ignore,
        *,
        live: bool = False,
    ) -> None:
        """``live`` is for what somebody watches as it comes."""
        self._ports = frozenset(port.to_bytes(2, "big") for port in KNOWN_PORTS.union(ports))
        self.file = file
        self.live = live
        self.flows = Flows(warn)
        self._warn = warn
        self.meaning = Meaning()
        self._dtls = dtls or Dtls()
        self._reliable: Reliable | None = None
        self._unshown: Unshown | None = None
        self._named: dict[bytes, None] = {}
        """Keys of conversations that are nothing of ours and were told once."""
        self._further: list[Sent] = []
        """A DTLS datagram can hold several messages: those behind the first."""

    def messages(self, datagrams: Iterable[CapturedDatagram]) -> Iterator[Message]:
        """In the order of the capture."""
        held: deque[Sent] = deque()
        known = self.flows.get
        for frame, time, key, payload, missing in datagrams:
            flow = known(key) or self.new_flow(key, payload, missing)
            if flow is None:
                continue
            held += self.take(flow, frame, time, payload, missing)
            while held:
                head = held[0]
                if head.waiting and not self.live and time - head.time < LIFETIME and len(held) < MAX_HELD:
                    break
                yield held.popleft().message
            self.flows.passed(time)
        for sent in held:
            yield sent.message

    def new_flow(self, key: bytes, data: bytes, missing: int) -> Flow | None:
        """None when the datagram is nothing of ours: foreign traffic leaves no trace."""
        if len(key) & 1:
            # A segment of TCP, which the capture hands on only if it may be ours.
            return self.flows.make(key)
        ports = self._ports
        if key[-4:-2] in ports or key[-2:] in ports:
            return self.flows.make(key)
        if missing:
            return None
        if looks_like_coap(data) or (is_dtls(data) and self._opens(key, data)):
            return self.flows.make(key)
        if key[-4:-2] in _MQTT_SN or key[-2:] in _MQTT_SN:
            return self._beside(key, data)
        return None

    def _beside(self, key: bytes, data: bytes) -> Flow | None:
        """A conversation that is named, not decoded: its first message is a line, and none of the others."""
        # What could be a header of CoAP would be read as that. Others of its messages are shorter, or longer.
        if key in self._named or data[:1] in _HEADERS or foreign.of_datagram(data) is None:
            return None
        remember(self._named, key, None, MAX_FLOWS)
        remember(self._named, turned(key), None, MAX_FLOWS)
        return Flow(*addresses(key))

    def take(self, flow: Flow, frame: int, time: int, data: bytes, missing: int) -> list[Sent]:
        """The messages of a datagram: one, unless several came in a DTLS datagram. A TCP segment completes any
        number."""
        if flow.reliable:
            return self._of_stream(flow, frame, time, data, missing)
        sent = self._take(flow, frame, time, data, missing)
        if not self._further:
            return [sent]
        found, self._further = [sent, *self._further], []
        self.flows.left -= len(found) - 1
        return found

    def _take(self, flow: Flow, frame: int, time: int, data: bytes, missing: int) -> Sent:
        decoded = read(data)
        kind, code = decoded[:2]
        if kind is None and self._dtls.expects(flow.src, flow.dst, data):
            return self._encrypted(flow, frame, time, data, missing)
        message = from_datagram(data, decoded, frame, seconds(time), flow.src, flow.dst, "udp", self.file)
        sent = Sent(frame, time, data, flow, code, whole=message)
        if missing:
            decoded = _as_far_as_there(decoded)
            message.error = _cut(data, missing)
        elif kind is None and (named := foreign.of_datagram(data)) is not None:
            message.expert, message.error = [named], None
        return self._understood(sent, decoded)

    def _understood(self, sent: Sent, decoded: Read) -> Sent:
        """Joined with what came before it."""
        message, kind = sent.message, decoded[0]
        if kind is None or decoded[-1] is not None:
            return sent
        self.begun(sent)
        if kind <= NON:
            self._numbered(sent, decoded)
        else:
            self._answering(sent, decoded)
        if reserved_block(decoded[4]):
            message.expert = [*message.expert, _RESERVED_BLOCK]
        if decoded[1] >> 5 == SIGNALING_CLASS:
            message.expert = [*message.expert, SIGNALING]
        return sent

    def begun(self, sent: Sent) -> None:
        """Whose it is, before it is joined with anything."""
        if sent.flow.client is not None:
            sent.message.endpoint = sent.flow.client.endpoint

    def _of_stream(self, flow: Flow, frame: int, time: int, data: bytes, missing: int) -> list[Sent]:
        if self._reliable is None:
            from atshell_lwm2m.dissect.reliable import Reliable

            self._reliable = Reliable(self, self._dtls, self._ports)
        return self._reliable.take(flow, frame, time, data, missing)

    def _opens(self, key: bytes, data: bytes) -> bool:
        """Whether DTLS on a port that is not known is ours: its CoAP can be read, or a key was given for it."""
        src, dst = addresses(key)
        opened = self._dtls.look(src, dst, data)
        if opened is not None and (
            any(map(looks_like_coap, opened.plain)) or (opened.keyed and opened.reason is not None)
        ):
            return True
        if self._unshown is None:
            from atshell_lwm2m.dtls.unshown import Unshown

            self._unshown = Unshown(self._warn)
        self._unshown.take(src, dst, data, opened)
        return False

    def _encrypted(self, flow: Flow, frame: int, time: int, data: bytes, missing: int) -> Sent:
        """A message for each that could be opened, and one in front for the other records."""
        message = Message(frame, seconds(time), flow.src, flow.dst, "dtls", self.file)
        closed = Sent(frame, time, data, flow, 0, whole=message)
        opened = self._dtls.take(flow.src, flow.dst, data, part=bool(missing), whose=closed)
        found: list[Sent] = []
        if opened.names or opened.problem or missing or not opened.plain:
            message.expert = _records(opened)
            message.error = _cut(data, missing) if missing else opened.problem
            closed.waiting = opened.early
            found.append(closed)
        for plain in opened.plain:
            sent = Sent(frame, time, plain, flow, 0)
            self._open(sent, plain)
            found.append(sent)
        for whose, plain in opened.late:
            if isinstance(whose, Sent):
                self._open(whose, plain)
        self._further = found[1:]
        return found[0]

    def _open(self, sent: Sent, plain: bytes) -> None:
        """It is this CoAP message, however long it took to know."""
        decoded = read(plain)
        flow, when = sent.flow, seconds(sent.time)
        sent.data, sent.code, sent.waiting = plain, decoded[1], False
        sent.whole = from_datagram(plain, decoded, sent.frame, when, flow.src, flow.dst, "dtls", self.file)
        self._understood(sent, decoded)

    def _numbered(self, sent: Sent, decoded: Read) -> None:
        """A message that has its own message ID: confirmable or not."""
        kind, code, mid, token, options, payload, _ = decoded
        flow = sent.flow
        first = self.flows.find(flow.base + mid)
        if first is not None and first.data == sent.data and sent.time - first.time < LIFETIME:
            _repeat(first, sent)
            return
        self.flows.keep(mid, sent)
        sent.waiting = kind == CON
        if code == 0:
            return
        if code < 32:
            self.asked(sent, token, options, payload)
        else:
            self.responded(sent, token, options, payload)

    def asked(self, sent: Sent, token: bytes, options: OptionList, payload: bytes) -> None:
        sent.waiting = waits(sent.message)
        self.meaning.request(sent, options, payload)
        _keep_request(sent.flow, token, sent)

    def responded(self, sent: Sent, token: bytes, options: OptionList, payload: bytes) -> None:
        """A response that only its token joins to the request."""
        flow = sent.flow
        origin = flow.peer.requests.get(token)
        if origin is not None and _is_over(origin, sent):
            origin = None
        if origin is None and flow.client is not None:
            origin = flow.client.observations.get(token)
        if origin is None:
            self.meaning.orphan(sent, options, payload)
        else:
            self.meaning.response(sent, origin, options, payload)

    def _answering(self, sent: Sent, decoded: Read) -> None:
        """An acknowledgement or reset: its message ID is the other side's."""
        kind, code, mid, token, options, payload, _ = decoded
        first = self.flows.find(sent.flow.back + mid)
        if first is None or sent.time - first.time >= LIFETIME:
            return
        if code == 0:
            self.meaning.empty(sent, first, reset=kind == RST)
            return
        if kind != ACK or first.code == 0 or first.code >= 32:
            return
        if token != token_of(first.data):
            sent.message.expert = [
                Expert("warning", "token-mismatch", "the token is not the request's; matched by message ID")
            ]
        self.meaning.response(sent, first, options, payload)


def _records(opened: Opened) -> list[Expert]:
    notes = [Expert("note", "encrypted", opened.text)]
    if opened.reason is not None:
        notes.append(Expert("note", opened.reason.id, opened.reason.text))
    return notes


def _as_far_as_there(decoded: Read) -> Read:
    """A message whose end the capture left out (its snap length) belongs where it belongs, but nothing is known of its
    payload; and a block without its bytes would spoil the whole."""
    kind, code, mid, token, options, _, error = decoded
    if error is not None or options.block1 is not None or options.block2 is not None:
        return None, *decoded[1:]
    return kind, code, mid, token, options, b"", None


def _cut(data: bytes, missing: int) -> str:
    return f"{missing} of the datagram's {len(data) + missing} bytes are not in this frame at byte {len(data)}"


def _is_over(origin: Sent, sent: Sent) -> bool:
    """Whether the request was answered, for good, and is older than a token's use: it may be forgotten by then."""
    answered = origin.response is not None and not origin.observing and not sent.flow.reliable
    return answered and sent.time - origin.time >= LIFETIME


def _keep_request(flow: Flow, token: bytes, sent: Sent) -> None:
    """The token's request from now on. The further blocks of a notification may be asked for with its token, which
    goes on to belong to the Observe."""
    table, message = flow.requests, sent.message
    if message.block2 is not None and message.block2.num and message.observe is None:
        running = table.get(token)
        if running is not None and running.message.observe == 0:
            return
    sent.observing = message.observe == 0
    table[token] = sent


def _repeat(first: Sent, sent: Sent) -> None:
    """A retransmission means what the first transmission means."""
    message, original = sent.message, first.message
    message.retransmission_of = original.frame
    message.request = original.request
    message.operation, message.target = original.operation, original.target
    message.endpoint = original.endpoint
    message.registration, message.resources = original.registration, original.resources
    sent.again, sent.waiting = first, False
