"""From a pre-shared key to the keys of the records (RFC 5246 sections 5, 6.3 and 8.1, RFC 4279, RFC 7627)."""

from __future__ import annotations

import hashlib
import hmac


def prf(digest: str, secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """RFC 5246 section 5."""
    seed = label + seed
    out, link = b"", seed
    while len(out) < length:
        link = hmac.digest(secret, link, digest)
        out += hmac.digest(secret, link + seed, digest)
    return out[:length]


def psk_premaster(key: bytes) -> bytes:
    """RFC 4279 section 2: as many zeros as the key is long, then the key, each with its length in front."""
    length = len(key).to_bytes(2, "big")
    return length + bytes(len(key)) + length + key


def master_secret(digest: str, premaster: bytes, client_random: bytes, server_random: bytes) -> bytes:
    return prf(digest, premaster, b"master secret", client_random + server_random, 48)


def extended_master_secret(digest: str, premaster: bytes, transcript: bytes) -> bytes:
    """RFC 7627 section 4; ``transcript`` is every handshake message up to the Client Key Exchange."""
    session_hash = hashlib.new(digest, transcript).digest()
    return prf(digest, premaster, b"extended master secret", session_hash, 48)


def key_block(digest: str, master: bytes, client_random: bytes, server_random: bytes, length: int) -> bytes:
    return prf(digest, master, b"key expansion", server_random + client_random, length)
