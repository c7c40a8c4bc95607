"""TLS 1.3 opened with the traffic secrets of a key log (RFC 8446 sections 5.2, 7.1 to 7.3).

A pre-shared key alone does not open it, for nearly every handshake mixes in an ephemeral exchange: then it says that a
key log is needed.
"""

from __future__ import annotations

import hashlib
import hmac

from atshell_lwm2m.dtls.handshake import Reason
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.records import MESSAGES, Record

_FINISHED, _KEY_UPDATE = 20, 24
MAX_SKIPPED = 64
# Suite (RFC 8446 section B.4) -> its name, hash, bytes of a key, bytes of the tag.
SUITES = {
    0x1301: ("TLS_AES_128_GCM_SHA256", "sha256", 16, "GCM"),
    0x1302: ("TLS_AES_256_GCM_SHA384", "sha384", 32, "GCM"),
    0x1303: ("TLS_CHACHA20_POLY1305_SHA256", "sha256", 32, "CHACHA20"),
    0x1304: ("TLS_AES_128_CCM_SHA256", "sha256", 16, "CCM"),
    0x1305: ("TLS_AES_128_CCM_8_SHA256", "sha256", 16, "CCM_8"),
}
_IV = 12
Plain = tuple[int, bytes]
"""Content type and bytes."""


def expand_label(digest: str, secret: bytes, label: bytes, length: int) -> bytes:
    """HKDF-Expand-Label without a context (RFC 8446 section 7.1, RFC 5869 section 2.3)."""
    label = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes([len(label)]) + label + b"\0"
    out, block = b"", b""
    while len(out) < length:
        block = hmac.digest(secret, block + info + bytes([len(out) // hashlib.new(digest).digest_size + 1]), digest)
        out += block
    return out[:length]


class _Sealed:
    """The records under one traffic secret."""

    def __init__(self, suite: int, secret: bytes) -> None:
        from atshell_lwm2m.dtls.protection import cipher

        _, self.digest, size, mode = SUITES[suite]
        self.secret, self.number = secret, 0
        self._cipher = cipher(mode, expand_label(self.digest, secret, b"key", size))
        self._iv = int.from_bytes(expand_label(self.digest, secret, b"iv", _IV), "big")

    def open(self, record: Record, reach: int) -> Plain | None:
        from cryptography.exceptions import InvalidTag

        head = bytes([record.content]) + record.version + len(record.body).to_bytes(2, "big")
        for number in range(self.number, self.number + reach):
            try:
                plain = self._cipher.decrypt((self._iv ^ number).to_bytes(_IV, "big"), record.body, head)
            except (InvalidTag, ValueError):
                continue
            self.number = number + 1
            inner = plain.rstrip(b"\0")
            return (inner[-1], inner[:-1]) if inner else (0, b"")
        return None


class Modern:
    """The sealed part of one connection."""

    def __init__(self, keys: Keys, suite: int, client_random: bytes, client_side: bool) -> None:
        self._suite, self._client_side = suite, client_side
        secrets = keys.traffic(client_random)
        self._secrets = {
            (from_client, phase): secrets.get(f"{who}_{what}")
            for from_client, who in ((True, "CLIENT"), (False, "SERVER"))
            for phase, what in ((0, "HANDSHAKE_TRAFFIC_SECRET"), (1, "TRAFFIC_SECRET_0"))
        }
        self.keyed = suite in SUITES and any(self._secrets.values())
        self._now: dict[bool, _Sealed | None] = {}
        self._phase = {True: 0, False: 0}

    @property
    def reason(self) -> Reason:
        if self._suite not in SUITES:
            return Reason("suite-not-supported", f"the suite 0x{self._suite:04X} is not supported")
        if not self.keyed:
            return Reason("no-key", f"TLS 1.3 ({SUITES[self._suite][0]}) needs the secrets of a key log (--keylog)")
        return Reason("wrong-key", "the key log's secrets do not fit: the tag fails")

    def open(self, side: bool, record: Record) -> Plain | None:
        if not self.keyed:
            return None
        from_client = side == self._client_side
        now = self._now.get(from_client) or self._enter(from_client, self._phase[from_client])
        plain = now.open(record, MAX_SKIPPED) if now is not None else None
        if plain is None and not self._phase[from_client]:
            # The Finished is not in the capture: it may be application data already.
            later = self._enter(from_client, 1)
            plain = later.open(record, MAX_SKIPPED) if later is not None else None
            if plain is None:
                self._now[from_client] = now
                return None
            self._phase[from_client] = 1
        return plain

    def _enter(self, from_client: bool, phase: int) -> _Sealed | None:
        secret = self._secrets[from_client, phase]
        self._now[from_client] = _Sealed(self._suite, secret) if secret is not None else None
        return self._now[from_client]

    def said(self, side: bool, body: bytes) -> list[str]:
        """The names of handshake messages; what they change for the records behind them."""
        from_client, names, at = side == self._client_side, list[str](), 0
        while at + 4 <= len(body):
            kind = body[at]
            names.append("Key Update" if kind == _KEY_UPDATE else MESSAGES.get(kind, "handshake"))
            now = self._now.get(from_client)
            if kind == _FINISHED and not self._phase[from_client]:
                self._phase[from_client] = 1
                self._enter(from_client, 1)
            elif kind == _KEY_UPDATE and now is not None:
                size = hashlib.new(now.digest).digest_size
                secret = expand_label(now.digest, now.secret, b"traffic upd", size)
                self._now[from_client] = _Sealed(self._suite, secret)
            at += 4 + int.from_bytes(body[at + 1 : at + 4], "big")
        return names
