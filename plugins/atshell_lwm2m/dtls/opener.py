"""Datagrams in, what could be opened out: every DTLS conversation of a capture (sans-io).

A conversation is what two addresses say to each other; it has an association for each handshake that began there, the
newest first. A record is tried with those that have keys for its epoch, so neither a spoofed Client Hello nor a
restarted client shuts out the old one before the new one stands. Records with a connection ID find their association
from any address (RFC 9146), and take the conversation along to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from atshell_lwm2m.dtls.association import Association, Plain
from atshell_lwm2m.dtls.capped import keep
from atshell_lwm2m.dtls.fragments import Fragments, HandshakeMessage
from atshell_lwm2m.dtls.handshake import CLIENT_HELLO, NO_HANDSHAKE, Reason
from atshell_lwm2m.dtls.hello import client_hello
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.records import (
    APPLICATION_DATA,
    CONNECTION_ID,
    DTLS13,
    HANDSHAKE,
    UNIFIED,
    VERSIONS,
    Record,
    name,
    split,
)
from atshell_lwm2m.dtls.sessions import Sessions

MAX_CONVERSATIONS = 16_384
MAX_ASSOCIATIONS = 4
MAX_CIDS = 16_384
MAX_SAME_CID = 4
MAX_LENGTHS = 16
MAX_EARLY = 16
"""Records of a conversation that wait for their keys."""
_MODERN = Reason("version-not-supported", "DTLS 1.3 is named, not decrypted")


@dataclass(slots=True)
class Opened:
    """What a datagram holds."""

    version: str
    whose: object = None
    """As ``take`` was told."""
    names: list[str] = field(default_factory=list)
    """Of its records, but for those that are in ``plain``."""
    plain: list[bytes] = field(default_factory=list)
    """Application data."""
    problem: str | None = None
    """What is malformed."""
    reason: Reason | None = None
    """Why a record was not opened; told once in a conversation."""
    keyed: bool = False
    """Whether there was a key to try."""
    early: bool = False
    """Whether a record waits for keys that may still come."""
    late: list[tuple[object, bytes]] = field(default_factory=list)
    """Application data of earlier datagrams whose keys have come with this one, with their ``whose``."""

    @property
    def text(self) -> str:
        return f"{self.version} {', '.join(self.names)}".rstrip()


class _Conversation:
    def __init__(self) -> None:
        self.associations: list[Association] = []
        self.fragments = Fragments(), Fragments()
        self.told: set[str] = set()
        self.early: list[tuple[Record, bool, object]] = []
        """Sealed records that came before their keys, with their side."""


class DtlsOpener:
    """One for a capture, or for all that belong together."""

    def __init__(self, keys: Keys | None = None) -> None:
        self._keys = keys if keys is not None else Keys()
        self._sessions = Sessions()
        self._conversations: dict[tuple[str, str], tuple[_Conversation, bool]] = {}
        self._cids: dict[bytes, list[tuple[_Conversation, Association, bool]]] = {}
        self._lengths: set[int] = set()

    def is_modern(self, src: str, dst: str) -> bool:
        """Whether a conversation turned out to be DTLS 1.3, so that its records may have the short header."""
        return _is_modern(self._conversations.get((src, dst)))

    def look(self, src: str, dst: str, data: bytes) -> Opened:
        """``take``, before it is clear whether anyone wants to know: what is told once is still to be told."""
        opened = self.take(src, dst, data)
        if opened.reason is not None:
            self._conversations[src, dst][0].told.discard(opened.reason.id)
        return opened

    def take(self, src: str, dst: str, data: bytes, part: bool = False, whose: object = None) -> Opened:
        """``part`` is a datagram that was cut: its last record is not there as a whole. ``whose`` is handed back with
        what can be opened only later."""
        found = self._conversations.get((src, dst))
        if found is None:
            found = _Conversation(), True
            self._place(src, dst, *found)
        conversation, side = found
        newest = conversation.associations[:1]
        opened = Opened(VERSIONS.get(data[1:3], "DTLS"), whose)
        for record in split(data, partial(self._cid_length, conversation, side), _is_modern(found)):
            if isinstance(record, str):
                opened.problem = None if part else record
            elif record.epoch == 0 and record.content not in (CONNECTION_ID, UNIFIED):
                self._plain(conversation, side, record, opened)
            else:
                conversation, side = self._sealed(src, dst, conversation, side, record, opened)
        if conversation.early and not opened.early:
            self._open_early(conversation, opened)
        if conversation.associations[:1] != newest:
            # The conversation is in use: others go before it.
            self._place(src, dst, conversation, side)
        if conversation.associations and conversation.associations[0].version == DTLS13:
            opened.version = VERSIONS[DTLS13]
        return opened

    def _place(self, src: str, dst: str, conversation: _Conversation, side: bool) -> None:
        keep(self._conversations, (src, dst), (conversation, side), 2 * MAX_CONVERSATIONS)
        keep(self._conversations, (dst, src), (conversation, not side), 2 * MAX_CONVERSATIONS)

    def _plain(self, conversation: _Conversation, side: bool, record: Record, opened: Opened) -> None:
        opened.names.append(name(record.content, record.body, sealed=False))
        if record.content == HANDSHAKE:
            for message in conversation.fragments[side].take(0, record.body):
                self._handshake(conversation, side, message)

    def _handshake(self, conversation: _Conversation, side: bool, message: HandshakeMessage) -> None:
        associations = conversation.associations
        if message.kind == CLIENT_HELLO:
            said = client_hello(message.body)
            if said is None:
                return
            known = next((one for one in associations if one.is_of(said.random)), None)
            if known is None:
                self._begin(conversation, Association(self._keys, self._sessions, said, message, side))
                return
            known.handshake(0, message, from_client=True)
            return
        if associations:
            newest = associations[0]
            before = newest.cids
            newest.handshake(0, message, side == newest.client_side)
            if newest.cids is not before:
                self._know(conversation, newest)

    def _begin(self, conversation: _Conversation, association: Association) -> None:
        associations = conversation.associations
        associations.insert(0, association)
        # One that works outlives those that came to nothing.
        while len(associations) > MAX_ASSOCIATIONS:
            dead = next((one for one in reversed(associations[1:]) if not one.proven), associations[-1])
            associations.remove(dead)
        conversation.told.clear()

    def _know(self, conversation: _Conversation, association: Association) -> None:
        for from_client, cid in association.cids.items():
            if cid and (len(cid) in self._lengths or len(self._lengths) < MAX_LENGTHS):
                self._lengths.add(len(cid))
                same = [one for one in self._cids.get(cid, []) if one[1] is not association]
                keep(self._cids, cid, [(conversation, association, from_client), *same[: MAX_SAME_CID - 1]], MAX_CIDS)

    def _cid_length(self, conversation: _Conversation, side: bool, rest: bytes) -> int | None:
        for association in conversation.associations:
            cid = association.cids.get(side == association.client_side)
            if cid and rest.startswith(cid):
                return len(cid)
        return next((length for length in sorted(self._lengths, reverse=True) if rest[:length] in self._cids), None)

    def _sealed(
        self, src: str, dst: str, conversation: _Conversation, side: bool, record: Record, opened: Opened
    ) -> tuple[_Conversation, bool]:
        """Where the datagram goes on: a connection ID may have led elsewhere."""
        for found, association, from_client in self._suitors(conversation, side, record):
            plain = association.open(record, from_client)
            opened.keyed = opened.keyed or association.has_key(record.epoch)
            if plain is None:
                continue
            side = from_client == association.client_side
            if found is not conversation:
                self._place(src, dst, found, side)
            self._take(found.fragments[side], association, from_client, record.epoch, plain, opened)
            return found, side
        opened.names.append(name(record.content, record.body, sealed=True))
        waits = opened.whose is not None and any(one.expects(record.epoch) for one in conversation.associations[:1])
        if waits and len(conversation.early) < MAX_EARLY:
            conversation.early.append((record, side, opened.whose))
            opened.early = True
        reason = self._reason(conversation, record)
        if reason.id not in conversation.told:
            conversation.told.add(reason.id)
            opened.reason = reason
        return conversation, side

    def _open_early(self, conversation: _Conversation, opened: Opened) -> None:
        """What waited for keys: they may have come. What they do not open waits no longer."""
        newest, left = conversation.associations[0], []
        for record, side, whose in conversation.early:
            from_client = side == newest.client_side
            plain = newest.open(record, from_client)
            if plain is None:
                if newest.expects(record.epoch):
                    left.append((record, side, whose))
                continue
            inside = Opened(opened.version)
            self._take(conversation.fragments[side], newest, from_client, record.epoch, plain, inside)
            opened.late += [(whose, data) for data in inside.plain]
        conversation.early = left

    def _suitors(
        self, conversation: _Conversation, side: bool, record: Record
    ) -> Iterator[tuple[_Conversation, Association, bool]]:
        for association in list(conversation.associations):
            yield conversation, association, side == association.client_side
        for found in self._cids.get(record.cid, []) if record.cid else []:
            if found[0] is not conversation:
                yield found

    def _take(
        self, parts: Fragments, association: Association, from_client: bool, epoch: int, plain: Plain, opened: Opened
    ) -> None:
        content, body = plain
        if content == APPLICATION_DATA and body:
            opened.plain.append(body)
            return
        opened.names.append(name(content, body, sealed=False))
        if content == HANDSHAKE:
            for message in parts.take(epoch, body):
                association.handshake(epoch, message, from_client)

    def _reason(self, conversation: _Conversation, record: Record) -> Reason:
        if record.content == UNIFIED:
            return _MODERN
        associations = conversation.associations
        if not associations and record.cid:
            associations = [one[1] for one in self._cids.get(record.cid, [])]
        return associations[0].reason(record.epoch) if associations else NO_HANDSHAKE


def _is_modern(found: tuple[_Conversation, bool] | None) -> bool:
    return found is not None and any(one.version == DTLS13 for one in found[0].associations)
