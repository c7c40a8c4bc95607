from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.dtls.records import HEADER
from atshell_lwm2m.endpoint.dtls.association import MAX_TRANSMISSIONS, MTU, Association, State, datagrams, records
from atshell_lwm2m.endpoint.dtls.listener import Listener
from atshell_lwm2m.endpoint.dtls.security import CBC_SHA256, CCM8, SUITES, Credentials

PEER = ("192.0.2.7", 40000)
KEYS = {b"me": b"secret"}
ME = Credentials(b"me", b"secret")


class Two:
    """A client and a server that shake hands. ``until`` stops them when so many datagrams have arrived; what is on its
    way then is in ``held``."""

    def __init__(self, suites=SUITES, credentials=ME, until: int = 99) -> None:
        self.client = Association.client(credentials, suites)
        self.listener = Listener(KEYS.get)
        self.server: Association | None = None
        self.client.start(0.0)
        self.sent: list[bytes] = []
        self.held = [(True, one) for one in self.client.outgoing()]
        self.go_on(until)

    def go_on(self, until: int = 99) -> None:
        while self.held and len(self.sent) < until:
            upwards, datagram = self.held.pop(0)
            self.sent.append(datagram)
            if upwards:
                self.held += [(False, one) for one in self.up(datagram)]
            else:
                self.client.feed(datagram, 0.0)
                self.held += [(True, one) for one in self.client.outgoing()]

    def up(self, datagram: bytes) -> list[bytes]:
        if self.server is not None:
            self.server.feed(datagram, 0.0)
            return self.server.outgoing()
        answer, self.server = self.listener.hear(datagram, PEER, 0.0)
        if self.server is None:
            return answer
        self.server.start(0.0)
        return self.server.outgoing()


@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
def test_a_handshake_takes_six_datagrams(suite):
    two = Two((suite,))
    assert len(two.sent) == 6
    assert (two.client.state, two.server.state) == (State.OPEN, State.OPEN)
    assert two.client.suite == two.server.suite == suite
    assert two.client.deadline is None
    assert two.server.deadline is None


@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
def test_data_and_goodbye(suite):
    two = Two((suite,))
    assert two.client.send(b"up" * 600)
    (record,) = two.client.outgoing()
    assert two.server.feed(record, 1.0) == [b"up" * 600]
    assert two.server.feed(record, 1.0) == []  # a replay
    two.client.close()
    (goodbye,) = two.client.outgoing()
    assert two.server.feed(goodbye, 1.0) == []
    assert two.server.state is State.CLOSED
    assert two.server.failure == "closed by the other side"
    assert len(two.server.outgoing()) == 1
    assert not two.server.send(b"late")
    assert not two.client.send(b"late")


@pytest.mark.parametrize("size", [0, 16385])
def test_what_is_no_record_is_not_sent(size):
    two = Two()
    assert not two.client.send(bytes(size))
    assert two.client.outgoing() == []
    assert two.client.state is State.OPEN


def test_a_flight_is_sent_again_after_1_2_4_seconds_and_given_up_in_the_end():
    client = Association.client(ME)
    client.start(100.0)
    first = client.outgoing()
    times = []
    while client.deadline is not None:
        client.expire(client.deadline - 0.01)
        assert client.outgoing() == []
        times.append(client.deadline - 100.0)
        client.expire(client.deadline)
        again = client.outgoing()
        assert again == first or client.state is State.FAILED
    assert times == [1.0, 3.0, 7.0, 15.0, 31.0, 63.0, 123.0]
    assert len(times) == MAX_TRANSMISSIONS
    assert client.failure == "no answer to the handshake"


@pytest.mark.parametrize("number", [2, 3, 4])
def test_both_sides_send_their_flight_again(number):
    two = Two(until=number)
    (under_way,) = two.held
    for upwards, side in ((True, two.client), (False, two.server)):
        if side is not None:
            side.expire(side.deadline)
            assert side.outgoing() == [under_way[1]] or upwards is not under_way[0]


