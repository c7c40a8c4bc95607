"""Datagrams straight to lines of JSON, for what most traffic consists of.

``Dissector`` and ``message.to_json`` read everything and are the measure of what is right. This is a short cut through
them for a request, its piggybacked response, a notification, an empty acknowledgement, and what of these is sent again,
without faults, odd blocks or consequences. No Message is made of these: a line is put together from pieces, most of
which were made before (``shortcuts``). What is not common goes to the Dissector. Both work on the same flows, so either
finds what the other left; a ``Light`` becomes a Message when the Dissector asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.codec.coap import DELETE, POST
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import Elsewhere
from atshell_lwm2m.dissect.freshness import HALF
from atshell_lwm2m.dissect.jsontext import SHORT, THREE, encode, moment
from atshell_lwm2m.dissect.light import CONTENT, NOBODY, Light
from atshell_lwm2m.dissect.shortcuts import EMPTY_ACK, Kind, Shortcuts, named
from atshell_lwm2m.dissect.state import LIFETIME, Flow

_BILLION = 1_000_000_000
_NOT_SHOWN = "", "\n"
_NO_MORE = "", ""
_NOTHING: list[Kind | None] = [(0, "")] * 0x10000
"""Is common."""
_USUAL = range(1_000_000_000, 1 << 32)
"""Seconds with the ten digits of our days."""
_BY_LOCATION = frozenset({POST, DELETE})


class Lines(Shortcuts):
    """One capture file's traffic."""

    def __init__(self, dissector: Dissector) -> None:
        super().__init__(dissector)
        self._dissector = dissector
        self._second = -1
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
        dissector, held = self._dissector, self._held
        known, recent = dissector.flows.get, dissector.flows.recent.append
        pieces, gone, waiting = held.pieces, held.gone, held.waiting
        keep, whole_shape = pieces.append, self._whole_shape
        second = self._second
        prefix, kinds = f"{second}.", self._kinds_in(second)
        elsewhere = self._elsewhere
        # Whether somebody's time may run out; and whether something is to be done after each message.
        self._careful = not held.room(len(batch)) or held.look(second)
        watched = self._careful or dissector.flows.left <= len(batch)
        before, foreign_ones = 0, 0
        for frame, time, seconds, micro, key, head, mid, data, missing in batch:
            if watched and before:
                self._passed(before)
            flow = known(key)
            if flow is None:
                if not key:
                    # The reader has dropped it.
                    pieces += _NOT_SHOWN
                    before = time
                    if seconds != second and held.may_run_out(seconds):
                        watched = self._watch(batch, frame, foreign_ones, watched=watched)
                    continue
                flow = dissector.new_flow(key, data, missing)
                if flow is None:
                    before = 0
                    foreign_ones += 1
                    continue
            before = time
            if seconds != second:
                second = self._second = seconds
                prefix, kinds = f"{seconds}.", self._kinds_in(seconds)
                if held.may_run_out(seconds):
                    watched = self._watch(batch, frame, foreign_ones, watched=watched)
            fraction: int | str = micro
            if micro < 100_000 or not micro % 10:
                fraction = _fraction(time, micro)
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
            if not start or start > size:
                pass
            elif head >= 0x6000:
                # An acknowledgement: of a request, with its answer; or an empty one, mostly of a notification.
                origin = flow.peer.sent.get(mid)
                if origin is not None and origin.number and 0 <= (took := time - origin.time) < LIFETIME:
                    meant, whose, token_text = origin.about, origin.client.text, ""
                    found = None
                    if not whose and flow.client is not None:
                        pass
                    elif head == EMPTY_ACK:
                        found = _NO_MORE if start == size else None
                    elif 0 < origin.code < 32 and origin.response is None and origin.token == data[4:start]:
                        token_text = f',"token":"{origin.token.hex()}"' if start > 4 else ""
                        if start < size or origin.observing or not meant.plain:
                            found = self._answer(origin, data, start, time)
                        else:
                            found = _NO_MORE
                    if found is not None and head == EMPTY_ACK and origin.code < 32:
                        keep(f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid},"request":{origin.number}')
                        keep(f"{meant.operation_text}{whose}{meant.target_text}}}\n")
                        continue
                    if found is not None:
                        shown, more = found
                        if origin.whole is not None or origin.repeats is not None:
                            held.answered(origin, frame)
                        elif origin.waiting:
                            origin.waiting, origin.response = False, frame
                            place = origin.place
                            if waiting.pop(place, None) is not None:
                                pieces[place - gone] = f',"response":{number}{pieces[place - gone]}'
                        micros = took // 1000
                        rtt = (
                            f"0.{micros}"
                            if 100_000 <= micros < 1_000_000 and took % 10_000 and not took % 1000
                            else _rtt(took)
                        )
                        keep(
                            f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid}{token_text}{shown}'
                            f',"request":{origin.number},"rtt":{rtt}'
                            f"{meant.operation_text}{whose}{meant.target_text}{more}}}\n"
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
                        shown = str(observe)
                        keep(
                            f'{{"frame":{number},"time":{prefix}{fraction}{ends}{said}{mid}{pushed.token}{shown}'
                            f'{pushed.middle}{shown}{pushed.last}{payload.hex()}"{noted},"request":{origin.number}'
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
                called = client.text or named(client)
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
            dissector.flows.left -= len(batch) - foreign_ones

    def _kinds_in(self, second: int) -> list[Kind | None]:
        return self._kinds if second in _USUAL else _NOTHING

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
            self._dissector.flows.left -= sum(one[0] < frame for one in batch) - foreign_ones
        return True

    def _passed(self, time: int) -> None:
        """A message of this time was taken in."""
        if self._careful:
            self._held.advance(time)
        self._dissector.flows.passed(time)


def _fraction(time: int, micro: int) -> str:
    """What stands behind the point of a usual time."""
    high, low = divmod(micro, 1000)
    return f"{THREE[high]}{SHORT[low]}" if low else moment(time)[11:]


def _rtt(nanoseconds: int) -> str:
    """Seconds."""
    return encode(nanoseconds / _BILLION).decode()
