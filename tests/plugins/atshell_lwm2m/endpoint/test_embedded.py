from __future__ import annotations

import asyncio

from atshell.emulator.clock import ManualClock
from atshell.emulator.place import Place
from atshell_lwm2m.endpoint.embedded import Embedded
from atshell_lwm2m.endpoint.habits import Habits


def test_one_platform_of_each_profile_however_many_ask_at_once():
    async def session() -> None:
        embedded = Embedded(Place(ManualClock()))
        asked = [embedded.platform(name, Habits()) for name in ("onenet", "ctwing", "onenet", "onenet")]
        first, second, third, fourth = await asyncio.gather(*asked)
        assert first is third is fourth
        assert first is not second
        addresses = [one.server_address for one in (first, second)] + [one.bootstrap_address for one in (first, second)]
        assert len(set(addresses)) == 4
        await embedded.close()
        await embedded.close()
        # The addresses are free again.
        await embedded.switchboard.open(*first.server_address)

    asyncio.run(session())


def test_what_came_of_a_queued_order_is_told_in_the_place():
    async def session() -> None:
        place = Place(ManualClock())
        heard: list[dict[str, object]] = []
        platform = await Embedded.of(place).platform("onenet", Habits())
        place.tell = heard.append
        platform.tell({"order": 1})
        assert heard == [{"order": 1}]
        assert Embedded.of(place) is Embedded.of(place)
        await place.close()

    asyncio.run(session())
