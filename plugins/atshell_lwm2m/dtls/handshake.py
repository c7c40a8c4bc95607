"""One handshake, from its Client Hello to the master secrets that may have come of it; or why there is none.

Messages may come twice, and in any order of the capture: they are kept by their numbers, and asked when the first
record comes that needs keys. Whether a session was resumed is known then as well, for a full handshake has a
Client Key Exchange before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from atshell.styled import visible
from atshell_lwm2m.dtls import hello, kdf
from atshell_lwm2m.dtls.fragments import HandshakeMessage
from atshell_lwm2m.dtls.hello import TLS12, Hello
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.records import DTLS12, DTLS13, VERSIONS
from atshell_lwm2m.dtls.sessions import Sessions
from atshell_lwm2m.dtls.suites import SUITES, Suite, suite_name

CLIENT_HELLO, SERVER_HELLO, NEW_SESSION_TICKET, CLIENT_KEY_EXCHANGE = 1, 2, 4, 16
_HELLO_DONE = 14
MAX_MESSAGES = 32
MAX_BYTES = 8_192
MAX_TICKETS = 4
_MAX_IDENTITY = 64
_OPENED = frozenset({DTLS12, TLS12})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why records stay closed: the id of an expert note, and its text."""

    id: str
    text: str


NO_HANDSHAKE = Reason("no-handshake", "the handshake is not in the capture")


