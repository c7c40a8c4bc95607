"""Datagrams straight to lines of JSON, for what most traffic consists of.

``Dissector`` and ``message.to_json`` read everything and are the measure of what is right. This is a short cut through
them for a request, its piggybacked response, a notification, an empty acknowledgement, and what of these is sent again,
without faults, odd blocks or consequences. No Message is made of these: a line is put together from pieces, most of
which were made before (``shortcuts``). What is not common goes to the Dissector. Both work on the same flows, so either
finds what the other left; a ``Light`` becomes a Message when the Dissector asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.codec.coap import DELETE, POST
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import Elsewhere
from atshell_lwm2m.dissect.freshness import HALF
from atshell_lwm2m.dissect.jsontext import SHORT, THREE, encode, moment
from atshell_lwm2m.dissect.light import CONTENT, Light
from atshell_lwm2m.dissect.shortcuts import EMPTY_ACK, NOBODY, UNCOMMON, Kind, Shortcuts, named
from atshell_lwm2m.dissect.state import LIFETIME, Flow

_BILLION = 1_000_000_000
_MILLION = 1_000_000
_LIFETIME = LIFETIME // _MILLION
_DIGITS = {1000 * number: digits for number, digits in enumerate(SHORT) if number > 9}
"""Of nanoseconds below a thousandth of a second: what stands behind the third digit. (0.000009 is written 9e-6.)"""
_NON = 0x5000
_NO_MORE = "", ""
_EMPTY = ("",)
_OF_TWO_BYTES = 0x62
"""How an Observe of two bytes begins (RFC 7641 section 2)."""
_NOTHING: list[Kind | None] = [(UNCOMMON, "", False, None)] * 0x10000
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
        self._left_out = ""
        """In place of what others show."""

    def batches(self, batches: Iterable[list[Headed]]) -> Iterator[str]:
        """Whole lines, in the order of the capture, held back as ``Dissector.messages`` does."""
        held = self._held
        for batch in batches:
            if batch:
                self._take_in(batch)
                yield held.ready()
        yield held.rest()

    def _take_in(self, batch: list[Headed]) -> None:
        """All at once, or one by one from where somebody's time may run out or the page is turned."""
        held, flows = self._held, self._dissector.flows
        rest, coming = batch, self._coming(batch)
        if flows.left > coming and held.room(coming) and not held.look(self._second):
            rest, foreign_ones = self._read(batch)
            taken = len(batch) - len(rest)
            flows.left -= taken - foreign_ones
            if flows.left <= 0 or not held.room(0):
                # The last of them held several messages.
                held.advance(batch[taken - 1][1])
                flows.passed(batch[taken - 1][1], 0)
        for one in _singly(rest):
            if not self._read([one], alone=True)[1]:
                held.advance(one[1])
                flows.passed(one[1])

    def _coming(self, batch: list[Headed]) -> int:
        """How many datagrams these are."""
        return len(batch)

    def _read(self, batch: list[Headed], *, alone: bool = False) -> tuple[list[Headed], int]:  # noqa: C901
        """What of these is better taken in one by one, and how many of the others were foreign, less what the
        reader has dropped beside what it tells of. What runs once a message stands here, in one piece; what is needed
        less often, below.

        Conditions are written so that they jump over little code, with ``pass`` for what is not common: Python 3.11
        compares whole numbers in the fast way only there."""
        dissector, held = self._dissector, self._held
        flows = dissector.flows
        known, sent_now, find, find_before = flows.get, flows.sent, flows.sent.get, flows.before.get
        digits_of = _DIGITS.get
        items, gone = held.items, held.gone
        keep, whole_shape = items.append, self._whole_shape
        second = self._second
        prefix, kinds = f"{second}.", self._kinds_in(second)
        elsewhere = self._elsewhere
        foreign_ones, left_out = 0, self._left_out
        each = iter(batch)
        for frame, time, seconds, micro, key, head, mid, data, missing in each:
            if seconds != second:
                if held.may_run_out(seconds) and not alone:
                    return [(frame, time, seconds, micro, key, head, mid, data, missing), *each], foreign_ones
                second = self._second = seconds
                prefix, kinds = f"{seconds}.", self._kinds_in(seconds)
            flow = known(key)
            if flow is None:
                if not key:
                    # The reader has dropped so many.
                    foreign_ones -= frame - 1
                    items += _EMPTY * (frame - 1)
                    keep(left_out)
                    continue
                flow = dissector.new_flow(key, data, missing)
                if flow is None:
                    foreign_ones += 1
                    continue
            high, low = THREE[micro // 1000], SHORT[micro % 1000]
            if not low:
                high = moment(time)[11:]
            number = str(frame)
            ends = flow.addresses or self._ends(flow)
            start, said, answers, opens = kinds[head] or self._kind(head)
            size = len(data)
            if elsewhere is not None and (flow.aside or (flow.aside is None and elsewhere.judged(flow, key))):
                if start <= size and elsewhere.take(flow, frame, time, head, mid, data):
                    keep(left_out)
                    continue
                several = self._uncommon(flow, frame, time, data, missing, shown=False)
                if flow.aside is None:
                    # It may be another's now: of what the reader drops nobody would learn.
                    elsewhere.judged(flow, key)
                if several and not alone:
                    return list(each), foreign_ones
                continue
            if start > size:
                pass
            elif answers:
                # What was sent is a notification, mostly; or a request.
                origin = find(flow.back + mid) or find_before(flow.back + mid)
                if (
                    origin is None
                    or not origin.number
                    or (thousandths := (took := time - origin.time) // _MILLION) < 0
                    or thousandths >= _LIFETIME
                    or not (origin.named or flow.client is None)
                ):
                    pass
                else:
                    found: tuple[str, str] | None = None
                    if origin.code < 32:
                        if head == EMPTY_ACK and size == 4:
                            keep(
                                f'{{"frame":{number},"time":{prefix}{high}{low}{ends}{said}{mid}'
                                f',"request":{origin.number}{origin.tail}}}\n'
                            )
                            continue
                        found = self._answer(origin, data, start, time)
                    elif head == EMPTY_ACK and size == 4:
                        found = _NO_MORE
                    if found is not None:
                        shown, more = found
                        if origin.waiting:
                            if origin.place < gone:
                                # It was given up: not every line that repeats it is to show this answer.
                                held.settle()
                            origin.waiting, origin.response = False, frame
                            if origin.whole is not None:
                                origin.whole.response = frame
                        digits = digits_of(took % _MILLION)
                        rtt = _rtt(took) if digits is None or thousandths > 999 else f"0.{THREE[thousandths]}{digits}"
                        keep(
                            f'{{"frame":{number},"time":{prefix}{high}{low}{ends}{said}{mid}{shown}'
                            f',"request":{origin.number},"rtt":{rtt}{origin.tail}{more}}}\n'
                        )
                        continue
            elif (
                mid <= flow.highest
                and (first := find(flow.base + mid) or find_before(flow.base + mid)) is not None
                and first.data == data
                and time - first.time < LIFETIME
            ):
                if first.number and held.again(first, f'{{"frame":{number},"time":{prefix}{high}{low}'):
                    continue
            elif opens is not None:
                # What may be a notification.
                if start + 7 > size:
                    pass
                else:
                    token, kind, observe, lead = opens(data)
                    behind = start + 3
                    if kind != _OF_TWO_BYTES:
                        behind, observe, lead = _observe(data, start)
                    origin = flow.asked.get(token)
                    if origin is None and flow.client is not None:
                        origin = flow.client.observations.get(token)
                    if (
                        origin is None
                        or (newer := observe - origin.observe) <= 0
                        or newer >= HALF
                        or (
                            (
                                (pushed := origin.pushed) is None
                                or (lead != pushed.lead and not data.startswith(pushed.lead, behind))
                                or not (pushed.named or flow.client is None)
                            )
                            and (pushed := self._pushed(flow, origin, token, data, behind)) is None
                        )
                        or not (payload := data[behind + len(pushed.lead) :])
                    ):
                        pass
                    else:
                        origin.observe, origin.observed = observe, time
                        sent = Light(
                            frame, time, data, flow, CONTENT, head < _NON, gone + len(items), number, origin.named,
                            origin.endpoint, pushed.tail, origin, pushed.about,
                        )  # fmt: skip
                        short, shown, noted = pushed.short, str(observe), ""
                        values = short(payload)
                        if values is None:
                            noted, values = self._values.pieces(payload, pushed.content_format, pushed.about.target)
                        before = (
                            f'{{"frame":{number},"time":{prefix}{high}{low}{ends}{said}{mid}{pushed.token}{shown}'
                            f'{pushed.middle}{shown}{pushed.last},"payload":"{payload.hex()}"{noted}{pushed.request}'
                        )
                        keep((sent, before, f"{pushed.tail}{values}}}\n", False))
                        sent_now[flow.base + mid] = sent
                        if mid > flow.highest:
                            flow.highest = mid
                        continue
            else:
                raw, marker, payload = data[start:].partition(b"\xff")
                shape = whole_shape(raw) or self._shapes.learn_whole(raw)
                if shape is None or (marker and not payload):
                    pass
                else:
                    code, more = head & 0xFF, ""
                    if code in _BY_LOCATION:
                        sense, more = self._posted(flow, shape, code, payload)
                    else:
                        sense = self._meant(flow, shape, code, payload)
                    client = flow.client or NOBODY
                    called = client.text or named(client)
                    if called is None:
                        sense = None
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
                        tail = f"{sense.operation_text}{called}{sense.target_text}"
                        options = shape.options
                        sent = Light(
                            frame, time, data, flow, code, True, gone + len(items), number, called != "",
                            client.endpoint, tail, None, sense, options, token, options.observe == 0, body,
                        )  # fmt: skip
                        before = f'{{"frame":{number},"time":{prefix}{high}{low}{ends}{said}{mid}{token_text}{shown}'
                        keep((sent, before, f"{tail}{more}}}\n", False))
                        sent_now[flow.base + mid] = flow.requests[token] = sent
                        if mid > flow.highest:
                            flow.highest = mid
                        continue
            if self._uncommon(flow, frame, time, data, missing) and not alone:
                return list(each), foreign_ones
        return [], foreign_ones

    def _kinds_in(self, second: int) -> list[Kind | None]:
        return self._kinds if second in _USUAL else _NOTHING

    def _uncommon(self, flow: Flow, frame: int, time: int, data: bytes, missing: int, *, shown: bool = True) -> bool:
        """Left to the dissector. Whether there may have been more messages in it than one."""
        held = self._held
        held.settle()
        found = self._dissector.take(flow, frame, time, data, missing)
        left_out = self._left_out
        held.items += found if shown else [(one, left_out, "", None) if one.waiting else left_out for one in found]
        return len(found) > 1 or flow.reliable


def _singly(batch: list[Headed]) -> Iterator[Headed]:
    """One that stands for many, so often."""
    for one in batch:
        if one[4]:
            yield one
        else:
            yield from repeat((1, *one[1:]), one[0])


def _rtt(nanoseconds: int) -> str:
    """Seconds."""
    return encode(nanoseconds / _BILLION).decode()


def _observe(data: bytes, start: int) -> tuple[int, int, bytes]:
    """What is behind the option that begins here, its value if it is an Observe, or else -1, and what follows."""
    length = data[start] - 0x60
    behind = start + 1 + length
    return (
        behind,
        int.from_bytes(data[start + 1 : behind], "big") if 0 <= length <= 3 else -1,
        data[behind : behind + 4],
    )
