"""Lines that wait for their turn to be written.

A request shall tell its response's frame, so its line is held back until the answer has come or it is too late for one,
and all lines behind it with it. ``Dissector.messages`` looks after each datagram how far it can go on. Here that is
done once for many, which comes to the same (``held``); ``room`` and ``may_run_out`` say when one has to look after
each.

A line is held as two pieces, between which its response goes. Its *place* is that of the second one, counted from the
beginning of the capture.
"""

from __future__ import annotations

from heapq import heappop, heappush

from atshell_lwm2m.dissect import dissector
from atshell_lwm2m.dissect.light import Light
from atshell_lwm2m.dissect.state import LIFETIME, Sent
from atshell_lwm2m.message import to_json

_BILLION = 1_000_000_000
_LIFETIME = LIFETIME // _BILLION
_NEVER = 1 << 80


class HeldLines:
    def __init__(self, *, live: bool = False) -> None:
        self._live = live
        self.pieces: list[str] = []
        """Two a line, to be appended to."""
        self.gone = 0
        """So many pieces were handed out."""
        self.waiting: dict[int, Sent] = {}
        """Those who may still be answered, by their places, in order. Who was answered may stay for a while."""
        self._unsaid: dict[int, Sent] = {}
        """Whose pieces are not made yet: their messages can change."""
        self._places: list[int] = []
        """Those places, as a heap."""
        self._final = 0
        """Lines before this place do not change any more."""
        self._oldest = _NEVER
        """A second: none who waits is older."""

    def keep(self, sent: Sent) -> None:
        """Its line is made when nothing can change it any more."""
        self.pieces += ("", "")
        place = self.gone + len(self.pieces) - 1
        self._say_later(place, sent)
        if sent.waiting:
            self.waiting[place] = sent

    def _say_later(self, place: int, sent: Sent) -> None:
        if place not in self._unsaid:
            self._unsaid[place] = sent
            heappush(self._places, place)

    def answered(self, sent: Sent, frame: int) -> None:
        """That is the frame of the response to a message that was sent again, or that somebody has asked for."""
        self.settle()
        sent.answered(frame)
        self.touched(sent.flow.touched)

    def touched(self, touched: list[Sent]) -> None:
        """Somebody has asked for the messages of these, or answered them."""
        for sent in touched:
            if isinstance(sent, Light):
                self._touched(sent)
        touched.clear()

    def _touched(self, sent: Light) -> None:
        if sent.waiting:
            places = []
        else:
            own = [sent.place] if self.waiting.pop(sent.place, None) is not None else []
            places = own if sent.repeats is None else own + sent.repeats
        for place in places:
            if place >= self._final and sent.response is not None:
                self._tell_once(place, sent.response)
        if sent.whole is not None and sent.place >= self._final:
            self._say_later(sent.place, sent)

    def _tell_once(self, place: int, frame: int) -> None:
        pieces, at = self.pieces, place - self.gone
        if not pieces[at].startswith(',"response"'):
            pieces[at] = f',"response":{frame}{pieces[at]}'

    def room(self, coming: int) -> bool:
        """Whether so many more can be held without any being pushed out."""
        return not self._live and self._behind() + coming < dissector.MAX_HELD

    def _behind(self) -> int:
        """How many lines are held because of the first who waits, with its own."""
        first = next(iter(self.waiting), None)
        return 0 if first is None else (self.gone + len(self.pieces) - first + 1) // 2

    def may_run_out(self, second: int) -> bool:
        """Whether a line may have been held for a message's lifetime before this second is over."""
        if second < self._oldest:
            self._oldest = second
        return second + 1 - self._oldest >= _LIFETIME

    def look(self, second: int) -> bool:
        """The same, after looking at all who wait."""
        if second + 1 - self._oldest < _LIFETIME:
            return False
        oldest = min((sent.time for sent in self.waiting.values()), default=_NEVER)
        self._oldest = min(oldest // _BILLION, second)
        return second + 1 - self._oldest >= _LIFETIME

    def advance(self, now: int) -> None:
        """Nobody waits for longer than one may at this time."""
        waiting = self.waiting
        while waiting:
            place = next(iter(waiting))
            head = waiting[place]
            fits = not self._live and self._behind() < dissector.MAX_HELD
            if head.waiting and now - head.time < LIFETIME and fits:
                break
            del waiting[place]
        self._say()

    def _say(self) -> int:
        """The lines that can't change any more; how many pieces they are."""
        gone, pieces, places = self.gone, self.pieces, self._places
        first = next(iter(self.waiting), None)
        self._final = gone + len(pieces) + 1 if first is None else first
        while places and places[0] < self._final:
            place = heappop(places)
            pieces[place - gone - 1] = to_json(self._unsaid.pop(place).message).decode()
            pieces[place - gone] = "\n"
        return self._final - 1 - gone

    def settle(self) -> int:
        """What has stopped waiting, and what is behind it, stays as it is now. How many pieces those are."""
        waiting = self.waiting
        while waiting:
            place = next(iter(waiting))
            if waiting[place].waiting:
                break
            del waiting[place]
        return self._say()

    def ready(self) -> list[str]:
        """The pieces of lines that nothing can change any more, once."""
        count = self.settle()
        found = self.pieces[:count]
        del self.pieces[:count]
        self.gone += count
        return found

    def rest(self) -> list[str]:
        """All, at the end of the capture."""
        self.waiting.clear()
        return self.ready()
