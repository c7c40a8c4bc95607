"""A part of the traffic: what a filter lets pass, or what this process of several is to show.

Everything that one message can mean for another is kept: the result is the same as when all is decoded first and sifted
then. But conversations that can not hold anything wanted are put ``aside``, or even ``skipped``, and a message whose
header says that it is not wanted is read the fast way and forgotten. What is left is decoded by the
``Dissector``, and the filter is asked when nothing of it can change any more.

(But for a clock that jumps back by a message's lifetime: which lines are written by then depends on all that waited.
And where there is more than the tables hold, what is wanted alone stays longer in them.)

For each message there is one item, shown or not. So several processes that show a part each give lists of one length.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from copy import copy
from zlib import crc32

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.codec.coap import CODES, POST, TYPES
from atshell_lwm2m.dissect.aside import Aside
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import Elsewhere
from atshell_lwm2m.dissect.fast import Handler, Lines
from atshell_lwm2m.dissect.held import Held
from atshell_lwm2m.dissect.jsontext import SHORT, THREE, moment
from atshell_lwm2m.dissect.message import seconds as seconds_of
from atshell_lwm2m.dissect.skipped import Skipped
from atshell_lwm2m.dissect.state import MAX_ENDPOINTS, MAX_FLOWS, Flow, Sent
from atshell_lwm2m.filter import Condition
from atshell_lwm2m.filter.early import OF_HEADERS, TRUE, Known
from atshell_lwm2m.message import Message


class Sifted(Lines):
    """Decides conversation by conversation."""

    def __init__(self, dissector: Dissector, skipped: Skipped | None = None) -> None:
        super().__init__(dissector)
        self._skipped = skipped
        self._aside: Aside | Elsewhere = self._put_aside()

    @abstractmethod
    def _put_aside(self) -> Aside | Elsewhere:
        """What knows of the conversations that are."""

    @abstractmethod
    def is_aside(self, flow: Flow) -> bool:
        """Whether nothing that is said between these two can be wanted."""

    @abstractmethod
    def _show(self, flow: Flow, handler: Handler | None, start: int, said: str, datagram: Headed) -> None:
        """Hold what comes of a datagram that may be wanted."""

    @abstractmethod
    def _hide(self, found: list[Sent]) -> None:
        """Hold what stands aside and went the whole way."""

    def _read(self, batch: list[Headed]) -> None:
        dissector, held, kinds, aside = self._dissector, self._held, self._kinds, self._aside
        known, keep = dissector.flows.get, held.items.append
        careful = not held.room(len(batch))
        skipped = self._skipped
        for datagram in batch:
            frame, time, seconds, _, key, head, mid, data, missing = datagram
            if not key or (skipped is not None and skipped.has(key, head, data)):
                held.passed(1 if key else frame, time)
                self._sweep(time, 1 if key else frame)
                careful = careful or not held.room(len(batch))
                continue
            flow = known(key) or dissector.new_flow(key, data, missing)
            if flow is None:
                continue
            if seconds != self._second:
                self._second = seconds
                careful = self._may_run_out(seconds) or careful
            handler, start, said = kinds[head] or self._kind(head)
            fits = said != "" and start <= len(data)
            if flow.aside or (flow.aside is None and aside.judged(flow)):
                if fits and aside.take(flow, frame, time, head, mid, data):
                    keep("")
                    if skipped is not None and isinstance(aside, Aside) and head & 0xFF == POST:
                        skipped.stays(key, flow, aside.path(data, start), data[start:])
                else:
                    self._apart(flow, handler if fits else None, start, datagram)
            else:
                self._show(flow, handler if fits else None, start, said, datagram)
            if skipped is not None:
                away = aside.judged(flow) if flow.aside is None else flow.aside
                skipped.settle(key, flow, head, away=away)
            if careful:
                held.advance(time)
            self._sweep(time)

    def _apart(self, flow: Flow, handler: Handler | None, start: int, datagram: Headed) -> None:
        """What may change something, of a conversation that is aside."""
        frame, time, _, _, _, _, mid, data, missing = datagram
        if handler is None or not self._handled(handler(flow, frame, time, data, start, mid, data[4:start], "")):
            self._held.advance()
            self._hide(self._dissector.take(flow, frame, time, data, missing))

    def _handled(self, made: Sent | str | None) -> bool:
        """Whether it was common; it is held as nothing then."""
        if made is None:
            return False
        self._held.items.append("")
        return True


class Share(Sifted):
    """The lines of one of ``count`` processes; empty ones in place of the others'."""

    def __init__(self, dissector: Dissector, number: int, count: int) -> None:
        super().__init__(dissector)
        self._number, self._count = number, count

    def _put_aside(self) -> Elsewhere:
        return Elsewhere(self._dissector, self.is_aside)

    def is_aside(self, flow: Flow) -> bool:
        ends = [flow.src, flow.dst] if flow.client is None else flow.client.home.split()
        return share_of(crc32(" ".join(sorted(ends)).encode()), self._count) != self._number

    def _show(self, flow: Flow, handler: Handler | None, start: int, said: str, datagram: Headed) -> None:
        frame, time, seconds, micro, _, _, mid, data, missing = datagram
        made = None
        if handler is not None:
            token = data[4:start]
            spoken = f',"token":"{token.hex()}"' if token else ""
            high, low = divmod(micro, 1000)
            usual = low and 1_000_000_000 <= seconds < 1 << 32
            shown = f"{seconds}.{THREE[high]}{SHORT[low]}" if usual else moment(time)
            text = f'{{"frame":{frame},"time":{shown}{flow.text or self.ends(flow)}{said}{mid}{spoken}'
            made = handler(flow, frame, time, data, start, mid, token, text)
        if made is not None:
            self._held.items.append(made)
        else:
            self._held.advance()
            self._held.items += self._dissector.take(flow, frame, time, data, missing)

    def _hide(self, found: list[Sent]) -> None:
        self._held.items += [""] * len(found)


