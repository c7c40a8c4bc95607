from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from atshell_lwm2m.dtls.fragments import Fragments, HandshakeMessage
from atshell_lwm2m.dtls.handshake import Handshake
from atshell_lwm2m.dtls.hello import client_hello
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.sessions import Sessions

Peers = Callable[..., Any]


def said(both: Any) -> list[tuple[str, HandshakeMessage]]:
    return [
        (where, message)
        for where, data in both
        if data[0] == 22 and data[3:5] == b"\0\0"
        for message in Fragments().take(0, data[13:])
    ]


def listen(both: Any, leave: tuple[int, ...] = ()) -> Handshake:
    """``leave``: kinds of messages that are not in the capture."""
    (_, first), *rest = said(both)
    hello = client_hello(first.body)
    assert hello is not None
    handshake = Handshake(hello, first)
    for where, message in rest:
        if message.kind not in leave:
            handshake.take(message, where == ">")
    return handshake


@pytest.mark.parametrize("extended", [True, False])
def test_the_master_secret(peers: Peers, psk: tuple[bytes, bytes], extended: bool) -> None:
    both = peers(extended=extended).handshake()
    handshake = listen(both)
    assert handshake.masters(Keys([psk]), Sessions()) == [both.master]
    assert handshake.identity == psk[0]


def test_messages_that_come_twice_or_late_change_nothing(peers: Peers, psk: tuple[bytes, bytes]) -> None:
    both = peers().handshake()
    handshake = listen(both, leave=(14,))
    assert handshake.masters(Keys([psk]), Sessions()) == []
    assert "needs every message" in handshake.reason(Keys([psk]), tried=False).text
    changed = [handshake.take(message, where == ">") for where, message in said(both)]
    assert changed.count(True) == 1
    assert handshake.masters(Keys([psk]), Sessions()) == [both.master]


def test_a_key_log_comes_first(peers: Peers, psk: tuple[bytes, bytes]) -> None:
    both = peers().handshake()
    keys = Keys([psk], [(both.client_random, b"logged")])
    assert listen(both).masters(keys, Sessions()) == [b"logged", both.master]


@pytest.mark.parametrize(
    ("suite", "leave", "words"),
    [
        (0xC0A8, (), ("no-key", "no key for identity urn:imei:867787050001234 (--psk)")),
        (0xC0A8, (2,), ("no-handshake", "Server Hello is missing")),
        (0xC0A8, (16,), ("no-handshake", "Client Key Exchange is missing")),
        (0xC037, (), ("no-key", "no key log for identity")),
        (0x00B0, (), ("suite-not-supported", "the suite TLS_PSK_WITH_NULL_SHA256 is not supported")),
    ],
)
def test_reasons(peers: Peers, suite: int, leave: tuple[int, ...], words: tuple[str, str]) -> None:
    reason = listen(peers(suite).handshake(), leave).reason(Keys(), tried=False)
    assert reason.id == words[0]
    assert words[1] in reason.text


def test_an_identity_is_shown_safely(peers: Peers) -> None:
    reason = listen(peers(identity=b"\x1b[31m\xff" + b"x" * 100).handshake()).reason(Keys(), tried=False)
    assert "\x1b" not in reason.text
    assert len(reason.text) < 120


def test_a_flood_of_messages_is_capped(peers: Peers) -> None:
    handshake = listen(peers().handshake())
    kept = [handshake.take(HandshakeMessage(11, number, bytes(1000)), False) for number in range(5, 500)]
    assert sum(kept) < 35
