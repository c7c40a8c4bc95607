"""When a line and a message say the same, in two spellings."""

from __future__ import annotations

import pytest

from atshell.session.intent import Intent
from atshell_lwm2m.correlate.evidence import canonical, same_value, weigh
from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.message import Message, Registration, Resource


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("abcd", "abcd", True),
        ("abcd", "61626364", True),
        ("E309C82FE6", "e309c82fe6", True),
        ("abcx", "abcy", False),
        ("abcd", "abce", None),  # both could be hexadecimal
        (12, 12, True),
        (12, 13, False),
        (50.8, 50.79999923706055, True),
        (True, 1, True),
        (False, True, False),
        ("12", 12, True),
        ("12", 13, None),
        (-12, "f4", True),
        ("true", True, None),
        (10**400, 1.5, False),
        (float("nan"), 1.0, False),
        ("", "", True),
        ("温度", "e6b8a9e5baa6", True),
    ],
)
def test_same_value(one, other, same):
    assert same_value(one, other) is same
    assert same_value(other, one) is same


@pytest.mark.parametrize(("one", "other"), [("12", 12), (50.8, 50.79999923706055), (True, 1), ("x", "x")])
def test_equal_values_meet_under_one_key(one, other):
    assert canonical(one) == canonical(other)


def test_canonical_of_what_no_float_holds():
    assert canonical(10**400)
    assert canonical("1e999") == "inf"


def line(target: str | None = None, *values: tuple[str, str | int]) -> Intent:
    return Intent(0, (2,), "at", "", "", ("Notify",), target=target, values=values)


def notification(target: str | None = None, **values: str | int):
    resources = [Resource(path=f"/3200/0/{key[1:]}", value=value) for key, value in values.items()]
    message = Message(code="2.05", type="CON", operation="Notify", target=target, resources=resources)
    return read_traffic([message], 0).operations[0]


@pytest.mark.parametrize(
    ("intent", "operation", "why"),
    [
        (line("/3200/0/5750"), notification("/3200/0/5750"), ("path /3200/0/5750",)),
        (line("/3200/0/5750"), notification("/3200/0"), ("path /3200/0/5750",)),
        (line("/3200/0/5750"), notification(), ()),
        (line(None), notification("/3200/0"), ()),
        (line("/3200/0/5750", ("/3200/0/5750", "abcd")), notification(r5750="abcd"), ('value "abcd"',)),
        (line("/3200/0/5750", ("/3200/0/5750", 12)), notification(r5750=12), ("value 12",)),
    ],
)
def test_what_speaks_for_it(intent, operation, why):
    assert weigh(intent, operation).why == why
    assert weigh(intent, operation).weight >= 0


@pytest.mark.parametrize(
    ("intent", "operation"),
    [
        (line("/3200/0/5750"), notification("/3200/0/5751")),
        (line("/3200/0/5750"), notification("/3200/0/575")),
        (line("/3200/0"), notification("/3200/1")),
        (line("/3200/0/5750", ("/3200/0/5750", 12)), notification("/3200/0", r5750=13)),
    ],
)
def test_what_speaks_against_it(intent, operation):
    assert weigh(intent, operation).weight < 0


def test_another_lifetime_speaks_against_nothing():
    message = Message(code="0.02", operation="Register", registration=Registration(lt=86400))
    operation = read_traffic([message], 0).operations[0]
    intent = Intent(0, (2,), "at", "", "", ("Register",), values=(("/1/0/1", 300),))
    assert weigh(intent, operation).weight == 0
    same = Intent(0, (2,), "at", "", "", ("Register",), values=(("/1/0/1", 86400),))
    assert weigh(same, operation).why == ("lifetime 86400",)


def test_long_values_are_cut():
    (reason,) = weigh(line(None, ("/3200/0/5750", "x" * 500)), notification(r5750="x" * 500)).why
    assert len(reason) < 50


@pytest.mark.parametrize(
    ("value", "payload", "held"),
    [
        ("abcd", "e8167604" + "61626364", True),
        ("abcd", "e81676" + "061626364" + "0", False),  # half a byte away
        ("abcx", "e8167604" + "61626364", False),
        ("ab", "6162", False),  # too short to mean anything
        (50.8, "e8164408" + "4049666666666666", True),
        (50.8, "e41644" + "424b3333", True),
        (1860, "7b2276223a31383630" + "7d", True),
        (1e300, "00", False),
        ("05010203", "c805010203", True),
        (True, "54727565", False),
    ],
)
def test_a_payload_that_could_not_be_decoded(value, payload, held):
    """The capture began after the Observe, so nothing says how to read what is reported."""
    message = Message(code="2.05", type="NON", operation="Notify", payload=payload)
    operation = read_traffic([message], 0).operations[0]
    assert (weigh(line(None, ("/3200/0/5750", value)), operation).weight > 0) == held
