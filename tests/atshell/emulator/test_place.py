from __future__ import annotations

import asyncio
import time

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell.emulator.place import Place


class Kept:
    closed = 0

    async def close(self) -> None:
        self.closed += 1


class Other(Kept):
    pass


def test_one_of_each_kind_for_all() -> None:
    async def scenario() -> None:
        place = Place(ManualClock())
        kept, other = place.shared(Kept, Kept), place.shared(Other, Other)
        assert place.shared(Kept, Kept) is kept
        assert kept is not other
        await place.close()
        await place.close()
        assert (kept.closed, other.closed) == (1, 1)

    asyncio.run(scenario())


def device(place: Place | None = None) -> Device:
    return Device(Profile("MN316"), EmulatorOptions("MN316"), ManualClock(), place=place)


def test_a_module_alone_closes_its_place_and_one_of_several_does_not() -> None:
    async def scenario() -> None:
        alone = device()
        kept = alone.place.shared(Kept, Kept)
        await alone.close()
        assert kept.closed == 1

        place = Place(ManualClock())
        several = [device(place) for _ in range(3)]
        kept = several[0].place.shared(Kept, Kept)
        for one in several:
            await one.close()
        assert kept.closed == 0
        await place.close()
        assert kept.closed == 1

    asyncio.run(scenario())


def test_its_time_is_device_time_from_a_real_beginning() -> None:
    clock = ManualClock()
    clock.advance(50)
    before = time.time()
    place = Place(clock)
    began = place.time()
    assert before <= began <= time.time()
    clock.advance(86400)
    assert place.time() == began + 86400
