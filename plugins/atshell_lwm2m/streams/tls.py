"""TLS over a stream (RFC 5246 section 6): records cut, named, and opened where there is a key.

The handshake, the keys and the suites are those of ``dtls``, where what differs is said: messages have no numbers of
their own, records are numbered silently, and an epoch begins with each Change Cipher Spec. TLS 1.3 is in ``tls13``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from atshell_lwm2m.capture.segments import is_tls
from atshell_lwm2m.dtls.association import Association
from atshell_lwm2m.dtls.fragments import HandshakeMessage
from atshell_lwm2m.dtls.handshake import CLIENT_HELLO, NO_HANDSHAKE, Reason
from atshell_lwm2m.dtls.hello import TLS12, TLS13, client_hello
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.records import ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, MESSAGES, Record, name
from atshell_lwm2m.dtls.sessions import Sessions
from atshell_lwm2m.streams.tls13 import Modern

HEADER = 5
MAX_RECORD = (1 << 14) + 2048
MAX_HANDSHAKE = 1 << 16
MAX_SKIPPED = 64
"""Records that may be missing before one that is tried."""
_VERSIONS = {b"\3\0": "SSL 3.0", b"\3\1": "TLS 1.0", b"\3\2": "TLS 1.1", TLS12: "TLS 1.2", TLS13: "TLS 1.3"}
_LOST = Reason("bytes-missing", "bytes of the stream are not in the capture: what follows can't be opened")


@dataclass(slots=True)
class Opened:
    """What a piece of a stream holds."""

    version: str = "TLS"
    names: list[str] = field(default_factory=list)
    """Of its records, but for those that are in ``plain``."""
    plain: list[bytes] = field(default_factory=list)
    problem: str | None = None
    reason: Reason | None = None
    keyed: bool = False

    @property
    def text(self) -> str:
        return f"{self.version} {', '.join(self.names)}".rstrip()


@dataclass(frozen=True, slots=True)
class TlsMessage(HandshakeMessage):
    @property
    def whole(self) -> bytes:
        """As it enters the handshake's hash (RFC 5246 section 7.4)."""
        return bytes([self.kind]) + len(self.body).to_bytes(3, "big") + self.body


@dataclass(frozen=True, slots=True)
class TlsRecord(Record):
    turn: int
    """How many Change Cipher Specs were before it."""

    @property
    def epoch(self) -> int:
        return self.turn


class _Side:
    def __init__(self) -> None:
        self.held = bytearray()
        self.handshake = bytearray()
        self.epoch = 0
        self.number = 0
        self.messages = 0
        self.lost = False
        self.left_out = 0
        self.missed = False
        """Whether records may be missing since the last that was opened."""


