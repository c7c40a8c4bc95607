from __future__ import annotations

from pathlib import Path

from atshell_lwm2m.analyzer import messages
from atshell_lwm2m.capture import pcap
from atshell_lwm2m.export.packets import with_packets
from atshell_lwm2m.message import Message

CAPTURE = Path(__file__).parent.parent / "captures" / "anjay_nosec_lwm2m10.pcap"


def test_each_wanted_message_with_its_packet() -> None:
    with CAPTURE.open("rb") as stream:
        every = list(pcap.packets(stream.read(4), stream, print))
    found = list(with_packets(CAPTURE, messages([CAPTURE]), lambda message: message.frame % 50 == 0))
    assert [packet for packet, _ in found] == [every[49], every[99], every[149]]
    assert [[message.frame for message in group] for _, group in found] == [[50], [100], [150]]


def test_several_messages_of_a_packet_and_frames_that_are_not_there() -> None:
    two = [Message(3), Message(3), Message(9), Message(100_000)]
    found = list(with_packets(CAPTURE, two, lambda _: True))
    assert [len(group) for _, group in found] == [2, 1]
