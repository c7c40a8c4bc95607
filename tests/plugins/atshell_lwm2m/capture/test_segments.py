from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.capture import segments
from atshell_lwm2m.capture.frames import addresses, turned
from atshell_lwm2m.capture.segments import HEAD, TCP, Segments, is_tls

HOSTS = bytes([10, 0, 0, 1, 10, 0, 0, 2])
CSM, HELLO = bytes.fromhex("00e1"), bytes.fromhex("160301002c01000028")
ASKED = b"GET /.well-known/coap HTTP/1.1\r\nSec-WebSocket-Protocol: coap\r\n\r\n"


def segment(payload: bytes, ports: tuple[int, int] = (40000, 5683), options: bytes = b"") -> bytes:
    size = (20 + len(options)) // 4
    return struct.pack(">HHIIBBHHH", *ports, 7, 9, size << 4, 24, 0, 0, 0) + options + payload


def take(known: Segments, data: bytes, more: int = 0) -> tuple[bytes, bytes, int] | None:
    return known.take(data, 0, len(data) + more, HOSTS)


def test_a_segment_of_a_known_port() -> None:
    found = take(Segments(), segment(b"hello", options=bytes(4)))
    assert found is not None
    key, data, missing = found
    assert len(key) % 2 == 1
    assert key == TCP + HOSTS + struct.pack(">HH", 40000, 5683)
    assert addresses(key) == ("10.0.0.1:40000", "10.0.0.2:5683")
    assert addresses(turned(key)) == ("10.0.0.2:5683", "10.0.0.1:40000")
    assert (HEAD.unpack_from(data), data[HEAD.size :], missing) == ((7, 9, 24), b"hello", 0)


def test_a_cut_one() -> None:
    found = take(Segments(), segment(b"hello"), more=3)
    assert found is not None
    assert found[2] == 3


@pytest.mark.parametrize("payload", [CSM, ASKED])
def test_by_what_it_begins_with(payload: bytes) -> None:
    known = Segments()
    assert take(known, segment(b"", (1, 2))) is None
    assert take(known, segment(payload, (1, 2))) is not None
    assert take(known, segment(b"anything", (2, 1))) is None  # of other hosts
    assert known.take(segment(b"anything", (2, 1)), 0, 28, HOSTS[4:] + HOSTS[:4]) is not None


@pytest.mark.parametrize("payload", [HELLO, b"SSH-2.0", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_is_foreign_stays_so(payload: bytes) -> None:
    known = Segments()
    assert take(known, segment(payload, (1, 2))) is None
    assert take(known, segment(CSM, (1, 2))) is None
    assert len(known.foreign) == 2


def test_tls_is_for_whom_has_a_key() -> None:
    assert take(Segments((), lambda: True), segment(HELLO, (1, 443))) is not None
    assert take(Segments((443,)), segment(HELLO, (1, 443))) is not None
    assert is_tls(HELLO)
    assert not is_tls(b"\x16\x02\x00")


def test_tables_have_a_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "MAX_CONNECTIONS", 10)
    known = Segments()
    for port in range(100):
        take(known, segment(b"SSH", (port, 22)))
    assert len(known.foreign) <= 22


@given(st.binary(max_size=60), st.integers(0, 80))
def test_any_bytes(data: bytes, end: int) -> None:
    found = Segments((int.from_bytes(data[:2], "big"),)).take(data, 0, end, HOSTS)
    assert found is None or len(found[1]) >= HEAD.size
