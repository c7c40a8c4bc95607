from __future__ import annotations

from atshell.styled import to_plain
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.statlines import lines
from atshell_lwm2m.report.stats import statistics


def test_the_first_line_says_it(story: list[Message]) -> None:
    text = [to_plain(line) for line in lines(statistics((one, bytes(20)) for one in story))]
    assert text[:2] == [
        "16 messages · 1 device · 1 registration · 1 retransmission (6.2 %) · round trip p50 200 ms  p99 2.3 s",
        "1970-01-01 00:00:00.100 to 00:15:00.100, 15 min 0 s · 320 bytes in UDP",
    ]
    assert "  Read           1                  1" in text
    assert text[-1].startswith("  00:00:00 ")


def test_times_that_are_not_known(timeless: list[Message]) -> None:
    text = [to_plain(line) for line in lines(statistics((one, bytes(20)) for one in timeless))]
    assert text[:2] == [
        "16 messages · 1 device · 1 registration · 1 retransmission (6.2 %)",
        "at times that are not known · 320 bytes in UDP",
    ]
    assert not [line for line in text if "1970" in line or "00:00" in line]


def test_none_at_all() -> None:
    assert [to_plain(line) for line in lines(statistics([]))] == [
        "0 messages · 0 devices · 0 registrations · 0 retransmissions"
    ]


def test_long_times_and_many_bytes() -> None:
    messages = [Message(1, 0.5, "a:1", "b:5684", "dtls"), Message(2, 200_000.5, "a:1", "b:5684", "dtls")]
    text = [to_plain(line) for line in lines(statistics((one, bytes(8_000_000)) for one in messages))]
    assert text[1] == ("1970-01-01 00:00:00.500 to 1970-01-03 07:33:20.500, 2 d 7 h · 16.0 MB in DTLS · 2 encrypted")


def test_bytes_of_every_transport() -> None:
    messages = [Message(1, 0.0, "a:1", "b:5683", "udp", code="0.01"), Message(2, 0.0, "a:1", "b:5683", "tcp")]
    text = [to_plain(line) for line in lines(statistics((one, bytes(20)) for one in messages))]
    assert text[1].endswith(" · 20 bytes in UDP · 20 bytes in TCP")
