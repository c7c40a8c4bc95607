from __future__ import annotations

import pytest

from atshell.emulator.clock import ManualClock
from atshell_onemo.emulator.lifetime import Lifetime


def make() -> tuple[ManualClock, Lifetime, list[tuple[float, str]]]:
    clock, happened = ManualClock(), []
    lifetime = Lifetime(
        clock,
        lambda: happened.append((clock.now(), "update")),
        lambda: happened.append((clock.now(), "expired")),
    )
    return clock, lifetime, happened


def test_the_countdown() -> None:
    clock, lifetime, happened = make()
    assert lifetime.remaining == 0
    lifetime.renew(300, automatic=False)
    clock.advance(299.5)
    assert lifetime.remaining == 1
    clock.advance(10)
    assert lifetime.remaining == 0
    assert happened == []


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, []), (60, [(30, "update"), (60, "expired")]), (300, [(270, "update"), (300, "expired")])],
)
def test_the_automatic_update_is_due_30_s_before_the_end(seconds: int, expected: list[tuple[float, str]]) -> None:
    clock, lifetime, happened = make()
    lifetime.renew(seconds, automatic=True)
    clock.advance(1000)
    assert happened == expected


def test_another_update_puts_it_off_and_a_logout_ends_it() -> None:
    clock, lifetime, happened = make()
    lifetime.renew(100, automatic=True)
    clock.advance(50)
    lifetime.renew(100, automatic=True)
    clock.advance(69)
    assert happened == []
    clock.advance(1)
    assert happened == [(120, "update")]
    lifetime.cancel()
    assert lifetime.remaining == 0
    clock.advance(1000)
    assert happened == [(120, "update")]
