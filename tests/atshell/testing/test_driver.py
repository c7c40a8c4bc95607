from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from atshell.errors import AtshellError
from atshell.testing.driver import Driver


@pytest.fixture
def driver() -> Iterator[Driver]:
    driver = Driver()
    yield driver
    driver.close()


def test_time_jumps_to_what_falls_due_and_no_further(driver: Driver) -> None:
    seen: list[float] = []
    for moment in (1.0, 50.0, 100.0):
        driver.clock.call_later(moment, lambda: seen.append(driver.clock.now()))
    assert driver.call(driver.until(lambda: len(seen) == 2, 1000))
    assert (seen, driver.clock.now()) == ([1, 50], 50)
    assert not driver.call(driver.until(lambda: False, 10))
    assert (seen, driver.clock.now()) == ([1, 50], 60)
    assert driver.call(driver.until(lambda: len(seen) == 3, 40))
    assert driver.call(driver.until(lambda: True, 40))
    assert driver.clock.now() == 100


def test_in_the_background_time_passes_by_itself(driver: Driver) -> None:
    seen: list[int] = []
    driver.clock.call_later(3600, lambda: seen.append(threading.get_ident()))
    assert not driver.in_background
    driver.go_to_background(1e6)
    driver.go_to_background(1e6)
    assert driver.in_background
    assert driver.call(driver.until(lambda: bool(seen), 1e9))
    assert seen != [threading.get_ident()]
    assert not driver.call(driver.until(lambda: False, 1))


def test_an_error_reaches_the_caller(driver: Driver) -> None:
    async def fail() -> None:
        raise AtshellError("no")

    with pytest.raises(AtshellError, match="no"):
        driver.call(fail())
    driver.go_to_background(1)
    with pytest.raises(AtshellError, match="no"):
        driver.call(fail())


def test_inside_a_running_loop_it_says_what_to_do(driver: Driver) -> None:
    async def test() -> None:
        with pytest.raises(AtshellError, match="write the test as `def`"):
            driver.call(driver.loop.rest())

    asyncio.run(test())
