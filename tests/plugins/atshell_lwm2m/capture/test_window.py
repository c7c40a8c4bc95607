from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.capture.window import Window


class Dripping:
    """A pipe that gives so many bytes at a time, and counts how often it is asked."""

    def __init__(self, data: bytes, most: int) -> None:
        self.stream = io.BytesIO(data)
        self.most = most
        self.asked = 0

    def read1(self, size: int = 1 << 16, /) -> bytes:
        self.asked += 1
        return self.stream.read(min(size, self.most))


@given(st.binary(max_size=60), st.integers(1, 9), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))))
def test_it_holds_what_is_there(data: bytes, most: int, steps: list[tuple[int, int]]) -> None:
    window, place = Window(Dripping(data, most)), 0
    for wanted, taken in steps:
        assert window.holds(wanted) is (place + wanted <= len(data))
        there = window.data[window.at : window.at + wanted]
        assert there == data[place : place + wanted]
        step = min(taken, len(window.data) - window.at)
        window.at += step
        place += step
    rest = b""
    while piece := window.read1(7):
        rest += piece
    assert rest == data[place:]


def test_the_end_is_found_once() -> None:
    stream = Dripping(b"abc", 10)
    window = Window(stream)
    assert not window.holds(4)
    asked = stream.asked
    assert not window.holds(5)
    assert stream.asked == asked


def test_it_is_what_was_read_before_and_then_the_stream() -> None:
    window = Window(io.BytesIO(b"cd"), b"ab")
    assert window.holds(4)
    assert window.data == b"abcd"
