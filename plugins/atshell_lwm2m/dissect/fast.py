"""Datagrams straight to lines of JSON, for what most traffic consists of.

``Dissector`` and ``message.to_json`` read everything and are the measure of what is right. This is a short cut through
them for a request, its piggybacked response, a notification, an empty acknowledgement, and what of these is sent again,
without faults, odd blocks or consequences. No Message is made of these: a line is put together from pieces, most of
which were made before (addresses, type and code, options, operation and target). Each function says whether the message
was common; if not, it has changed nothing, and the datagram goes to the Dissector. Both work on the same flows, so
either finds what the other left; a ``Light`` becomes a Message when the Dissector asks for it.

What the functions hand to one another, and to no object, since this runs once a message: ``start`` is where the options
begin in ``data``, ``text`` the line up to the token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.codec import foreign
from atshell_lwm2m.codec.coap import DELETE, POST
from atshell_lwm2m.codec.options import OptionList
from atshell_lwm2m.dissect.about import About, about, piece
from atshell_lwm2m.dissect.blocks import ODD
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import Elsewhere
from atshell_lwm2m.dissect.freshness import HALF
from atshell_lwm2m.dissect.heldlines import HeldLines
from atshell_lwm2m.dissect.jsontext import HEADS, SHORT, THREE, Shape, Shapes, encode, moment
from atshell_lwm2m.dissect.jsonvalues import Values, nothing
from atshell_lwm2m.dissect.light import CONTENT, NOBODY, Light, Pushed
from atshell_lwm2m.dissect.meaning import MAX_OBSERVATIONS, TOLD, asked
from atshell_lwm2m.dissect.registrations import from_query
from atshell_lwm2m.dissect.state import LIFETIME, NEVER, SWEEP_EVERY, Client, Flow, Sent, remember
from atshell_lwm2m.message import Message

_BILLION = 1_000_000_000
_NOT_SHOWN = "", "\n"
_MAX_MEANINGS = 64
_MAX_REPEATS = 16
_BY_LOCATION = frozenset({POST, DELETE})
_EMPTY_ACK = 0x6000
_OBSERVES = (b"\x60", b"\x61", b"\x62", b"\x63")
"""Option Observe in front, with a value of 0 to 3 bytes."""
# Requests that change what is known, or say more than their options and values.
_OWN_WAY = frozenset({"Register", "Update", "Bootstrap-Request", "Create"})
_OBSERVING = frozenset({"Observe", "Observe-Composite"})

Kind = tuple[int, str]
"""Of messages that begin with these two bytes: where the options begin, or 0 where they are none of those that are
common; and the piece with their type and code."""


class Lines:
    """One capture file's traffic."""

    def __init__(self, dissector: Dissector) -> None:
        self._dissector = dissector
        self._clients = dissector.meaning.clients
        self._transfers = dissector.meaning.transfers
        self._file = dissector.file
        self._shapes = Shapes()
        self._whole_shape, self._pushed_shape = self._shapes.whole.get, self._shapes.behind_observe.get
        self._values = Values()
        self._update = about("Update", None)
        self._kinds: list[Kind | None] = [None] * 0x10000
        self._held = HeldLines(live=dissector.live)
        self._left = SWEEP_EVERY
        self._second = -1
        self._prefix, self._least = "", 1 << 62
        self._elsewhere: Elsewhere | None = None
        """Where what others show is known, if any do."""

    def batches(self, batches: Iterable[list[Headed]]) -> Iterator[str]:
        """Whole lines, in the order of the capture, held back as ``Dissector.messages`` does."""
        held = self._held
        for batch in batches:
            if batch:
                self._read(batch)
                yield "".join(held.ready())
        yield "".join(held.rest())

    def _read(self, batch: list[Headed]) -> None:  # noqa: C901
        """What runs once a message stands here, in one piece; what is needed less often, below."""
        dissector, held, kinds = self._dissector, self._held, self._kinds
        known, recent = dissector.flows.get, dissector.flows.recent.append
        pieces, gone, waiting = held.pieces, held.gone, held.waiting
        keep, whole_shape = pieces.append, self._whole_shape
        second, prefix, least = self._second, self._prefix, self._least
        elsewhere = self._elsewhere
        # Whether somebody's time may run out; and whether something is to be done after each message.
        self._careful = not held.room(len(batch)) or held.look(second)
        watched = self._careful or self._left <= len(batch)
        before, foreign_ones = 0, 0
        for frame, time, seconds, micro, key, head, mid, data, missing in batch:
            if watched and before:
                self._passed(before)
            flow = known(key)
            if flow is None:
                if not key:
                    pieces += _NOT_SHOWN
                    before = time
                    continue
                flow = dissector.new_flow(key, data, missing)
                if flow is None:
                    before = 0
                    foreign_ones += 1
                    continue
            before = time
            if seconds != second:
                second = self._second = seconds
                prefix, least = self._new_second(seconds)
                if held.may_run_out(seconds):
                    watched = self._watch(batch, frame, foreign_ones, watched=watched)
            fraction: int | str = micro
            if micro < least or not micro % 10:
                fraction = self._fraction(time, micro)
            number = str(frame)
            ends = flow.text or self._ends(flow)
            start, said = kinds[head] or self._kind(head)
            size = len(data)
            if elsewhere is not None and (flow.aside or (flow.aside is None and elsewhere.judged(flow, key))):
                if 0 < start <= size and elsewhere.take(flow, frame, time, head, mid, data):
                    pieces += _NOT_SHOWN
                elif self._uncommon(flow, frame, time, data, missing, shown=False):
                    watched = self._watch(batch, frame, foreign_ones, watched=watched)
                continue
            if head == _EMPTY_ACK and size == 4:
                origin = flow.peer.sent.get(mid)
                if origin is not None and origin.number and 0 <= (took := time - origin.time) < LIFETIME:
                    meant, named = origin.about, origin.client.text
                    if named or flow.client is None:
                        if origin.code < 32:
                            keep(
                                f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid},"request":{origin.number}'
                            )
                            keep(f"{meant.operation_text}{named}{meant.target_text}}}\n")
                            continue
                        micros = took // 1000
                        rtt = (
                            f"0.{micros}"
                            if 100_000 <= micros < 1_000_000 and took % 10_000 and not took % 1000
                            else _rtt(took)
                        )
                        if origin.waiting:
                            if origin.whole is None and origin.repeats is None:
                                origin.waiting, origin.response = False, frame
                                place = origin.place
                                if waiting.pop(place, None) is not None:
                                    pieces[place - gone] = f',"response":{number}{pieces[place - gone]}'
                            else:
                                held.answered(origin, frame)
                        keep(
                            f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid},"request":{origin.number}'
                            f',"rtt":{rtt}{meant.operation_text}{named}{meant.target_text}}}\n'
                        )
                        keep("")
                        continue
            elif not start or start > size:
                pass
            elif head >= 0x6000:
                origin = flow.peer.sent.get(mid)
                if (
                    origin is not None
                    and origin.number
                    and 0 < origin.code < 32
                    and origin.response is None
                    and 0 <= (took := time - origin.time) < LIFETIME
                    and origin.token == data[4:start]
                ):
                    meant, named, shown, more = origin.about, origin.client.text, "", ""
                    found = None
                    if not named and flow.client is not None:
                        pass
                    elif start < size or origin.observing or not meant.plain:
                        found = self._answer(origin, data, start, time)
                    else:
                        found = "", ""
                    if found is not None:
                        shown, more = found
                        if origin.whole is None and origin.repeats is None:
                            origin.waiting, origin.response = False, frame
                            place = origin.place
                            if waiting.pop(place, None) is not None:
                                pieces[place - gone] = f',"response":{number}{pieces[place - gone]}'
                        else:
                            held.answered(origin, frame)
                        micros = took // 1000
                        rtt = (
                            f"0.{micros}"
                            if 100_000 <= micros < 1_000_000 and took % 10_000 and not took % 1000
                            else _rtt(took)
                        )
                        token_text = f',"token":"{origin.token.hex()}"' if start > 4 else ""
                        keep(
                            f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid}{token_text}{shown},"request":{origin.number}'
                            f',"rtt":{rtt}{meant.operation_text}{named}{meant.target_text}{more}}}\n'
                        )
                        keep("")
                        continue
            elif (first := flow.sent.get(mid)) is not None and first.data == data and time - first.time < LIFETIME:
                if type(first) is Light and self._repeated(first, f'{{"frame":{number},"time":{prefix}{fraction}'):
                    continue
            elif head & 0xFF >= 32:
                # A response that is no acknowledgement: a notification.
                token = data[4:start]
                origin = flow.peer.requests.get(token)
                if origin is None and flow.client is not None:
                    origin = flow.client.observations.get(token)
                if origin is not None and origin.number and start + 4 < size:
                    length = data[start] - 0x60
                    if length == 2:
                        observe = data[start + 1] << 8 | data[start + 2]
                    else:
                        observe = (
                            int.from_bytes(data[start + 1 : start + 1 + length], "big") if 0 <= length <= 3 else -1
                        )
                    behind, pushed = start + 1 + length, origin.pushed
                    if (
                        0 < observe - origin.observe < HALF
                        and (
                            (pushed is not None and pushed.mark is flow.mark and data.startswith(pushed.lead, behind))
                            or (pushed := self._pushed(flow, origin, token, data, behind)) is not None
                        )
                        and (payload := data[behind + len(pushed.lead) :])
                    ):
                        values = pushed.short(payload) if head & 0xFF == CONTENT else ""
                        noted = ""
                        if values is None:
                            noted, values = self._values.pieces(payload, pushed.content_format, pushed.about.target)
                        origin.observe, origin.observed = observe, time
                        keep(
                            f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid}{pushed.token}{observe}'
                            f'{pushed.middle}{observe}{pushed.last}{payload.hex()}"{noted},"request":{origin.number}'
                        )
                        keep(f"{pushed.whose}{values}}}\n")
                        place = gone + len(pieces) - 1
                        confirmable = head < 0x5000
                        sent = Light(
                            frame, time, data, flow, head & 0xFF, confirmable, origin,
                            place, pushed.about, origin.client, number,
                        )  # fmt: skip
                        if confirmable:
                            waiting[place] = sent
                        flow.sent[mid] = sent
                        recent(sent)
                        continue
            else:
                marker = data.find(b"\xff", start)
                if marker < 0:
                    raw, payload = data[start:], b""
                else:
                    raw, payload = data[start:marker], data[marker + 1 :]
                shape = whole_shape(raw) or self._shapes.learn_whole(raw)
                client = flow.client or NOBODY
                called = client.text or _named(client)
                if shape is not None and called is not None and (payload or marker < 0):
                    code, more = head & 0xFF, ""
                    if code in _BY_LOCATION:
                        sense, more = self._posted(flow, shape, code, payload)
                    else:
                        sense = self._meant(flow, shape, code, payload)
                    token = data[4:start]
                    body: bytes | None = None
                    shown = shape.text
                    if sense is not None and (payload or shape.blocks):
                        content = self._content(flow, shape, code, token, sense, payload)
                        if content is None:
                            sense = None
                        else:
                            shown, body, own = content
                            more = own or more
                    if sense is not None:
                        token_text = f',"token":"{token.hex()}"' if token else ""
                        keep(f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid}{token_text}{shown}')
                        keep(f"{sense.operation_text}{called}{sense.target_text}{more}}}\n")
                        place = gone + len(pieces) - 1
                        options = shape.options
                        sent = Light(
                            frame, time, data, flow, code, True, None,
                            place, sense, client, number, options, token, options.observe == 0, body,
                        )  # fmt: skip
                        waiting[place] = flow.sent[mid] = flow.requests[token] = sent
                        recent(sent)
                        continue
            if self._uncommon(flow, frame, time, data, missing):
                watched = self._watch(batch, frame, foreign_ones, watched=watched)
        if watched and before:
            self._passed(before)
        if not watched:
            self._left -= len(batch) - foreign_ones

    def _new_second(self, seconds: int) -> tuple[str, int]:
        """How times begin that have it; and which microseconds on have the usual six digits there."""
        self._prefix = f"{seconds}."
        self._least = 100_000 if 1_000_000_000 <= seconds < 1 << 32 else 1 << 62
        return self._prefix, self._least

    def _fraction(self, time: int, micro: int) -> str:
        """What stands behind the point."""
        high, low = divmod(micro, 1000)
        return f"{THREE[high]}{SHORT[low]}" if low and self._least < 1 << 62 else moment(time)[len(self._prefix) :]

    def _uncommon(self, flow: Flow, frame: int, time: int, data: bytes, missing: int, *, shown: bool = True) -> bool:
        """Left to the dissector. Whether more lines came of it than one."""
        self._held.settle()
        found = self._dissector.take(flow, frame, time, data, missing)
        for sent in found:
            if shown:
                self._held.keep(sent)
            else:
                self._held.pieces += _NOT_SHOWN
        touched = self._dissector.flows.touched
        if touched:
            self._held.touched(touched)
        return len(found) > 1

    def _watch(self, batch: list[Headed], frame: int, foreign_ones: int, *, watched: bool) -> bool:
        """From this frame on somebody's time may run out."""
        self._careful = True
        if not watched:
            self._left -= sum(one[0] < frame for one in batch) - foreign_ones
        return True

    def _passed(self, time: int) -> None:
        """A message of this time was taken in."""
        if self._careful:
            self._held.advance(time)
        self._left -= 1
        if self._left <= 0:
            self._dissector.flows.sweep(time)
            self._left = SWEEP_EVERY

    def _kind(self, head: int) -> Kind:
        first, code = head >> 8 & 0xFF, head & 0xFF
        said, start = HEADS[first << 4 & 0x300 | code], 4 + (first & 15)
        fits = head >= 0 and 0x40 <= first < 0x70 and start <= 12 and said is not None
        if not fits or code in TOLD or (not code and head != _EMPTY_ACK) or (first < 0x60 and code >= 0x60):
            start = 0
        kind = self._kinds[head] = start, said or ""
        return kind

    def _ends(self, flow: Flow) -> str:
        flow.file = self._file
        flow.text = piece(Message(src=flow.src, dst=flow.dst, transport="udp", file=self._file))
        return flow.text

    def _repeated(self, first: Light, text: str) -> bool:
        """What is sent again means what it meant the first time. ``text`` is the line up to the time."""
        held = self._held
        if first.whole is not None or first.place <= held.gone:
            return False
        if first.repeats is None:
            first.repeats = []
        pieces, at = held.pieces, first.place - held.gone
        before, behind = pieces[at - 1], pieces[at]
        if len(first.repeats) >= _MAX_REPEATS or any(own in before for own in _ITS_OWN):
            return False
        answer = "" if first.response is None else f',"response":{first.response}'
        pieces.append(f"{text}{before[before.index(_SRC) :]}")
        pieces.append(f'{answer},"retransmission_of":{first.frame}{behind.removeprefix(answer)}')
        first.repeats.append(held.gone + len(pieces) - 1)
        return True

    def _pushed(self, flow: Flow, origin: Sent, token: bytes, data: bytes, behind: int) -> Pushed | None:
        """What a notification has in common with those that follow. None for one without a payload, and for faults."""
        marker = data.find(b"\xff", behind)
        raw = data[behind:marker]
        shape = self._pushed_shape(raw) or self._shapes.learn_behind_observe(raw)
        named = origin.client.text
        if marker < 0 or marker == len(data) - 1 or shape is None or shape.blocks:
            return None
        if not named and flow.client is not None:
            return None
        meant = origin.about.notified or origin.about
        content_format = shape.options.content_format
        origin.pushed = Pushed(
            flow.mark,
            data[behind : marker + 1],
            (f',"token":"{token.hex()}"' if token else "") + shape.text,
            shape.middle,
            shape.last + ',"payload":"',
            f"{meant.operation_text}{named}{meant.target_text}",
            meant,
            content_format,
            self._values.short(content_format, meant.target) if meant.in_response else nothing,
        )
        return origin.pushed

    def _content(
        self, flow: Flow, shape: Shape, code: int, token: bytes, meant: About, payload: bytes
    ) -> tuple[str, bytes | None, str] | None:
        """Of a request with a payload or a block: its options and payload, its body, and the piece that says more of
        it. None for what is not common."""
        options = shape.options
        if shape.blocks and self._not_alone(flow, code, token, options, meant, payload):
            return None
        if not payload:
            return shape.text, None, ""
        body, before, more, whole, values = None, "", "", "", payload
        if options.block1 is not None:
            found = self._whole(flow, code, options, meant, payload)
            if found is None:
                return None
            values, body = found
            if body is not None:
                whole = f',"body":"{body.hex()}"'
        if meant.in_request and values:
            before, more = self._values.all(values, options.content_format, meant.target)
        return f'{shape.text},"payload":"{payload.hex()}"{whole}{before}', body, more

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

    def _posted(self, flow: Flow, shape: Shape, code: int, payload: bytes) -> tuple[About | None, str]:
        """What a POST or DELETE is about, and the piece that says more of it. None when it is not common."""
        client, path = flow.client, shape.options.path
        owner = None if path is None else self._clients.find(flow, path)
        if owner is not None and (client is None or flow.from_client):
            if code == DELETE or payload or client is not owner:
                return None, ""
            return self._update, self._registration(shape)
        return self._meant(flow, shape, code, payload), ""

    def _meant(self, flow: Flow, shape: Shape, code: int, payload: bytes) -> About | None:
        """The same of any other request."""
        key = code if payload else ~code
        try:
            return shape.meanings[flow.context][key]
        except KeyError:
            return _learn_meaning(flow, shape, code, payload, key)

    def _registration(self, shape: Shape) -> str:
        """That of an Update without a body."""
        known = shape.registration
        if not known:
            known.append(piece(Message(registration=from_query(shape.options.query, shape.options.path))))
        return known[0]

    def _answer(self, origin: Sent, data: bytes, start: int, time: int) -> tuple[str, str] | None:
        """The options and payload of a response to this request, and the piece that says more of it. None for what is
        not common."""
        meant, code = origin.about, data[1]
        if origin.observing or not meant.plain:
            return self._observed(origin, data, start, time)
        marker = data.find(b"\xff", start)
        raw = data[start:] if marker < 0 else data[start:marker]
        shape = self._whole_shape(raw) or self._shapes.learn_whole(raw)
        if shape is None or marker == len(data) - 1:
            return None
        options = shape.options
        if marker < 0:
            return None if options.block2 is not None else (shape.text, "")
        payload = data[marker + 1 :]
        before, more, values, content_format, whole = "", "", payload, options.content_format, ""
        if options.block2 is not None and 0x40 <= code < 0x60:
            fetched = self._fetched(origin, options, payload)
            if fetched is None:
                return None
            values, content_format, whole = fetched
        if values and code == CONTENT and meant.in_response:
            before, more = self._values.all(values, content_format, meant.target)
        return f'{shape.text},"payload":"{payload.hex()}"{whole}{before}', more

    def _observed(self, origin: Sent, data: bytes, start: int, time: int) -> tuple[str, str] | None:
        """The same of the first answer to an Observe, which observes from now on."""
        meant, code, client = origin.about, data[1], origin.flow.client
        behind = start + 1 + (data[start] & 3) if start < len(data) else start
        marker = data.find(b"\xff", behind)
        if (
            meant.operation not in _OBSERVING
            or not origin.observing
            or origin.observe != NEVER
            or not 0x40 <= code < 0x60
            or data[start : start + 1] not in _OBSERVES
            or not behind <= marker < len(data) - 1
        ):
            return None
        raw, payload = data[behind:marker], data[marker + 1 :]
        shape = self._pushed_shape(raw) or self._shapes.learn_behind_observe(raw)
        if shape is None or shape.blocks:
            return None
        observe = int.from_bytes(data[start + 1 : behind], "big")
        if client is not None:
            remember(client.observations, origin.token, origin, MAX_OBSERVATIONS)
        origin.observe, origin.observed = observe, time
        before = more = ""
        if code == CONTENT and meant.in_response:
            before, more = self._values.all(payload, shape.options.content_format, meant.target)
        return f'{shape.text}{observe}{shape.middle}{observe}{shape.last},"payload":"{payload.hex()}"{before}', more

    def _fetched(self, origin: Sent, options: OptionList, payload: bytes) -> tuple[bytes, int | None, str] | None:
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


_SRC = ',"src":'
_ITS_OWN = (',"body":', ',"error":', ',"expert":')
"""Pieces that are not said again of what is sent again."""


def _rtt(nanoseconds: int) -> str:
    """Seconds."""
    return encode(nanoseconds / _BILLION).decode()


def _named(client: Client) -> str | None:
    """The piece with its endpoint. None where that is empty, which is the same as none for what comes back."""
    if client.endpoint is None:
        return ""
    client.text = piece(Message(endpoint=client.endpoint)) if client.endpoint else ""
    return client.text or None


def _learn_meaning(flow: Flow, shape: Shape, code: int, payload: bytes, key: int) -> About | None:
    operation, target = asked(flow, code, shape.options, payload)
    if len(shape.meanings) >= _MAX_MEANINGS:
        shape.meanings.clear()
    odd = operation in _OWN_WAY or foreign.of_path(shape.options.path) is not None
    meant = None if odd else about(operation, target)
    shape.meanings.setdefault(flow.context, {})[key] = meant
    return meant
