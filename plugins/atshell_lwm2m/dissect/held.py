"""What waits for its turn to be written.

A request shall tell its response's frame, so it is held back until the answer has come or it is too late for one, and
all messages behind it with it. ``Dissector.messages`` looks after each datagram how far it can go on. Here that is
done once for many, which comes to the same: a message only ever stops waiting, so it does not matter when one looks, as
long as nobody's time runs out in between. ``room`` and ``may_run_out`` say when that could be. Of what is live nobody
waits: then one looks after each.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from atshell_lwm2m.dissect import dissector
from atshell_lwm2m.dissect.state import LIFETIME, Sent
from atshell_lwm2m.message import Message

_BILLION = 1_000_000_000
_LIFETIME = LIFETIME // _BILLION
_NEVER = 1 << 80
Said = str | Message


class Held:
    """Messages, and what ``say`` makes of them when nothing can change them any more."""

    def __init__(self, say: Callable[[Sent], Said], *, live: bool = False) -> None:
        self._say = say
        self._live = live
        self.items: list[Sent | Said | int] = []
        """To be appended to: what is no ``Sent`` any more, or never was one, needs nothing said. A number stands for
        so many of which nothing is shown."""
        self._gone = 0
        """So many of them are said."""
        self._more = 0
        """Behind those are so many more than there are items."""
        self._oldest = _NEVER
        """A second: none who waits is older."""

    def advance(self, now: int = 0) -> None:
        """As far as it goes at this time; without one, as far as it went already, had one looked."""
        items, at, end = self.items, self._gone, len(self.items)
        most = 0 if self._live else dissector.MAX_HELD
        for item in islice(items, at, None):
            if isinstance(item, Sent):
                if item.waiting and now - item.time < LIFETIME and end - at + self._more < most:
                    break
                items[at] = self._say(item)
            elif isinstance(item, int):
                self._more -= item - 1
                items[at] = ""
            at += 1
        self._gone = at

    def passed(self, count: int, now: int) -> None:
        """So many that need nothing said, the last of them at this time: they only wait behind those who do."""
        if self._gone < len(self.items):
            self.items.append(count)
            self._more += count - 1
            self.advance(now)

    def ready(self) -> list[Said]:
        """What has been advanced over, once."""
        found = self.items[: self._gone]
        del self.items[: self._gone]
        self._gone = 0
        return found  # type: ignore[return-value]  # advance has said them

    def room(self, coming: int) -> bool:
        """Whether so many more can be held without any being pushed out."""
        return not self._live and len(self.items) - self._gone + self._more + coming < dissector.MAX_HELD

    def may_run_out(self, second: int) -> bool:
        """Whether a message may have been held for its lifetime before this second is over."""
        self._oldest = min(self._oldest, second)
        if second + 1 - self._oldest >= _LIFETIME:
            oldest = min((item.time for item in self.items if isinstance(item, Sent)), default=_NEVER)
            self._oldest = min(oldest // _BILLION, second)
        return second + 1 - self._oldest >= _LIFETIME

    def rest(self) -> list[Said]:
        """All, at the end of the capture."""
        self._gone, self._more = len(self.items), 0
        return [self._said(item) for item in self.ready()]

    def _said(self, item: Sent | Said | int) -> Said:
        if isinstance(item, Sent):
            return self._say(item)
        return "" if isinstance(item, int) else item
