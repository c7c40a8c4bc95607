"""Cipher suites: what each needs, by its number (IANA's TLS registry). The name says it all, so the table holds names.

PSK: RFC 4279, 5487, 6655; ECDHE_PSK: RFC 5489, 8442; ChaCha20: RFC 7905; ECDHE_ECDSA with CCM: RFC 7251. Those without
a pre-shared key are here because a key log opens them as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMES = {
    0x008C: "TLS_PSK_WITH_AES_128_CBC_SHA",
    0x008D: "TLS_PSK_WITH_AES_256_CBC_SHA",
    0x00A8: "TLS_PSK_WITH_AES_128_GCM_SHA256",
    0x00A9: "TLS_PSK_WITH_AES_256_GCM_SHA384",
    0x00AA: "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256",
    0x00AB: "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384",
    0x00AE: "TLS_PSK_WITH_AES_128_CBC_SHA256",
    0x00AF: "TLS_PSK_WITH_AES_256_CBC_SHA384",
    0x00B2: "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256",
    0x00B3: "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384",
    0xC023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    0xC02B: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    0xC02C: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    0xC035: "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA",
    0xC036: "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA",
    0xC037: "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256",
    0xC038: "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384",
    0xC0A4: "TLS_PSK_WITH_AES_128_CCM",
    0xC0A5: "TLS_PSK_WITH_AES_256_CCM",
    0xC0A6: "TLS_DHE_PSK_WITH_AES_128_CCM",
    0xC0A7: "TLS_DHE_PSK_WITH_AES_256_CCM",
    0xC0A8: "TLS_PSK_WITH_AES_128_CCM_8",
    0xC0A9: "TLS_PSK_WITH_AES_256_CCM_8",
    0xC0AA: "TLS_PSK_DHE_WITH_AES_128_CCM_8",
    0xC0AB: "TLS_PSK_DHE_WITH_AES_256_CCM_8",
    0xC0AC: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
    0xC0AD: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
    0xC0AE: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
    0xC0AF: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
    0xCCA9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    0xCCAB: "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256",
    0xCCAC: "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
    0xD001: "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
    0xD002: "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384",
    0xD003: "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
    0xD005: "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256",
}
# Known well enough to be called by their names where they are met.
_UNSUPPORTED = {
    0x002C: "TLS_PSK_WITH_NULL_SHA",
    0x008A: "TLS_PSK_WITH_RC4_128_SHA",
    0x008B: "TLS_PSK_WITH_3DES_EDE_CBC_SHA",
    0x00B0: "TLS_PSK_WITH_NULL_SHA256",
    0x00B1: "TLS_PSK_WITH_NULL_SHA384",
    0xC03A: "TLS_ECDHE_PSK_WITH_NULL_SHA256",
    0xC064: "TLS_PSK_WITH_ARIA_128_CBC_SHA256",
    0xC06A: "TLS_PSK_WITH_ARIA_128_GCM_SHA256",
    0xC08E: "TLS_PSK_WITH_CAMELLIA_128_GCM_SHA256",
    0xC094: "TLS_PSK_WITH_CAMELLIA_128_CBC_SHA256",
}
_PARTS = re.compile(r"TLS_(\w+)_WITH_(?:AES_(128|256)_(CCM_8|CCM|GCM|CBC)|(CHACHA20)_POLY1305)(?:_(SHA\d*))?")
_MAC = {"SHA": ("sha1", 20), "SHA256": ("sha256", 32), "SHA384": ("sha384", 48)}


@dataclass(frozen=True, slots=True)
class Suite:
    name: str
    exchange: str
    """``PSK``, ``ECDHE_PSK`` …"""
    cipher: str
    """``CCM``, ``CCM_8``, ``GCM``, ``CBC`` or ``CHACHA20``."""
    key: int
    """Bytes of a key."""
    iv: int
    """Bytes of the part of the nonce that the key block gives; a CBC record brings its whole IV (RFC 5246)."""
    mac: str
    """The hash of a CBC suite's MAC."""
    mac_key: int
    """Bytes, and of the MAC itself as many."""
    prf: str
    """The hash of the pseudorandom function."""

    @property
    def psk_alone(self) -> bool:
        """Whether the pre-shared key is all that is secret."""
        return self.exchange == "PSK"

    @property
    def has_identity(self) -> bool:
        return "PSK" in self.exchange


def _read(name: str) -> Suite:
    match = _PARTS.fullmatch(name)
    if match is None:
        raise ValueError(name)
    exchange, bits, mode, chacha, digest = match.groups()
    prf = "sha384" if digest == "SHA384" else "sha256"
    if chacha:
        return Suite(name, exchange, chacha, 32, 12, "", 0, prf)
    mac, mac_key = _MAC[digest] if mode == "CBC" else ("", 0)
    return Suite(name, exchange, mode, int(bits) // 8, 0 if mode == "CBC" else 4, mac, mac_key, prf)


SUITES = {number: _read(name) for number, name in _NAMES.items()}


# TLS_AES_128_CCM_SHA256 and its _8, of TLS 1.3 (RFC 8446 appendix B.4): RFC 9147 has no other for small devices.
_SMALL_13 = frozenset({0x1304, 0x1305})


def is_of_things(number: int) -> bool:
    """Whether a suite is one of CoAP's (RFC 7252 section 9.1.3, RFC 7925): with a pre-shared key, or CCM. Browsers and
    phones offer none of these."""
    return number in _SMALL_13 or "PSK_" in suite_name(number) or "_CCM" in suite_name(number)


def suite_name(number: int) -> str:
    return _NAMES.get(number) or _UNSUPPORTED.get(number) or f"0x{number:04X}"
