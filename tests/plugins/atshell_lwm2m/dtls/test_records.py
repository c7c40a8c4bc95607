from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.dtls.records import Record, is_dtls, is_unified, name, split

HEAD = "16fefd0000000000000000"


def nobody(_rest: bytes) -> None:
    return None


def named(data: bytes) -> list[str]:
    found = split(data, nobody)
    return [one if isinstance(one, str) else name(one.content, one.body, one.epoch > 0) for one in found]


def test_records_are_named() -> None:
    hello = "000101" + "14fefd0000000000000001000101"
    data = bytes.fromhex(HEAD + hello + "17fefd000100000000000100020102" + "15fefd000000000000000200020214")
    assert is_dtls(data)
    assert named(data) == [
        "Client Hello",
        "change cipher spec",
        "application data, 2 bytes",
        "fatal alert (bad record MAC)",
    ]


def test_messages_of_one_record() -> None:
    two = "02000000 0001 000000 000000" + "0e000000 0002 000000 000000"
    assert named(bytes.fromhex(HEAD + "0018" + two)) == ["Server Hello, Server Hello Done"]
    assert named(bytes.fromhex("16fefd0001000000000000" + "0018" + two)) == ["handshake (encrypted)"]


def test_a_record_that_is_cut() -> None:
    assert named(bytes.fromhex(HEAD + "0005 01")) == ["a DTLS record of 5 bytes where 1 byte is left at byte 0"]
    assert named(bytes.fromhex(HEAD + "0001 01 ff")) == ["Client Hello", "no DTLS record header at byte 14"]


def test_a_connection_id_needs_its_length() -> None:
    data = bytes.fromhex("19fefd0001000000000005" + "c1d0" + "0003aabbcc")
    (closed,) = split(data, nobody)
    assert isinstance(closed, Record)
    assert (closed.content, closed.body) == (25, b"")
    (found,) = split(data, lambda rest: 2 if rest.startswith(b"\xc1\xd0") else None)
    assert found == Record(25, b"\xfe\xfd", bytes.fromhex("0001000000000005"), b"\xc1\xd0", b"\xaa\xbb\xcc")


def test_dtls_13_has_a_short_header() -> None:
    assert is_unified(b"\x2f\x00\x01")
    assert not is_unified(b"\x44\x01\x00\x01")
    found = list(split(bytes.fromhex("2e0001 0002 aaaa" + "2e0002 0001 bb"), nobody, modern=True))
    assert [one.body for one in found if isinstance(one, Record)] == [b"\xaa\xaa", b"\xbb"]
    assert name(0x20, b"12", sealed=True) == "encrypted record, 2 bytes"


def test_coap_is_none() -> None:
    assert not is_dtls(bytes.fromhex("4401000133445566") * 3)


@pytest.mark.parametrize("modern", [False, True])
@given(data=st.binary(max_size=60), head=st.sampled_from(["", HEAD + "0000", "19fefd0001000000000005", "2c"]))
def test_any_bytes(data: bytes, head: str, modern: bool) -> None:
    for one in split(bytes.fromhex(head) + data, lambda rest: rest[0] if rest else None, modern):
        assert one if isinstance(one, str) else name(one.content, one.body, sealed=False)
