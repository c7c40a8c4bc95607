from __future__ import annotations

import pytest

from atshell_lwm2m.capture.frames import addresses, turned

V4 = bytes([10, 0, 0, 1, 10, 0, 0, 2]) + (5683).to_bytes(2, "big") + (40000).to_bytes(2, "big")
V6 = bytes.fromhex("20010db8" + "00" * 11 + "01" + "fe80" + "00" * 13 + "02") + V4[-4:]


@pytest.mark.parametrize(
    ("key", "shown"),
    [(V4, ("10.0.0.1:5683", "10.0.0.2:40000")), (V6, ("[2001:db8::1]:5683", "[fe80::2]:40000"))],
    ids=["IPv4", "IPv6"],
)
def test_addresses(key: bytes, shown: tuple[str, str]) -> None:
    assert addresses(key) == shown
    assert addresses(turned(key)) == shown[::-1]
    assert turned(turned(key)) == key
