from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.coap import CODES, code_name, read, token_of


def test_a_whole_message() -> None:
    kind, code, mid, token, options, payload, error = read(bytes.fromhex("440112340a0b0c0db3666f6fff6869"))
    assert (kind, CODES[code], mid, token.hex(), payload, error) == (0, "0.01", 0x1234, "0a0b0c0d", b"hi", None)
    assert options.path == "/foo"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ("", "an empty datagram at byte 0"),
        ("4001", "a header of 4 bytes where 2 bytes are left at byte 0"),
        ("80011234", "CoAP version 2 is not 1 at byte 0"),
        ("4f011234" + "00" * 15, "a token length of 15 is reserved at byte 0"),
        ("4c01123400", "a token of 12 bytes where 1 byte is left at byte 4"),
        ("4401123400", "a token of 4 bytes where 1 byte is left at byte 4"),
        ("4000123400", "an empty message ends behind its message ID, but there is more at byte 4"),
        ("40011234ff", "a payload marker with nothing behind it at byte 4"),
        ("40011234f0", "an option delta of 15 is reserved at byte 4"),
        ("40011234bf", "an option length of 15 is reserved at byte 4"),
        ("40011234b1", "option 11 of length 1 where 0 bytes are left at byte 4"),
        ("40011234b361", "option 11 of length 3 where 1 byte is left at byte 4"),
        ("40011234e0ffff", "option number 65804 is above 65535 at byte 4"),
        ("40011234d0", "the message ends inside an option delta at byte 4"),
        ("40011234b1ff", "Uri-Path is not UTF-8 at byte 4"),
        ("4001123469000102030405060708", "Observe has 9 bytes at byte 4"),
        ("40211234", "code 1.01 is of a reserved class at byte 1"),
    ],
)
def test_what_is_wrong(data: str, error: str) -> None:
    assert read(bytes.fromhex(data))[-1] == error


@pytest.mark.parametrize("length", range(13))
def test_a_token_has_up_to_12_bytes(length: int) -> None:
    """RFC 8974 section 2.1 made lengths of 9 to 12 what RFC 7252 had reserved."""
    token = bytes(range(length))
    data = bytes([0x40 | length, 1, 0, 1]) + token + b"\xb1a"
    assert read(data)[3] == token_of(data) == token
    assert (read(data)[4].path, read(data)[-1]) == ("/a", None)


@pytest.mark.parametrize(
    ("nibble", "more", "length"), [(13, "00", 13), (13, "ff", 268), (14, "0000", 269), (14, "0100", 525)]
)
def test_extended_tokens(nibble: int, more: str, length: int) -> None:
    """RFC 8974 section 2.1."""
    token = bytes(n % 256 for n in range(length))
    data = bytes([0x40 | nibble, 1, 0, 1]) + bytes.fromhex(more) + token + b"\xb1a"
    assert read(data)[3] == token_of(data) == token
    assert read(data)[4].path == "/a"
    left = f"{length - 8} bytes are left at byte {4 + len(more) // 2}"
    assert read(data[:-10])[-1] == f"a token of {length} bytes where {left}"
    assert read(data[:4])[-1] == "the message ends inside an extended token length at byte 4"


def test_what_stands_before_the_fault_is_decoded() -> None:
    kind, code, mid, token, options, payload, error = read(bytes.fromhex("410112340ab3666f6f0fff6869"))
    assert (kind, code, mid, token, payload) == (0, 1, 0x1234, b"\n", b"")
    assert options.path == "/foo"
    assert error is not None


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x40\x01\x00\x01", b"\x62\x45\x00\x01ab"]))
@settings(max_examples=300)
def test_any_bytes(data: bytes, head: bytes) -> None:
    data = head + data
    kind, _, _, token, options, payload, error = read(data)
    assert (kind is None) is (error is not None and "at byte 0" in error and "token" not in error)
    assert len(token) < len(data) or not token
    assert data.endswith(payload)
    assert len(options.options) <= len(data)


def test_sixty_thousand_options_take_linear_time() -> None:
    assert len(read(b"\x40\x01\x00\x01" + b"\x00" * 65_000)[4].options) == 65_000


def test_names() -> None:
    assert code_name("4.04") == "Not Found"
    assert code_name("2.31") == "Continue"
    assert code_name("3.07") == ""
