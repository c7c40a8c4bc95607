"""What may be dropped and what may not; that the result is the same is shown by test_sifted."""

from __future__ import annotations

from collections.abc import Callable

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import Elsewhere

Talk = list[tuple[str, bytes]]


def whole_way(frames: list[CapturedDatagram]) -> list[str | None]:
    """The operations of those that did not go by."""
    dissector = Dissector()
    elsewhere, found = Elsewhere(dissector, lambda _: True), []
    for frame, time, key, data, missing in frames:
        flow = dissector.flows.get(key) or dissector.new_flow(key, data, missing)
        assert flow is not None
        head, mid = data[0] << 8 | data[1], data[2] << 8 | data[3]
        if not elsewhere.take(flow, frame, time, head, mid, data):
            found += [sent.message.operation for sent in dissector.take(flow, frame, time, data, missing)]
    return found


def test_only_where_clients_are_is_wanted(
    say: Callable[..., bytes], registered: Talk, frames_of: Callable[..., list[CapturedDatagram]]
) -> None:
    talk = [
        *registered,
        ("<", say("CON", "0.01", 7, b"o", uri_path=("3", "0"), observe=0)),
        (">", say("ACK", "2.05", 7, b"o", b"1", observe=1)),
        (">", say("CON", "2.05", 20, b"o", b"2", observe=2)),
        ("<", say("RST", "0.00", 20)),
        (">", say("CON", "0.02", 8, b"u", uri_path=("rd", "5a3f"))),
        ("<", say("ACK", "2.04", 8, b"u")),
        ("}", say("CON", "0.02", 9, b"u", uri_path=("rd", "5a3f"))),
        ("{", say("ACK", "2.04", 9, b"u")),
        ("}", say("CON", "0.04", 10, b"d", uri_path=("rd", "5a3f"))),
        ("{", say("ACK", "2.02", 10, b"d")),
    ]
    assert whole_way(frames_of(talk)) == [
        *("Register", "Register", "Update", "Update", "De-register", "De-register"),
    ]


def test_who_takes_a_number_or_token_of_one_that_matters(
    say: Callable[..., bytes], registered: Talk, frames_of: Callable[..., list[CapturedDatagram]]
) -> None:
    talk = [
        *registered[:1],
        (">", say("CON", "0.01", 1, b"x", uri_path=("time",))),
        (">", say("CON", "0.01", 2, b"r", uri_path=("time",))),
        (">", say("CON", "0.01", 3, b"y", uri_path=("time",))),
    ]
    assert whole_way(frames_of(talk)) == ["Register", None, None]
