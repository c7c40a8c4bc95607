"""How the records of one direction of one epoch are opened: AEAD (RFC 5288, 6655, 7905), or CBC with its MAC inside
(RFC 5246 section 6.2.3.2) or outside (RFC 7366); with a connection ID each authenticates more (RFC 9146 section 5).

``cryptography`` is imported when the first key is made, so that a capture without keys does not wait for it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Protocol

from atshell_lwm2m.dtls.kdf import key_block
from atshell_lwm2m.dtls.records import CONNECTION_ID, Record
from atshell_lwm2m.dtls.suites import Suite

_TAGS = {"CCM": 16, "CCM_8": 8, "GCM": 16, "CHACHA20": 16}
_BLOCK = 16
_EXPLICIT = 8
"""Bytes of the nonce that an AES record brings."""
_PLACEHOLDER = b"\xff" * 8

Opener = Callable[[Record], bytes | None]
"""The plain bytes of a record, None when they are not authentic."""
Header = Callable[[Record, int], bytes]
"""What is authenticated beside so many bytes of data."""


class _Aead(Protocol):
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


def record_header(record: Record, length: int) -> bytes:
    """What is authenticated beside the data. An AEAD's and a MAC's are the same (RFC 5246 sections 6.2.3.1, 6.2.3.3;
    RFC 9146 sections 5.1 to 5.3)."""
    size = length.to_bytes(2, "big")
    if record.content != CONNECTION_ID:
        return record.number + bytes([record.content]) + record.version + size
    head = bytes([CONNECTION_ID, len(record.cid), CONNECTION_ID])
    return _PLACEHOLDER + head + record.version + record.number + record.cid + size


def draft_header(record: Record, length: int) -> bytes:
    """The same before RFC 9146 was done (draft-ietf-tls-dtls-connection-id-05 section 5)."""
    head = record.number + bytes([record.content]) + record.version
    if record.content == CONNECTION_ID:
        head += record.cid + bytes([len(record.cid)])
    return head + length.to_bytes(2, "big")


def openers(
    suite: Suite,
    encrypt_then_mac: bool,
    master: bytes,
    client_random: bytes,
    server_random: bytes,
    header: Header = record_header,
) -> tuple[Opener, Opener]:
    """For the records of the client, and for those of the server."""
    sizes = [suite.mac_key, suite.mac_key, suite.key, suite.key, suite.iv, suite.iv]
    block = key_block(suite.prf, master, client_random, server_random, sum(sizes))
    parts = []
    for size in sizes:
        parts.append(block[:size])
        block = block[size:]
    make = _cbc if suite.cipher == "CBC" else _aead
    return make(suite, encrypt_then_mac, header, *parts[0::2]), make(suite, encrypt_then_mac, header, *parts[1::2])


def _aead(suite: Suite, _outside: bool, header: Header, _mac_key: bytes, key: bytes, iv: bytes) -> Opener:
    from cryptography.exceptions import InvalidTag

    aead, tag = cipher(suite.cipher, key), _TAGS[suite.cipher]
    explicit = 0 if suite.cipher == "CHACHA20" else _EXPLICIT

    def opened(record: Record) -> bytes | None:
        length = len(record.body) - explicit - tag
        if length < 0:
            return None
        nonce = iv + record.body[:explicit] if explicit else _counted(iv, record.number)
        try:
            return aead.decrypt(nonce, record.body[explicit:], header(record, length))
        except (InvalidTag, ValueError):
            return None

    return opened


def _counted(iv: bytes, number: bytes) -> bytes:
    """RFC 7905 section 2: the record's number is added to the IV without carry."""
    return (int.from_bytes(iv, "big") ^ int.from_bytes(number, "big")).to_bytes(len(iv), "big")


def cipher(mode: str, key: bytes) -> _Aead:
    from cryptography.hazmat.primitives.ciphers import aead

    if mode == "GCM":
        return aead.AESGCM(key)
    if mode == "CHACHA20":
        return aead.ChaCha20Poly1305(key)
    return aead.AESCCM(key, tag_length=_TAGS[mode])


def _cbc(suite: Suite, outside: bool, header: Header, mac_key: bytes, key: bytes, _iv: bytes) -> Opener:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    size = suite.mac_key

    def authentic(record: Record, data: bytes, mac: bytes) -> bool:
        expected = hmac.digest(mac_key, header(record, len(data)) + data, suite.mac)
        return hmac.compare_digest(mac, expected)

    def decrypted(data: bytes) -> bytes | None:
        """Without the padding, each byte of which is its length (RFC 5246 section 6.2.3.2)."""
        if len(data) < 2 * _BLOCK or len(data) % _BLOCK:
            return None
        cipher = Cipher(algorithms.AES(key), modes.CBC(data[:_BLOCK])).decryptor()
        plain = cipher.update(data[_BLOCK:]) + cipher.finalize()
        padding = plain[-1] + 1
        return plain[:-padding] if plain[-padding:] == bytes([padding - 1]) * padding else None

    def mac_outside(record: Record) -> bytes | None:
        data, mac = record.body[:-size], record.body[-size:]
        return decrypted(data) if authentic(record, data, mac) else None

    def mac_inside(record: Record) -> bytes | None:
        data = decrypted(record.body)
        if data is None or len(data) < size:
            return None
        return data[:-size] if authentic(record, data[:-size], data[-size:]) else None

    return mac_outside if outside else mac_inside
