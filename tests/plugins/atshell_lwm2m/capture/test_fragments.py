from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture import fragments
from atshell_lwm2m.capture.fragments import TIMEOUT, Fragment, Fragments, Whole
from atshell_lwm2m.capture.tally import Tally

KEY = b"key"
DATA = bytes(range(40))
FIRST, MIDDLE, LAST = (
    Fragment(0, True, 17, DATA[:16]),
    Fragment(16, True, 0, DATA[16:24]),
    Fragment(24, False, 0, DATA[24:]),
)


class Asker:
    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.tally = Tally(self.warnings.append)
        self.fragments = Fragments(self.tally)
        self.frame = 0

    def take(self, *pieces: Fragment, key: bytes = KEY, time: int = 0) -> list[Whole]:
        found = []
        for piece in pieces:
            self.frame += 1
            whole = self.fragments.take(key, piece, time, self.frame)
            if whole is not None:
                found.append(whole)
        return found

    def told(self) -> list[str]:
        self.fragments.finish()
        self.tally.tell()
        return self.warnings


@given(st.permutations([FIRST, MIDDLE, LAST, FIRST, LAST]))
def test_any_order_and_copies(pieces: list[Fragment]) -> None:
    """Once, and what copies come later is the beginning of another."""
    assert Asker().take(*pieces)[:1] == [(17, DATA)]


def test_nothing_stays_of_what_was_whole() -> None:
    asker = Asker()
    assert asker.take(FIRST, MIDDLE, LAST, FIRST, MIDDLE, LAST) == [(17, DATA)] * 2
    assert asker.told() == []


def test_late_copies_miss_nothing() -> None:
    asker = Asker()
    assert asker.take(FIRST, MIDDLE, MIDDLE, LAST, LAST, MIDDLE) == [(17, DATA)]
    assert asker.told() == []
    asker = Asker()
    assert asker.take(FIRST, MIDDLE, LAST) == [(17, DATA)]
    assert asker.take(LAST, time=fragments._COPIES) == []
    assert len(asker.told()) == 1


def test_late_copies_are_not_in_the_way_of_what_follows() -> None:
    """A device that gives all of its datagrams the same identification."""
    asker = Asker()
    assert asker.take(FIRST, MIDDLE, LAST, LAST) == [(17, DATA)]
    whole = Fragment(0, True, 17, DATA[::-1][:32]), Fragment(32, False, 0, DATA[::-1][32:])
    assert asker.take(*whole, time=1000) == [(17, DATA[::-1])]
    assert asker.take(LAST, whole[0], FIRST, time=2000) == []
    assert len(asker.told()) == 1


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        # Teardrop: the second lies within the first.
        ([FIRST, Fragment(8, False, 0, b"abc")], "overlapping"),
        ([MIDDLE, Fragment(8, True, 17, DATA[8:24])], "overlapping"),
        ([FIRST, Fragment(0, True, 17, DATA[:8])], "overlapping"),
        ([FIRST, Fragment(0, True, 17, bytes(16))], "overlapping"),
        # Ping of death.
        ([FIRST, Fragment(65528, False, 0, bytes(8))], "length that can not be"),
        ([Fragment(0, True, 17, b"abc")], "length that can not be"),
        ([Fragment(8, True, 17, b"")], "length that can not be"),
        ([LAST, Fragment(48, True, 0, bytes(8))], "behind the last"),
        ([LAST, Fragment(56, False, 0, bytes(8))], "behind the last"),
        ([Fragment(48, True, 0, bytes(8)), LAST], "behind the last"),
    ],
)
def test_what_can_not_be_is_left_out_with_all_that_follows(pieces: list[Fragment], why: str) -> None:
    asker = Asker()
    assert asker.take(*pieces, FIRST, MIDDLE, LAST) == []
    assert asker.take(FIRST, MIDDLE, LAST, key=b"another") == [(17, DATA)]
    assert [why in warning for warning in asker.told()] == [True]


def test_what_is_missing_is_told() -> None:
    asker = Asker()
    asker.take(FIRST, LAST)
    asker.take(FIRST, key=b"another")
    assert asker.told() == ["frame 1: other IP fragments of the datagram are missing (and 1 more like it)"]


def test_time() -> None:
    asker = Asker()
    assert asker.take(FIRST, MIDDLE) == []
    assert asker.take(LAST, time=TIMEOUT) == [(17, DATA)]
    assert asker.take(FIRST, MIDDLE) == []
    assert asker.take(LAST, time=TIMEOUT + 1) == []


def test_endless_fragments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MAX_OPEN", 10)
    asker = Asker()
    for number in range(1000):
        asker.take(FIRST, key=number.to_bytes(2, "big"))
        assert len(asker.fragments._open) <= 10
        assert asker.fragments._held <= 160
    assert asker.take(MIDDLE, LAST, key=(999).to_bytes(2, "big")) == [(17, DATA)]
    monkeypatch.setattr(fragments, "MAX_HELD", 100)
    for number in range(1000):
        asker.take(FIRST, key=number.to_bytes(3, "big"))
        assert asker.fragments._held <= 100


def test_one_datagram_of_many_fragments() -> None:
    pieces = [Fragment(at, at < 65520, 17, at.to_bytes(8, "big")) for at in range(0, 65528, 8)]
    random.Random(5).shuffle(pieces)
    (whole,) = Asker().take(*pieces)
    assert whole[1] == b"".join(at.to_bytes(8, "big") for at in range(0, 65528, 8))


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.binary(max_size=24), st.integers(0, 1))))
@settings(max_examples=300)
def test_any_fragments(pieces: list[tuple[int, bool, bytes, int]]) -> None:
    asker = Asker()
    for start, more, data, key in pieces:
        asker.take(Fragment(start * 8, more, 17, data), key=bytes([key]))
        open_ = asker.fragments._open.values()
        assert asker.fragments._held == sum(one.held for one in open_)
        assert all(one.held == sum(map(len, one.pieces.values())) for one in open_)
    assert len(asker.told()) <= 4
