"""What has happened in a session, in the order in which it happened.

A URC is heard at once, an answer's end reaches the engine a little later, so what is heard while a command is
outstanding is put in its place when the answer is there. The list only grows, so that who reads it can read on
where he was; when it is full, what lies between the beginning (where a session is set up) and the latest half goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atshell.session.exchange import Exchange, Happening

MOST, FIRST = 20_000, 1_000
"""Happenings that are kept at most, and how many of the first ones always are."""


class Happenings:
    def __init__(self) -> None:
        self.all: list[Happening] = []
        """In order; never changed but at its end, or replaced by another list."""
        self.outstanding = False
        """True while a command is."""
        self._meanwhile: list[tuple[float, Happening]] = []

    def begin(self) -> None:
        """A command is being sent."""
        self.outstanding = True

    def heard(self, happening: Happening, time: float) -> None:
        """Something came unasked."""
        if self.outstanding:
            self._meanwhile.append((time, happening))
            if len(self._meanwhile) > FIRST:  # a command that takes that long shall not hold all of it back
                self._release()
        else:
            self._add(happening)

    def ended(self, exchange: Exchange | None) -> None:
        """The command is over; None when its end is not known."""
        self.outstanding = False
        if exchange is None:
            self._release()
            return
        # In one piece with the answer means behind it.
        before = [happening for time, happening in self._meanwhile if time < exchange.ended]
        after = [happening for time, happening in self._meanwhile if time >= exchange.ended]
        self._meanwhile = []
        for happening in (*before, exchange, *after):
            self._add(happening)

    def _release(self) -> None:
        meanwhile, self._meanwhile = self._meanwhile, []
        for _, happening in meanwhile:
            self._add(happening)

    def _add(self, happening: Happening) -> None:
        if len(self.all) >= MOST:
            self.all = self.all[:FIRST] + self.all[-MOST // 2 :]
        self.all.append(happening)
