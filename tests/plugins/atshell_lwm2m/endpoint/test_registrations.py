from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint import registrations
from atshell_lwm2m.endpoint.endpoint import Outgoing
from atshell_lwm2m.endpoint.exchange import Incoming, SecureAddress
from atshell_lwm2m.endpoint.parameters import Refused
from atshell_lwm2m.endpoint.registrations import Registrations


def _register(name: str = "one", *query: str, payload: bytes = b"</3/0>,</3200/0>", port: int = 1) -> Incoming:
    parameters = (f"ep={name}", *query)
    return Incoming(("h", port), 1, True, "POST", ("rd",), parameters, payload=payload)


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(call) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_a_registration_lives_for_its_lifetime():
    time = Time()
    known = Registrations(time)
    made = known.add(_register("one", "lt=300", "lwm2m=1.0", "b=U"))
    assert (made.lifetime, made.version, made.binding, made.objects) == (300, "1.0", "U", ["/3/0", "/3200/0"])
    assert made.own_paths == ["/3200/0"]
    time.now = 299
    known.update(made.location, _register(payload=b"", port=9))
    assert made.peer == ("h", 9)
    time.now = 598
    assert known.choose(None) is made
    time.now = 599
    assert known.choose(None) is None
    assert not made.alive
    assert refused(lambda: known.update(made.location, _register())) == "4.04"
    assert refused(lambda: known.remove(made.location, made.peer)) == "4.04"


def test_a_shorter_lifetime_ends_earlier_and_a_longer_one_later():
    time = Time()
    known = Registrations(time)
    made = known.add(_register("one", "lt=300"))
    known.update(made.location, _register("one", "lt=10"))
    known.update(made.location, _register("one", "lt=100"))
    time.now = 99
    assert known.choose("one") is made
    known.update(made.location, _register("one", "lt=20"))
    time.now = 119
    assert known.choose("one") is None


def test_one_that_ends_never():
    """LwM2M 1.1 core section 6.2.1; 1.0 does not know it."""
    time = Time()
    known = Registrations(time)
    made = known.add(_register("one", "lt=0", "lwm2m=1.1"))
    time.now = 1e12
    assert known.choose("one") is made
    assert "remaining" not in known.describe()[0]
    assert refused(lambda: known.add(_register("two", "lt=0", "lwm2m=1.0"))) == "4.00"


def test_updates_keep_the_list_of_what_is_due_short():
    time = Time()
    known = Registrations(time)
    made = known.add(_register())
    for number in range(1000):
        known.update(made.location, _register("one", f"lt={(86400, 10)[number % 2]}"))
    assert len(known._due) < 5


def test_the_same_name_registers_anew():
    known = Registrations(Time())
    old, other = known.add(_register()), known.add(_register("two", port=2))
    old.queue.append((1, ["read", "/3/0"]))
    new = known.add(_register(port=3))
    assert not old.alive
    assert old.location != new.location
    assert list(new.queue) == [(1, ["read", "/3/0"])]
    assert known.choose("two") is other
    assert known.choose(None) is new
    assert known.choose("three") is None
    assert [one["endpoint"] for one in known.describe()] == ["two", "one"]
    assert refused(lambda: known.update(old.location, _register())) == "4.04"
    known.remove(new.location, new.peer)
    assert known.choose(None) is other


def test_a_new_address_is_told_and_found():
    moves = []
    known = Registrations(Time(), lambda one, old: moves.append((one.name, old)))
    made = known.add(_register(port=1))
    known.update(made.location, _register(port=1))
    known.update(made.location, _register(port=2))
    assert moves == [("one", ("h", 1))]
    assert known.at(("h", 2)) is made
    assert known.at(("h", 1)) is None
    known.remove(made.location, made.peer)
    assert known.at(("h", 2)) is None


def test_a_notification_from_a_new_address_is_followed_by_its_identity_alone():
    known = Registrations(Time())
    secret = [SecureAddress(("h", port), identity) for port, identity in ((1, b"me"), (2, b"you"), (3, b"me"))]
    made = known.add(replace(_register(), peer=secret[0]))
    made.keep("/3303/0", Outgoing(1, b"token", None, lambda: None), 1, 0.0)
    for token, peer in ((b"token", secret[1]), (b"token", ("h", 3)), (b"other", secret[2])):
        known.found(token, peer)
        assert made.peer == secret[0]
    known.found(b"token", secret[2])
    assert made.peer == secret[2]
    assert known.at(secret[2]) is made


def test_in_the_open_a_notification_from_a_new_address_is_nobodys():
    known = Registrations(Time())
    made = known.add(_register(port=1))
    made.keep("/3303/0", Outgoing(1, b"token", None, lambda: None), 1, 0.0)
    known.found(b"token", ("h", 2))
    assert made.peer == ("h", 1)


def test_a_refused_registration_changes_nothing():
    known = Registrations(Time())
    made = known.add(_register("one", "lt=300"))
    assert refused(lambda: known.add(_register("one", "lt=x"))) == "4.00"
    assert refused(lambda: known.update(made.location, _register("one", "lt=9", payload=b"x"))) == "4.00"
    assert known.choose("one") is made
    assert made.lifetime == 300


def test_clients_are_bounded(monkeypatch):
    monkeypatch.setattr(registrations, "MAX_CLIENTS", 2)
    known = Registrations(Time())
    for name in "ab":
        known.add(_register(name))
    assert refused(lambda: known.add(_register("c"))) == "5.03"
    known.add(_register("a"))


@given(st.lists(st.text(max_size=8), max_size=4), st.binary(max_size=30))
def test_any_registration_is_taken_or_refused(query, payload):
    known = Registrations(Time())
    asked = Incoming(("h", 1), 1, True, "POST", ("rd",), ("ep=a", *query), payload=payload)
    try:
        made = known.add(asked)
    except Refused:
        made = None
    assert [one["endpoint"] for one in known.describe()] == ([made.name] if made else [])
