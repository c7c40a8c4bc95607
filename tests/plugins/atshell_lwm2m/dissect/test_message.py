from __future__ import annotations

from atshell_lwm2m.capture.frames import UNKNOWN
from atshell_lwm2m.codec.coap import read
from atshell_lwm2m.dissect.message import from_datagram, seconds
from atshell_lwm2m.message import NO_TIME, Seconds, to_json


def test_times_keep_their_digits() -> None:
    assert seconds(1_700_000_000_123_456_000) == 1700000000.123456
    fine = seconds(1_700_000_000_123_456_789)
    assert isinstance(fine, Seconds)
    assert fine.digits == "1700000000.123456789"


def test_what_is_not_known_is_no_time() -> None:
    assert seconds(UNKNOWN) is NO_TIME
    assert seconds(0) is not NO_TIME
    assert seconds(1000) == 0.000001


def test_a_message_without_a_header() -> None:
    message = from_datagram(b"\xff", read(b"\xff"))
    assert to_json(message) == b'{"payload":"ff","error":"a header of 4 bytes where 1 byte is left at byte 0"}'
