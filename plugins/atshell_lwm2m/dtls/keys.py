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
# Of TLS 1.3: which secret, the client's random, the secret.
_TRAFFIC = re.compile(
    rb"((?:CLIENT|SERVER)_(?:HANDSHAKE_TRAFFIC_SECRET|TRAFFIC_SECRET_0)) "
    rb"([0-9A-Fa-f]{64}) ((?:[0-9A-Fa-f]{2}){32,64})\s*"
)
Master = tuple[bytes, bytes]
"""A client's random, and the master secret."""
Traffic = tuple[str, bytes, bytes]
"""The name of a secret of TLS 1.3, a client's random, and the secret."""
_MAX_LINE = 4096
_MAX_LEARNT = 100_000
_HINT = "give IDENTITY:KEY, or IDENTITY:0xHEX, or *:KEY for any identity"


class Keys:
    """What is known: keys by identity, and master and traffic secrets by the random of the Client Hello."""

    __slots__ = ("_log", "_psk", "_traffic")

    def __init__(
        self,
        psk: Iterable[tuple[bytes, bytes]] = (),
        log: Iterable[Master] = (),
        traffic: Iterable[Traffic] = (),
    ) -> None:
        self._psk: dict[bytes, list[bytes]] = {}
        for identity, key in psk:
            self._psk.setdefault(identity, []).append(key)
        self._log = dict(log)
        self._traffic: dict[bytes, dict[str, bytes]] = {}
        for what, random, secret in traffic:
            self._traffic.setdefault(random, {})[what] = secret

    def of(self, identity: bytes) -> list[bytes]:
        """The keys to try, the best first."""
        named = self._psk.get(identity, [])
        return named if identity == ANY else [*named, *self._psk.get(ANY, [])]

    def master(self, client_random: bytes) -> bytes | None:
        return self._log.get(client_random)

    def traffic(self, client_random: bytes) -> dict[str, bytes]:
        """The secrets of TLS 1.3, by their names in key logs."""
        return self._traffic.get(client_random, {})

    def learn(self, log: bytes) -> None:
        """The text of a key log that came with the traffic."""
        for line in log.split(b"\n"):
            pair, secret = _of_line(line), _traffic_of_line(line)
            if pair is not None and len(self._log) < _MAX_LEARNT:
                self._log[pair[0]] = pair[1]
            if secret is not None and len(self._traffic) < _MAX_LEARNT:
                self._traffic.setdefault(secret[1], {})[secret[0]] = secret[2]

    @property
    def has_log(self) -> bool:
        return bool(self._log)

    def __bool__(self) -> bool:
        return bool(self._psk or self._log or self._traffic)

    def __repr__(self) -> str:
        return f"Keys({len(self._psk)} identities, {len(self._log)} of key logs)"


def read_keys(psk: Sequence[str] = (), keylogs: Sequence[Path] = ()) -> Keys:
    """Raises AtshellError for what can't be used."""
    found = [read_log(path) for path in keylogs]
    masters = [pair for masters, _ in found for pair in masters]
    return Keys([parse_psk(text) for text in psk], masters, [secret for _, traffic in found for secret in traffic])


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


def read_log(path: Path) -> tuple[list[Master], list[Traffic]]:
    """What can be used of a key log file, as ``SSLKEYLOGFILE`` and ``openssl -keylogfile`` write it."""
    masters: list[Master] = []
    traffic: list[Traffic] = []
    try:
        with path.open("rb") as stream:
            while line := stream.readline(_MAX_LINE):
                pair, secret = _of_line(line), _traffic_of_line(line)
                masters += [pair] if pair is not None else []
                traffic += [secret] if secret is not None else []
            empty = not stream.tell()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise AtshellError(f"the key log {path} can't be read ({reason})", "look at its name and permissions") from None
    if not (masters or traffic or empty):  # One that is empty may belong to a program that is about to begin.
        hint = "give a file as SSLKEYLOGFILE and openssl -keylogfile make it, with lines of CLIENT_RANDOM"
        raise AtshellError(f"there is no secret in the key log {path}", hint)
    return masters, traffic


def _of_line(line: bytes) -> Master | None:
    match = _CLIENT_RANDOM.fullmatch(line)
    return (bytes.fromhex(match[1].decode()), bytes.fromhex(match[2].decode())) if match is not None else None


def _traffic_of_line(line: bytes) -> Traffic | None:
    match = _TRAFFIC.fullmatch(line)
    if match is None:
        return None
    return match[1].decode(), bytes.fromhex(match[2].decode()), bytes.fromhex(match[3].decode())
