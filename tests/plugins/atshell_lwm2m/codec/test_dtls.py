from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.dtls import describe, is_dtls

HEAD = "16fefd0000000000000000"


def test_records_are_named() -> None:
    data = bytes.fromhex(HEAD + "000101" + "14fefd0000000000000001000101" + "17fefd000100000000000100020102")
    assert is_dtls(data)
    assert describe(data) == ("DTLS 1.2 Client Hello, change cipher spec, application data, 2 bytes", None)


def test_a_record_that_is_cut() -> None:
    assert describe(bytes.fromhex(HEAD + "0005 01")) == (
        "DTLS 1.2",
        "a DTLS record of 5 bytes where 1 are left at byte 0",
    )


def test_coap_is_none() -> None:
    assert not is_dtls(bytes.fromhex("4401000133445566") * 3)


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    describe(bytes.fromhex(HEAD + "0000") + data)
