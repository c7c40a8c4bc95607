from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.capture.reader import datagrams
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.opener import DtlsOpener
from atshell_lwm2m.dtls.unshown import MAX_TOLD, Unshown, begins

CLIENT, SERVER = "10.8.0.7:1", "117.161.2.7:40000"
ENDS = {">": (CLIENT, SERVER), "<": (SERVER, CLIENT)}
Peers = Callable[..., Any]
CAPTURES = Path(__file__).parent.parent / "captures"


def told_of(talk: list[tuple[str, bytes]], keys: Keys | None = None) -> list[str]:
    told: list[str] = []
    unshown, opener = Unshown(told.append), DtlsOpener(keys) if keys is not None else None
    for where, data in talk:
        unshown.take(*ENDS[where], data, opener.look(*ENDS[where], data) if opener is not None else None)
    return told


def test_without_a_key_it_is_told_once(peers: Peers) -> None:
    talk = peers().handshake().said
    assert told_of(talk * 2) == [
        f"DTLS between {CLIENT} and {SERVER} is not shown: no key is given (--psk or --keylog); "
        "--port 40000 shows its records"
    ]


def test_with_another_key_it_is_told_why(peers: Peers) -> None:
    (told,) = told_of(peers().handshake().said, Keys([(b"other", b"1234")]))
    assert "not shown: no key for identity urn:imei:867787050001234 (--psk); --port 40000" in told


def test_an_alert_tells_why(peers: Peers) -> None:
    both = peers()
    both.say(">", 22, both.message(">", 1, both.hellos()[0]))
    both.say("<", 21, b"\2\x73")
    (told,) = told_of(both.said, Keys([(b"other", b"1234")]))
    assert "is not shown: fatal alert (unknown PSK identity); " in told


def test_what_can_be_opened_is_not_told(peers: Peers, psk: tuple[bytes, bytes]) -> None:
    both = peers().handshake()
    both.say(">", 23, b"\x40\x01\x00\x01")
    assert told_of(both.said, Keys([psk])) == []


def test_other_dtls_is_not_told(peers: Peers) -> None:
    both = peers(suite=0xC02B)  # ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    assert told_of([(">", both.say(">", 22, both.message(">", 1, both.hellos()[0])))]) == []
    both = peers(extended=False, outside=False)
    media = both.hellos()[0][:-2] + bytes.fromhex("0009 000e 0005 0002 0001 00")
    assert told_of([(">", both.say(">", 22, both.message(">", 1, media)))]) == []
    assert told_of([(">", both.record(">", 23, b"1234"))]) == []


def test_many_servers(peers: Peers) -> None:
    both = peers()
    hello = both.say(">", 22, both.message(">", 1, both.hellos()[0]))
    told: list[str] = []
    unshown = Unshown(told.append)
    for number in range(40):
        unshown.take(CLIENT, f"117.161.2.{number}:40000", hello)
    assert len(told) == MAX_TOLD + 1
    assert told[-1] == f"DTLS with more than {MAX_TOLD} servers on other ports is not shown either"


def test_who_speaks_to_itself_and_who_was_forgotten(peers: Peers, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = peers().handshake().said
    told: list[str] = []
    unshown = Unshown(told.append)
    unshown.take(SERVER, SERVER, talk[0][1])
    assert len(told) == 1
    monkeypatch.setattr("atshell_lwm2m.dtls.unshown.MAX_WAITING", 3)
    opener = DtlsOpener(Keys([(b"other", b"1234")]))
    unshown = Unshown(told.append)
    for client in ("10.8.0.8:1", "10.8.0.9:1"):
        for where, data in talk:
            src, dst = (client, "b:1") if where == ">" else ("b:1", client)
            unshown.take(src, dst, data, opener.look(src, dst, data) if data is not talk[-1][1] else None)
    assert len(told) == 2


@pytest.mark.parametrize("name", ["openssl_dtls12_psk_ccm8", "dtls/ecdhe_psk", "dtls/fragmented", "dtls/ccm"])
def test_openssl_says_so(name: str) -> None:
    first = next(datagrams(CAPTURES / f"{name}.pcap", lambda _: None))
    assert begins(first[3])


@given(st.binary(max_size=90), st.binary(max_size=90))
def test_any_bytes(data: bytes, more: bytes) -> None:
    begins(data)
    begins(b"\x16\xfe\xfd" + bytes(8) + (len(data) + 12).to_bytes(2, "big") + b"\1" + bytes(11) + data + more)