# The first process also puts together and writes what the others send: it shows less itself.
_FIRST, _OTHERS = 8, 10


def share_of(number: int, count: int) -> int:
    """Whose it is among so many."""
    place = number % (_FIRST + _OTHERS * (count - 1))
    return 0 if place < _FIRST else 1 + (place - _FIRST) // _OTHERS


class Wanted(Sifted):
    """The messages for which a filter's condition holds."""

    def __init__(self, dissector: Dissector, condition: Condition, skipped: Skipped | None = None) -> None:
        """With ``skipped`` the messages end in ``ReadAgain`` when too much was."""
        self._holds, self._judge = condition.holds, condition.judge
        self._by_header = not condition.fields.isdisjoint(OF_HEADERS)
        self._by_endpoint = "endpoint" in condition.fields
        self._aside_for_good: dict[tuple[str, str], bool] = {}
        """By source and destination, where it is these that tell."""
        super().__init__(dissector, skipped)
        self._held = Held(self._said, live=dissector.live)

    def _put_aside(self) -> Aside:
        return Aside(self._dissector, self.is_aside, may_change=self._by_endpoint)

    def messages(self, batches: Iterable[list[Headed]]) -> Iterator[Message]:
        """In the order of the capture."""
        for found in self._batches(batches):
            for one in found:
                if isinstance(one, Message):
                    yield one

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

    def _show(self, flow: Flow, handler: Handler | None, start: int, said: str, datagram: Headed) -> None:
        if handler is not None and self._by_header and not self._header_can_be(flow, datagram):
            self._apart(flow, handler, start, datagram)
            return
        frame, time, _, _, _, _, _, data, missing = datagram
        self._held.advance()
        self._held.items += self._dissector.take(flow, frame, time, data, missing)

    def _header_can_be(self, flow: Flow, datagram: Headed) -> bool:
        frame, time, _, _, _, head, mid, data, _ = datagram
        header = Message(frame, seconds_of(time), flow.src, flow.dst, file=self._file)
        header.type, header.code, header.mid = TYPES[head >> 12 & 3], CODES[head & 0xFF], mid
        header.token = data[4 : 4 + (head >> 8 & 15)].hex() or None
        return bool(self._judge(Known(header, [*flow.endpoints, *flow.peer.endpoints], header=True)) & TRUE)

    def _hide(self, found: list[Sent]) -> None:
        self._held.items += found