def test_the_last_flight_is_said_again_when_the_other_side_has_not_heard_it():
    two = Two(until=5)
    last = two.sent[4]
    assert two.held.pop()[0] is False
    assert two.server.state is State.OPEN
    assert two.client.state is State.HANDSHAKE
    two.client.expire(two.client.deadline)
    (again,) = two.client.outgoing()
    assert again == last
    two.server.feed(again, 1.0)
    for one in two.server.outgoing():
        two.client.feed(one, 1.0)
    assert two.client.state is State.OPEN


def test_datagrams_that_come_twice_start_no_dialogue():
    two = Two()
    for one in two.sent:
        two.client.feed(one, 1.0)
        assert two.client.outgoing() == []


def test_an_alert_in_the_open_ends_a_handshake_and_is_told():
    client = Association.client(ME)
    client.start(0.0)
    client.feed(bytes.fromhex("15fefd000000000000000000020228"), 0.0)
    assert client.state is State.FAILED
    assert client.failure == "the other side says fatal alert (handshake failure)"


def test_protected_records_of_an_older_association_are_passed_over():
    old = Two((CBC_SHA256,))
    old.server.close()
    (goodbye,) = old.server.outgoing()
    new = Two((CBC_SHA256,), until=3)
    new.client.feed(goodbye, 0.0)
    new.go_on()
    assert new.client.state is State.OPEN


@pytest.mark.parametrize(
    "credentials", [Credentials(b"me", b""), Credentials(b"m\0e", b"secret"), Credentials(b"m" * 5000, b"secret")]
)
def test_credentials_that_cannot_be_used(credentials):
    two = Two(credentials=credentials)
    assert two.client.state is State.FAILED
    assert two.client.failure


def test_no_suite_in_common():
    client = Association.client(ME, ("PSK-AES256-CBC-SHA384",))
    client.start(0.0)
    listener = Listener(KEYS.get)
    for one in listener.hear(client.outgoing()[0], PEER, 0.0)[0]:
        client.feed(one, 0.0)
    _, server = listener.hear(client.outgoing()[0], PEER, 0.0)
    server.start(0.0)
    assert server.state is State.FAILED
    for one in server.outgoing():
        client.feed(one, 0.0)
    assert client.failure == "the other side says fatal alert (handshake failure)"


_RECORD = st.builds(
    lambda head, length, body: bytes([head]) + b"\xfe\xfd\0\0\0\0\0\0\0\1" + length.to_bytes(2, "big") + body,
    st.sampled_from([20, 21, 22, 23, 25]),
    st.integers(0, 65535),
    st.binary(max_size=60),
)


@given(data=st.data(), until=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_hostile_bytes(data, until):
    """Whatever comes, a state comes of it and nothing else."""
    two = Two(until=until)
    seen = st.sampled_from(two.sent)
    broken = st.builds(lambda one, at, bit: _flipped(one, at, bit), seen, st.integers(0, 400), st.integers(0, 7))
    for datagram in data.draw(st.lists(st.one_of(st.binary(max_size=200), _RECORD, seen, broken), max_size=8)):
        for side in (two.client, two.server):
            if side is not None:
                plain = side.feed(datagram, 0.0)
                assert plain == []
                side.outgoing()


def _flipped(one: bytes, at: int, bit: int) -> bytes:
    at %= len(one)
    return one[:at] + bytes([one[at] ^ 1 << bit]) + one[at + 1 :]


@given(st.lists(st.integers(0, 500), max_size=12), st.binary(max_size=20))
def test_records_are_packed_and_none_is_lost(sizes, rest):
    made = [bytes(HEADER - 2) + size.to_bytes(2, "big") + bytes(size) for size in sizes]
    assert list(records(b"".join(made))) == made
    packed = list(datagrams(b"".join(made)))
    assert b"".join(packed) == b"".join(made)
    assert all(len(one) <= MTU for one in packed)
    assert b"".join(datagrams(rest)) == rest
