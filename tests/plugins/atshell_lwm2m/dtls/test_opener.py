from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.opener import MAX_CONVERSATIONS, MAX_EARLY, DtlsOpener, Opened

Peers = Callable[..., Any]
CLIENT, SERVER, MOVED = "10.8.0.7:1", "10.0.0.1:5684", "10.9.9.9:2"


def hear(opener: DtlsOpener, talk: Iterable[tuple[str, bytes]], client: str = CLIENT) -> list[Opened]:
    return [opener.take(*((client, SERVER) if where == ">" else (SERVER, client)), data) for where, data in talk]


def plain(found: list[Opened]) -> list[bytes]:
    return [data for one in found for data in one.plain]


def reasons(found: list[Opened]) -> list[str]:
    return [one.reason.id for one in found if one.reason is not None]


@pytest.fixture
def opener(psk: tuple[bytes, bytes]) -> DtlsOpener:
    return DtlsOpener(Keys([psk]))


def test_a_conversation(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    both.say(">", 23, b"ask")
    both.say("<", 23, b"answer")
    both.say("<", 21, b"\1\0")
    found = hear(opener, both)
    assert plain(found) == [b"ask", b"answer"]
    assert [one.text for one in found[:2]] == ["DTLS 1.2 Client Hello", "DTLS 1.2 Server Hello"]
    assert found[5].text == "DTLS 1.2 Finished"
    assert found[-1].text == "DTLS 1.2 alert (close notify)"
    assert reasons(found) == []


def test_several_records_in_a_datagram(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    hear(opener, both.said[:-1])
    (found,) = hear(opener, [("<", both.said[-1][1] + both.record("<", 23, b"one") + both.record("<", 23, b"two"))])
    assert (found.names, found.plain) == (["Finished"], [b"one", b"two"])


def test_duplicates_and_a_swapped_order(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    one, two = (both.say(">", 23, word) for word in (b"one", b"two"))
    shaken = both.said[:-2]
    shaken[1], shaken[2] = shaken[2], shaken[1]
    assert reasons(hear(opener, [turn for turn in shaken for _ in range(2)])) == []
    assert plain(hear(opener, [(">", two), (">", one), (">", two)])) == [b"two", b"one", b"two"]


def test_what_comes_before_its_keys_waits_for_them(opener: DtlsOpener, peers: Peers) -> None:
    """The Client Key Exchange is overtaken by what it is needed for."""
    both = peers().handshake()
    early = [both.say(">", 23, word) for word in (b"one", b"two")]
    hear(opener, both.said[:3])
    assert [opener.take(CLIENT, SERVER, data, whose=word).early for word, data in enumerate(early)] == [True, True]
    (found,) = hear(opener, both.said[3:4])
    assert found.late == [(0, b"one"), (1, b"two")]
    assert [one.late for one in hear(opener, both.said[4:])] == [[]] * 6


def test_few_wait(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    hear(opener, both.said[:3])
    waiting = [opener.take(CLIENT, SERVER, both.record(">", 23, b"x"), whose=n).early for n in range(MAX_EARLY + 5)]
    assert waiting == [True] * MAX_EARLY + [False] * 5


def test_nothing_waits_for_a_handshake_that_is_not_there(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    assert not opener.take(CLIENT, SERVER, both.record(">", 23, b"x"), whose=1).early


@pytest.mark.parametrize("number", [53, 254])
def test_connection_ids_as_in_the_drafts(opener: DtlsOpener, peers: Peers, number: int) -> None:
    both = peers(cids=(b"device", b"srv"), draft=number).handshake()
    hear(opener, both)
    talk = [(where, both.say(where, 23, word)) for where, word in ((">", b"here"), ("<", b"there"))]
    assert plain(hear(opener, talk, MOVED)) == [b"here", b"there"]


def test_resumption_by_session_id(opener: DtlsOpener, peers: Peers) -> None:
    first = peers(session=b"session").handshake()
    hear(opener, first)
    again = peers(seed=2, resume=b"session", master=first.master).handshake()
    again.say(">", 23, b"resumed")
    assert plain(hear(opener, again, MOVED)) == [b"resumed"]
    (reason,) = [one.reason for one in hear(DtlsOpener(Keys([(b"*", b"k")])), again) if one.reason]
    assert reason.text.startswith("a session is resumed whose handshake is not in the capture")


@pytest.mark.parametrize("cids", [(b"device", b"srv"), (b"", b"srv")])
def test_a_connection_id_survives_a_new_address(opener: DtlsOpener, peers: Peers, cids: tuple[bytes, bytes]) -> None:
    both = peers(cids=cids).handshake()
    hear(opener, both)
    talk = [(where, both.say(where, 23, word)) for where, word in ((">", b"here"), ("<", b"there"), (">", b"again"))]
    found = hear(opener, talk, MOVED)
    assert plain(found) == [b"here", b"there", b"again"]
    assert reasons(found) == []


def test_a_connection_id_that_nobody_knows(opener: DtlsOpener, peers: Peers) -> None:
    both = peers(cids=(b"device", b"srv")).handshake()
    (found,) = hear(opener, [(">", both.say(">", 23, b"x"))])
    assert (found.names, found.problem) == (["record with connection ID"], None)
    assert reasons([found]) == ["no-handshake"]


def test_a_spoofed_client_hello_shuts_nobody_out(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    hear(opener, both)
    for seed in range(2, 50):
        hear(opener, peers(seed=seed).handshake().said[:1])
    assert plain(hear(opener, [(">", both.say(">", 23, b"still here"))])) == [b"still here"]


def test_a_client_that_begins_again(opener: DtlsOpener, peers: Peers) -> None:
    hear(opener, peers().handshake())
    again = peers(seed=2).handshake()
    again.say("<", 23, b"new")
    assert plain(hear(opener, again)) == [b"new"]


def test_keys_of_two_servers(peers: Peers) -> None:
    opener = DtlsOpener(Keys([(b"bootstrap", b"one"), (b"server", b"two")]))
    for identity, key, client in ((b"bootstrap", b"one", CLIENT), (b"server", b"two", MOVED)):
        both = peers(identity=identity, key=key, seed=len(key) + len(identity)).handshake()
        both.say(">", 23, identity)
        assert plain(hear(opener, both, client)) == [identity]


def test_a_reason_is_told_once(peers: Peers) -> None:
    both = peers().handshake()
    for _ in range(5):
        both.say(">", 23, b"x")
    opener = DtlsOpener()
    found = hear(opener, both)
    assert reasons(found) == ["no-key"]
    assert reasons(hear(DtlsOpener(), both.said[-5:])) == ["no-handshake"]


def test_a_damaged_record(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    hear(opener, both)
    good = both.say(">", 23, b"good")
    found = hear(opener, [(">", good[:-1] + bytes([good[-1] ^ 1])), (">", good)])
    assert (reasons(found), plain(found)) == (["bad-record"], [b"good"])


def test_dtls_13_is_named(opener: DtlsOpener, peers: Peers) -> None:
    both = peers(extended=False, outside=False)
    client, server = both.hellos()
    both.say(">", 22, both.message(">", 1, client))
    both.say("<", 22, both.message("<", 2, server[:-2] + bytes.fromhex("0006002b0002fefc")))
    record = bytes.fromhex("2e0001000401020304")
    assert not opener.is_modern(SERVER, CLIENT)
    hear(opener, both)
    assert opener.is_modern(SERVER, CLIENT)
    (found,) = hear(opener, [("<", record)])
    assert found.text == "DTLS 1.3 encrypted record, 4 bytes"
    assert found.reason is not None
    assert found.reason.text == "DTLS 1.3 is named, not decrypted"


def test_conversations_are_capped(opener: DtlsOpener, peers: Peers) -> None:
    hello = peers().handshake().said[0][1]
    for number in range(MAX_CONVERSATIONS + 50):
        opener.take(f"10.0.0.2:{number}", SERVER, hello)
    assert len(opener._conversations) <= 2 * MAX_CONVERSATIONS


def test_hostile_records_cost_what_they_are_long(opener: DtlsOpener, peers: Peers) -> None:
    both = peers().handshake()
    hear(opener, both.said[:-2])
    junk = bytes.fromhex("17fefd0001000000000009001f") + bytes(31)
    start = time.perf_counter()
    for _ in range(500):
        opener.take(CLIENT, SERVER, both.said[1][1] + junk * 10)
    assert time.perf_counter() - start < 3


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.sampled_from("><"), st.integers(0, 8), st.binary(max_size=40), st.integers(0, 60)), max_size=12
    )
)
def test_any_datagrams(turns: list[tuple[str, int, bytes, int]]) -> None:
    """Pieces of a true handshake with anything in them, in any order."""
    opener = DtlsOpener(Keys([(b"*", bytes(range(16)))]))
    for where, number, junk, at in turns:
        good = SAID[number % len(SAID)]
        data = good[:at] + junk + good[at + len(junk) :]
        src, dst = (CLIENT, SERVER) if where == ">" else (SERVER, CLIENT)
        assert isinstance(opener.take(src, dst, data), Opened)


SAID = [
    bytes.fromhex(text)
    for text in (
        "16fefd0000000000000000003601000029000000000000002afefd" + "01" * 32 + "000000000002c0a80100",
        "16fefd0000000000000000003202000026000000000000002600fefd" + "02" * 32 + "00c0a80000",
        "16fefd000000000000000100110e0000000001000000000000",
        "16fefd0000000000000002001210000006000200000000000600046e616d65",
        "17fefd0001000000000009001f" + "00" * 31,
        "19fefd0001000000000009ababab001f" + "00" * 31,
        "2e0001000401020304",
    )
]
