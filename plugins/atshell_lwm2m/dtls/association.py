"""What one Client Hello began: its epochs, through renegotiation (RFC 6347 section 4.1).

The handshake that goes on in epoch n gives the keys of epoch n+1. They are made when the first record comes that needs
them, and stand when one opens it.
"""

from __future__ import annotations

from atshell_lwm2m.dtls.fragments import HandshakeMessage
from atshell_lwm2m.dtls.handshake import CLIENT_HELLO, NEW_SESSION_TICKET, NO_HANDSHAKE, Handshake, Reason
from atshell_lwm2m.dtls.hello import Hello, client_hello
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.protection import Opener, draft_header, openers, record_header
from atshell_lwm2m.dtls.records import CONNECTION_ID, Record
from atshell_lwm2m.dtls.sessions import Sessions

MAX_EPOCHS = 4
Pair = tuple[Opener, Opener]
Plain = tuple[int, bytes]
"""Content type and bytes."""
_DAMAGED = Reason("bad-record", "the tag of a record fails: it was damaged, or is not of this connection")


class Association:
    def __init__(self, keys: Keys, sessions: Sessions, client: Hello, message: HandshakeMessage, side: bool) -> None:
        self.client_side = side
        self.cids: dict[bool, bytes] = {}
        """In the records that come from the client (True), and from the server."""
        self._keys = keys
        self._sessions = sessions
        self._handshakes: dict[int, Handshake] = {0: Handshake(client, message)}
        self._candidates: dict[int, list[tuple[bytes, Pair]]] = {}
        self._epochs: dict[int, tuple[bytes, Pair]] = {}

    @property
    def proven(self) -> bool:
        return bool(self._epochs)

    @property
    def version(self) -> bytes | None:
        server = self._handshakes[0].server
        return server.version if server is not None else None

    @property
    def agreed(self) -> tuple[int, bytes]:
        """The suite that the server chose, and the client's random."""
        first = self._handshakes[0]
        return first.server.suite if first.server is not None else 0, first.client.random

    def is_of(self, random: bytes) -> bool:
        return self._handshakes[0].client.random == random

    def handshake(self, epoch: int, message: HandshakeMessage, from_client: bool) -> None:
        current = self._handshakes.get(epoch)
        if message.kind == CLIENT_HELLO and from_client and epoch:
            current = self._renegotiation(epoch, message) or current
        if current is None or epoch + 1 in self._epochs:
            self._late(epoch, message, current)
            return
        if current.take(message, from_client):
            self._candidates.pop(epoch + 1, None)
        if epoch == 0 and current.server is not None:
            self._connection_ids(current.client, current.server)

    def _late(self, epoch: int, message: HandshakeMessage, current: Handshake | None) -> None:
        """The ticket of a handshake whose first encrypted record came before it."""
        proven = self._epochs.get(epoch + 1)
        if current is None or proven is None or current.server is None or message.kind != NEW_SESSION_TICKET:
            return
        current.take(message, from_client=False)
        self._sessions.opened(current.server, current.tickets, proven[0])

    def _renegotiation(self, epoch: int, message: HandshakeMessage) -> Handshake | None:
        said = client_hello(message.body)
        current = self._handshakes.get(epoch)
        if said is None or (current is not None and current.client.random == said.random):
            return None
        if len(self._handshakes) > MAX_EPOCHS:
            # That of epoch 0 stays: it says which association this is.
            del self._handshakes[next(number for number in self._handshakes if number)]
        self._candidates.pop(epoch + 1, None)
        self._handshakes[epoch] = Handshake(said, message)
        return self._handshakes[epoch]

    def _connection_ids(self, client: Hello, server: Hello) -> None:
        """Each side says what it wants to receive (RFC 9146 section 3)."""
        if client.cid is not None and server.cid is not None:
            self.cids = {True: server.cid, False: client.cid}

    def open(self, record: Record, from_client: bool) -> Plain | None:
        """None when there are no keys, or the tag fails."""
        proven = self._epochs.get(record.epoch)
        if proven is not None:
            return _content(record, _opened(proven[1], record, from_client))
        for master, pair in self._tried(record.epoch):
            plain = _content(record, _opened(pair, record, from_client))
            if plain is not None:
                self._prove(record.epoch, master, pair)
                return plain
        return None

    def _tried(self, epoch: int) -> list[tuple[bytes, Pair]]:
        found = self._candidates.get(epoch)
        if found is not None:
            return found
        found = []
        handshake = self._handshakes.get(epoch - 1)
        if handshake is not None and handshake.server is not None and handshake.suite is not None:
            client, server = handshake.client, handshake.server
            for master in handshake.masters(self._keys, self._sessions):
                outside = server.encrypt_then_mac and client.encrypt_then_mac
                header = draft_header if server.draft_cid else record_header
                pair = openers(handshake.suite, outside, master, client.random, server.random, header)
                found.append((master, pair))
            self._candidates[epoch] = found
        return found

    def _prove(self, epoch: int, master: bytes, pair: Pair) -> None:
        if len(self._epochs) >= MAX_EPOCHS:
            del self._epochs[next(iter(self._epochs))]
        self._epochs[epoch] = master, pair
        self._candidates.pop(epoch, None)
        handshake = self._handshakes[epoch - 1]
        if handshake.server is not None:
            self._sessions.opened(handshake.server, handshake.tickets, master)
        handshake.forget()

    def has_key(self, epoch: int) -> bool:
        """Whether there is something to try with an epoch's records."""
        return epoch in self._epochs or bool(self._candidates.get(epoch))

    def expects(self, epoch: int) -> bool:
        """Whether the messages that give an epoch its keys may still come."""
        handshake = self._handshakes.get(epoch - 1)
        return handshake is not None and epoch not in self._epochs and handshake.goes_on

    def reason(self, epoch: int) -> Reason:
        """Why a record of this epoch stayed closed."""
        if epoch in self._epochs:
            return _DAMAGED
        handshake = self._handshakes.get(epoch - 1)
        return handshake.reason(self._keys, self.has_key(epoch)) if handshake is not None else NO_HANDSHAKE


def _opened(pair: Pair, record: Record, from_client: bool) -> bytes | None:
    return pair[0 if from_client else 1](record)


def _content(record: Record, plain: bytes | None) -> Plain | None:
    """With a connection ID the content type stands behind the content, and zeros behind it (RFC 9146 section 4)."""
    if plain is None:
        return None
    if record.content != CONNECTION_ID:
        return record.content, plain
    inner = plain.rstrip(b"\0")
    return (inner[-1], inner[:-1]) if inner else (0, b"")
