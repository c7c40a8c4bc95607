"""What a filter lets pass.

Everything that one message can mean for another is kept: the result is the same as when all is decoded first and sifted
then. But conversations that can not hold anything wanted are put ``aside``, or even ``skipped``, and so is a message
whose header says that it is not wanted. What is left is decoded by the ``Dissector``, and the filter is asked when
nothing of it can change any more.

(But for a clock that jumps back by a message's lifetime: which messages are given by then depends on all that waited.
And where there is more than the tables hold, what is wanted alone stays longer in them.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.capture.glance import AT_ONCE, Skip
from atshell_lwm2m.codec.coap import CODES, TYPES
from atshell_lwm2m.dissect.aside import Aside
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.held import Held, Said
from atshell_lwm2m.dissect.jsontext import HEADS
from atshell_lwm2m.dissect.message import seconds as seconds_of
from atshell_lwm2m.dissect.skipped import Skipped
from atshell_lwm2m.dissect.state import MAX_ENDPOINTS, MAX_FLOWS, Flow, Sent
from atshell_lwm2m.filter import Condition
from atshell_lwm2m.filter.early import OF_HEADERS, TRUE, Known
from atshell_lwm2m.message import Message


class Wanted:
    """The messages for which a filter's condition holds."""

    def __init__(self, dissector: Dissector, condition: Condition, skip: Skip | None = None) -> None:
        """With ``skip`` the messages end in ``ReadAgain`` when too much was."""
        self._holds, self._judge = condition.holds, condition.judge
        self._by_header = not condition.fields.isdisjoint(OF_HEADERS)
        self._by_endpoint = "endpoint" in condition.fields
        self._aside_for_good: dict[tuple[str, str], bool] = {}
        """By source and destination, where it is these that tell."""
        self._dissector, self._file = dissector, dissector.file
        self._aside = Aside(dissector, self.is_aside, may_change=self._by_endpoint or self._by_header)
        self._held = Held(self._said, live=dissector.live)
        self._second = -1
        clients, flow_of = dissector.meaning.clients, dissector.flows.get
        self._skipped = None if skip is None else Skipped(skip, clients, flow_of, self._aside.posted)

    def messages(self, batches: Iterable[list[Headed]]) -> Iterator[Message]:
        """In the order of the capture."""
        for found in self._batches(batches):
            for one in found:
                if isinstance(one, Message):
                    yield one

    def _batches(self, batches: Iterable[list[Headed]]) -> Iterator[list[Said]]:
        held, skipped = self._held, self._skipped
        for batch in batches:
            if skipped is not None:
                self._take_in(self._unskipped(batch, skipped), len(batch) + AT_ONCE)
            else:
                self._take_in(batch, len(batch))
            if batch:
                held.advance(batch[-1][1])
                yield held.ready()
        yield held.rest()

    def _take_in(self, datagrams: Iterable[Headed], count: int) -> None:
        """At most so many."""
        dissector, held, aside = self._dissector, self._held, self._aside
        known, keep = dissector.flows.get, held.items.append
        careful = not held.room(count)
        for frame, time, seconds, _, key, head, mid, data, missing in datagrams:
            flow = known(key) or dissector.new_flow(key, data, missing)
            if flow is None:
                continue
            if seconds != self._second:
                self._second = seconds
                careful = held.may_run_out(seconds) or careful
            away = flow.aside or (flow.aside is None and aside.judged(flow))
            fits = (away or self._by_header) and _is_sound(head, data)
            hidden = away or (fits and not self._header_can_be(flow, frame, time, head, mid, data))
            if hidden and fits and aside.take(flow, frame, time, head, mid, data):
                keep("")
            else:
                held.advance()
                found = dissector.take(flow, frame, time, data, missing)
                held.items += found
                careful = careful or (len(found) > 1 and not held.room(count))
            if careful:
                held.advance(time)
            dissector.flows.passed(time)

    def _unskipped(self, batch: list[Headed], skipped: Skipped) -> Iterator[Headed]:
        """Without what is skipped; each is taken in before the next is asked for."""
        flow_of, keys = self._dissector.flows.get, skipped.keys
        gone = last = 0
        for datagram in batch:
            frame, time, _, _, key, _, _, _, _ = datagram
            if not key or (key in keys and skipped.has(datagram)):
                gone, last = gone + (1 if key else frame), time
                continue
            if gone:
                self._passed(gone, last)
                gone = 0
            if key in keys:
                self._catch_up(skipped, key)
            yield datagram
            flow = flow_of(key)
            if flow is not None:
                skipped.settle(flow, datagram, away=self._is_away(flow))
        if gone:
            self._passed(gone, last)

    def _passed(self, count: int, time: int) -> None:
        """So many were skipped, the last of them at this time."""
        self._held.passed(count, time)
        self._dissector.flows.passed(time, count)

    def _catch_up(self, skipped: Skipped, key: bytes) -> None:
        """Take in what was skipped in this conversation, and is counted, but may matter now."""
        late = skipped.late(key)
        if late is None:
            return
        frame, time, _, _, key, _, _, data, missing = late
        flow = self._dissector.flows.get(key)
        if flow is not None:
            self._held.advance()
            self._dissector.take(flow, frame, time, data, missing)
            skipped.settle(flow, late, away=self._is_away(flow))

    def _is_away(self, flow: Flow) -> bool:
        return self._aside.judged(flow) if flow.aside is None else flow.aside

    def _said(self, sent: Sent) -> Message | str:
        """As it is now: a later answer may still be noted in what others hold of it."""
        return copy(sent.message) if self._holds(sent.message) else ""

    def is_aside(self, flow: Flow) -> bool:
        if not self._by_endpoint:
            ends = flow.src, flow.dst
            if len(self._aside_for_good) >= MAX_FLOWS:
                self._aside_for_good.clear()
            if ends not in self._aside_for_good:
                self._aside_for_good[ends] = not (self._can_be(flow) or self._can_be(flow.peer))
            return self._aside_for_good[ends]
        if max(len(flow.endpoints), len(flow.peer.endpoints)) >= MAX_ENDPOINTS:
            return False
        return not (self._can_be(flow) or self._can_be(flow.peer))

    def _can_be(self, flow: Flow) -> bool:
        ends = Message(src=flow.src, dst=flow.dst, file=self._file)
        return bool(self._judge(Known(ends, [*flow.endpoints, *flow.peer.endpoints])) & TRUE)

    def _header_can_be(self, flow: Flow, frame: int, time: int, head: int, mid: int, data: bytes) -> bool:
        if not self._by_header:
            return True
        header = Message(frame, seconds_of(time), flow.src, flow.dst, file=self._file)
        header.type, header.code, header.mid = TYPES[head >> 12 & 3], CODES[head & 0xFF], mid
        header.token = data[4 : 4 + (head >> 8 & 15)].hex() or None
        return bool(self._judge(Known(header, [*flow.endpoints, *flow.peer.endpoints], header=True)) & TRUE)


def _is_sound(head: int, data: bytes) -> bool:
    """Whether a message that begins with these two bytes is no error in itself, up to its options."""
    return (
        0x4000 <= head < 0x8000
        and HEADS[head >> 4 & 0x300 | head & 0xFF] is not None
        and (head >> 8 & 15 <= 8 and 4 + (head >> 8 & 15) <= len(data))
    )
