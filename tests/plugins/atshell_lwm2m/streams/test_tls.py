"""TLS records cut from a stream; what they protect is in the recordings (``test_recordings``)."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.capture.reader import batches
from atshell_lwm2m.capture.segments import HEAD, Segments
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.sessions import Sessions
from atshell_lwm2m.streams.tls import Tls

RECORDED = Path(__file__).parent.parent / "captures" / "tcp"
KEYS = Keys([(b"*", bytes(range(16)))])


def streams(name: str) -> list[tuple[bool, bytes]]:
    """The payloads of a recording on one connection, with their direction."""
    found = []
    for batch in batches(RECORDED / f"{name}.pcap", print, segments=Segments()):
        for _, _, _, _, key, _, _, data, _ in batch:
            if data[HEAD.size :]:
                found.append((struct.unpack(">H", key[-2:])[0] == 5684, data[HEAD.size :]))
    return found


def plain(tls: Tls, pieces: list[tuple[bool, bytes]]) -> list[bytes]:
    return [data for side, piece in pieces for data in tls.feed(side, piece).plain]


@pytest.mark.parametrize("name", ["tls12_ccm8", "tls12_gcm", "tls12_cbc"])
def test_in_small_and_in_large_pieces(name: str) -> None:
    said = streams(name)
    whole = plain(Tls(KEYS, Sessions()), said)
    assert len(whole) == 6
    assert plain(Tls(KEYS, Sessions()), [(side, bytes([one])) for side, data in said for one in data]) == whole


@pytest.mark.parametrize("name", ["tls12_ccm8", "tls12_gcm"])
def test_records_that_are_missing(name: str) -> None:
    """Those behind them are tried with the numbers that they may have."""
    said, tls = streams(name), Tls(KEYS, Sessions())
    lost = said.index(next(one for one in said if one[1][0] == 23))
    whole = plain(Tls(KEYS, Sessions()), said)
    assert plain(tls, said[:lost]) == []
    tls.gap(said[lost][0], len(said[lost][1]))
    assert plain(tls, said[lost + 1 :]) == whole[1:]


def test_the_middle_of_a_record_is_missing() -> None:
    said, tls = streams("tls12_gcm"), Tls(KEYS, Sessions())
    lost = said.index(next(one for one in said if one[1][0] == 23))
    side, data = said[lost]
    plain(tls, [*said[:lost], (side, data[:10])])
    tls.gap(side, 5)
    assert len(plain(tls, [(side, data[15:]), *said[lost + 1 :]])) == 5


def test_what_is_no_tls() -> None:
    tls = Tls(KEYS, Sessions())
    opened = tls.feed(True, b"\x16\x03\x01\x00\x01\x00and so on")
    assert opened.problem == "no TLS record begins here"
    assert tls.feed(True, b"and on").problem is None


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=40), st.booleans()), max_size=12))
def test_any_bytes(pieces: list[tuple[bool, bytes, bool]]) -> None:
    tls = Tls(KEYS, Sessions())
    for side, data, headed in pieces:
        body = b"\x16\x03\x03" + len(data).to_bytes(2, "big") + data if headed else data
        tls.feed(side, body)
        tls.gap(side, len(data) + 1)
