from __future__ import annotations

from collections.abc import Callable
from typing import Any

from atshell_lwm2m.dtls.association import MAX_EPOCHS, Association
from atshell_lwm2m.dtls.fragments import Fragments, HandshakeMessage
from atshell_lwm2m.dtls.hello import client_hello
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.records import Record, split
from atshell_lwm2m.dtls.sessions import Sessions

Peers = Callable[..., Any]


def listen(both: Any, keys: Keys) -> Association:
    found: Association | None = None
    for where, data in both:
        if data[0] != 22 or data[3:5] != b"\0\0":
            continue
        for message in Fragments().take(0, data[13:]):
            hello = client_hello(message.body) if message.kind == 1 else None
            if hello is not None:
                found = Association(keys, Sessions(), hello, message, True)
            elif found is not None:
                found.handshake(0, message, where == ">")
    assert found is not None
    return found


def record(data: bytes) -> Record:
    (found,) = split(data, lambda _rest: 0)
    assert isinstance(found, Record)
    return found


def test_keys_are_made_when_a_record_needs_them(peers: Peers, psk: tuple[bytes, bytes]) -> None:
    both = peers().handshake()
    association = listen(both, Keys([psk]))
    assert not association.proven
    assert association.open(record(both.say(">", 23, b"data")), True) == (23, b"data")
    assert association.proven
    assert association.open(record(both.say("<", 23, b"data")), True) is None
    assert association.reason(1).id == "bad-record"
    assert association.reason(7).id == "no-handshake"


def test_of_several_keys_the_tag_chooses(peers: Peers, psk: tuple[bytes, bytes]) -> None:
    both = peers().handshake()
    keys = Keys([(psk[0], b"old"), psk, (b"*", b"any")])
    assert listen(both, keys).open(record(both.say(">", 23, b"data")), True) == (23, b"data")
    wrong = listen(both, Keys([(psk[0], b"old"), (b"*", b"any")]))
    assert wrong.open(record(both.said[-1][1]), True) is None
    assert wrong.reason(1).id == "wrong-key"


def test_handshakes_without_end_are_capped(peers: Peers, psk: tuple[bytes, bytes]) -> None:
    both = peers().handshake()
    association = listen(both, Keys([psk]))
    for epoch in range(1, 200):
        hello = peers(seed=epoch % 100 + 2).hellos()[0]
        association.handshake(epoch, HandshakeMessage(1, 0, hello), True)
    assert len(association._handshakes) <= MAX_EPOCHS + 1
    assert association.open(record(both.say(">", 23, b"data")), True) == (23, b"data")
