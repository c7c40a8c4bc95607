from __future__ import annotations

import asyncio

import pytest

from atshell_lwm2m.endpoint.dtls.client import MAX_WAITING, ClientWire
from atshell_lwm2m.endpoint.dtls.security import CBC_SHA256, SUITES, Credentials

CLIENT, SERVER, OTHER = ("192.0.2.7", 40000), ("192.0.2.2", 5684), ("192.0.2.2", 5683)


def _aging(both, seconds: float) -> None:
    both.client = ClientWire(
        both.net.wire(CLIENT),
        both.net.clock,
        ages=lambda: seconds,
        aged=lambda: both.aged.append("aged"),
        overflowed=lambda: both.aged.append("overflowed"),
    )
    both.client.start(lambda data, _: both.at_client.append(data))
    both.client.secure(SERVER, Credentials(b"me", b"secret"), SUITES)


def test_other_addresses_are_talked_to_in_the_open(pair):
    both = pair()
    plain = both.net.wire(OTHER)
    heard = []
    plain.start(lambda data, source: heard.append((data, source)))
    both.client.send(b"open", OTHER)
    both.net.run()
    assert heard == [(b"open", CLIENT)]
    plain.send(b"answer", CLIENT)
    both.net.run()
    assert both.at_client == [b"answer"]


def test_what_waits_is_sent_in_order_once(pair):
    both = pair()
    for data in (b"one", b"two", b"one", b"three"):
        both.client.send(data, SERVER)
    both.net.run()
    assert both.at_server == [b"one", b"two", b"three"]


def test_what_may_wait_has_a_limit(pair):
    both = pair()
    for number in range(MAX_WAITING):
        assert not both.client.full
        both.client.send(b"%d" % number, SERVER)
    assert both.client.full
    both.client.send(b"too much", SERVER)
    assert both.aged == ["overflowed"]
    both.net.run()
    assert both.at_server == [b"%d" % number for number in range(MAX_WAITING)]
    assert not both.client.full


def test_the_limit_in_bytes(pair):
    both = pair()
    both.client.send(bytes(2000), SERVER)
    both.client.send(bytes(49), SERVER)
    both.client.send(bytes(48), SERVER)
    assert both.client.full
    assert both.aged == ["overflowed"]
    both.net.run()
    assert [len(data) for data in both.at_server] == [2000, 48]


def test_nothing_waits_any_more(pair):
    both = pair()
    both.client.send(b"one", SERVER)
    both.client.forget_waiting()
    both.client.send(b"two", SERVER)
    both.net.run()
    assert both.at_server == [b"two"]


def test_a_silent_address_ages(pair):
    both = pair()
    _aging(both, 120.0)
    both.say(b"one")
    both.net.pass_by(119)
    both.say(b"two")
    assert both.aged == []
    both.net.pass_by(119)
    both.server.send(b"from there", both.sources[0])  # this is traffic, too
    both.net.run()
    both.net.pass_by(119)
    both.say(b"three")
    assert both.aged == []
    both.net.pass_by(120)
    sent = len(both.net.log)
    both.say(b"four")
    assert both.aged == ["aged"]
    assert both.at_server == [b"one", b"two", b"three", b"four"]
    assert len(both.net.log) == sent + 7  # a whole handshake, and the data


def test_a_failed_handshake_is_begun_again_with_the_next_datagram(pair):
    both = pair()
    both.net.shape = lambda number, data: []
    both.say(b"lost")
    both.net.pass_by(130)
    both.net.shape = lambda number, data: [data]
    both.say(b"found")
    assert both.at_server == [b"found"]


def test_connect(pair):
    async def session() -> None:
        both = pair()
        await both.client.connect(OTHER)
        connecting = [asyncio.create_task(both.client.connect(SERVER)) for _ in range(2)]
        await asyncio.sleep(0)
        both.net.run()
        await asyncio.gather(*connecting)
        await both.client.connect(SERVER)
        assert len(both.net.log) == 6

    asyncio.run(session())


@pytest.mark.parametrize("ending", ["refused", "silence", "closed"])
def test_connect_in_vain(pair, ending):
    async def session() -> None:
        both = pair(key=b"wrong!", suites=(CBC_SHA256,))
        if ending != "refused":
            both.net.shape = lambda number, data: []
        connecting = asyncio.create_task(both.client.connect(SERVER))
        await asyncio.sleep(0)
        both.net.run()
        if ending == "silence":
            both.net.pass_by(130)
        if ending == "closed":
            both.client.part()
        with pytest.raises(
            ConnectionError, match={"refused": "alert", "silence": "no answer", "closed": "closed"}[ending]
        ):
            await connecting

    asyncio.run(session())


def test_closing_says_nothing_and_leaves_no_timer(pair):
    both = pair()
    both.net.shape = lambda number, data: []
    both.say()
    sent = len(both.net.log)
    both.client.close()
    both.net.pass_by(5)
    assert len(both.net.log) == sent
    asyncio.run(both.client.closed())
