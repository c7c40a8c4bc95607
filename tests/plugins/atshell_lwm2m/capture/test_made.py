from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.capture.frames import Datagram, addresses
from atshell_lwm2m.capture.layers import Layers
from atshell_lwm2m.capture.made import Made
from atshell_lwm2m.capture.writer import PcapWriter

CLIENT, SERVER = "10.1.1.1:40000", "10.2.2.2:5683"
REQUEST, ANSWER = bytes.fromhex("40011234b3666f6f"), bytes.fromhex("60451234ff626172")


def packet() -> bytes:
    buffer = io.BytesIO()
    PcapWriter(buffer).write_udp(0, ("10.0.0.1", 5683), ("10.0.0.2", 40000), b"hello")
    return buffer.getvalue()[40:]


def datagram(made: Made, data: bytes, outgoing: bool | None = None) -> Datagram | None:
    link_type, frame = made.frame(data, outgoing)
    return Layers(print).reader(link_type)(frame, 0, 1)


def sent(*datagrams: str) -> list[str]:
    made = Made()
    found = [datagram(made, bytes.fromhex(one)) for one in datagrams]
    return [addresses(one[0])[0] for one in found if one is not None]


@pytest.mark.parametrize(
    ("link_type", "front"),
    [
        (101, b""),
        (1, bytes(12) + b"\x08\x00"),
        (1, bytes(12) + b"\x81\x00\x00\x05\x08\x00"),
        (113, bytes(14) + b"\x08\x00"),
        (276, b"\x08\x00" + bytes(18)),
        (0, b"\2\0\0\0"),
        (9, b"\xff\x03\x00\x21"),
    ],
)
def test_frames_are_known_by_their_looks(link_type: int, front: bytes) -> None:
    made = Made()
    assert made.frame(front + packet()) == (link_type, front + packet())
    # And so is what comes after them, whatever it is.
    assert made.frame(REQUEST) == (link_type, REQUEST)


def test_datagrams_get_headers() -> None:
    made = Made()
    for data in (REQUEST, ANSWER, b"\x16\xfe\xfd" + bytes(20), REQUEST + bytes(70_000)):
        found = datagram(made, data)
        assert found is not None
        assert found[1:] == (data, 0)
    arp = bytes(12) + b"\x08\x06" + bytes(28)
    assert made.frame(arp) == (1, arp)


def test_what_is_known_with_its_bytes_as_they_stand() -> None:
    for data in (b"\x45" + packet()[1:], REQUEST):
        swapped = bytes(byte for pair in zip(data[1::2], data[::2], strict=False) for byte in pair)
        assert Made().is_known(data)
        assert not Made().is_known(swapped)
    assert not Made().is_known(b"\x40\x40")


def test_directions_that_are_told() -> None:
    made = Made()
    for outgoing, source in ((False, CLIENT), (True, SERVER)):
        found = datagram(made, REQUEST, outgoing)
        assert found is not None
        assert addresses(found[0])[0] == source


def test_directions_that_are_not_told() -> None:
    """A request, its answer; a notification and its acknowledgement; a reset; an answer to nothing."""
    assert sent("40011234b3666f6f", "60451234ff626172") == [CLIENT, SERVER]
    assert sent("51450001aaff31", "60000001") == [SERVER, CLIENT]
    assert sent("50450002ff31", "70000002", "60000009", "60450008") == [SERVER, CLIENT, CLIENT, SERVER]


@given(st.lists(st.binary(min_size=1, max_size=40)))
def test_any_bytes(datagrams: list[bytes]) -> None:
    made = Made()
    for data in datagrams:
        datagram(made, data)
