"""The heaviest chain that does not cross itself, against trying every one."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.correlate.chain import Option, best_chain


def heaviest(options: list[Option]) -> float:
    best = 0.0
    for size in range(1, len(options) + 1):
        for chosen in combinations(sorted(options, key=lambda option: (option.line, option.message)), size):
            pairs = pairwise(chosen)
            if all(one.line < other.line and one.message < other.message for one, other in pairs):
                best = max(best, sum(option.score for option in chosen))
    return best


OPTIONS = st.lists(
    st.builds(Option, line=st.integers(0, 4), message=st.integers(0, 4), score=st.integers(1, 9).map(float)), max_size=9
)


@settings(max_examples=150, deadline=None)
@given(OPTIONS)
def test_is_the_heaviest(options):
    chosen = best_chain(options)
    assert sum(option.score for option in chosen) == pytest.approx(heaviest(options))
    assert all(one.line < other.line and one.message < other.message for one, other in pairwise(chosen))


def test_a_burst_keeps_its_order():
    """Three lines, then three messages at once: the nearest of each would cross."""
    options = [Option(line, message, 1 - 0.1 * (3 - line + message)) for line in range(3) for message in range(3)]
    assert [(option.line, option.message) for option in best_chain(options)] == [(0, 0), (1, 1), (2, 2)]


def test_a_lost_message_is_not_replaced_by_the_next():
    assert best_chain([Option(0, 5, 0.4), Option(1, 5, 0.9)]) == [Option(1, 5, 0.9)]


def test_nothing():
    assert best_chain([]) == []


def test_many():
    random = Random(1)
    options = [Option(line, line + random.randrange(-3, 4), 1.0) for line in range(20000) for _ in range(3)]
    assert len(best_chain(options)) > 12000
