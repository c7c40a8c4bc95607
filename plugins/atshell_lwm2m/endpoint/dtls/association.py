"""One DTLS association, without sockets and without a clock: datagrams in, datagrams out, ``now`` is a value.

    feed(datagram, now)    gives the plaintexts that were in it
    outgoing()             what is to be sent, datagram by datagram
    deadline               when ``expire(now)`` is to be called; None for never

OpenSSL has the handshake, the keys and the records; the timer is ours, since OpenSSL's own runs in real time and cannot
be turned. When the flight is to be sent again, OpenSSL is asked first: where its own timer has run out too, it makes
the flight anew, with new sequence numbers. Before that (a fast clock) the same datagrams go out once more, which is
what a network that duplicates does. A flight whose answer was lost then looks like a replay to the other side, and
that is no harm while the other side has a timer of its own. The one side without is a server that is done: when it gets
the client's last flight once more, it sends its own last flight once more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from enum import Enum

from OpenSSL import SSL

from atshell_lwm2m.dtls.alerts import alert
from atshell_lwm2m.dtls.records import ALERT, CHANGE_CIPHER_SPEC, HEADER, split
from atshell_lwm2m.endpoint.dtls.binding import MTU, Accepting, client_context, connection
from atshell_lwm2m.endpoint.dtls.security import SUITES, Credentials

FIRST_TIMEOUT, LAST_TIMEOUT = 1.0, 60.0
"""Seconds (RFC 6347 section 4.2.4.1)."""
MAX_TRANSMISSIONS = 7
"""Of a flight; a minute goes by with them, then the handshake has failed."""
MAX_DATAGRAM = 16384
"""Bytes taken of one; no peer of ours has more to say at once."""
MAX_PLAIN = 16384
"""Bytes of a record (RFC 5246 section 6.2.1)."""
_MAX_REMEMBERED = 16
_FATAL = b"\2"
_OPEN_EPOCH = b"\0\0"


class State(Enum):
    HANDSHAKE = "handshake"
    OPEN = "open"
    CLOSED = "closed"
    """By either side, after it was open."""
    FAILED = "failed"
    """The handshake came to nothing."""


class Association:
    """``made`` is a connection that is set to be client or server. ``client`` makes the former, a listener the
    latter."""

    def __init__(self, made: SSL.Connection) -> None:
        self._ssl = made
        self._ready: list[bytes] = []
        self._flight: list[bytes] = []
        self._transmissions = 0
        self._timeout = FIRST_TIMEOUT
        self._remembered: set[int] = set()
        """Hashes of what has come since the last flight."""
        self._last_words: list[bytes] = []
        self._changed = False
        self.state = State.HANDSHAKE
        self.deadline: float | None = None
        self.failure = ""
        """Why it has failed or was closed, in words."""

    @classmethod
    def client(cls, credentials: Credentials, suites: tuple[str, ...] = SUITES) -> Association:
        made = connection(client_context(suites), credentials)
        made.set_connect_state()
        return cls(made)

    @property
    def suite(self) -> str:
        """OpenSSL's name of the one that was agreed upon."""
        return self._ssl.get_cipher_name() or ""

    @property
    def ended(self) -> bool:
        return self.state in (State.CLOSED, State.FAILED)

    @property
    def identity(self) -> bytes:
        """Of the client, as a server has learned it."""
        data = self._ssl.get_app_data()
        return data.identity if isinstance(data, Accepting) else b""

    def outgoing(self) -> list[bytes]:
        """What is to be sent now; it is given once."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, now: float) -> None:
        """Begin the handshake (a client), or go on with the Client Hello that was listened to (a server)."""
        self._shake_hands(now)

    def feed(self, datagram: bytes, now: float) -> list[bytes]:
        if self.ended or not 0 < len(datagram) <= MAX_DATAGRAM:
            return []
        if self.state is State.OPEN and hash(datagram) in self._remembered:
            self._ready += self._last_words
            return []
        if self.state is State.HANDSHAKE:
            if len(self._remembered) < _MAX_REMEMBERED:
                self._remembered.add(hash(datagram))
            timely = self._timely(datagram)
            if not timely:
                return []
            self._alerted(timely)
            self._ssl.bio_write(timely)
            self._shake_hands(now)
        else:
            self._ssl.bio_write(datagram)
        return list(self._read()) if self.state is State.OPEN else []

    def send(self, data: bytes) -> bool:
        """Encrypt a datagram's content; False where there is no way for it."""
        if self.state is not State.OPEN or not 0 < len(data) <= MAX_PLAIN:
            return False
        try:
            self._ssl.send(data)
        except SSL.Error as error:
            self._end(State.CLOSED, _reason(error))
        self._ready += self._written()
        return self.state is State.OPEN

    def expire(self, now: float) -> None:
        """The deadline has come: the flight again, or the end."""
        if self.deadline is None or self.deadline > now:
            return
        if self._transmissions >= MAX_TRANSMISSIONS:
            self._end(State.FAILED, "no answer to the handshake")
            return
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error as error:
            self._end(State.FAILED, _reason(error))
            return
        self._flight = self._written() or self._flight
        self._ready += self._flight
        self._transmissions += 1
        self._timeout = min(self._timeout * 2, LAST_TIMEOUT)
        self.deadline = now + self._timeout

    def close(self) -> None:
        """Say goodbye (close_notify), where there is anybody to say it to."""
        if self.state is State.OPEN:
            with contextlib.suppress(SSL.Error):
                self._ssl.shutdown()
            self._ready += self._written()
        if not self.ended:
            self._end(State.CLOSED, "closed")

    # The handshake

    def _shake_hands(self, now: float) -> None:
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            self._sent(self._written(), now)
        except SSL.Error as error:
            self._ready += self._written()
            self._end(State.FAILED, self.failure or _reason(error))
        else:
            self.state, self.deadline = State.OPEN, None
            # Whoever says the last words of the handshake may have to say them again; for the other side a datagram
            # of the handshake that comes once more is only late.
            self._last_words = self._written()
            self._ready += self._last_words

    def _sent(self, flight: list[bytes], now: float) -> None:
        if not flight:
            return
        self._flight, self._transmissions, self._timeout = flight, 1, FIRST_TIMEOUT
        self._ready += flight
        self._remembered.clear()
        self.deadline = now + self._timeout

    def _timely(self, datagram: bytes) -> bytes:
        """Without the protected records that come before the other side's Change Cipher Spec: they are late ones of an
        association that was here before, and OpenSSL would keep them and fail on them."""
        kept = []
        for record in records(datagram):
            self._changed = self._changed or record[0] == CHANGE_CIPHER_SPEC
            if self._changed or record[3:5] == _OPEN_EPOCH:
                kept.append(record)
        return b"".join(kept)

    def _alerted(self, datagram: bytes) -> None:
        """Keep what a fatal alert says; OpenSSL tells only that there was one."""
        for record in split(datagram, lambda _: None):
            if isinstance(record, str) or record.content != ALERT or record.epoch != 0:
                continue
            if record.body[:1] == _FATAL:
                self.failure = f"the other side says {alert(record.body)}"

    def _end(self, state: State, failure: str) -> None:
        self.state, self.deadline = state, None
        self.failure = failure
        self._flight.clear()
        self._remembered.clear()
        self._last_words.clear()

    # Records

    def _read(self) -> Iterator[bytes]:
        while self.state is State.OPEN:
            try:
                yield self._ssl.recv(MAX_PLAIN)
            except SSL.WantReadError:
                break
            except SSL.ZeroReturnError:
                # close_notify is answered with close_notify (RFC 5246 section 7.2.1).
                self.close()
                self.failure = "closed by the other side"
            except SSL.Error as error:
                self._end(State.CLOSED, _reason(error))
        self._ready += self._written()

    def _written(self) -> list[bytes]:
        try:
            data = self._ssl.bio_read(1 << 20)
        except SSL.WantReadError:
            return []
        return list(datagrams(data))


def datagrams(data: bytes) -> Iterator[bytes]:
    """Records one after the other, as OpenSSL leaves them in memory, put into as few datagrams as they fit in."""
    held = b""
    for record in records(data):
        if held and len(held) + len(record) > MTU:
            yield held
            held = b""
        held += record
    if held:
        yield held


def records(data: bytes) -> Iterator[bytes]:
    """Whole records, headers and all; the last may be cut off."""
    at = 0
    while at < len(data):
        end = at + HEADER + int.from_bytes(data[at + HEADER - 2 : at + HEADER], "big")
        yield data[at:end]
        at = end


def _reason(error: SSL.Error) -> str:
    """The last words of OpenSSL's own."""
    stack = error.args[0] if error.args and isinstance(error.args[0], (list, tuple)) else ()
    words = [entry[2] for entry in stack if isinstance(entry, tuple) and len(entry) > 2 and entry[2]]
    return str(words[0]) if words else "the handshake cannot go on"
