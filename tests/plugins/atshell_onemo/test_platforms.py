from __future__ import annotations

import asyncio

from atshell_onemo import plugin
from atshell_onemo.platforms import HABITS, KNOWN


def test_a_platform_by_profile():
    async def session() -> None:
        for profile in KNOWN.habits:
            starting = plugin.atshell_platform(profile, "127.0.0.1:0", ())
            assert starting is not None
            platform = await starting
            assert platform.addresses[0].startswith("coap://127.0.0.1:")
            assert await platform.operate(["clients"]) == {"ok": True, "clients": []}
            await platform.close()

    asyncio.run(session())
    assert plugin.atshell_platform("cmdmp", "127.0.0.1", ()) is None


def test_what_each_platform_does_by_itself():
    """Chapter 5: OneNET alone bootstraps (5.1), the one path of object 19 is observed (5.3, 5.6), Yanfei observes what
    was added (5.5)."""
    assert {name for name, habits in HABITS.items() if habits.bootstrap} == {"onenet"}
    assert {name for name, habits in HABITS.items() if habits.instead.get(19) == "/19/0/0"} == {"ctwing", "huawei"}
    assert all(habits.observe for habits in HABITS.values())
    assert [name for name, habits in HABITS.items() if habits.discover and habits.read_device] == ["onenet"]
