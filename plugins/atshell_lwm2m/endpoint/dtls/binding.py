"""OpenSSL's contexts for DTLS 1.2 with a pre-shared key, by pyOpenSSL and the handles below it.

pyOpenSSL has no way of its own to pre-shared keys, but cryptography's ``Binding``, on which it stands, declares the
callbacks. This is the one file that touches those private handles; ``_check`` looks at them when it is loaded.

A context is shared by all connections of a role. What a connection needs in its callbacks it carries as app data, a
``Credentials`` for a client, a ``Lookup`` for a server.
"""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import SSL
from OpenSSL import __version__ as _version

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.dtls.security import SUITES

DTLS12 = 0xFEFD
MTU = 1200
"""Bytes of a datagram of the handshake; IPv6 carries it everywhere (RFC 8200 section 5)."""
_NOBODY = 16
"""Bytes of the key of an identity that nobody has."""

_lib, _ffi = Binding.lib, Binding.ffi
_CLIENT = "unsigned int(SSL *, char *, char *, unsigned int, unsigned char *, unsigned int)"
_SERVER = "unsigned int(SSL *, char *, unsigned char *, unsigned int)"


def _check() -> None:
    handles = ("SSL_CTX_set_psk_client_callback", "SSL_CTX_set_psk_server_callback")
    complete = (
        all(hasattr(_lib, name) for name in handles)
        and getattr(_lib, "Cryptography_HAS_PSK", False)
        and hasattr(SSL.Context(SSL.DTLS_METHOD), "_context")
        and hasattr(SSL.Connection, "_reverse_mapping")
        and hasattr(SSL.Connection, "DTLSv1_listen")
    )
    if not complete:
        raise AtshellError(
            f"pyOpenSSL {_version} gives no way to DTLS with pre-shared keys", "install pyOpenSSL 26 or use coap://"
        )


_check()


class Lookup(Protocol):
    """Gives the key of an identity, None for one that nobody has."""

    def __call__(self, identity: bytes, /) -> bytes | None: ...


class Cookies(Protocol):
    """What a listening connection carries: the cookie of the client that it listens to now (RFC 6347 section 4.2.1)."""

    def cookie(self) -> bytes: ...

    def accepts(self, cookie: bytes) -> bool: ...


@dataclass(slots=True)
class Accepting:
    """App data of a server's connection."""

    lookup: Lookup
    cookies: Cookies
    identity: bytes = b""
    """Of the client, once it has said it."""


def _client_key(ssl: object, hint: object, identity: object, identity_size: int, key: object, key_size: int) -> int:
    credentials = SSL.Connection._reverse_mapping[ssl].get_app_data()
    # The identity ends with a zero byte, which must fit in as well, and has none within.
    if b"\0" in credentials.identity or len(credentials.identity) >= identity_size or len(credentials.key) > key_size:
        return 0
    _ffi.memmove(identity, credentials.identity + b"\0", len(credentials.identity) + 1)
    _ffi.memmove(key, credentials.key, len(credentials.key))
    return len(credentials.key)


def _server_key(ssl: object, identity: object, key: object, key_size: int) -> int:
    """An unknown identity gets a key that nobody has: it fails as a wrong key does, and so tells nothing (RFC 4279
    section 2)."""
    name = _ffi.string(identity)
    accepting = SSL.Connection._reverse_mapping[ssl].get_app_data()
    accepting.identity, found = name, accepting.lookup(name)
    if found is None or not 0 < len(found) <= key_size:
        found = secrets.token_bytes(_NOBODY)
    _ffi.memmove(key, found, len(found))
    return len(found)


# cffi calls these with C's own pointers. They live as long as the contexts that know them; an exception gives no key.
_client_callback = _ffi.callback(_CLIENT, _client_key, error=0, onerror=lambda *_: None)
_server_callback = _ffi.callback(_SERVER, _server_key, error=0, onerror=lambda *_: None)


def _context(suites: tuple[str, ...]) -> SSL.Context:
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_min_proto_version(DTLS12)
    context.set_max_proto_version(DTLS12)
    # CCM with a tag of eight bytes counts as too weak above level 0.
    context.set_cipher_list(":".join((*suites, "@SECLEVEL=0")).encode())
    # A handshake within a handshake is refused, as RFC 7925 section 17 has it; who is to be negotiated with anew
    # sends a Client Hello in the open. Sessions are not kept: an address that has aged takes a whole handshake.
    context.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_TICKET | _lib.SSL_OP_NO_RENEGOTIATION)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    return context


@functools.cache
def client_context(suites: tuple[str, ...] = SUITES) -> SSL.Context:
    context = _context(suites)
    _lib.SSL_CTX_set_psk_client_callback(context._context, _client_callback)
    return context


@functools.cache
def server_context(suites: tuple[str, ...] = SUITES) -> SSL.Context:
    context = _context(suites)
    context.set_options(_lib.SSL_OP_COOKIE_EXCHANGE)
    context.set_cookie_generate_callback(lambda connection: connection.get_app_data().cookies.cookie())
    context.set_cookie_verify_callback(lambda connection, cookie: connection.get_app_data().cookies.accepts(cookie))
    _lib.SSL_CTX_set_psk_server_callback(context._context, _server_callback)
    return context


def connection(context: SSL.Context, data: object) -> SSL.Connection:
    """A connection over memory, which carries ``data`` for the callbacks."""
    made = SSL.Connection(context, None)
    made.set_app_data(data)
    made.set_ciphertext_mtu(MTU)
    return made
