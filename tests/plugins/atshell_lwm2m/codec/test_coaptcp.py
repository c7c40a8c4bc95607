"""CoAP over TCP: the examples of RFC 8323, and what is wrong with others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.coap import CODES
from atshell_lwm2m.codec.coaptcp import looks_like_begin, looks_like_message, measure, read, read_in_frame


def test_the_example_of_rfc_8323() -> None:
    """Section 3.2, figure 6: a 2.03 with a token and no more."""
    kind, code, _, token, options, payload, error = read(bytes.fromhex("01437f"))
    assert (CODES[code], token, options.options, payload, error) == ("2.03", b"\x7f", [], b"", None)
    assert kind is not None


@pytest.mark.parametrize(
    ("head", "rest"),
    [("c0", 12), ("d000", 13), ("d0ff", 268), ("e00000", 269), ("e0ffff", 65_804), ("f000000000", 65_805)],
)
def test_every_form_of_the_length(head: str, rest: int) -> None:
    start = bytes.fromhex(head) + b"\x45"
    data = start + b"\xff" + bytes(rest - 1)
    size = measure(data)
    assert size is not None
    assert (size.header, size.whole) == (len(start), len(start) + rest)
    assert read(data)[5:] == (bytes(rest - 1), None)
    assert all(measure(data[:cut]) is None for cut in range(len(start)))


@pytest.mark.parametrize(
    ("nibble", "more", "length"), [(8, b"", 8), (13, b"\0", 13), (13, b"\xff", 268), (14, b"\0\1", 270)]
)
def test_tokens(nibble: int, more: bytes, length: int) -> None:
    token = bytes(range(length % 251)) + bytes(length - length % 251)
    data = bytes([0x10 | nibble, 0x01]) + more + token + b"\xb0"
    size = measure(data)
    assert size is not None
    assert size.whole == len(data)
    assert read(data)[3] == token
    assert read(data)[-1] is None


@pytest.mark.parametrize("length", range(13))
def test_a_token_has_up_to_12_bytes(length: int) -> None:
    """RFC 8974 section 2.1."""
    data = bytes([0x20 | length, 1]) + bytes(range(length)) + b"\xb1a"
    assert measure(data) == (2, length, len(data))
    assert (read(data)[3], read(data)[4].path, read(data)[-1]) == (bytes(range(length)), "/a", None)


def test_a_reserved_token_length() -> None:
    assert read(b"\x0f\x01")[-1] == "a token length of 15 is reserved at byte 0"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ("", "an empty message at byte 0"),
        ("d0", "a header of 1 bytes is cut at byte 0"),
        ("2001b1", "a message of 4 bytes where 3 are at byte 0"),
        ("1001ff", "a payload marker with nothing behind it at byte 2"),
        ("1001b1", "option 11 of length 1 where 0 bytes are left at byte 2"),
        ("0021", "code 1.01 is of a reserved class"),
    ],
)
def test_what_is_wrong(data: str, error: str) -> None:
    assert read(bytes.fromhex(data))[-1] == error


def test_signaling_options_have_numbers_of_their_own() -> None:
    found = read(bytes.fromhex("70e123100000202101"))[4].options
    assert found == [(2, "Max-Message-Size", 0x100000), (4, "Block-Wise-Transfer", ""), (6, "Extended-Token-Length", 1)]
    assert read(bytes.fromhex("10e220"))[4].options == [(2, "Custody", "")]
    assert read(bytes.fromhex("40e421612105"))[4].options == [(2, "Alternative-Address", "a"), (4, "Hold-Off", 5)]
    assert read(bytes.fromhex("20e52107"))[4].options == [(2, "Bad-CSM-Option", 7)]


def test_in_a_websocket_frame_the_length_says_nothing() -> None:
    *_, token, _, payload, error = read_in_frame(bytes.fromhex("01457fff6869"))
    assert (token, payload, error) == (b"\x7f", b"hi", None)
    assert read_in_frame(b"\x00")[-1] == "a header of 2 bytes where 1 byte is left at byte 0"


def test_a_beginning() -> None:
    assert looks_like_begin(bytes.fromhex("00e1"))
    assert looks_like_begin(bytes.fromhex("50e12310000020"))
    assert not looks_like_begin(b"GET / HTTP/1.1")
    assert not looks_like_begin(bytes.fromhex("1603010200"))
    assert not looks_like_begin(b"\0")


def test_the_middle_of_a_stream_must_be_plain() -> None:
    assert looks_like_message(bytes.fromhex("2101aab133"))
    assert not looks_like_message(b"some text that is in the middle")
    assert not looks_like_message(bytes(40))


@given(st.binary(max_size=40))
def test_any_bytes(data: bytes) -> None:
    size = measure(data)
    assert size is None or size.whole >= size.header >= 2
    for found in (read(data), read_in_frame(data)):
        assert found[-1] is not None or data.endswith(found[5])
    looks_like_message(data)