class Handshake:
    def __init__(self, client: Hello, message: HandshakeMessage) -> None:
        self.client = client
        self.server: Hello | None = None
        self.tickets: list[bytes] = []
        self._first = message
        self._messages: tuple[dict[int, HandshakeMessage], dict[int, HandshakeMessage]] = {}, {}
        self._size = 0
        self._exchange: HandshakeMessage | None = None
        self._done: int | None = None
        self._server_at = 0

    def take(self, message: HandshakeMessage, from_client: bool) -> bool:
        """Whether it told something new."""
        if message.kind == CLIENT_HELLO and from_client:
            return self._again(message)
        if message.kind == NEW_SESSION_TICKET and not from_client:
            self._ticket(message)
        elif message.kind == SERVER_HELLO and not from_client:
            self._server(message)
        elif message.kind == CLIENT_KEY_EXCHANGE and from_client:
            self._exchange = message
        elif message.kind == _HELLO_DONE and not from_client:
            self._done = message.sequence
        return self._keep(message, self._messages[from_client])

    def _again(self, message: HandshakeMessage) -> bool:
        """The Client Hello with the server's cookie: the first one is no part of the handshake (RFC 6347 section
        4.2.1)."""
        if message.sequence < self._first.sequence or message == self._first:
            return False
        said = hello.client_hello(message.body)
        if said is None:
            return False
        self._first, self.client = message, said
        return True

    def _server(self, message: HandshakeMessage) -> None:
        said = hello.server_hello(message.body)
        if said is not None:
            self.server, self._server_at = said, message.sequence

    def _ticket(self, message: HandshakeMessage) -> None:
        ticket = hello.ticket(message.body)
        if ticket and ticket not in self.tickets and len(self.tickets) < MAX_TICKETS:
            self.tickets.append(ticket)

    def _keep(self, message: HandshakeMessage, table: dict[int, HandshakeMessage]) -> bool:
        old = table.get(message.sequence)
        if old == message or len(table) >= MAX_MESSAGES:
            return False
        size = self._size + len(message.body) - (len(old.body) if old else 0)
        if size > MAX_BYTES:
            return False
        self._size = size
        table[message.sequence] = message
        return True

    def forget(self) -> None:
        """The messages: the keys are made, and nothing is to be hashed again."""
        for table in self._messages:
            table.clear()

    @property
    def suite(self) -> Suite | None:
        return SUITES.get(self.server.suite) if self.server is not None else None

    @property
    def identity(self) -> bytes | None:
        if self._exchange is None or self.suite is None:
            return None
        return hello.identity(self._exchange.body, self.suite)

    @property
    def goes_on(self) -> bool:
        """Whether more may come that the keys depend on: of a full handshake, before its Client Key Exchange."""
        return self._exchange is None and not self._resumes

    @property
    def _resumes(self) -> bool:
        client, server = self.client, self.server
        same = server is not None and client.session_id != b"" and client.session_id == server.session_id
        return same or bool(client.ticket)

    def masters(self, keys: Keys, sessions: Sessions) -> list[bytes]:
        """Every master secret that this may be; a record's tag tells which is right."""
        server, suite = self.server, self.suite
        if server is None or suite is None or server.version not in _OPENED:
            return []
        found = []
        logged = keys.master(self.client.random)
        if logged is not None:
            found.append(logged)
        if self._exchange is None:
            return found + sessions.resumed(self.client, server)
        identity = self.identity
        if identity is not None and suite.psk_alone:
            found += [master for key in keys.of(identity) if (master := self._master(suite, server, key)) is not None]
        return found

    def _master(self, suite: Suite, server: Hello, key: bytes) -> bytes | None:
        premaster = kdf.psk_premaster(key)
        if not self._extended:
            return kdf.master_secret(suite.prf, premaster, self.client.random, server.random)
        transcript = self._transcript()
        return kdf.extended_master_secret(suite.prf, premaster, transcript) if transcript is not None else None

    @property
    def _extended(self) -> bool:
        return self.server is not None and self.server.extended_master_secret and self.client.extended_master_secret

    def _transcript(self) -> bytes | None:
        """Every message from the Client Hello to the Client Key Exchange, in the order in which they were said; None
        when one is not in the capture."""
        if self._exchange is None or self._done is None:
            return None
        theirs, ours = self._messages
        wanted = [theirs.get(number) for number in range(self._server_at, self._done + 1)]
        wanted += [ours.get(number) for number in range(self._first.sequence + 1, self._exchange.sequence + 1)]
        parts = [self._first.whole]
        for message in wanted:
            if message is None:
                return None
            parts.append(message.whole)
        return b"".join(parts)

    def reason(self, keys: Keys, tried: bool) -> Reason:
        """Why nothing opened; ``tried`` is whether there was a secret to try."""
        server, suite = self.server, self.suite
        if server is None:
            return Reason("no-handshake", "the handshake is not whole in the capture: its Server Hello is missing")
        if server.version not in _OPENED:
            name = "DTLS 1.3" if server.version == DTLS13 else VERSIONS.get(server.version, "this version")
            return Reason("version-not-supported", f"{name} is named, not decrypted")
        if suite is None:
            return Reason("suite-not-supported", f"the suite {suite_name(server.suite)} is not supported")
        if self._exchange is None:
            return self._reason_of_resumption(tried)
        return self._reason_of_exchange(suite, keys, tried)

    def _reason_of_resumption(self, tried: bool) -> Reason:
        if tried:
            return Reason("wrong-key", "the secret of the session that is resumed does not fit: the tag fails")
        if self._resumes:
            text = "a session is resumed whose handshake is not in the capture, or was not opened"
            return Reason("no-handshake", text)
        return Reason("no-handshake", "the handshake is not whole in the capture: its Client Key Exchange is missing")

    def _reason_of_exchange(self, suite: Suite, keys: Keys, tried: bool) -> Reason:
        identity = self.identity
        of = f" for identity {_shown(identity)}" if identity is not None else ""
        if tried:
            return Reason("wrong-key", f"wrong key{of}: the tag fails")
        if not suite.psk_alone:
            text = f"the key log has nothing about this handshake{of}" if keys.has_log else f"no key log{of}"
            return Reason("no-key", f"{text}: {suite.name} needs one (--keylog)")
        if identity is None:
            return Reason("no-handshake", "the Client Key Exchange is malformed: it has no identity")
        if keys.of(identity):
            text = "the handshake is not whole in the capture: its extended master secret needs every message"
            return Reason("no-handshake", text)
        return Reason("no-key", f"no key{of} (--psk)")


def _shown(identity: bytes) -> str:
    text = visible(identity[:_MAX_IDENTITY].decode("utf-8", "backslashreplace"), keep="")
    return f"{text}…" if len(identity) > _MAX_IDENTITY else text or "(empty)"
