"""One TCP connection, from its segments to the CoAP messages in it.

Both directions are put in order, opened if they are TLS, and read as what their first bytes are: CoAP by its CSM, a
WebSocket by its handshake. On a port of CoAP whatever begins otherwise is taken for the middle of a stream of CoAP; on
any other, for something that is none of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from atshell_lwm2m.capture.segments import HEAD, is_tls
from atshell_lwm2m.codec.coaptcp import looks_like_begin
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.sessions import Sessions
from atshell_lwm2m.streams import websocket
from atshell_lwm2m.streams.found import Found
from atshell_lwm2m.streams.framing import Framing
from atshell_lwm2m.streams.halves import Chunk, Half
from atshell_lwm2m.streams.tls import Opened, Tls
from atshell_lwm2m.streams.websocket import WebSocket

_BEGIN = 9
"""Bytes in which it shows what a stream is."""


@dataclass(slots=True)
class Heard:
    """What a segment has completed."""

    found: list[tuple[Found, str, bool]] = field(default_factory=list)
    """With the transport of each, and whether it goes where the segment goes: an acknowledgement may set free what came
    the other way."""
    closed: list[Opened] = field(default_factory=list)
    """Records that hold no message, or could not be opened."""


class _Side:
    def __init__(self) -> None:
        self.half = Half()
        self.begin = b""
        """The first bytes, as long as they do not tell."""
        self.inside = b""
        """The same of what TLS protects."""
        self.reading: Framing | WebSocket | None = None
        self.started = False


class Connection:
    def __init__(self, keys: Keys, sessions: Sessions, *, known: bool) -> None:
        """``known`` is whether one of the ports is CoAP's."""
        self._keys, self._sessions, self._known = keys, sessions, known
        self._sides = _Side(), _Side()
        self._tls: Tls | None = None
        self._foreign = False
        self._spoken = False
        """Whether any CoAP was found: then what is told of the connection is of interest."""

    def take(self, side: bool, data: bytes, missing: int) -> Heard:
        """A segment with its head; ``side`` says in which direction it goes."""
        heard = Heard()
        if self._foreign:
            return heard
        sequence, acknowledged, flags = HEAD.unpack_from(data)
        if self._sides[side].half.begins_anew(sequence, flags):
            self._sides = _Side(), _Side()
            self._tls, self._spoken = None, False
        here, there = self._sides[side].half, self._sides[not side].half
        self._hear(side, here.take(sequence, flags, data[HEAD.size :], missing), heard, ours=True)
        self._hear(not side, there.acknowledged(acknowledged), heard, ours=False)
        return heard

    def _hear(self, side: bool, chunks: Iterable[Chunk], heard: Heard, *, ours: bool) -> None:
        for chunk in chunks:
            if isinstance(chunk, bytes):
                self._bytes(side, chunk, heard, ours)
            else:
                self._gap(side, chunk, heard, ours)

    def _bytes(self, side: bool, data: bytes, heard: Heard, ours: bool) -> None:
        state = self._sides[side]
        if self._tls is None and not state.started:
            data = state.begin + data
            state.begin = b""
            if is_tls(data):
                self._tls = Tls(self._keys, self._sessions)
            elif len(data) < 3 and not looks_like_begin(data):
                state.begin = data
                return
            state.started = True
        if self._tls is None:
            self._plain(side, data, "tcp", heard, ours)
            return
        opened = self._tls.feed(side, data)
        for plain in opened.plain:
            self._plain(side, plain, "tls", heard, ours)
        if opened.names or opened.problem:
            heard.closed += [opened] if self._known or self._spoken or (opened.keyed and opened.reason) else []

    def _plain(self, side: bool, data: bytes, transport: str, heard: Heard, ours: bool) -> None:
        state = self._sides[side]
        if state.reading is None:
            data = state.inside + data
            state.inside = b""
            state.reading = self._reading(data)
            if state.reading is None:
                if len(data) < _BEGIN:
                    state.inside = data
                elif not self._known:
                    self._foreign = True
                return
        self._tell(state.reading, state.reading.feed(data), transport, heard, ours)

    def _reading(self, data: bytes) -> Framing | WebSocket | None:
        if looks_like_begin(data):
            return Framing()
        if len(data) < _BEGIN and (b"GET ".startswith(data[:4]) or b"HTTP/1.1 ".startswith(data)):
            return None
        if websocket.begins(data):
            return WebSocket()
        return Framing(lost=True) if self._known else None

    def _tell(
        self, reading: Framing | WebSocket, found: Iterator[Found], transport: str, heard: Heard, ours: bool
    ) -> None:
        named = "ws" if isinstance(reading, WebSocket) else transport
        for one in found:
            heard.found.append((one, named, ours))
            self._spoken = True
        if isinstance(reading, WebSocket) and reading.refused:
            self._foreign = True

    def _gap(self, side: bool, size: int, heard: Heard, ours: bool) -> None:
        state = self._sides[side]
        state.started = True
        if self._tls is not None:
            self._tls.gap(side, size)
        if state.reading is None:
            state.begin = state.inside = b""
        else:
            transport = "tls" if self._tls is not None else "tcp"
            self._tell(state.reading, state.reading.gap(size), transport, heard, ours)
