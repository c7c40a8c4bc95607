"""Conversations of which nothing is to be shown.

A filter wants one device, or another process shows the rest: most messages need not be decoded then. But what
they change must be known, because it can matter elsewhere: a device that comes back from another address keeps its
registration and its observations. So what could change those goes the whole way, and of every other message only
message ID, token and bytes are kept, as a ``Quiet``: another one may repeat them, or take them away from one that
matters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from atshell_lwm2m.codec.coap import GET, POST, PUT, read
from atshell_lwm2m.codec.options import OptionList, read_options
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.freshness import follows
from atshell_lwm2m.dissect.light import CONTENT
from atshell_lwm2m.dissect.meaning import NOTIFIED, VALUES_IN_RESPONSE, Meaning, decode_values, end_observation
from atshell_lwm2m.dissect.message import from_datagram, seconds
from atshell_lwm2m.dissect.registrations import from_query
from atshell_lwm2m.dissect.state import LIFETIME, Client, Flow, Sent
from atshell_lwm2m.message import Message

_MAX_KNOWN = 4096
_OBSERVE = 6
T = TypeVar("T")


class Quiet(Sent, eq=False):
    """A message that nobody is shown, and that changes nothing but what its ID and token stand for. The conversation
    may turn out to be one that is shown, so its meaning can be found out later."""

    whose: Client | None = None
    from_client: bool = False
    updates: bool = False
    """Whether it goes to where the client is registered."""

    def build(self) -> Message:
        flow, decoded = self.flow, read(self.data)
        message = from_datagram(
            self.data, decoded, self.frame, seconds(self.time), flow.src, flow.dst, "udp", flow.file
        )
        message.response = self.response
        if message.error is None:
            apart = Flow(flow.src, flow.dst)
            apart.belongs(self.whose, self.from_client)
            self._mean(Sent(self.frame, self.time, self.data, apart, self.code, whole=message), decoded[4], decoded[5])
        return message

    def _mean(self, sent: Sent, options: OptionList, payload: bytes) -> None:
        """``sent`` stands in a conversation of its own, with nothing before or after it."""
        message = sent.message
        message.endpoint = self.whose.endpoint if self.whose is not None else None
        if self.updates:
            message.operation, message.registration = "Update", from_query(message.query, message.path)
        elif self.code < 32:
            Meaning().request(sent, options, payload)
        elif self.origin is None:
            Meaning().orphan(sent, options, payload)
        else:
            self._notify(message, self.origin.message, payload)

    def _notify(self, message: Message, request: Message, payload: bytes) -> None:
        message.request, message.target = request.frame, request.target
        message.endpoint = request.endpoint or message.endpoint
        message.operation = "Notify" if request.operation in NOTIFIED else request.operation
        if payload and self.code == CONTENT and message.operation in VALUES_IN_RESPONSE:
            decode_values(message, payload, message.content_format, message.target or "")


class Aside:
    def __init__(self, dissector: Dissector, judge: Callable[[Flow], bool], *, may_change: bool) -> None:
        """``judge`` says whether nothing of a flow and its peer is to be shown, and whether that ``may_change`` as soon
        as other endpoints are seen there."""
        self._judge = judge
        self._may_change = may_change
        self._clients = dissector.meaning.clients
        self._flows = dissector.flows
        self._plain: dict[bytes, bool] = {}
        """By the options: whether they are without blocks."""
        self._posts: dict[bytes, str | None] = {}
        """By the options of a POST: its path, if it may neither register nor bootstrap."""

    def judged(self, flow: Flow) -> bool:
        flow.aside = flow.peer.aside = self._judge(flow)
        return flow.aside

    def take(self, flow: Flow, frame: int, time: int, head: int, mid: int, data: bytes) -> bool:
        """Whether that is all there is to do about this message; if not, nothing was changed. ``head`` are its first
        two bytes, of a message that is no error in itself."""
        first, code = head >> 8, head & 0xFF
        if first >= 0x60:
            origin = self._flows.find(flow.back + mid)
            if origin is None:
                return True
            if type(origin) is not Quiet or time - origin.time >= LIFETIME:
                return False
            return (
                self._reset(origin, data)
                if first >= 0x70
                else not self._may_change or self._answer(origin, frame, data)
            )
        if code == 0:
            return False
        before = self._flows.find(flow.base + mid)
        if before is not None:
            if type(before) is not Quiet:
                return False
            if before.data == data and time - before.time < LIFETIME:
                return True
        start = 4 + (first & 15)
        if self._may_change and not self._without_blocks(data, start):
            return False
        return (self._response if code >= 32 else self._request)(flow, frame, time, mid, data, start)

    def _answer(self, origin: Quiet, frame: int, data: bytes) -> bool:
        """An acknowledgement of what may be shown after all."""
        if data[1] == 0 and origin.code < 32:
            return True  # The response is still to come.
        if read(data)[-1] is not None or not self._without_blocks(data, 4 + (data[0] & 15)):
            return False
        origin.answered(frame)
        return True

    def _reset(self, first: Quiet, data: bytes) -> bool:
        if len(data) != 4 or data[1]:
            return False
        origin = first.origin
        if origin is not None and read(first.data)[-1] is None and origin.message.operation in NOTIFIED:
            end_observation(origin)
        return not self._may_change

    def _request(self, flow: Flow, frame: int, time: int, mid: int, data: bytes, start: int) -> bool:
        """Only those that neither register nor observe."""
        code, updates = data[1], False
        if code == POST:
            path = self.posted(data, start)
            owner = None if path is None else self._clients.find(flow, path)
            if path is None or (owner is not None and (owner is not flow.client or b"\xff" in data)):
                return False
            updates = owner is not None and flow.from_client
        elif code not in (GET, PUT) or (start < len(data) and data[start] >> 4 <= _OBSERVE):
            return False
        token = data[4:start]
        before = flow.requests.get(token)
        if before is not None and type(before) is not Quiet:
            return False
        whose, from_client = flow.client, flow.from_client
        sent = Quiet(frame, time, data, flow, code, waiting=True, whose=whose, from_client=from_client, updates=updates)
        flow.requests[token] = sent
        self._flows.keep(mid, sent)
        return True

    def _without_blocks(self, data: bytes, start: int) -> bool:
        raw = _options(data, start)
        plain = self._plain.get(raw)
        if plain is None:
            options = read_options(raw, 0)
            plain = options.error is None and options.block1 is None and options.block2 is None
            _remember(self._plain, raw, plain)
        return plain

    def posted(self, data: bytes, start: int) -> str | None:
        """Where a POST goes that may neither register nor bootstrap; None of another."""
        raw = _options(data, start)
        try:
            return self._posts[raw]
        except KeyError:
            options = read_options(raw, 0)
        path = options.path or ""
        plain = options.error is None and options.observe is None and not path.endswith(("/rd", "/bs"))
        return _remember(self._posts, raw, path if plain and options.end == len(raw) else None)

    def _response(self, flow: Flow, frame: int, time: int, mid: int, data: bytes, start: int) -> bool:
        """A notification, or what belongs to nothing that matters."""
        token, client, code = data[4:start], flow.client, data[1]
        origin = flow.peer.requests.get(token)
        if origin is None and client is not None:
            origin = client.observations.get(token)
        if origin is not None:
            if type(origin) is Quiet:
                if self._may_change:
                    return False
                origin.answered(frame)
                origin = None
            elif not _notifies(origin, code) or not follows(origin, data, start, time):
                return False
        waiting, from_client = data[0] < 0x50, flow.from_client
        sent = Quiet(
            frame, time, data, flow, code, waiting=waiting, origin=origin, whose=client, from_client=from_client
        )
        self._flows.keep(mid, sent)
        return True


def _notifies(origin: Sent, code: int) -> bool:
    return origin.observing and origin.response is not None and code < 0x60


def _options(data: bytes, start: int) -> bytes:
    marker = data.find(b"\xff", start)
    return data[start:] if marker < 0 else data[start:marker]


def _remember(table: dict[bytes, T], key: bytes, value: T) -> T:
    if len(table) >= _MAX_KNOWN:
        table.clear()
    table[key] = value
    return value
