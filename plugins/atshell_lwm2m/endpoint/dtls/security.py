"""What DTLS is told from above: who a client is, and which suites it may use. Nothing here loads OpenSSL."""

from __future__ import annotations

from dataclasses import dataclass, field

CCM8, CBC_SHA256 = "PSK-AES128-CCM8", "PSK-AES128-CBC-SHA256"
"""OpenSSL's names of TLS_PSK_WITH_AES_128_CCM_8 (RFC 6655) and TLS_PSK_WITH_AES_128_CBC_SHA256 (RFC 5487)."""
SUITES = (CCM8, CBC_SHA256)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a client is. Neither is shown in a ``repr``."""

    identity: bytes = field(repr=False)
    key: bytes = field(repr=False)
