"""Offset and drift from right pairs among wrong ones."""

from __future__ import annotations

from random import Random

import pytest

from atshell_lwm2m.correlate.clock import Fit, Pair, best_each, fit_clock


def right(random: Random, count: int, span: float, offset: float, drift: float = 0.0, slow: float = 0.4) -> list[Pair]:
    pairs = []
    for number in range(count):
        time = span * number / count
        made = number % 2 == 0
        way = random.uniform(0.01, slow) * (1 if made else -1)
        pairs.append(Pair(time, offset + drift * time + way, 1.0, number, number, made))
    return pairs


def wrong(random: Random, count: int, span: float) -> list[Pair]:
    return [
        Pair(random.uniform(0, span), random.uniform(-20000, 20000), 1.0, random.randrange(200), 1000 + number, True)
        for number in range(count)
    ]


@pytest.mark.parametrize("offset", [0.0, 10800.0, -3599.5])
@pytest.mark.parametrize("drift", [0.0, 80e-6, -150e-6])
def test_right_among_wrong(offset, drift):
    random = Random(7)
    pairs = right(random, 150, 7200, offset, drift) + wrong(random, 1500, 7200)
    random.shuffle(pairs)
    fit = fit_clock(pairs)
    assert fit.offset == pytest.approx(offset, abs=0.2)
    assert fit.drift == pytest.approx(drift, abs=20e-6)
    assert len(fit.anchors) >= 145
    assert fit.at(3600) == pytest.approx(3600 + offset + drift * 3600, abs=0.2)


def test_causality_narrows_the_offset():
    """Messages come 0.1 s after the lines that make them and 2 s before those that report them."""
    pairs = [Pair(t, 50.1, 1.0, t, t, True) for t in range(5)] + [
        Pair(t, 48.0, 1.0, 10 + t, 10 + t, False) for t in range(5)
    ]
    fit = fit_clock(pairs)
    assert 48.0 <= fit.offset <= 50.1
    assert all(fit.error(pair) >= 0 if pair.made else fit.error(pair) <= 0 for pair in fit.anchors)


def test_jitter_is_no_drift():
    assert fit_clock(right(Random(3), 20, 300, 100.0, slow=5.0)).drift == 0.0


def test_buffered_reports_do_not_pull():
    """A request that was fetched a minute late."""
    random = Random(5)
    late = [Pair(30.0 * n, 100 - 60.0, 1.0, 500 + n, 500 + n, False) for n in range(3)]
    assert fit_clock(right(random, 30, 600, 100.0) + late).offset == pytest.approx(100, abs=0.3)


def test_one_pair_and_none():
    assert fit_clock([]) == Fit()
    fit = fit_clock([Pair(5.0, 7.0, 1.0, 0, 0, True)])
    assert (fit.offset, fit.drift, fit.residual, len(fit.anchors)) == (7.0, 0.0, 0.0, 1)


def test_of_equal_crowds_the_one_nearest_to_no_offset():
    pairs = [Pair(t, offset, 1.0, t, t, True) for t in range(3) for offset in (-900.0, 20.0, 4000.0)]
    assert fit_clock(pairs).offset == pytest.approx(20.0)


@pytest.mark.parametrize("made", [True, False])
def test_clocks_of_one_machine_agree(made):
    """Where causality allows no offset, there is none."""
    late = 1.5 if made else -1.5
    assert fit_clock([Pair(t, late, 1.0, t, t, made) for t in range(3)]).offset == 0.0
    assert fit_clock([Pair(t, -late, 1.0, t, t, made) for t in range(3)]).offset == pytest.approx(-late)


def test_one_message_for_each_line():
    fit = Fit(10.0)
    near, far, other = Pair(0, 10.1, 1.0, 0, 0, True), Pair(0, 12.0, 1.0, 0, 1, True), Pair(0, 10.0, 1.0, 1, 0, False)
    assert best_each([far, near, other], fit) == [other, near]
