"""The captured packets that belong to messages, in the form in which the capture has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from atshell_lwm2m.capture.pcap import Packet
from atshell_lwm2m.capture.reader import packets
from atshell_lwm2m.message import Message


def with_packets(
    path: Path, messages: Iterable[Message], wanted: Callable[[Message], bool]
) -> Iterator[tuple[Packet, list[Message]]]:
    """Each packet in which wanted messages ended, with these. The capture is read a second time beside the messages,
    which come in its order."""
    numbered = enumerate(packets(path), 1)
    for frame, group in groupby(filter(wanted, messages), lambda one: one.frame):
        found = list(group)
        packet = next((packet for number, packet in numbered if number == frame), None)
        if packet is not None:
            yield packet, found
