"""A DTLS 1.2 client and server on paper, that seal what they say: written against the RFCs beside the source, and
checked by tshark, which reads what they say in ``captures/dtls/cid_*.pcap``."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

CCM8, GCM, CBC, ECDHE_CBC = 0xC0A8, 0x00A8, 0x00AE, 0xC037
IDENTITY, KEY = b"urn:imei:867787050001234", bytes(range(16))
Talk = list[tuple[str, bytes]]
"""Direction (``>`` to the server) and datagram."""


def expand(secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """P_SHA256 (RFC 5246 section 5)."""
    seed, parts = label + seed, list[bytes]()
    a = hmac.new(secret, seed, hashlib.sha256).digest()
    while 32 * len(parts) < length:
        parts.append(hmac.new(secret, a + seed, hashlib.sha256).digest())
        a = hmac.new(secret, a, hashlib.sha256).digest()
    return b"".join(parts)[:length]


def vector(size: int, data: bytes) -> bytes:
    return len(data).to_bytes(size, "big") + data


class Peers:
    """Both of them, for one handshake; what they say is in ``said``."""

    def __init__(
        self,
        suite: int = CCM8,
        identity: bytes = IDENTITY,
        key: bytes = KEY,
        *,
        seed: int = 1,
        extended: bool = True,
        outside: bool = True,
        cids: tuple[bytes, bytes] | None = None,
        draft: int = 0,
        resume: bytes = b"",
        master: bytes | None = None,
        session: bytes = b"",
    ) -> None:
        """``cids``: what the client and what the server want to receive, said with the extension of RFC 9146 or
        that of a ``draft``. ``resume`` is a session ID, with its ``master``."""
        self.suite, self.identity, self.key, self.extended, self.outside = suite, identity, key, extended, outside
        self.draft = draft
        self.cids, self.resume, self.session = cids, resume, session or resume
        self.client_random, self.server_random = bytes([seed]) * 32, bytes([seed + 100]) * 32
        self.master = master
        self.said: Talk = []
        self.hashed = b""
        self.epoch = 0
        self._numbers = {">": [0, 0, 0, 0], "<": [0, 0, 0, 0]}
        self._sequence = {">": 0, "<": 0}

    # Messages

    def message(self, where: str, kind: int, body: bytes) -> bytes:
        sequence = self._sequence[where].to_bytes(2, "big")
        self._sequence[where] += 1
        length = len(body).to_bytes(3, "big")
        whole = bytes([kind]) + length + sequence + bytes(3) + length + body
        self.hashed += whole
        return whole

    def hellos(self) -> tuple[bytes, bytes]:
        extensions = b"\0\x17\0\0" * self.extended + b"\0\x16\0\0" * self.outside
        number = (self.draft or 54).to_bytes(2, "big")
        ours, theirs = (number + vector(2, vector(1, one)) if self.cids else b"" for one in self.cids or (b"", b""))
        suite = self.suite.to_bytes(2, "big")
        start = b"\xfe\xfd" + self.client_random + vector(1, self.resume) + b"\0"
        client = start + vector(2, suite) + b"\1\0" + vector(2, extensions + ours)
        begin = b"\xfe\xfd" + self.server_random + vector(1, self.session)
        return client, begin + suite + b"\0" + vector(2, extensions + theirs)

    def exchange(self) -> bytes:
        return vector(2, self.identity) + (b"\x41" + b"\4" * 65 if self.suite == ECDHE_CBC else b"")

    def handshake(self) -> Peers:
        """All of it, each message in a datagram of its own."""
        client, server = self.hellos()
        self.say(">", 22, self.message(">", 1, client))
        self.say("<", 22, self.message("<", 2, server))
        if self.master is None:
            self.say("<", 22, self.message("<", 14, b""))
            self.say(">", 22, self.message(">", 16, self.exchange()))
            self.master = self._master()
        for where in "><":
            self.epoch = 0
            self.say(where, 20, b"\1")
            self.epoch = 1
            self.say(where, 22, self.message(where, 20, bytes(12)))
        return self

    def _master(self) -> bytes:
        size = len(self.key)
        premaster = vector(2, bytes(size)) + vector(2, self.key)
        if self.extended:
            return expand(premaster, b"extended master secret", hashlib.sha256(self.hashed).digest(), 48)
        return expand(premaster, b"master secret", self.client_random + self.server_random, 48)

    # Records

    def say(self, where: str, content: int, body: bytes) -> bytes:
        self.said.append((where, self.record(where, content, body)))
        return self.said[-1][1]

    def record(self, where: str, content: int, body: bytes) -> bytes:
        count = self._numbers[where][self.epoch]
        self._numbers[where][self.epoch] += 1
        number = self.epoch.to_bytes(2, "big") + count.to_bytes(6, "big")
        if self.epoch == 0:
            return bytes([content]) + b"\xfe\xfd" + number + vector(2, body)
        cid = self.cids[where == ">"] if self.cids else b""
        if cid:
            content, body = 25, body + bytes([content]) + bytes(3)
        head = bytes([content]) + b"\xfe\xfd" + number + cid
        return head + vector(2, self.sealed(where, content, number, cid, body))

    def _header(self, content: int, number: bytes, cid: bytes, length: int) -> bytes:
        if cid and self.draft:
            return number + b"\x19\xfe\xfd" + cid + bytes([len(cid)]) + length.to_bytes(2, "big")
        if cid:
            placeholder = b"\xff" * 8 + b"\x19" + bytes([len(cid)]) + b"\x19\xfe\xfd"
            return placeholder + number + cid + length.to_bytes(2, "big")
        return number + bytes([content]) + b"\xfe\xfd" + length.to_bytes(2, "big")

    def sealed(self, where: str, content: int, number: bytes, cid: bytes, body: bytes) -> bytes:
        mac, size = (32, 0) if self.suite in (CBC, ECDHE_CBC) else (0, 4)
        block = expand(self.master or b"", b"key expansion", self.server_random + self.client_random, 200)
        second = where == "<"
        key = block[2 * mac + 16 * second :][:16]
        if not mac:
            salt = block[32 + size * second :][:size]
            cipher = AESGCM(key) if self.suite == GCM else AESCCM(key, 8)
            return number + cipher.encrypt(salt + number, body, self._header(content, number, cid, len(body)))
        return self._cbc(block[mac * second :][:mac], key, content, number, cid, body)

    def _cbc(self, mac_key: bytes, key: bytes, content: int, number: bytes, cid: bytes, body: bytes) -> bytes:
        def tag(data: bytes) -> bytes:
            return hmac.new(mac_key, self._header(content, number, cid, len(data)) + data, hashlib.sha256).digest()

        iv = hashlib.sha256(number).digest()[:16]
        data = body if self.outside else body + tag(body)
        padding = 15 - len(data) % 16
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        data = iv + encryptor.update(data + bytes([padding]) * (padding + 1)) + encryptor.finalize()
        return data + tag(data) if self.outside else data

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return iter(self.said)


@pytest.fixture(name="peers")
def _peers() -> Callable[..., Peers]:
    return Peers


@pytest.fixture
def psk() -> tuple[bytes, bytes]:
    return IDENTITY, KEY
