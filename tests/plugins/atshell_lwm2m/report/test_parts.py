from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.styled import to_plain
from atshell_lwm2m.report.parts import Part, coap_parts, stream_parts, tlv_parts


def rows(parts: list[Part]) -> list[tuple[int, str, str]]:
    return [(part.at, part.data.hex(), to_plain(part.meaning)) for part in parts]


def test_header_token_options_and_payload() -> None:
    data = bytes.fromhex("4203000aaabbb1330130122d16d10b0aff0102")
    parts, start = coap_parts(data)
    assert rows(parts) == [
        (0, "4203000a", "CON 0.03 PUT, message ID 10"),
        (4, "aabb", "token, 2 bytes"),
        (6, "b133", "Uri-Path 3"),
        (8, "0130", "Uri-Path 0"),
        (10, "122d16", "Content-Format 11542  lwm2m+tlv"),
        (13, "d10b0a", "Option 36 0a"),
        (16, "ff", "payload marker"),
    ]
    assert data[start:] == b"\x01\x02"


def test_numbers_and_what_they_mean() -> None:
    assert rows(coap_parts(bytes.fromhex("400100016051" + "28"))[0])[1][2] == "Observe 0  register"
    assert rows(coap_parts(bytes.fromhex("404500016105"))[0])[1][2] == "Observe 5"
    parts, _ = coap_parts(bytes.fromhex("40450001d10a1e"))
    assert rows(parts)[1][2] == "Block2 30  block 1 of 1024 bytes, more follow"


@pytest.mark.parametrize(
    "data", ["", "ff", "49010001", "4d010001", "4e01000100", "42010001aa", "40010001f0", "40010001d1", "4001000161"]
)
def test_what_can_not_be(data: str) -> None:
    parts, start = coap_parts(bytes.fromhex(data))
    assert b"".join(part.data for part in parts).hex() == data
    assert start == len(data) // 2


def test_a_token_length_that_is_cut() -> None:
    parts, _ = coap_parts(bytes.fromhex("4e01000100"))
    assert rows(parts)[1] == (4, "00", "no token length: what is left")
    parts, start = stream_parts(bytes.fromhex("0e0100"), framed=True)
    assert "".join(data for _, data, _ in rows(parts)) == "0e0100"
    assert start == 3


def test_tlv_records_with_their_paths() -> None:
    parts = tlv_parts(bytes.fromhex("08000bc1096486064100014101" + "05"), 40, "/3")
    assert rows(parts) == [
        (40, "08000b", "object instance /3/0 Device  11 bytes"),
        (43, "c10964", "resource /3/0/9 Battery Level = 100 /100"),
        (46, "8606", "multiple resource /3/0/6 Available Power Sources  6 bytes"),
        (48, "410001", "resource instance /3/0/6/0 Available Power Sources = 1"),
        (51, "410105", "resource instance /3/0/6/1 Available Power Sources = 5"),
    ]
    assert [part.depth for part in parts] == [0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("target", "data", "path"),
    [
        ("", "c10964", "/9"),
        ("/3", "c10964", "/3/0/9"),
        ("/3/0", "c10964", "/3/0/9"),
        ("/3/0/9", "c10964", "/3/0/9"),
        ("/3/0/7", "410905", "/3/0/7/9"),
    ],
)
def test_paths_begin_at_the_target(target: str, data: str, path: str) -> None:
    ((_, _, text),) = rows(tlv_parts(bytes.fromhex(data), 0, target))
    assert path in text.split()


def test_keys_are_marked() -> None:
    (part,) = tlv_parts(bytes.fromhex("c80510" + "61" * 16), 0, "/0/1")
    assert part.secret
    assert "6161****" in to_plain(part.meaning)


@given(st.binary(max_size=80), st.sampled_from(["", "/3", "/3/0", "/3/0/7", "/0/1"]))
def test_nothing_is_left_out(data: bytes, path: str) -> None:
    parts, start = coap_parts(data)
    assert b"".join(part.data for part in parts) + data[start:] == data
    found = tlv_parts(data, 0, path)
    assert b"".join(part.data for part in found) == data
