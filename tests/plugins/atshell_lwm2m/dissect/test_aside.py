"""What may be dropped and what may not; that the result is the same is shown by test_sifted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.dissect.aside import Aside, Quiet
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.message import Message, to_json

Talk = list[tuple[str, bytes]]
Frames = Callable[..., list[CapturedDatagram]]
Say = Callable[..., bytes]


class Listener:
    """A dissector to which conversations come that are aside; what went by is counted."""

    def __init__(self, *, may_change: bool = False) -> None:
        self.dissector = Dissector()
        self.aside = Aside(self.dissector, lambda _: True, may_change=may_change)
        self.by = 0
        self.messages: list[Message] = []

    def hear(self, frames: list[CapturedDatagram]) -> None:
        for frame, time, key, data, missing in frames:
            flow = self.dissector.flows.get(key) or self.dissector.new_flow(key, data, missing)
            assert flow is not None
            head, mid = data[0] << 8 | data[1], data[2] << 8 | data[3]
            if self.aside.take(flow, frame, time, head, mid, data):
                self.by += 1
            else:
                self.messages += [sent.message for sent in self.dissector.take(flow, frame, time, data, missing)]


def test_registering_and_observing_go_the_whole_way(say: Say, registered: Talk, frames_of: Frames) -> None:
    listener = Listener()
    listener.hear(
        frames_of(
            [
                *registered,
                ("<", say("CON", "0.01", 7, b"o", uri_path=("3", "0"), observe=0)),
                (">", say("ACK", "2.05", 7, b"o", b"1", observe=1)),
                ("}", say("CON", "0.02", 8, b"u", uri_path=("rd", "5a3f"))),
                ("{", say("ACK", "2.04", 8, b"u")),
                ("}", say("CON", "0.04", 9, b"d", uri_path=("rd", "5a3f"))),
            ]
        )
    )
    assert [one.operation for one in listener.messages] == [
        *("Register", "Register", "Observe", "Observe", "Update", "Update", "De-register")
    ]
    assert listener.by == 0


@pytest.mark.parametrize("may_change", [False, True])
def test_what_changes_nothing_goes_by(say: Say, registered: Talk, frames_of: Frames, may_change: bool) -> None:
    listener = Listener(may_change=may_change)
    listener.hear(
        frames_of(
            [
                *registered,
                ("<", say("CON", "0.01", 7, b"a", uri_path=("3", "0"))),
                ("<", say("CON", "0.01", 7, b"a", uri_path=("3", "0"))),
                (">", say("ACK", "2.05", 7, b"a", b"1")),
                ("<", say("CON", "0.03", 8, b"b", b"1", uri_path=("1", "0", "1"))),
                (">", say("ACK", "0.00", 8)),
                (">", say("CON", "0.02", 9, b"u", uri_path=("rd", "5a3f"))),
                ("<", say("ACK", "2.04", 9, b"u")),
                ("<", say("CON", "0.02", 10, b"x", uri_path=("1", "0", "8"))),
            ]
        )
    )
    assert len(listener.messages) == 2
    assert listener.by == 8


def test_a_reset_ends_an_observation(say: Say, registered: Talk, frames_of: Frames) -> None:
    listener = Listener()
    listener.hear(
        frames_of(
            [
                *registered,
                ("<", say("CON", "0.01", 7, b"o", uri_path=("3", "0"), observe=0)),
                (">", say("ACK", "2.05", 7, b"o", b"1", observe=1)),
                (">", say("NON", "2.05", 20, b"o", b"2", observe=2)),
                ("<", say("RST", "0.00", 20)),
                (">", say("NON", "2.05", 21, b"o", b"2", observe=3)),
            ]
        )
    )
    flow = next(iter(listener.dissector.flows.sent.values())).flow
    assert flow.client is not None
    assert not flow.client.observations


def test_its_meaning_can_be_found_out_later(say: Say, registered: Talk, frames_of: Frames) -> None:
    talk = [
        *registered,
        ("<", say("CON", "0.03", 8, b"b", b"300", uri_path=("lwm2m", "1", "0", "1"), content_format=0)),
        (">", say("CON", "0.02", 9, b"u", uri_path=("rd", "5a3f"), uri_query=("lt=60",))),
        (">", say("NON", "2.05", 20, b"o", b"2", observe=2)),
    ]
    listener = Listener()
    listener.hear(frames_of(talk))
    quiet = [sent for sent in listener.dissector.flows.sent.values() if type(sent) is Quiet]
    whole = list(Dissector().messages(frames_of(talk)))
    assert [to_json(sent.message) for sent in quiet] == [to_json(message) for message in whole[2:]]
