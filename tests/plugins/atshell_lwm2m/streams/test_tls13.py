"""RFC 8448 section 3: a handshake with all of its secrets, as the authors of TLS 1.3 worked it out."""

from __future__ import annotations

import pytest

from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.records import Record
from atshell_lwm2m.streams.tls13 import Modern, expand_label

SECRET = bytes.fromhex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")
"""The server's handshake traffic secret."""


def test_keys_of_a_secret() -> None:
    assert expand_label("sha256", SECRET, b"key", 16).hex() == "3fce516009c21727d0f2e4e86ee403bc"
    assert expand_label("sha256", SECRET, b"iv", 12).hex() == "5d313eb2671276ee13000b30"


@pytest.mark.parametrize(
    ("suite", "secrets", "ident"),
    [(0x1301, [], "no-key"), (0x9999, [], "suite-not-supported"), (0x1301, [SECRET], "wrong-key")],
)
def test_why_not(suite: int, secrets: list[bytes], ident: str) -> None:
    traffic = [("SERVER_HANDSHAKE_TRAFFIC_SECRET", bytes(32), secret) for secret in secrets]
    modern = Modern(Keys(traffic=traffic), suite, bytes(32), client_side=True)
    assert modern.open(False, Record(23, b"\3\3", bytes(8), b"", bytes(40))) is None
    assert modern.reason.id == ident


def test_any_handshake_bytes() -> None:
    modern = Modern(Keys(), 0x1301, bytes(32), client_side=True)
    assert modern.said(True, bytes.fromhex("1400000018000001")) == ["Finished", "Key Update"]
