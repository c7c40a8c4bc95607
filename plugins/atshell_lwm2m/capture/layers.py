"""From frames to datagrams: a reader for each link type, all of one capture's on the same network layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from atshell_lwm2m.capture.frames import CapturedDatagram, Datagram, Reader
from atshell_lwm2m.capture.links import LINKS, Link, internet
from atshell_lwm2m.capture.network import Network
from atshell_lwm2m.capture.pcap import Packet
from atshell_lwm2m.capture.segments import Segments
from atshell_lwm2m.capture.tunnels import TAPPED

Take = Callable[[int, int, bytes, int, int], Datagram | None]
"""``Network.take``."""


class Layers:
    """Of one capture."""

    def __init__(self, warn: Callable[[str], None], segments: Segments | None = None) -> None:
        self._warn = warn
        self.segments = segments
        self._network = Network(warn, segments)
        self._readers: dict[int, Reader] = {}

    def datagrams(self, packets: Iterable[Packet], first: int = 1) -> Iterator[CapturedDatagram]:
        """What the packets hold, the first of which has this number, to the end of the capture."""
        link_type = -1
        read: Reader = _nothing
        for frame, (time, kind, data, _wire) in enumerate(packets, first):
            if kind != link_type:
                link_type, read = kind, self.reader(kind)
            found = read(data, time, frame)
            if found is not None:
                yield frame, time, *found
        self._network.finish()

    def reader(self, link_type: int) -> Reader:
        if link_type not in self._readers:
            self._readers[link_type] = self._make(link_type)
        return self._readers[link_type]

    def _make(self, link_type: int) -> Reader:
        link = LINKS.get(link_type) or TAPPED.get(link_type)
        if link is not None:
            return _known(link, self._network.take)
        from atshell_lwm2m.capture.other import finder_for

        find = finder_for(link_type)
        if find is not None:
            return _found(find, self._network.take)
        self._warn(f"link type {link_type} is not known: its frames are left out")
        return _nothing


def _known(link: Link, take: Take) -> Reader:
    def read(data: bytes, time: int, frame: int) -> Datagram | None:
        found = link(data, 0)
        return take(found[0], found[1], data, time, frame) if found is not None else None

    return read


def _found(find: Callable[[bytes], bytes], take: Take) -> Reader:
    def read(data: bytes, time: int, frame: int) -> Datagram | None:
        packet = find(data)
        found = internet(packet)
        return take(found[0], found[1], packet, time, frame) if found is not None else None

    return read


def _nothing(_data: bytes, _time: int, _frame: int) -> None:
    return None
