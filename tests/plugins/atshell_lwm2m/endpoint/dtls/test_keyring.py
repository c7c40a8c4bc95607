from __future__ import annotations

from atshell_lwm2m.endpoint.dtls.keyring import LENGTH, MAX_TOLD, Keyring


def test_known_keys_stay():
    ring = Keyring({b"a": b"key"}.get)
    ring.tell(b"a", b"other")
    assert ring.find(b"a") == b"key"
    assert ring.issue(b"a") == b"key"
    assert ring.find(b"b") is None


def test_a_bootstrap_makes_a_new_key_each_time():
    ring = Keyring()
    first, second = ring.issue(b"a"), ring.issue(b"a")
    assert first != second
    assert len(second) == LENGTH
    assert second.isalnum()
    assert ring.find(b"a") == second
    ring.tell(b"a", b"mine")
    assert ring.find(b"a") == b"mine"
    assert "mine" not in repr(ring)


def test_the_oldest_is_forgotten():
    ring = Keyring()
    for number in range(MAX_TOLD + 1):
        ring.tell(b"%d" % number, b"key")
    assert ring.find(b"0") is None
    assert ring.find(b"1") == b"key"
