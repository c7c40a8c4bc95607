"""Answer Client Hellos before anything is remembered of who sent them (RFC 6347 section 4.2.1).

A Client Hello without a cookie is answered with one and forgotten. One that brings its cookie back comes from an
address that really is its sender's, and becomes an association. The cookie is a MAC over address, random and minute,
so it is good for a minute or two and for this Client Hello alone.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from OpenSSL import SSL

from atshell_lwm2m.endpoint.dtls.association import MAX_DATAGRAM, Association, datagrams
from atshell_lwm2m.endpoint.dtls.binding import Accepting, Lookup, connection, server_context
from atshell_lwm2m.endpoint.dtls.hello import client_random
from atshell_lwm2m.endpoint.dtls.security import SUITES
from atshell_lwm2m.endpoint.exchange import Address

_MINUTE = 60.0
_COOKIE = 16


class Listener:
    def __init__(self, lookup: Lookup, suites: tuple[str, ...] = SUITES) -> None:
        self._lookup = lookup
        self._suites = suites
        self._secret = secrets.token_bytes(32)
        self._connection: SSL.Connection | None = None
        self._client = b""
        self._minute = 0

    def hear(self, datagram: bytes, address: Address, now: float) -> tuple[list[bytes], Association | None]:
        """What to answer at once, and the association that begins; it is to be started."""
        random = client_random(datagram)
        if random is None or len(datagram) > MAX_DATAGRAM:
            return [], None
        self._client = f"{address[0]} {address[1]} ".encode() + random
        self._minute = int(now // _MINUTE)
        made, self._connection = self._connection or self._made(), None
        made.bio_write(datagram)
        try:
            made.DTLSv1_listen()
        except SSL.WantReadError:
            self._connection = made
            return _written(made), None
        except SSL.Error:
            return _written(made), None
        return [], Association(made)

    def _made(self) -> SSL.Connection:
        made = connection(server_context(self._suites), Accepting(self._lookup, self))
        made.set_accept_state()
        return made

    # As the connection's Cookies

    def cookie(self) -> bytes:
        return self._of(self._minute)

    def accepts(self, cookie: bytes) -> bool:
        return any(hmac.compare_digest(cookie, self._of(self._minute - ago)) for ago in (0, 1))

    def _of(self, minute: int) -> bytes:
        text = b"%d " % minute + self._client
        return hmac.digest(self._secret, text, hashlib.sha256)[:_COOKIE]


def _written(made: SSL.Connection) -> list[bytes]:
    try:
        return list(datagrams(made.bio_read(1 << 16)))
    except SSL.WantReadError:
        return []
