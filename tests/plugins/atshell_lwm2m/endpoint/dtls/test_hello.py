from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.dtls.hello import client_random

# From openssl s_client -dtls1_2, cut behind the random.
HELLO = bytes.fromhex("16feff0000000000000000002e0100002200000000000000" + "22" + "fefd" + "ab" * 32)


def test_the_random():
    assert client_random(HELLO) == b"\xab" * 32


@pytest.mark.parametrize(
    "other",
    [b"", HELLO[:-1], b"\x17" + HELLO[1:], HELLO[:3] + b"\0\1" + HELLO[5:], HELLO[:13] + b"\2" + HELLO[14:]],
)
def test_what_is_none(other):
    assert client_random(other) is None


@given(st.binary(max_size=80))
def test_any_bytes(data):
    assert client_random(data) is None or len(client_random(data)) == 32
