"""What a filter says early is true of every message of which no more was known."""

from __future__ import annotations

from copy import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.filter import compile_condition
from atshell_lwm2m.filter.early import BOTH, FALSE, TRUE, Known
from atshell_lwm2m.message import Message

ENDS = Message(src="10.0.0.1:5683", dst="100.64.1.2:4000")
HEADER = Message(frame=7, src=ENDS.src, dst=ENDS.dst, type="CON", code="0.01", mid=9)
HEADER.token = b"\xab".hex()


@pytest.mark.parametrize(
    ("text", "endpoints", "verdict"),
    [
        ("addr == 100.64.1.2", [None], TRUE),
        ("addr == 100.64.1.3", [None], FALSE),
        ("not addr == 100.64.1.3", [None], TRUE),
        ("port in (1, 2)", [None], FALSE),
        ('ep == "x"', [None], FALSE),
        ('ep == "x"', [None, "x"], BOTH),
        ('ep ~ "x*"', [None, "y"], FALSE),
        ('ep != "x"', [None, "x"], FALSE),
        ('not ep == "x"', [None, "x"], BOTH),
        ("ep", [None], FALSE),
        ('op == "Notify"', [None], BOTH),
        ('op == "Notify" and addr == 1.1.1.1', [None], FALSE),
        ('op == "Notify" or addr == 100.64.1.2', [None], TRUE),
        ("mid == 9", [None], BOTH),
    ],
)
def test_of_a_conversation(text: str, endpoints: list[str | None], verdict: int) -> None:
    assert compile_condition(text).judge(Known(ENDS, endpoints)) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("mid == 9", TRUE), ("type == ACK", FALSE), ("code == GET and rtt > 1", BOTH), ("frame < 7", FALSE)],
)
def test_of_a_header(text: str, verdict: int) -> None:
    assert compile_condition(text).judge(Known(HEADER, [None], header=True)) == verdict


_TESTS = st.sampled_from(
    ["mid == 9", "type == ACK", "rtt > 1", 'ep == "x"', "ep", 'ep != "y"', "addr == 10.0.0.1", "src == 1.1.1.1", "path"]
)
EXPRESSIONS = st.recursive(
    _TESTS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda three: "({} {} {})".format(*three)),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, st.sampled_from([None, "x", "y"]), st.sampled_from([None, 0.5, 2.0]), st.sampled_from([None, "/a"]))
@settings(max_examples=300)
def test_it_never_denies_what_is_true(text: str, endpoint: str | None, rtt: float | None, path: str | None) -> None:
    condition = compile_condition(text)
    whole = copy(HEADER)
    whole.endpoint, whole.rtt, whole.path = endpoint, rtt, path
    outcome = TRUE if condition.holds(whole) else FALSE
    assert condition.judge(Known(ENDS, [None, "x", "y"])) & outcome
    assert condition.judge(Known(HEADER, [None, "x", "y"], header=True)) & outcome
