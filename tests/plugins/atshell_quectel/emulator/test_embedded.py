from __future__ import annotations

import asyncio

from atshell.emulator.clock import ManualClock
from atshell.emulator.place import Place
from atshell_quectel.emulator.embedded import EmbeddedReports


def test_one_for_each_operator() -> None:
    async def run() -> None:
        place = Place(ManualClock())
        embedded = place.shared(EmbeddedReports, lambda: EmbeddedReports(place))
        first, again, other = await asyncio.gather(*map(embedded.platform, ("ctcc", "ctcc", "cucc")))
        assert first is again
        assert first is not other
        assert first.address != other.address
        await place.close()
        await place.close()

    asyncio.run(run())