class Tls:
    """One connection."""

    def __init__(self, keys: Keys, sessions: Sessions) -> None:
        self._keys = keys
        self._sessions = sessions
        self._sides = _Side(), _Side()
        self._association: Association | None = None
        self._modern: Modern | None = None
        self._told: set[str] = set()

    def feed(self, side: bool, data: bytes) -> Opened:
        """Of a segment; ``side`` says in which direction it went."""
        opened, state = Opened(), self._sides[side]
        gone = min(state.left_out, len(data))
        state.left_out -= gone
        data = data[gone:]
        if state.lost and data:
            if not is_tls(data):
                return opened
            state.lost = False
        state.held += data
        for record in self._records(state, opened):
            self._take(side, state, record, opened)
        opened.version = self._version or opened.version
        return opened

    @property
    def _version(self) -> str | None:
        if self._modern is not None:
            return _VERSIONS[TLS13]
        version = self._association.version if self._association is not None else None
        return _VERSIONS.get(version) if version is not None else None

    def gap(self, side: bool, size: int) -> None:
        """If it ends in the record that has begun, the next one's place is known."""
        state = self._sides[side]
        state.missed = True
        state.handshake.clear()
        if state.left_out >= size:
            state.left_out -= size
            return
        size -= state.left_out
        state.left_out, held = 0, state.held
        left = HEADER + int.from_bytes(held[3:HEADER], "big") - len(held) if len(held) >= HEADER else 0
        if left >= size:
            state.left_out = left - size
            state.number += 1
        else:
            state.lost = True
        held.clear()

    def _records(self, state: _Side, opened: Opened) -> Iterator[TlsRecord]:
        held, at = state.held, 0
        while len(held) - at >= HEADER:
            end = at + HEADER + int.from_bytes(held[at + 3 : at + HEADER], "big")
            if not is_tls(held[at : at + HEADER]) or end - at > HEADER + MAX_RECORD:
                opened.problem = "no TLS record begins here"
                state.lost, at = True, len(held)
                break
            if end > len(held):
                break
            version, body = bytes(held[at + 1 : at + 3]), bytes(held[at + HEADER : end])
            yield TlsRecord(held[at], version, state.number.to_bytes(8, "big"), b"", body, state.epoch)
            at = end
        del held[:at]

    def _take(self, side: bool, state: _Side, record: TlsRecord, opened: Opened) -> None:
        if self._modern is not None and record.content in (APPLICATION_DATA, CHANGE_CIPHER_SPEC):
            self._sealed_modern(side, record, opened)
            return
        if record.content == CHANGE_CIPHER_SPEC:
            state.epoch, state.number = state.epoch + 1, 0
            opened.names.append(name(record.content, record.body, sealed=False))
            return
        if state.epoch == 0 and record.content != APPLICATION_DATA:
            state.number += 1
            self._said(side, state, record.content, record.body, opened)
            return
        self._sealed(side, state, record, opened)

    def _said(self, side: bool, state: _Side, content: int, body: bytes, opened: Opened) -> None:
        if content != HANDSHAKE:
            opened.names.append(name(content, body, sealed=False))
            return
        state.handshake += body
        names = [self._handshake(side, state, message) for message in self._messages(state)]
        opened.names.append(", ".join(names) or "handshake")

    def _messages(self, state: _Side) -> Iterator[TlsMessage]:
        held, at = state.handshake, 0
        while len(held) - at >= 4:
            length = int.from_bytes(held[at + 1 : at + 4], "big")
            if length > MAX_HANDSHAKE:
                held.clear()
                return
            if len(held) - at < 4 + length:
                break
            message = TlsMessage(held[at], state.messages, bytes(held[at + 4 : at + 4 + length]))
            at += 4 + length
            if message.kind:  # A Hello Request is no part of the handshake (RFC 5246 section 7.4.1.1).
                state.messages += 1
            yield message
        del held[:at]

    def _handshake(self, side: bool, state: _Side, message: TlsMessage) -> str:
        if message.kind == CLIENT_HELLO and self._association is None:
            said = client_hello(message.body, cookie=False)
            if said is not None:
                self._association = Association(self._keys, self._sessions, said, message, side)
        elif self._association is not None and message.kind:
            association = self._association
            association.handshake(state.epoch, message, side == association.client_side)
            if association.version == TLS13 and self._modern is None:
                suite, random = association.agreed
                self._modern = Modern(self._keys, suite, random, association.client_side)
        return MESSAGES.get(message.kind, "handshake")

    def _sealed(self, side: bool, state: _Side, record: TlsRecord, opened: Opened) -> None:
        association = self._association
        plain = None
        if association is not None:
            from_client = side == association.client_side
            for skipped in range(MAX_SKIPPED if state.missed else 1):
                number = state.number + skipped
                tried = TlsRecord(
                    record.content, record.version, number.to_bytes(8, "big"), b"", record.body, record.turn
                )
                plain = association.open(tried, from_client)
                if plain is not None:
                    state.number, state.missed = number, False
                    break
            opened.keyed = opened.keyed or association.has_key(record.epoch)
        state.number += 1
        if plain is None:
            opened.names.append(name(record.content, record.body, sealed=True))
            if state.missed and association is not None and association.has_key(record.epoch):
                self._tell(opened, _LOST)
            else:
                self._tell(opened, association.reason(record.epoch) if association is not None else NO_HANDSHAKE)
        elif plain[0] == APPLICATION_DATA:
            opened.plain += [plain[1]] if plain[1] else []
        else:
            self._said(side, state, plain[0], plain[1], opened)

    def _sealed_modern(self, side: bool, record: TlsRecord, opened: Opened) -> None:
        if self._modern is None or record.content == CHANGE_CIPHER_SPEC:
            opened.names.append(name(record.content, record.body, sealed=False))
            return
        plain = self._modern.open(side, record)
        opened.keyed = opened.keyed or self._modern.keyed
        if plain is None:
            opened.names.append(f"encrypted record, {len(record.body)} bytes")
            self._tell(opened, self._modern.reason)
        elif plain[0] == APPLICATION_DATA:
            opened.plain += [plain[1]] if plain[1] else []
        elif plain[0] == ALERT:
            opened.names.append(name(ALERT, plain[1], sealed=False))
        else:
            opened.names.append(", ".join(self._modern.said(side, plain[1])) or "handshake")

    def _tell(self, opened: Opened, reason: Reason) -> None:
        """Once."""
        if reason.id not in self._told:
            self._told.add(reason.id)
            opened.reason = reason
