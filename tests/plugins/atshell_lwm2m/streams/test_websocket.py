"""The frames are those of RFC 6455 section 5.7, or made by the package websockets in the recordings."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.streams.found import Found
from atshell_lwm2m.streams.websocket import MAX_MESSAGE, WebSocket, begins

ASKED = (
    b"GET /.well-known/coap HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: coap\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
AGREED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: coap\r\n\r\n"
)
PING, CLOSE = bytes.fromhex("890548656c6c6f"), bytes.fromhex("880203e8")
MASKED = bytes.fromhex("828537fa213d7f9f4d5158")
"""``Hello``, as in section 5.7, but binary."""


def frame(data: bytes, first: int = 0x82) -> bytes:
    size = len(data)
    return bytes([first]) + (bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")) + data


def opened() -> WebSocket:
    socket = WebSocket()
    assert list(socket.feed(AGREED)) == []
    return socket


def said(found: list[Found]) -> list[bytes]:
    assert all(one.error is None and not one.framed for one in found)
    return [one.data for one in found]


def test_whole_and_byte_by_byte() -> None:
    text = ASKED + MASKED + PING + frame(b"x" * 300) + CLOSE
    socket = WebSocket()
    assert said(list(socket.feed(text))) == [b"Hello", b"x" * 300]
    socket = WebSocket()
    assert said([one for byte in text for one in socket.feed(bytes([byte]))]) == [b"Hello", b"x" * 300]


def test_a_message_in_fragments_with_a_ping_between() -> None:
    text = frame(b"Hel", 0x02) + PING + frame(b"lo", 0x80)
    assert said(list(opened().feed(text))) == [b"Hello"]


def test_compressed() -> None:
    """RFC 7692 section 7.2.3.2: the second message points at the first."""
    socket = opened()
    assert said(list(socket.feed(bytes.fromhex("c207f248cdc9c90700")))) == [b"Hello"]
    assert said(list(socket.feed(bytes.fromhex("c205f200110000")))) == [b"Hello"]
    (bad,) = socket.feed(frame(b"\xff\xff\xff", 0xC2))
    assert bad.error == "a compressed WebSocket message that can't be unpacked"


def test_a_bomb() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(40 * MAX_MESSAGE)) + packer.flush(zlib.Z_SYNC_FLUSH)
    head = b"\xc2\x7f" + len(bomb).to_bytes(8, "big")
    (found,) = opened().feed(head + bomb)
    assert len(found.data) == MAX_MESSAGE


@pytest.mark.parametrize(
    "head",
    [
        ASKED.replace(b"coap\r\n", b"mqtt\r\n").replace(b"known/coap", b"known/mqtt"),
        AGREED.replace(b"101", b"404"),
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET " + b"x" * 20_000,
    ],
)
def test_other_http_is_refused(head: bytes) -> None:
    socket = WebSocket()
    assert list(socket.feed(head + MASKED)) == []
    assert socket.refused


def test_text_and_what_is_too_long() -> None:
    socket = opened()
    (found,) = socket.feed(frame(b"{}", 0x81))
    assert found.error == "a WebSocket frame of text holds no CoAP"
    long = MAX_MESSAGE + 1
    (found,) = socket.feed(b"\x82\x7f" + long.to_bytes(8, "big") + b"xyz")
    assert found.error == f"a WebSocket frame of {long} bytes is longer than {MAX_MESSAGE}"
    assert [one.error for one in socket.gap(long - 10)] == []
    assert said(list(socket.feed(b"1234567" + MASKED))) == [b"Hello"]


def test_gaps() -> None:
    socket = opened()
    assert list(socket.feed(frame(b"0123456789")[:5])) == []
    assert [one.error for one in socket.gap(4)] == ["4 bytes of the stream are not in the capture"]
    assert said(list(socket.feed(b"789" + MASKED))) == [b"Hello"]
    assert [one.error for one in socket.gap(40)] == ["40 bytes of the stream are not in the capture"]
    assert list(socket.feed(b"the rest of something")) == []
    assert said(list(socket.feed(MASKED))) == [b"Hello"]


def test_a_beginning() -> None:
    assert begins(ASKED)
    assert begins(AGREED)
    assert not begins(b"\x00\xe1")


@given(st.lists(st.one_of(st.binary(max_size=30), st.integers(1, 50)), max_size=20))
def test_any_bytes(pieces: list[bytes | int]) -> None:
    socket = opened()
    for piece in pieces:
        list(socket.feed(piece) if isinstance(piece, bytes) else socket.gap(piece))
