from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint import registrations
from atshell_lwm2m.endpoint.exchange import Incoming
from atshell_lwm2m.endpoint.registrations import Registration, Registrations


def _register(name: str = "one", *query: str, payload: bytes = b"</3/0>,</3200/0>", port: int = 1) -> Incoming:
    parameters = (f"ep={name}", *query)
    return Incoming(("h", port), 1, True, "POST", ("rd",), parameters, payload=payload)


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_registration_lives_for_its_lifetime():
    time = Time()
    known = Registrations(time)
    made = known.add(_register("one", "lt=300", "lwm2m=1.0", "b=U"))
    assert isinstance(made, Registration)
    assert (made.lifetime, made.version, made.binding, made.objects) == (300, "1.0", "U", ["/3/0", "/3200/0"])
    assert made.own_paths == ["/3200/0"]
    time.now = 299
    assert known.update(made.location, _register(payload=b"", port=9)) == "2.04"
    assert made.peer == ("h", 9)
    time.now = 598
    assert known.choose(None) is made
    time.now = 599
    assert known.choose(None) is None
    assert not made.alive
    assert known.update(made.location, _register()) == "4.04"
    assert known.remove(made.location) == "4.04"


def test_the_same_name_registers_anew():
    known = Registrations(Time())
    old, other, new = known.add(_register()), known.add(_register("two")), known.add(_register())
    assert not old.alive
    assert old.location != new.location
    assert known.choose("two") is other
    assert known.choose(None) is new
    assert known.choose("three") is None
    assert [one["endpoint"] for one in known.describe()] == ["two", "one"]
    assert known.remove(new.location) == "2.02"


@pytest.mark.parametrize(
    ("query", "payload"),
    [((), b"not links"), (("lt=x",), b""), (("lt=-1",), b""), (("lt=99999999999",), b""), ((), b"\xff")],
)
def test_registrations_that_cannot_be(query, payload):
    known = Registrations(Time())
    assert known.add(_register("one", *query, payload=payload)) == "4.00"
    assert known.add(_register("")) == "4.00"
    assert known.add(_register("x" * 256)) == "4.00"
    assert known.describe() == []


def test_clients_are_bounded(monkeypatch):
    monkeypatch.setattr(registrations, "MAX_CLIENTS", 2)
    known = Registrations(Time())
    assert [isinstance(known.add(_register(name)), Registration) for name in "ab"] == [True, True]
    assert known.add(_register("c")) == "5.03"
    assert isinstance(known.add(_register("a")), Registration)


@given(st.lists(st.text(max_size=8), max_size=4), st.binary(max_size=30))
def test_any_registration_is_taken_or_refused(query, payload):
    made = Registrations(Time()).add(Incoming(("h", 1), 1, True, "POST", ("rd",), ("ep=a", *query), payload=payload))
    assert isinstance(made, Registration) or made == "4.00"
