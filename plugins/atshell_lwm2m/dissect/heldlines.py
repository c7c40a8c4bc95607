"""Lines that wait for their turn to be written.

A request shall tell its response's frame, so its line is held back until the answer has come or it is too late for one,
and all lines behind it with it. ``Dissector.messages`` looks after each datagram how far it can go on. Here that is
done once for many, which comes to the same (``held``); ``room`` and ``may_run_out`` say when one has to look after
each.
"""

from __future__ import annotations

from itertools import islice

from atshell_lwm2m.dissect import dissector
from atshell_lwm2m.dissect.state import LIFETIME, Sent
from atshell_lwm2m.message import to_json

_BILLION = 1_000_000_000
_LIFETIME = LIFETIME // _BILLION
_NEVER = 1 << 80

Pieces = tuple[Sent, str, str, bool | None]
"""What is known by the pieces of its line, between which the response's frame goes; and whether the message was sent
before, and it is this line that repeats it. None where nothing is shown, but what is sent again may be."""
Line = str | Sent | Pieces
_SRC = ',"src":'
_ITS_OWN = (',"body":', ',"error":', ',"expert":')
"""Pieces that are not said again of what is sent again."""


class HeldLines:
    def __init__(self, *, live: bool = False) -> None:
        self._live = live
        self.items: list[Line] = []
        """To be appended to."""
        self.gone = 0
        """So many stood in front of these."""
        self._said = 0
        """So many of these are text already."""
        self._texts: list[str] = []
        self._oldest = _NEVER
        """A second: none who waits is older."""

    def again(self, first: Sent, text: str) -> bool:
        """Keep another transmission of what is held as well; it means the same. ``text`` is the new line up to the
        time. False when that is not all there is to say."""
        at = first.place - self.gone
        line = self.items[at] if at >= 0 and first.whole is None else ""
        if type(line) is not tuple or any(own in line[1] for own in _ITS_OWN):
            return False
        before = line[1]
        behind = f',"retransmission_of":{first.number}{line[2]}'
        self.items.append((first, f"{text}{before[before.index(_SRC) :]}", behind, True))
        return True

    def room(self, coming: int) -> bool:
        """Whether so many more can be held without any being pushed out."""
        return not self._live and len(self.items) - self._said + coming < dissector.MAX_HELD

    def may_run_out(self, second: int) -> bool:
        """Whether a line may have been held for a message's lifetime before this second is over."""
        if second < self._oldest:
            self._oldest = second
        return second + 1 - self._oldest >= _LIFETIME

    def look(self, second: int) -> bool:
        """The same, after looking at all who wait."""
        if second + 1 - self._oldest < _LIFETIME:
            return False
        held = map(_sent, islice(self.items, self._said, None))
        oldest = min((sent.time for sent in held if sent is not None and sent.waiting), default=_NEVER)
        self._oldest = min(oldest // _BILLION, second)
        return second + 1 - self._oldest >= _LIFETIME

    def advance(self, now: int) -> None:
        """As far as it goes at this time: nobody waits for longer than one may."""
        self.settle()
        while self._said < len(self.items):
            first = _sent(self.items[self._said])
            fits = not self._live and len(self.items) - self._said < dissector.MAX_HELD
            if first is None or (now - first.time < LIFETIME and fits):
                break
            self.settle(first)

    def settle(self, given_up: Sent | None = None, *, all_of_them: bool = False) -> None:
        """Say what has stopped waiting, and what is behind it: nothing changes it any more."""
        texts = self._texts
        say, said_before = texts.append, len(texts) - self._said
        for item in islice(self.items, self._said, None):
            if type(item) is str:
                say(item)
                continue
            if type(item) is tuple:
                sent, before, behind, again = item
            else:
                sent, before, behind, again = item, "", "", False  # type: ignore[assignment]  # what else it may be
            if sent.waiting and not (again or sent is given_up or all_of_them):
                break
            if again is False and sent.whole is not None:
                say(f"{to_json(sent.message).decode()}\n")
            elif sent.response is None or again is None:
                say(before + behind)
            else:
                say(f'{before},"response":{sent.response}{behind}')
        # One text for each that was said.
        self._said = len(texts) - said_before

    def ready(self) -> str:
        """The lines that nothing can change any more, once."""
        return "".join(self.places())

    def rest(self) -> str:
        """All, at the end of the capture."""
        return "".join(self.places(all_of_them=True))

    def places(self, *, all_of_them: bool = False) -> list[str]:
        """The same one by one."""
        self.settle(all_of_them=all_of_them)
        texts, self._texts = self._texts, []
        del self.items[: self._said]
        self.gone += self._said
        self._said = 0
        return texts


def _sent(item: Line) -> Sent | None:
    """Who may wait there."""
    if isinstance(item, Sent):
        return item
    return item[0] if isinstance(item, tuple) and not item[3] else None
