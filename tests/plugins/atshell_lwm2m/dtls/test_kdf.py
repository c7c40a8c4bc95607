from __future__ import annotations

from atshell_lwm2m.dtls.kdf import extended_master_secret, key_block, master_secret, prf, psk_premaster


def test_prf() -> None:
    """The vector for P_SHA256 that the IETF's TLS list has (mailarchive.ietf.org, "TLS 1.2 PRF test vectors")."""
    secret = bytes.fromhex("9bbe436ba940f017b17652849a71db35")
    seed = bytes.fromhex("a0ba9f936cda311827a6f796ffd5198c")
    found = prf("sha256", secret, b"test label", seed, 100)
    assert found.hex().startswith("e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a")
    assert len(found) == 100


def test_premaster() -> None:
    assert psk_premaster(b"abc").hex() == "0003000000" + "0003616263"


def test_secrets_differ_by_all_that_goes_in() -> None:
    a, b = bytes(32), bytes([1]) * 32
    assert len({master_secret("sha256", b"k", a, b), master_secret("sha256", b"k", b, a)}) == 2
    assert len(extended_master_secret("sha384", b"k", b"said")) == 48
    assert key_block("sha256", b"m", a, b, 40) == prf("sha256", b"m", b"key expansion", b + a, 40)
