"""The server's wire against the client's own, over a network that loses, doubles and reorders."""

from __future__ import annotations

import itertools
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.dtls.association import records
from atshell_lwm2m.endpoint.dtls.security import CBC_SHA256, CCM8, Credentials

CLIENT, SERVER = ("192.0.2.7", 40000), ("192.0.2.2", 5684)


@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
def test_both_suites_carry_datagrams_both_ways(pair, suite):
    both = pair(suites=(suite,))
    both.say(b"all the way up")
    assert both.at_server == [b"all the way up"]
    both.server.send(b"all the way down", both.sources[0])
    both.net.run()
    assert both.at_client == [b"all the way down"]
    assert not any(b"all the way" in data for _, data in both.net.log)


@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
@pytest.mark.parametrize("lost", [*itertools.combinations(range(7), 1), *itertools.combinations(range(7), 3)])
def test_lost_flights(pair, suite, lost):
    both = pair(suites=(suite,))
    both.net.shape = lambda number, data: [] if number in lost else [data]
    both.client.send(b"hello", SERVER)
    both.net.run()
    both.net.pass_by(16)
    if both.at_server != [b"hello"]:  # it was the data itself that was lost
        both.net.shape = lambda number, data: [data]
        both.say()
    assert both.at_server == [b"hello"]


@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
def test_every_datagram_twice(pair, suite):
    both = pair(suites=(suite,))
    both.net.shape = lambda number, data: [data, data]
    both.say()
    both.net.pass_by(5)
    assert both.at_server == [b"hello"]
    assert len(both.net.log) < 12


def test_flights_in_pieces(pair):
    """Each record in a datagram of its own, as other implementations send them."""
    both = pair()
    both.net.shape = lambda number, data: list(records(data))
    both.say()
    assert both.at_server == [b"hello"]
    assert len(both.net.log) == 7


@given(st.lists(st.sampled_from(["pass", "lose", "twice", "late"]), max_size=24))
@settings(max_examples=40, deadline=None)
def test_any_network_that_gets_better(fates):
    from tests.plugins.atshell_lwm2m.endpoint.dtls.conftest import Pair  # a fixture would be one for all examples

    both = Pair()
    held: list[bytes] = []

    def shape(number: int, data: bytes) -> list[bytes]:
        fate = fates[number] if number < len(fates) else "pass"
        if fate == "late":
            held.append(data)
            return []
        return {"lose": [], "twice": [data, data], "pass": [data]}[fate]

    both.net.shape = shape
    both.client.send(b"hello", SERVER)
    both.net.run()
    both.net.pass_by(20)
    for one in held:
        for wire in both.net.wires.values():
            wire.receive(one, SERVER if wire.own == CLIENT else CLIENT)
    both.net.run()
    both.net.shape = lambda number, data: [data]
    both.net.pass_by(130)  # what had no luck has given up
    both.say(b"again")
    assert b"again" in both.at_server
    assert both.at_server.count(b"hello") <= 1


@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
def test_a_wrong_key_and_an_unknown_identity_look_alike(pair, suite):
    def attempt(identity: bytes, key: bytes) -> list[tuple[tuple[str, int], float, int, int]]:
        both = pair(suites=(suite,))
        both.client.secure(SERVER, Credentials(identity, key), (suite,))
        both.say()
        both.net.pass_by(130)
        assert both.at_server == []
        assert len(both.server) == 0
        return [(source, len(data), data[0], data[13]) for source, data in both.net.log]

    assert attempt(b"me", b"wrong!") == attempt(b"no", b"secret") == attempt(b"no", b"wrong!")


def test_the_client_is_told_or_left_alone_but_never_served(pair):
    both = pair(key=b"wrong!", suites=(CBC_SHA256,))
    both.say()
    assert both.at_server == []
    assert both.net.log[-1][1][0] == 21  # an alert


def test_an_address_that_nobody_knows_is_not_answered(pair):
    both = pair()
    wire = both.net.wires[SERVER]
    for data in (b"", b"\0", b"\x40\1\0\0", secrets.token_bytes(99), bytes.fromhex("17fefd00010000000000010002aaaa")):
        wire.receive(data, ("192.0.2.99", 1))
    both.server.send(b"nobody", ("192.0.2.99", 1))
    assert both.net.log == []
    assert len(both.server) == 0


def test_a_fresh_client_hello_replaces_the_association(pair):
    """RFC 6347 section 4.2.8: the client has lost everything and comes from the same address."""
    both = pair()
    both.say(b"before")
    both.client.close()
    both.client = both.another(CLIENT, Credentials(b"me", b"secret"))
    both.say(b"after")
    assert both.at_server == [b"before", b"after"]
    assert len(both.server) == 1


def test_a_forged_client_hello_replaces_nothing(pair):
    """Without the cookie, which its sender has never seen."""
    both = pair()
    both.say(b"before")
    other = pair()
    other.client.send(b"x", SERVER)
    both.net.wires[SERVER].receive(other.net.log[0][1], CLIENT)
    both.net.run()
    both.say(b"after")
    assert both.at_server == [b"before", b"after"]


def test_the_longest_idle_goes_first_when_there_are_too_many(pair):
    both = pair(limit=3)
    clients = [both.another(("192.0.2.7", 50000 + number), Credentials(b"me", b"secret")) for number in range(4)]
    for number, client in enumerate(clients[:3]):
        both.net.clock.advance(1)
        client.send(b"%d" % number, SERVER)
        both.net.run()
    both.net.clock.advance(1)
    clients[0].send(b"again", SERVER)
    both.net.run()
    clients[3].send(b"3", SERVER)
    both.net.run()
    assert len(both.server) == 3
    for client in clients:
        client.send(b"late", SERVER)
    both.net.run()
    assert [source[1] - 50000 for source in both.sources[5:]] == [0, 2, 3]


def test_half_open_ones_go_before_open_ones(pair):
    both = pair(limit=3)
    both.say(b"open")
    both.net.shape = lambda number, data: [] if data[0] == 22 and data[13] == 2 else [data]  # no Server Hello
    for number in range(40):
        both.net.clock.advance(1)
        both.another(("192.0.2.7", 50000 + number), Credentials(b"me", b"secret")).send(b"x", SERVER)
        both.net.run()
        assert len(both.server) <= 3
    both.say(b"still")
    assert both.at_server == [b"open", b"still"]


def test_half_open_ones_go_by_themselves(pair):
    both = pair(key=b"wrong!", suites=(CCM8,))
    both.say()
    assert len(both.server) == 1
    both.net.pass_by(130)
    assert len(both.server) == 0


def test_who_is_there(pair):
    """An answer for one identity does not reach another that has come to its address, as behind a NAT."""
    both = pair()
    both.keys[b"you"] = b"secret"
    both.say()
    both.client.close()
    both.client = both.another(CLIENT, Credentials(b"you", b"secret"))
    both.say()
    assert [(tuple(source), source.identity) for source in both.sources] == [(CLIENT, b"me"), (CLIENT, b"you")]
    for data, source in ((b"for me", both.sources[0]), (b"in the open", CLIENT), (b"for you", both.sources[1])):
        both.server.send(data, source)
    both.net.run()
    assert both.at_client == [b"for you"]


def test_goodbye_from_either_side(pair):
    both = pair()
    both.say()
    both.client.part()
    both.net.run()
    assert len(both.server) == 0
    both.say(b"anew")
    assert both.at_server == [b"hello", b"anew"]
    both.server.close()
    both.net.run()
    assert both.net.log[-1][0] == CLIENT  # close_notify is answered
    assert both.net.log[-1][1][0] == 21
