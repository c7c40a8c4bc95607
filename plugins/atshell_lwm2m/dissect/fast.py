"""Datagrams straight to lines of JSON, for what most traffic consists of.

``Dissector`` and ``message.to_json`` read everything and are the measure of what is right. This is a short cut through
them for a request, its piggybacked response, a notification, an empty acknowledgement, without faults, blocks or
consequences. No Message is made of these: a line is put together from pieces, most of which were made before
(addresses, type and code, options, operation and target). Each function gives what it made, or None for "not common",
and has changed nothing then: the datagram goes to the Dissector. Both work on the same flows, so either finds what the
other left; a ``Light`` becomes a Message when the Dissector asks for it.

What the functions hand to one another, and to no object, since this runs once a message: ``start`` is where the options
begin in ``data``, ``text`` the line up to the token.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from struct import Struct

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.codec.coap import DELETE, POST
from atshell_lwm2m.codec.options import OptionList
from atshell_lwm2m.dissect.about import About, about, piece
from atshell_lwm2m.dissect.dissector import MAX_HELD, Dissector
from atshell_lwm2m.dissect.jsontext import HEADS, Shape, Shapes, moment, number
from atshell_lwm2m.dissect.jsonvalues import Values
from atshell_lwm2m.dissect.light import CONTENT, Light
from atshell_lwm2m.dissect.meaning import side_of
from atshell_lwm2m.dissect.operations import classify
from atshell_lwm2m.dissect.registrations import from_query
from atshell_lwm2m.dissect.state import LIFETIME, SWEEP_EVERY, Client, Flow, Sent
from atshell_lwm2m.message import Message

_BILLION = 1_000_000_000
_MAX_MEANINGS = 64
# Requests that change what is known, or say more than their options and values.
_OWN_WAY = frozenset({"Register", "Update", "Bootstrap-Request", "Create"})
_header = Struct(">BBH").unpack_from

Made = Light | str | None
"""What later messages may belong to; or a line to which nothing will be added; or not common."""


class Lines:
    """One capture file's traffic."""

    def __init__(self, dissector: Dissector) -> None:
        self._dissector = dissector
        self._clients = dissector.meaning.clients
        self._transfers = dissector.meaning.transfers
        self._keep = dissector.flows.recent.append
        self._file = dissector.file
        self._shapes = Shapes()
        self._values = Values()
        self._update = about("Update", None)

    def lines(self, datagrams: Iterable[CapturedDatagram]) -> Iterator[str]:
        """In the order of the capture, held back as ``Dissector.messages`` does."""
        dissector, common = self._dissector, self._common
        known, left = dissector.flows.get, SWEEP_EVERY
        held: deque[Sent | str] = deque()
        keep, next_held = held.append, held.popleft
        for frame, time, key, data, missing in datagrams:
            flow = known(key) or dissector.new_flow(key, data, missing)
            if flow is None:
                continue
            made = common(flow, frame, time, data) if len(data) >= 4 and not missing else None
            if made is None:
                held += dissector.take(flow, frame, time, data, missing)
            else:
                keep(made)
            while held:
                head = held[0]
                if not isinstance(head, str):
                    if head.waiting and time - head.time < LIFETIME and len(held) < MAX_HELD:
                        break
                    head = head.line()
                next_held()
                yield head
            left -= 1
            if not left:
                dissector.flows.sweep(time)
                left = SWEEP_EVERY
        for one in held:
            yield one if isinstance(one, str) else one.line()

    def _common(self, flow: Flow, frame: int, time: int, data: bytes) -> Made:
        first, code, mid = _header(data)
        start = 4 + (first & 15)
        head = HEADS[first << 4 & 0x300 | code]
        if not 0x40 <= first < 0x70 or head is None or start > 12 or start > len(data):
            return None
        token = data[4:start]
        spoken = f',"token":"{token.hex()}"' if token else ""
        text = f'{{"frame":{frame},"time":{moment(time)}{flow.text or self._ends(flow)}{head}{mid}{spoken}'
        if first >= 0x60:
            if code:
                return self._answer(flow, frame, time, data, start, code, mid, token, text)
            return self._acknowledgement(flow, frame, time, mid, text) if len(data) == 4 else None
        before = flow.sent.get(mid)
        if before is not None and before.data == data and time - before.time < LIFETIME:
            return None
        if code >= 32:
            return self._notification(flow, frame, time, data, start, code, mid, token, text)
        return self._request(flow, frame, time, data, start, code, mid, token, text) if code else None

    def _ends(self, flow: Flow) -> str:
        flow.file = self._file
        flow.text = piece(Message(src=flow.src, dst=flow.dst, transport="udp", file=self._file))
        return flow.text

    def _request(
        self, flow: Flow, frame: int, time: int, data: bytes, start: int, code: int, mid: int, token: bytes, text: str
    ) -> Made:
        marker = data.find(b"\xff", start)
        shape = self._shapes.whole(data, start, marker)
        if shape is None or marker == len(data) - 1:
            return None
        payload = data[marker + 1 :] if marker >= 0 else b""
        client, options = flow.client, shape.options
        endpoint, named = (None, "") if client is None else (client.endpoint, client.text or _named(client))
        meant, more = self._meant(flow, shape, code, payload)
        if meant is None or endpoint == "":
            return None
        if shape.blocks and self._not_alone(flow, code, token, options, meant, payload):
            return None
        text += shape.text
        values, body = b"", None
        if payload:
            before = ""
            values = payload
            if options.block1 is not None:
                values, body = self._whole(flow, code, options, meant, payload)
            if not meant.in_request:
                values = b""
            elif values:
                before, more = self._values.pieces(values, options.content_format, meant.target)
            whole = f',"body":"{body.hex()}"' if body is not None else ""
            text = f'{text},"payload":"{payload.hex()}"{whole}{before}'
        whose = f"{meant.operation_text}{named}{meant.target_text}"
        sent = Light(
            frame, time, data, flow, code, None, None, options.observe == 0, True, None, None,
            options, meant, endpoint, token, whose, "", values, body, None, text, f"{whose}{more}}}",
        )  # fmt: skip
        flow.sent[mid] = flow.requests[token] = sent
        self._keep(sent)
        return sent

    def _not_alone(
        self, flow: Flow, code: int, token: bytes, options: OptionList, meant: About, payload: bytes
    ) -> bool:
        """Whether it is an odd block, or asks for a further block of what another request, an Observe, began."""
        if options.block1 is not None:
            return options.block2 is not None or not payload
        if options.block2 is None or not options.block2.num:
            return False
        running = self._transfers.running(flow, code, options)
        before = flow.requests.get(token)
        return (running is not None and running.operation != meant.operation) or (
            before is not None and before.observing
        )

    def _whole(
        self, flow: Flow, code: int, options: OptionList, meant: About, payload: bytes
    ) -> tuple[bytes, bytes | None]:
        """What holds the values of a request with Block1: nothing before the last block. And the body, if it is not
        just the payload."""
        about = meant.operation, options.content_format
        transfer = self._transfers.take(flow, code, options, options.block1, about, payload, response=False)
        if transfer is not None:
            body = bytes(transfer.body)
            return body, body
        block = options.block1
        return (b"" if block is not None and (block.more or block.num) else payload), None

    def _meant(self, flow: Flow, shape: Shape, code: int, payload: bytes) -> tuple[About | None, str]:
        """What a request is about, and the piece that says more of it. None when it is not common."""
        client, path = flow.client, shape.options.path
        if path is not None and code in (POST, DELETE):
            owner = self._clients.find(flow, path)
            if owner is not None and (client is None or flow.from_client):
                if code == DELETE or payload or client is not owner:
                    return None, ""
                return self._update, self._registration(shape)
        key = (code, payload != b"", flow.context)
        try:
            return shape.meanings[key], ""
        except KeyError:
            return _learn_meaning(flow, shape, code, payload, key), ""

    def _registration(self, shape: Shape) -> str:
        """That of an Update without a body."""
        known = shape.registration
        if not known:
            known.append(piece(Message(registration=from_query(shape.options.query, shape.options.path))))
        return known[0]

    def _answer(
        self, flow: Flow, frame: int, time: int, data: bytes, start: int, code: int, mid: int, token: bytes, text: str
    ) -> Made:
        """A piggybacked response."""
        origin = flow.peer.sent.get(mid)
        if (
            type(origin) is not Light
            or not 0 < origin.code < 32
            or origin.token != token
            or origin.response is not None
            or not origin.about.plain
            or time - origin.time >= LIFETIME
            or not (origin.endpoint or flow.client is None)
        ):
            return None
        about, shown, more = origin.about, "", ""
        if start < len(data):
            marker = data.find(b"\xff", start)
            shape = self._shapes.whole(data, start, marker)
            if shape is None or marker == len(data) - 1:
                return None
            shown = shape.text
            if marker >= 0:
                payload = data[marker + 1 :]
                before, options = "", shape.options
                values, content_format, whole = payload, options.content_format, ""
                if options.block2 is not None and 0x40 <= code < 0x60:
                    values, content_format, whole = self._fetched(origin, options, payload)
                if values and code == CONTENT and about.in_response:
                    before, more = self._values.pieces(values, content_format, about.target)
                shown = f'{shown},"payload":"{payload.hex()}"{whole}{before}'
            elif shape.options.block2 is not None:
                return None
        origin.answered(frame)
        rtt = number((time - origin.time) / _BILLION).decode()
        return f'{text}{shown},"request":{origin.frame},"rtt":{rtt}{origin.whose}{more}}}'

    def _fetched(self, origin: Light, options: OptionList, payload: bytes) -> tuple[bytes, int | None, str]:
        """What holds the values of a response with Block2, its Content-Format, and the piece with the body."""
        block, content_format = options.block2, options.content_format
        about = origin.about.operation, content_format
        transfer = self._transfers.take(origin.flow, origin.code, origin.options, block, about, payload, response=True)
        if transfer is None:
            return b"" if block is not None and (block.more or block.num) else payload, content_format, ""
        body = bytes(transfer.body)
        return body, transfer.content_format if content_format is None else content_format, f',"body":"{body.hex()}"'

    def _acknowledgement(self, flow: Flow, frame: int, time: int, mid: int, text: str) -> Made:
        """An empty one."""
        origin = flow.peer.sent.get(mid)
        if type(origin) is not Light or time - origin.time >= LIFETIME or not (origin.endpoint or flow.client is None):
            return None
        if origin.code < 32:
            return f'{text},"request":{origin.frame}{origin.whose}}}'
        origin.answered(frame)
        rtt = number((time - origin.time) / _BILLION).decode()
        return f'{text},"request":{origin.frame},"rtt":{rtt}{origin.whose}}}'

    def _notification(
        self, flow: Flow, frame: int, time: int, data: bytes, start: int, code: int, mid: int, token: bytes, text: str
    ) -> Made:
        client = flow.client
        origin = flow.peer.requests.get(token)
        if origin is None and client is not None:
            origin = client.observations.get(token)
        if (
            type(origin) is not Light
            or not origin.observing
            or origin.response is None
            or code >= 0x60
            or not (origin.endpoint or client is None)
            or start >= len(data)
        ):
            return None
        # Observe with up to three bytes, or no Observe.
        behind = start + 1 + (data[start] & 3)
        if data[start] & 0xFC != 0x60 or behind > len(data):
            return None
        marker = data.find(b"\xff", behind)
        shape = self._shapes.behind_observe(data, behind, marker)
        if shape is None or shape.blocks or marker == len(data) - 1:
            return None
        observe = int.from_bytes(data[start + 1 : behind], "big")
        meant, before, shown, more, values = origin.about.notified or origin.about, "", "", "", b""
        if marker >= 0:
            payload = data[marker + 1 :]
            if code == CONTENT and meant.in_response:
                values = payload
                before, more = self._values.pieces(payload, shape.options.content_format, meant.target)
            shown = f',"payload":"{payload.hex()}"'
        whose = origin.of_notifications or _notified(origin, meant)
        options = f"{shape.text}{observe}{shape.middle}{observe}{shape.last}"
        sent = Light(
            frame, time, data, flow, code, None, None, False, data[0] < 0x50, origin, None,
            shape.options, meant, origin.endpoint, token, whose, "", values, None, origin.frame,
            f'{text}{options}{shown}{before},"request":{origin.frame}', f"{whose}{more}}}",
        )  # fmt: skip
        flow.sent[mid] = sent
        self._keep(sent)
        return sent


def _notified(origin: Light, meant: About) -> str:
    origin.of_notifications = piece(Message(operation=meant.operation, endpoint=origin.endpoint, target=meant.target))
    return origin.of_notifications


def _named(client: Client) -> str:
    client.text = piece(Message(endpoint=client.endpoint))
    return client.text


def _learn_meaning(flow: Flow, shape: Shape, code: int, payload: bytes, key: object) -> About | None:
    options, client = shape.options, flow.client
    operation, target = classify(
        side_of(flow, client),
        client.root if client is not None else "",
        code,
        options.path,
        tuple(options.query),
        options.observe,
        options.content_format,
        options.accept,
        bool(payload),
    )
    if len(shape.meanings) >= _MAX_MEANINGS:
        shape.meanings.clear()
    meant = None if operation in _OWN_WAY else about(operation, target)
    shape.meanings[key] = meant
    return meant
