"""Orders and notifications, against a client that is played by hand."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atshell_lwm2m.endpoint import courier, registration
from atshell_lwm2m.endpoint.habits import Habits

QUEUE = "ep=one&lt=600&lwm2m=1.0&b=UQ"


def test_an_answer_is_awaited_on_the_platforms_clock(stage):
    async def act(on):
        peer = await on.registered()
        waiting = asyncio.create_task(on.platform.operate(["read", "/3303/0"]))
        other = asyncio.create_task(on.platform.operate(["read", "/3303/0/5700"]))
        await peer.hear()
        # The second goes out although the first is not answered: NSTART is 1 for others.
        await peer.answer("2.05", b"20.5", content_format=0)
        assert (await other)["value"] == 20.5
        assert not waiting.done()
        on.clock.advance(5)
        assert (await waiting)["error"] == "no answer within 5 s"

    stage(act)


def test_orders_wait_until_a_client_in_queue_mode_is_heard(stage, until):
    async def act(on):
        told = []
        on.platform.tell = told.append
        peer = await on.registered(QUEUE)
        on.clock.advance(92)
        awake = asyncio.create_task(on.platform.operate(["read", "/3/0/9"]))
        await peer.answer("2.05", b"95", content_format=0)
        assert (await awake)["value"] == 95
        on.clock.advance(93)
        first = await on.platform.operate(["read", "/3/0/9"])
        assert first == {"ok": True, "operation": "read", "path": "/3/0/9", "queued": True, "order": 1}
        assert (await on.platform.operate(["execute", "/3/0/4"]))["order"] == 2
        assert "no resource" in (await on.platform.operate(["write", "/3/0", "x"]))["error"]
        assert peer.quiet
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        assert (described["awake"], [one["line"] for one in described["queued"]]) == (
            False,
            ["read /3/0/9", "execute /3/0/4"],
        )
        peer.say("POST", peer.location)
        assert (await peer.hear()).code.dotted == "2.04"
        assert (await peer.answer("2.05", b"94", content_format=0)).opt.uri_path == ("3", "0", "9")
        assert (await peer.answer("2.04")).opt.uri_path == ("3", "0", "4")
        await until(lambda: len(told) == 2)
        assert [(one["order"], one["line"], one["code"]) for one in told] == [
            (1, "read /3/0/9", "2.05"),
            (2, "execute /3/0/4", "2.04"),
        ]
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        assert (described["queued"], described["outcomes"], described["awake"]) == ([], told, True)

    stage(act)


def test_one_that_does_not_answer_sleeps_and_one_that_registers_anew_gets_what_waited(stage):
    async def act(on):
        peer = await on.registered(QUEUE)
        lost = asyncio.create_task(on.platform.operate(["read", "/3/0/9"]))
        await peer.hear()
        on.clock.advance(5)
        assert (await lost)["ok"] is False
        assert (await on.platform.operate(["read", "/3/0/1"]))["queued"] is True
        again = await on.registered(QUEUE)
        assert (await again.answer("2.05", b"x", content_format=0)).opt.uri_path == ("3", "0", "1")

    stage(act)


def test_what_waits_for_a_client_that_leaves_is_lost(stage):
    async def act(on):
        told = []
        on.platform.tell = told.append
        peer = await on.registered(QUEUE)
        on.clock.advance(100)
        await on.platform.operate(["read", "/3/0/9"])
        await peer.ask("DELETE", peer.location)
        assert [(one["order"], one["ok"], one["error"]) for one in told] == [(1, False, "the client is gone")]

    stage(act)


def test_the_queue_is_bounded_and_the_time_awake_can_be_set(stage, monkeypatch):
    monkeypatch.setattr(courier, "MAX_QUEUED", 2)

    async def act(on):
        await on.registered(QUEUE)
        assert (await on.platform.operate(["awake", "x"]))["ok"] is False
        assert (await on.platform.operate(["awake", "2.5"]))["seconds"] == 2.5
        on.clock.advance(2.5)
        results = [await on.platform.operate(["read", "/3/0"]) for _ in range(3)]
        assert [one.get("queued") for one in results] == [True, True, None]
        assert "2 orders wait already" in results[2]["error"]

    stage(act)


def test_a_client_without_queue_mode_is_always_asked(stage):
    async def act(on):
        peer = await on.registered("ep=one&lt=6000&b=U")
        on.clock.advance(5000)
        asked = asyncio.create_task(on.platform.operate(["read", "/3/0/9"]))
        await peer.answer("2.05", b"95", content_format=0)
        assert (await asked)["ok"] is True

    stage(act, Habits(awake=1))


async def observed(on, peer, *words: str):
    asked = asyncio.create_task(on.platform.operate(["observe", *words]))
    request = await peer.answer("2.05", b"20.5", content_format=0, observe=10)
    assert (await asked)["ok"] is True
    return request


def test_notifications_are_kept_in_their_order(stage):
    """RFC 7641 section 3.4."""

    async def act(on):
        peer = await on.registered()
        request = await observed(on, peer, "/3303/0/5700")
        for number, text in ((12, b"22"), (11, b"21"), (0xFFFFFF, b"19")):
            peer.say("2.05", payload=text, token=request.token, observe=number, content_format=0)
            assert (await peer.hear()).code.dotted == "0.00"
        on.clock.advance(129)
        peer.say("2.05", payload=b"18", token=request.token, observe=1, content_format=0)
        await peer.hear()
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        seen = [(one["resources"][0]["value"], one.get("late", False)) for one in described["notifications"]]
        assert seen == [(22.0, False), (21.0, True), (19.0, True), (18.0, False)]
        assert described["values"] == {"/3303/0/5700": 18.0}

    stage(act)


def test_the_end_of_an_observation(stage):
    async def act(on):
        peer = await on.registered()
        request = await observed(on, peer, "/3303/0/5700")
        peer.say("4.04", token=request.token)
        await peer.hear()
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        assert described["observed"] == []
        assert described["notifications"][0]["code"] == "4.04"
        again = await observed(on, peer, "/3303/0/5700")
        cancelled = asyncio.create_task(on.platform.operate(["cancel", "/3303/0/5700"]))
        request = await peer.answer("2.05", b"20", content_format=0)
        assert (request.token, request.opt.observe) == (again.token, 1)
        assert (await cancelled)["ok"] is True
        peer.say("2.05", payload=b"22", token=again.token, observe=12)
        assert (await peer.hear()).mtype.name == "RST"

    stage(act)


def test_a_notification_from_a_new_address_after_the_update(stage):
    async def act(on):
        peer = await on.registered()
        request = await observed(on, peer, "/3303/0/5700")
        await peer.move()
        assert (await peer.ask("POST", peer.location)).code.dotted == "2.04"
        peer.say("2.05", payload=b"22", token=request.token, observe=12, content_format=0)
        assert (await peer.hear()).mtype.name == "ACK"
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        assert described["values"] == {"/3303/0/5700": 22.0}
        assert described["address"].startswith("10.0.0.9:")
        asked = asyncio.create_task(on.platform.operate(["read", "/3/0/9"]))
        await peer.answer("2.05", b"95", content_format=0)
        assert (await asked)["ok"] is True
        # De-registered, the observation is over at the new address too.
        await peer.ask("DELETE", peer.location)
        peer.say("2.05", payload=b"23", token=request.token, observe=13, content_format=0)
        assert (await peer.hear()).mtype.name == "RST"

    stage(act)


def test_a_notification_in_blocks(stage, until):
    """RFC 7959 section 3.4: the first block comes as notification, the rest is fetched."""

    async def act(on):
        peer = await on.registered()
        request = await observed(on, peer, "/3303/0/5750")
        peer.say("2.05", payload=b"a" * 16, token=request.token, observe=11, content_format=0, block2=(0, True, 0))
        assert (await peer.hear()).code.dotted == "0.00"
        fetch = await peer.answer("2.05", b"b" * 8, content_format=0, block2=(1, False, 0))
        assert (fetch.opt.block2.block_number, fetch.opt.uri_path, fetch.opt.observe) == (
            1,
            ("3303", "0", "5750"),
            None,
        )
        known = on.platform.registrations.choose("one").notifications
        await until(lambda: len(known) == 1)
        assert known[0]["resources"][0]["value"] == "a" * 16 + "b" * 8
        peer.say("2.05", payload=b"a" * 16, token=request.token, observe=12, content_format=0, block2=(0, True, 0))
        await peer.hear()
        await peer.hear()
        on.clock.advance(5)
        await until(lambda: len(known) == 2)
        assert known[1]["error"] == "the rest did not come"

    stage(act)


def test_a_body_that_is_written_in_blocks(stage):
    async def act(on):
        peer = await on.registered()
        asked = asyncio.create_task(on.platform.operate(["write", "/3303/0/5750", "x" * 1500, "#text"]))
        first = await peer.answer("2.31", block1=(0, True, 6))
        last = await peer.answer("2.04", block1=(1, False, 6))
        assert (len(first.payload), len(last.payload)) == (1024, 476)
        assert (await asked)["code"] == "2.04"

    stage(act)


def test_observations_are_bounded(stage, monkeypatch):
    monkeypatch.setattr(registration, "MAX_OBSERVATIONS", 2)

    async def act(on):
        peer = await on.registered()
        for path in ("/3303/0/1", "/3303/0/2", "/3303/0/3"):
            await observed(on, peer, path)
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        assert described["observed"] == ["/3303/0/2", "/3303/0/3"]

    stage(act)


@pytest.mark.parametrize("line", ["", "jump /3/0", "read", "read /x", "read /3/0/0 @two", "write /3/0/14", "awake"])
def test_words_that_cannot_be_carried_out(stage, line):
    async def act(on):
        await on.registered()
        result = await on.platform.operate(line.split())
        assert result["ok"] is False
        assert result["error"]

    stage(act)


def test_a_composite_observation(stage):
    """LwM2M 1.1 core sections 6.4.5 and 6.4.7: FETCH, with Observe, and the same again to cancel."""

    async def act(on):
        peer = await on.registered("ep=one&lt=600&lwm2m=1.1", b'</>;rt="oma.lwm2m";ct=110,</3/0>,</3303/0>')
        paths = ("/3/0/9", "/3303/0")
        asked = asyncio.create_task(on.platform.operate(["observe", *paths]))
        request = await peer.answer("2.05", b'[{"n":"/3/0/9","v":95}]', content_format=110, observe=1)
        assert (request.code.name, request.opt.uri_path, request.opt.observe) == ("FETCH", (), 0)
        assert (await asked)["value"] == 95
        more = b'[{"n":"/3/0/9","v":94},{"n":"/3303/0/5700","v":20.5}]'
        peer.say("2.05", payload=more, token=request.token, observe=2, content_format=110)
        assert (await peer.hear()).mtype.name == "ACK"
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        assert (described["observed"], described["values"]) == (
            ["/3/0/9 /3303/0"],
            {"/3/0/9": 94, "/3303/0/5700": 20.5},
        )
        cancelled = asyncio.create_task(on.platform.operate(["cancel", *paths]))
        cancel = await peer.answer("2.05", b"[]", content_format=110)
        assert (cancel.code.name, cancel.token, cancel.opt.observe) == ("FETCH", request.token, 1)
        assert cancel.payload == request.payload
        assert (await cancelled)["ok"] is True

    stage(act)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.sampled_from([("observe", "/3/0"), ("read", "/3/0/9"), ("discover", "/3"), ("write", "/3/0/14", "x")]),
    code=st.sampled_from(["2.05", "2.04", "2.31", "4.04", "5.00"]),
    payload=st.binary(max_size=40),
    form=st.sampled_from([None, 0, 40, 42, 60, 110, 112, 11542, 11543, 999]),
    observe=st.none() | st.integers(0, (1 << 24) - 1),
    block=st.none() | st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 6)),
)
def test_any_answer_has_a_result(stage, words, code, payload, form, observe, block):
    async def act(on):
        peer = await on.registered()
        asked = asyncio.create_task(on.platform.operate(words))
        request = await peer.answer(code, payload, content_format=form, observe=observe, block2=block)
        peer.say(code, payload=payload, token=request.token, content_format=form, observe=observe, block2=block)
        await peer.hear()
        await asyncio.sleep(0)
        on.clock.advance(5)
        assert isinstance((await asked)["ok"], bool)
        json.dumps(await on.platform.operate(["clients"]))

    stage(act)
