from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.report.histogram import FARTHEST, MAX_COLUMNS, STEPS, Histogram, bars


def test_steps_divide_one_another() -> None:
    for smaller, larger in pairwise(STEPS):
        assert math.isclose(larger / smaller, round(larger / smaller))


def test_columns() -> None:
    histogram = Histogram()
    assert histogram.timeline() is None
    for moment in (100.0, 100.05, 100.31, 101.0):
        histogram.add(moment)
    timeline = histogram.timeline()
    assert timeline is not None
    assert (timeline.start, timeline.step, timeline.counts) == (100.0, 0.1, [2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1])


@settings(max_examples=60)
@given(st.lists(st.floats(), max_size=60))
def test_never_too_many_columns_and_nothing_lost(moments: list[float]) -> None:
    histogram = Histogram()
    for moment in moments:
        histogram.add(moment)
    timeline = histogram.timeline()
    counted = sum(timeline.counts) if timeline is not None else 0
    assert counted == sum(abs(moment) < FARTHEST for moment in moments)
    assert timeline is None or len(timeline.counts) <= MAX_COLUMNS


def test_bars() -> None:
    assert bars([0, 1, 50, 100]) == " ▁▄█"
    assert bars([]) == ""
