from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.blocks import MAX_BODIES, MAX_BODY, Arriving, Leaving, Refused, cut


@given(body=st.binary(min_size=1, max_size=400), exponent=st.integers(0, 6))
def test_what_is_cut_comes_together_again(body, exponent):
    size, arriving, number, result = 1 << (exponent + 4), Arriving(), 0, None
    whole = cut(body, (0, False, exponent))
    if whole is None:
        assert len(body) <= size
        return
    more = True
    while more:
        part, (_, more, _) = cut(body, (number, False, exponent))
        result = arriving.feed("key", (number, more, exponent), part)
        assert more is (result == Refused("2.31"))
        number += 1
    assert result == body


def test_a_gap_is_incomplete():
    arriving = Arriving()
    assert arriving.feed("key", (0, True, 0), b"x" * 16) == Refused("2.31")
    assert arriving.feed("key", (2, False, 0), b"x") == Refused("4.08")
    assert arriving.feed("key", (1, False, 0), b"x") == Refused("4.08")
    assert arriving.feed("other", (1, False, 0), b"x") == Refused("4.08")
    assert arriving.feed("key", (0, True, 0), b"short") == Refused("4.00")


def test_a_body_that_never_ends_is_too_large():
    arriving, block = Arriving(), b"x" * 1024
    for number in range(MAX_BODY // 1024):
        assert arriving.feed("key", (number, True, 6), block) == Refused("2.31")
    assert arriving.feed("key", (MAX_BODY // 1024, True, 6), block) == Refused("4.13")


def test_the_oldest_transfers_go_first():
    arriving, leaving = Arriving(), Leaving()
    for key in range(MAX_BODIES + 1):
        arriving.feed(key, (0, True, 0), b"x" * 16)
        leaving.keep(key, "2.05", None, b"body")
    assert arriving.feed(0, (1, False, 0), b"y") == Refused("4.08")
    assert arriving.feed(1, (1, False, 0), b"y") == b"x" * 16 + b"y"
    assert leaving.get(0) is None
    assert leaving.get(1) == ("2.05", None, b"body")


@given(body=st.binary(max_size=64), block=st.tuples(st.integers(0, 1 << 20), st.booleans(), st.integers(0, 7)))
def test_any_block_may_be_asked_for(body, block):
    part = cut(body, block)
    assert part is None or len(part[0]) <= 1024


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 7), st.binary(max_size=40))))
def test_any_blocks_may_arrive(blocks):
    arriving = Arriving()
    for number, more, exponent, payload in blocks:
        assert isinstance(arriving.feed("key", (number, more, exponent), payload), bytes | Refused)
