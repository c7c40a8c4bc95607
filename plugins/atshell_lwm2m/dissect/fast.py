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

from collections.abc import Callable, Iterable, Iterator
from operator import methodcaller
from typing import cast

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.codec import foreign
from atshell_lwm2m.codec.coap import DELETE, POST
from atshell_lwm2m.codec.options import OptionList
from atshell_lwm2m.dissect.about import About, about, piece
from atshell_lwm2m.dissect.blocks import ODD
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.freshness import HALF
from atshell_lwm2m.dissect.held import Held, Said
from atshell_lwm2m.dissect.jsontext import HEADS, SHORT, THREE, Shape, Shapes, moment, number
from atshell_lwm2m.dissect.jsonvalues import Values
from atshell_lwm2m.dissect.light import CONTENT, Light
from atshell_lwm2m.dissect.meaning import TOLD, asked
from atshell_lwm2m.dissect.registrations import from_query
from atshell_lwm2m.dissect.state import LIFETIME, SWEEP_EVERY, Client, Flow
from atshell_lwm2m.message import Message

_BILLION = 1_000_000_000
_LIFETIME = LIFETIME // _BILLION
_MAX_MEANINGS = 64
# Requests that change what is known, or say more than their options and values.
_OWN_WAY = frozenset({"Register", "Update", "Bootstrap-Request", "Create"})

Made = Light | str | None
"""What later messages may belong to; or a line to which nothing will be added; or not common."""
Handler = Callable[[Flow, int, int, bytes, int, int, bytes, str], Made]
"""Flow, frame, time, data, start, message ID, token, text."""
Kind = tuple[Handler | None, int, str]
"""Who may know messages that begin with these two bytes; ``start``; and the piece with their type and code, empty where
that is an error in itself."""


