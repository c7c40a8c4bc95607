"""The secrets that a user gives: pre-shared keys, and key log files.

They are read here and shown nowhere: neither in an error nor in a ``repr``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from atshell.errors import AtshellError
from atshell.styled import visible

ANY = b"*"
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
# https://www.ietf.org/archive/id/draft-ietf-tls-keylogfile-02.html; a client's random and the master secret.
_CLIENT_RANDOM = re.compile(rb"CLIENT_RANDOM ([0-9A-Fa-f]{64}) ([0-9A-Fa-f]{96})\s*")
_MAX_LINE = 4096
_HINT = "give IDENTITY:KEY, or IDENTITY:0xHEX, or *:KEY for any identity"


class Keys:
    """What is known: keys by identity, and master secrets by the random of the Client Hello."""

    __slots__ = ("_log", "_psk")

    def __init__(self, psk: Iterable[tuple[bytes, bytes]] = (), log: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self._psk: dict[bytes, list[bytes]] = {}
        for identity, key in psk:
            self._psk.setdefault(identity, []).append(key)
        self._log = dict(log)

    def of(self, identity: bytes) -> list[bytes]:
        """The keys to try, the best first."""
        named = self._psk.get(identity, [])
        return named if identity == ANY else [*named, *self._psk.get(ANY, [])]

    def master(self, client_random: bytes) -> bytes | None:
        return self._log.get(client_random)

    @property
    def has_log(self) -> bool:
        return bool(self._log)

    def __bool__(self) -> bool:
        return bool(self._psk or self._log)

    def __repr__(self) -> str:
        return f"Keys({len(self._psk)} identities, {len(self._log)} of key logs)"


def read_keys(psk: Sequence[str] = (), keylogs: Sequence[Path] = ()) -> Keys:
    """Raises AtshellError for what can't be used."""
    return Keys([parse_psk(text) for text in psk], [pair for path in keylogs for pair in read_log(path)])


def parse_psk(text: str) -> tuple[bytes, bytes]:
    """``IDENTITY:KEY`` is split at its last colon; the key is text, or hexadecimal after ``0x``."""
    identity, colon, key = text.rpartition(":")
    if not colon:
        raise AtshellError("a pre-shared key without an identity", _HINT)
    named = visible(identity)
    if not key:
        raise AtshellError(f"the pre-shared key of {named!r} is empty", _HINT)
    if not key.startswith(("0x", "0X")):
        return _bytes(identity), _bytes(key)
    if not _HEX.fullmatch(key, 2):
        raise AtshellError(f"the pre-shared key of {named!r} is no hexadecimal number of whole bytes", _HINT)
    return _bytes(identity), bytes.fromhex(key[2:])


def _bytes(text: str) -> bytes:
    # An argument's bytes that are no UTF-8 arrive as surrogates (PEP 383).
    return text.encode("utf-8", "surrogateescape")


def read_log(path: Path) -> list[tuple[bytes, bytes]]:
    """The lines of a key log file, as ``SSLKEYLOGFILE`` and ``openssl -keylogfile`` write it, that DTLS 1.2 can use."""
    found: list[tuple[bytes, bytes]] = []
    try:
        with path.open("rb") as stream:
            while line := stream.readline(_MAX_LINE):
                match = _CLIENT_RANDOM.fullmatch(line)
                if match is not None:
                    found.append((bytes.fromhex(match[1].decode()), bytes.fromhex(match[2].decode())))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise AtshellError(f"the key log {path} can't be read ({reason})", "look at its name and permissions") from None
    return found
