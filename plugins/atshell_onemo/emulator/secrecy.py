"""DTLS as the module does it: suites, identity and key, and addresses that age (sections 4.6, 4.8 and 5.2)."""

from __future__ import annotations

from atshell_lwm2m.endpoint.dtls.security import CBC_SHA256, CCM8, Credentials
from atshell_onemo.emulator.model import LwDevice

_WITH_CCM8 = frozenset({"MN319"})
"""Section 4.6. The ML models, of which it says nothing, have the suite that all others have."""
LEAST_AGE = 60
"""Seconds of AT+MIPLDTLSNAT; 0 is for never (section 4.8)."""


def suites(model: str) -> tuple[str, ...]:
    """In the manual's order."""
    return (CBC_SHA256, CCM8) if model in _WITH_CCM8 else (CBC_SHA256,)


def credentials(device: LwDevice, name: str) -> Credentials:
    """The platform's default identity, which is meant where none is set, is taken to be the endpoint name: sections
    5.4 and 5.7 want one set where the name is not the IMEI."""
    key = bytes.fromhex(device.psk) if device.psk_hex else device.psk.encode()
    return Credentials((device.psk_id or name).encode("utf-8", "surrogateescape"), key)


def shown(key: bytes) -> str:
    """A key that a bootstrap gave, as AT+MIPLDEVINFO prints it."""
    text = key.decode("latin-1")
    return text if text.isascii() and text.isprintable() and '"' not in text else key.hex()