class Lines:
    """One capture file's traffic."""

    def __init__(self, dissector: Dissector) -> None:
        self._dissector = dissector
        self._clients = dissector.meaning.clients
        self._transfers = dissector.meaning.transfers
        self._observed = dissector.meaning.freshness.last
        self._keep = dissector.flows.recent.append
        self._file = dissector.file
        self._shapes = Shapes()
        self._pieces = Values().pieces
        self._update = about("Update", None)
        self._kinds: list[Kind | None] = [None] * 0x10000
        self._held = Held(methodcaller("line"), live=dissector.live)
        self._left = SWEEP_EVERY
        self._second, self._oldest = -1, 1 << 62

    def batches(self, batches: Iterable[list[Headed]]) -> Iterator[list[str]]:
        """In the order of the capture, held back as ``Dissector.messages`` does."""
        return cast("Iterator[list[str]]", self._batches(batches))

    def _batches(self, batches: Iterable[list[Headed]]) -> Iterator[list[Said]]:
        held = self._held
        for batch in batches:
            if batch:
                self._read(batch)
                held.advance(batch[-1][1])
                yield held.ready()
        yield held.rest()

    def _read(self, batch: list[Headed]) -> None:
        dissector, held, kinds = self._dissector, self._held, self._kinds
        known, keep = dissector.flows.get, held.items.append
        # Whether somebody's time may run out; and whether the seconds have the ten digits of our days.
        careful, second = not held.room(len(batch)), self._second
        skipped, sweeping = 0, self._left <= len(batch)
        usual, prefix = 1_000_000_000 <= second < 1 << 32, f"{second}."
        for frame, time, seconds, micro, key, head, mid, data, missing in batch:
            flow = known(key) or dissector.new_flow(key, data, missing)
            if flow is None:
                skipped += 1
                continue
            if seconds != second:
                second, usual, prefix = seconds, 1_000_000_000 <= seconds < 1 << 32, f"{seconds}."
                careful = self._may_run_out(seconds) or careful
            handler, start, said = kinds[head] or self._kind(head)
            made: Made = None
            if handler is not None and start <= len(data):
                high, low = divmod(micro, 1000)
                shown = f"{prefix}{THREE[high]}{SHORT[low]}" if low and usual else moment(time)
                ends = flow.text or self.ends(flow)
                if start > 4:
                    token = data[4:start]
                    text = f'{{"frame":{frame},"time":{shown}{ends}{said}{mid},"token":"{token.hex()}"'
                    made = handler(flow, frame, time, data, start, mid, token, text)
                else:
                    text = f'{{"frame":{frame},"time":{shown}{ends}{said}{mid}'
                    made = handler(flow, frame, time, data, start, mid, b"", text)
            if made is not None:
                keep(made)
            else:
                held.advance()
                found = dissector.take(flow, frame, time, data, missing)
                held.items += found
                careful = careful or len(found) > 1
            if careful:
                held.advance(time)
            if sweeping:
                self._sweep(time)
        self._second = second
        if not sweeping:
            self._left -= len(batch) - skipped

    def _sweep(self, time: int, count: int = 1) -> None:
        """When it is time, after so many more."""
        self._left -= count
        if self._left <= 0:
            self._dissector.flows.sweep(time)
            self._left = SWEEP_EVERY

    def _may_run_out(self, second: int) -> bool:
        """Whether a line may have been held for a message's lifetime before this second is over."""
        self._oldest = min(self._oldest, second)
        if second + 1 - self._oldest >= _LIFETIME:
            self._oldest = min(self._held.oldest(), second)
        return second + 1 - self._oldest >= _LIFETIME

    def _kind(self, head: int) -> Kind:
        first, code = head >> 8 & 0xFF, head & 0xFF
        said, start = HEADS[first << 4 & 0x300 | code], 4 + (first & 15)
        kind: Kind = (None, start, "")
        if head >= 0 and 0x40 <= first < 0x80 and said is not None and start <= 12:
            kind = (self._handler(first, code), start, said)
        self._kinds[head] = kind
        return kind

    def _handler(self, first: int, code: int) -> Handler | None:
        if code in TOLD:
            return None
        if first >= 0x60:
            return None if first >= 0x70 else self._answer if code else self._acknowledgement
        if code >= 32:
            return self._notification
        return self._request if code else None

    def ends(self, flow: Flow) -> str:
        flow.file = self._file
        flow.text = piece(Message(src=flow.src, dst=flow.dst, transport="udp", file=self._file))
        return flow.text

    def _request(
        self, flow: Flow, frame: int, time: int, data: bytes, start: int, mid: int, token: bytes, text: str
    ) -> Made:
        before = flow.sent.get(mid)
        if before is not None and before.data == data and time - before.time < LIFETIME:
            return None
        marker = data.find(b"\xff", start)
        raw = data[start:] if marker < 0 else data[start:marker]
        shape = self._shapes.whole.get(raw) or self._shapes.learn_whole(raw)
        if shape is None or marker == len(data) - 1:
            return None
        code = data[1]
        payload = data[marker + 1 :] if marker >= 0 else b""
        client, options = flow.client, shape.options
        endpoint, named = (None, "") if client is None else (client.endpoint, client.text or _named(client))
        meant, more = self._meant(flow, shape, code, payload)
        if meant is None or endpoint == "":
            return None
        if shape.blocks and self._not_alone(flow, code, token, options, meant, payload):
            return None
        valued, body = False, None
        if payload:
            before_request = whole = ""
            values = payload
            if options.block1 is not None:
                found = self._whole(flow, code, options, meant, payload)
                if found is None:
                    return None
                values, body = found
                if body is not None:
                    whole = f',"body":"{body.hex()}"'
            if meant.in_request and values:
                valued = True
                before_request, more = self._pieces(values, options.content_format, meant.target)
            text = f'{text}{shape.text},"payload":"{payload.hex()}"{whole}{before_request}'
        else:
            text += shape.text
        sent = Light(
            frame, time, data, flow, code, None, None, options.observe == 0, True, None, None,
            options, meant, named, endpoint, token, valued, body, None, text, more,
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
    ) -> tuple[bytes, bytes | None] | None:
        """What holds the values of a request with Block1: nothing before the last block. And the body, if it is not
        just the payload. None for a block that is not the next."""
        about, block = (meant.operation, options.content_format), options.block1
        transfer = self._transfers.take(flow, code, options, block, about, payload, response=False, plain=True)
        if transfer is ODD:
            return None
        if transfer is not None:
            body = bytes(transfer.body)
            return body, body
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
        self, flow: Flow, frame: int, time: int, data: bytes, start: int, mid: int, token: bytes, text: str
    ) -> Made:
        """A piggybacked response."""
        origin = flow.peer.sent.get(mid)
        if (
            type(origin) is not Light
            or not 0 < origin.code < 32
            or origin.token != token
            or origin.response is not None
            or not origin.about.plain
            or origin.observing
            or time - origin.time >= LIFETIME
            or not (origin.endpoint or flow.client is None)
        ):
            return None
        about, shown, more = origin.about, "", ""
        if start < len(data):
            marker = data.find(b"\xff", start)
            raw = data[start:] if marker < 0 else data[start:marker]
            shape = self._shapes.whole.get(raw) or self._shapes.learn_whole(raw)
            if shape is None or marker == len(data) - 1:
                return None
            shown, options, code = shape.text, shape.options, data[1]
            if marker >= 0:
                payload = data[marker + 1 :]
                before, values, content_format, whole = "", payload, options.content_format, ""
                if options.block2 is not None and 0x40 <= code < 0x60:
                    found = self._fetched(origin, options, payload)
                    if found is None:
                        return None
                    values, content_format, whole = found
                if values and code == CONTENT and about.in_response:
                    before, more = self._pieces(values, content_format, about.target)
                shown = f'{shown},"payload":"{payload.hex()}"{whole}{before}'
            elif options.block2 is not None:
                return None
        if origin.copies is None and origin.whole is None:
            origin.waiting, origin.response = False, frame
        else:
            self._held.advance()
            origin.answered(frame)
        rtt = number((time - origin.time) / _BILLION).decode()
        return (
            f'{text}{shown},"request":{origin.frame},"rtt":{rtt}'
            f"{about.operation_text}{origin.named}{about.target_text}{more}}}"
        )

    def _fetched(self, origin: Light, options: OptionList, payload: bytes) -> tuple[bytes, int | None, str] | None:
        """What holds the values of a response with Block2, its Content-Format, and the piece with the body. None for a
        block that is not the next."""
        block, content_format = options.block2, options.content_format
        about, flow, code = (origin.about.operation, content_format), origin.flow, origin.code
        transfer = self._transfers.take(flow, code, origin.options, block, about, payload, response=True, plain=True)
        if transfer is ODD:
            return None
        if transfer is None:
            return b"" if block is not None and (block.more or block.num) else payload, content_format, ""
        body = bytes(transfer.body)
        return body, transfer.content_format if content_format is None else content_format, f',"body":"{body.hex()}"'

    def _acknowledgement(
        self, flow: Flow, frame: int, time: int, data: bytes, start: int, mid: int, token: bytes, text: str
    ) -> Made:
        """An empty one."""
        origin = flow.peer.sent.get(mid)
        if (
            type(origin) is not Light
            or len(data) != 4
            or start != 4
            or time - origin.time >= LIFETIME
            or not (origin.endpoint or flow.client is None)
        ):
            return None
        about = origin.about
        whose = f"{about.operation_text}{origin.named}{about.target_text}}}"
        if origin.code < 32:
            return f'{text},"request":{origin.frame}{whose}'
        if origin.waiting and origin.copies is None and origin.whole is None:
            origin.waiting, origin.response = False, frame
        else:
            self._held.advance()
            origin.answered(frame)
        rtt = number((time - origin.time) / _BILLION).decode()
        return f'{text},"request":{origin.frame},"rtt":{rtt}{whose}'

    def _behind_observe(self, origin: Light, data: bytes, behind: int) -> tuple[Shape, bytes] | None:
        """The options behind Observe, mostly those of the notification before, and the payload. None for faults."""
        pushed = origin.pushed
        if pushed is not None and data.startswith(pushed[0], behind):
            payload = data[behind + len(pushed[0]) :]
            return (pushed[1], payload) if payload else None
        marker = data.find(b"\xff", behind)
        raw = data[behind:] if marker < 0 else data[behind:marker]
        shape = self._shapes.behind_observe.get(raw) or self._shapes.learn_behind_observe(raw)
        if shape is None or shape.blocks or marker == len(data) - 1:
            return None
        if marker < 0:
            return shape, b""
        origin.pushed = data[behind : marker + 1], shape
        return shape, data[marker + 1 :]

    def _notification(
        self, flow: Flow, frame: int, time: int, data: bytes, start: int, mid: int, token: bytes, text: str
    ) -> Made:
        before = flow.sent.get(mid)
        if before is not None and before.data == data and time - before.time < LIFETIME:
            return None
        client, code = flow.client, data[1]
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
        observe, last = int.from_bytes(data[start + 1 : behind], "big"), self._observed.get(origin)
        if last is None or not 0 < observe - last[0] < HALF:
            return None
        meant = origin.about.notified or origin.about
        found = self._behind_observe(origin, data, behind)
        if found is None:
            return None
        shape, payload = found
        self._observed[origin] = observe, time
        before_request, shown, more, valued = "", "", "", False
        if payload:
            if code == CONTENT and meant.in_response:
                valued = True
                before_request, more = self._pieces(payload, shape.options.content_format, meant.target)
            shown = f',"payload":"{payload.hex()}"'
        sent = Light(
            frame, time, data, flow, code, None, None, False, data[0] < 0x50, origin, None,
            shape.options, meant, origin.named, origin.endpoint, b"", valued, None, origin.frame,
            f'{text}{shape.text}{observe}{shape.middle}{observe}{shape.last}{shown}{before_request},'
            f'"request":{origin.frame}',
            more,
        )  # fmt: skip
        flow.sent[mid] = sent
        self._keep(sent)
        return sent


def _named(client: Client) -> str:
    client.text = piece(Message(endpoint=client.endpoint))
    return client.text


def _learn_meaning(flow: Flow, shape: Shape, code: int, payload: bytes, key: object) -> About | None:
    operation, target = asked(flow, code, shape.options, payload)
    if len(shape.meanings) >= _MAX_MEANINGS:
        shape.meanings.clear()
    odd = operation in _OWN_WAY or foreign.of_path(shape.options.path) is not None
    meant = None if odd else about(operation, target)
    shape.meanings[key] = meant
    return meant
