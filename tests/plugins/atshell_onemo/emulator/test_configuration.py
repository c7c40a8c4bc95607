from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell_onemo.emulator.configuration import Configuration, Pieces, read

PLAIN = bytes.fromhex(
    "130031F10003F2002304001100000000000000123138332E3233302E34302E34303A35363833000131F30008C000000000"
)
"""What the vendor's tool made for users of the older modules: the LwM2M server itself."""


def net(flags: int, host: bytes, user_data: bytes = b"") -> bytes:
    texts = b"".join(len(text).to_bytes(2) + text for text in (b"", b"", b"", host, user_data))
    block = b"\xf2" + (7 + len(texts)).to_bytes(2) + bytes([4, 0, 0x11, flags]) + texts
    body = b"\xf1\x00\x03" + block
    return b"\x13" + (3 + len(body)).to_bytes(2) + body


def test_what_the_tool_makes() -> None:
    """An old one, without flags."""
    assert read(PLAIN) == Configuration("183.230.40.40:5683", bootstrap=None)


def test_bootstrap_dtls_and_the_keys() -> None:
    told = read(net(0xC0, b"183.230.40.39", b"AuthCode:cmiot;PSK:1234abcd;UserData:;"))
    assert told == Configuration("183.230.40.39", bootstrap=True, dtls=True, authcode="cmiot", psk="1234abcd")


@given(st.binary(max_size=80))
def test_any_bytes(data: bytes) -> None:
    read(data)
    framed = b"\x13" + (3 + len(data)).to_bytes(2) + data
    assert read(framed[:-1]) is None if data else True
    read(framed)


@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 255))
def test_any_byte_changed(place: int, value: int) -> None:
    read(PLAIN[:place] + bytes([value]) + PLAIN[place + 1 :])


def test_pieces_count_down() -> None:
    pieces = Pieces()
    assert pieces.add(12, "0011", 2, 4, False)
    assert pieces.add(12, "2233", 1, 4, False)
    assert pieces.add(12, "4455", 0, 4, True)
    assert pieces.text == "001122334455"


def test_pieces_in_bytes() -> None:
    pieces = Pieces()
    assert pieces.add(4, "0011", 1, 2, False)
    assert pieces.add(4, "2233", 0, 2, True)


def test_pieces_that_do_not_fit() -> None:
    for second in [
        (12, "2233", 2, 4, False),  # the same again
        (12, "2233", 0, 4, True),  # one is missing
        (8, "2233", 1, 4, False),  # another length of the whole
        (12, "2233", 1, 3, False),
        (12, "2233", 1, 4, True),  # the end before index 0
        (12, "223344556677", 1, 12, False),
    ]:
        pieces = Pieces()
        assert pieces.add(12, "0011", 2, 4, False)
        assert not pieces.add(*second), second
        assert pieces.text == ""
