from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.dtls.association import Association
from atshell_lwm2m.endpoint.dtls.listener import Listener
from atshell_lwm2m.endpoint.dtls.security import Credentials

HERE, THERE = ("192.0.2.7", 40000), ("192.0.2.8", 40000)


def _with_cookie(listener: Listener, now: float = 0.0) -> bytes:
    """A Client Hello that brings the cookie which was made for ``HERE``."""
    client = Association.client(Credentials(b"me", b"secret"))
    client.start(0.0)
    (hello,) = client.outgoing()
    (verify,), association = listener.hear(hello, HERE, now)
    assert association is None
    assert verify[13] == 3  # Hello Verify Request
    client.feed(verify, 0.0)
    (again,) = client.outgoing()
    return again


def test_a_cookie_brings_an_association():
    listener = Listener({}.get)
    assert listener.hear(_with_cookie(listener), HERE, 1.0)[1] is not None


def test_a_cookie_is_good_for_its_address_alone():
    listener = Listener({}.get)
    answer, association = listener.hear(_with_cookie(listener), THERE, 1.0)
    assert association is None
    assert not answer or answer[0][13] == 3


def test_a_cookie_is_good_for_its_listener_alone():
    answer, association = Listener({}.get).hear(_with_cookie(Listener({}.get)), HERE, 1.0)
    assert association is None
    assert not answer or answer[0][13] == 3


def test_a_cookie_ages():
    listener = Listener({}.get)
    hello = _with_cookie(listener, 59.0)
    assert listener.hear(hello, HERE, 180.0)[1] is None
    hello = _with_cookie(listener, 59.0)
    assert listener.hear(hello, HERE, 119.0)[1] is not None


def test_many_hellos_leave_nothing_behind():
    listener = Listener({}.get)
    for number in range(200):
        client = Association.client(Credentials(b"me", b"secret"))
        client.start(0.0)
        answer, association = listener.hear(client.outgoing()[0], ("192.0.2.9", number), 0.0)
        assert (len(answer), association) == (1, None)
        assert len(answer[0]) <= 60  # less than was asked with: nothing to amplify an attack


@given(st.binary(max_size=300), st.integers(0, 200))
def test_hostile_bytes(data, cut):
    listener = Listener({}.get)
    client = Association.client(Credentials(b"me", b"secret"))
    client.start(0.0)
    hello = client.outgoing()[0]
    for one in (data, hello[:cut] + data, hello[: 13 + cut % 50] + data):
        _, association = listener.hear(one, HERE, 0.0)
        assert association is None
    assert listener.hear(hello, HERE, 0.0)[0]
