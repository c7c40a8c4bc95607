"""What the messages of a handshake say, as far as keys depend on it (RFC 5246 section 7.4, RFC 6347 section 4.2)."""

from __future__ import annotations

from dataclasses import dataclass

from atshell_lwm2m.dtls.records import DTLS13
from atshell_lwm2m.dtls.suites import Suite

_ENCRYPT_THEN_MAC, _EXTENDED_MASTER_SECRET, _SESSION_TICKET, _SUPPORTED_VERSIONS, _CONNECTION_ID = 22, 23, 35, 43, 54
_USE_SRTP = 14
# The numbers that drafts of RFC 9146 had: IANA's early 53, and 254 as Mbed TLS 2 sends it.
_DRAFT_CONNECTION_ID = 53, 254
_RANDOM = 32
TLS12, TLS13 = b"\3\3", b"\3\4"


@dataclass(frozen=True, slots=True)
class Hello:
    """A Client Hello or a Server Hello."""

    version: bytes
    random: bytes
    session_id: bytes
    suite: int = 0
    """The one that the server chose."""
    ticket: bytes = b""
    """Of the client: the session that it would resume (RFC 5077)."""
    extended_master_secret: bool = False
    encrypt_then_mac: bool = False
    cid: bytes | None = None
    """What the sender wants to find in the records that it receives (RFC 9146 section 3)."""
    draft_cid: bool = False
    """Whether it said so with a draft's number: the records are authenticated otherwise then."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a conversation may be for, from the Client Hello."""

    suites: tuple[int, ...]
    media: bool
    """Whether keys for sound and pictures are to come of it (RFC 5764)."""


class _Reader:
    """Raises ValueError where bytes are wanted that are not there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        found = self._data[self._at : self._at + size]
        if len(found) < size:
            raise ValueError(size)
        self._at += size
        return found

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        """Bytes with their length in ``size`` bytes in front."""
        return self.take(self.number(size))

    @property
    def more(self) -> bool:
        return self._at < len(self._data)


def client_hello(body: bytes, *, cookie: bool = True) -> Hello | None:
    """None when it is malformed. Over TCP it has no cookie."""
    try:
        reader = _Reader(body)
        version, random, session_id = reader.take(2), reader.take(_RANDOM), reader.vector(1)
        if cookie:
            reader.vector(1)
        reader.vector(2)
        reader.vector(1)
        return _hello(version, random, session_id, 0, _extensions(reader))
    except ValueError:
        return None


def client_offer(body: bytes) -> Offer | None:
    """Of a Client Hello of DTLS, or of its first part if that holds the suites. None when it is malformed."""
    reader = _Reader(body)
    try:
        reader.take(2 + _RANDOM)
        reader.vector(1)
        reader.vector(1)
        suites = reader.vector(2)
    except ValueError:
        return None
    try:
        reader.vector(1)
        media = _USE_SRTP in _extensions(reader)
    except ValueError:
        media = False
    return Offer(tuple(int.from_bytes(suites[at : at + 2], "big") for at in range(0, len(suites), 2)), media)


def server_hello(body: bytes) -> Hello | None:
    """None when it is malformed."""
    try:
        reader = _Reader(body)
        version, random, session_id = reader.take(2), reader.take(_RANDOM), reader.vector(1)
        suite = reader.number(2)
        reader.take(1)
        extensions = _extensions(reader)
    except ValueError:
        return None
    # RFC 8446 section 4.2.1: the version that is meant. The one in front stays the old one's.
    chosen = extensions.get(_SUPPORTED_VERSIONS)
    if chosen in (DTLS13, TLS13):
        version = chosen
    return _hello(version, random, session_id, suite, extensions)


def _hello(version: bytes, random: bytes, session_id: bytes, suite: int, extensions: dict[int, bytes]) -> Hello:
    cid = extensions.get(_CONNECTION_ID)
    draft = next((extensions[number] for number in _DRAFT_CONNECTION_ID if number in extensions), None)
    given = cid or draft
    return Hello(
        version,
        random,
        session_id,
        suite,
        extensions.get(_SESSION_TICKET, b""),
        _EXTENDED_MASTER_SECRET in extensions,
        _ENCRYPT_THEN_MAC in extensions,
        given[1:] if given and len(given) == given[0] + 1 else None,
        not cid and draft is not None,
    )


def _extensions(reader: _Reader) -> dict[int, bytes]:
    if not reader.more:
        return {}
    inside = _Reader(reader.vector(2))
    found: dict[int, bytes] = {}
    while inside.more:
        number = inside.number(2)
        found[number] = inside.vector(2)
    return found


def identity(body: bytes, suite: Suite) -> bytes | None:
    """Of a Client Key Exchange (RFC 4279 section 2); None when it has none or is malformed."""
    if not suite.has_identity:
        return None
    reader = _Reader(body)
    try:
        found = reader.vector(2)
    except ValueError:
        return None
    return None if suite.psk_alone and reader.more else found


def ticket(body: bytes) -> bytes:
    """Of a New Session Ticket (RFC 5077 section 3.3); empty when it has none or is malformed."""
    reader = _Reader(body)
    try:
        reader.take(4)
        return reader.vector(2)
    except ValueError:
        return b""
