"""What an operator says to a platform, beside the operations of LwM2M (those are in test_courier and test_orders)."""

from __future__ import annotations

import pytest

from atshell_lwm2m.endpoint.air import ClearAir
from atshell_lwm2m.endpoint.habits import Habits


def test_words_before_anybody_is_there(stage):
    async def act(on) -> None:
        assert "say read /3200/0/5750" in (await on.platform.operate(["read"]))["error"]
        assert "a path is missing" in (await on.platform.operate(["write", "3"]))["error"]
        assert (await on.platform.operate(["read", "/3/0"]))["error"] == "no client is registered"
        for word in ("awake", "forget"):
            result = await on.platform.operate([word])
            assert result == {"ok": False, "operation": word, "error": "no client is registered"}
        assert await on.platform.operate(["clients"]) == {"ok": True, "clients": []}

    stage(act)


@pytest.mark.parametrize("line", ["", "@one", "jump", "forget /3303/0", "awake", "awake x", "awake -1", "forget @two"])
def test_words_that_are_nothing(stage, line):
    async def act(on) -> None:
        await on.registered()
        result = await on.platform.operate(line.split())
        assert result["ok"] is False
        assert result["error"]
        assert len((await on.platform.operate(["clients"]))["clients"]) == 1

    stage(act)


def test_a_client_that_the_platform_forgets(stage):
    """It learns of it by its next Update (LwM2M 1.0 section 5.3.2), and may register anew."""

    async def act(on) -> None:
        peer = await on.registered("ep=one&lt=600")
        other = await on.registered("ep=two&lt=600")
        told = await on.platform.operate(["forget", "@one"])
        assert told == {"ok": True, "operation": "forget", "endpoint": "one"}
        assert peer.quiet
        assert (await peer.ask("POST", peer.location)).code.dotted == "4.04"
        assert (await other.ask("POST", other.location)).code.dotted == "2.04"
        assert (await peer.ask("POST", "/rd", "ep=one")).code.dotted == "2.01"

    stage(act)


def test_what_waits_for_a_forgotten_client_is_lost(stage):
    async def act(on) -> None:
        told = []
        on.platform.tell = told.append
        await on.registered("ep=one&lt=600&b=UQ")
        on.clock.advance(2)
        assert (await on.platform.operate(["read", "/3/0"]))["queued"] is True
        await on.platform.operate(["forget"])
        (outcome,) = told
        assert (outcome["order"], outcome["ok"], outcome["error"]) == (1, False, "the client is gone")

    stage(act, Habits(awake=1))


def test_who_is_meant(stage):
    """Behind the words of a module that module, though others have registered later."""
    airs: dict[int, ClearAir | None] = {}

    async def act(on) -> None:
        here, there, nowhere = ClearAir(), ClearAir(), ClearAir()
        for name, air in (("one", here), ("two", there), ("three", None)):
            peer = await on.peer()
            airs[peer.wire.address[1]] = air
            await peer.ask("POST", "/rd", f"ep={name}&lt=600")

        async def meant(*words: str, air: ClearAir | None = None) -> object:
            return (await on.platform.operate([*words], air)).get("endpoint")

        assert await meant("clients") == "three"
        assert await meant("awake", "5") == "three"
        assert await meant("awake", "5", air=here) == "one"
        assert await meant("clients", air=there) == "two"
        assert await meant("awake", "5", "@two", air=here) == "two"
        lost = await on.platform.operate(["read", "/3/0"], nowhere)
        assert lost["error"] == "this module is not registered: @NAME picks another client"
        everybody = await on.platform.operate(["clients"], here)
        assert [one["endpoint"] for one in everybody["clients"]] == ["one", "two", "three"]
        (two,) = (await on.platform.operate(["clients", "@two"], here))["clients"]
        assert two["endpoint"] == "two"

    stage(act, air_of=lambda address: airs.get(address[1]))
