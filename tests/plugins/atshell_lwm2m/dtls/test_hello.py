from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.dtls.hello import Hello, Offer, client_hello, client_offer, identity, server_hello, ticket
from atshell_lwm2m.dtls.suites import SUITES

CCM8, ECDHE = SUITES[0xC0A8], SUITES[0xC037]
Peers = Callable[..., Any]


def test_hellos(peers: Peers) -> None:
    both = peers(cids=(b"", b"abc"), session=b"id")
    client, server = (parse(body) for parse, body in zip((client_hello, server_hello), both.hellos(), strict=True))
    assert client == Hello(b"\xfe\xfd", both.client_random, b"", 0, b"", True, True, b"")
    assert server == Hello(b"\xfe\xfd", both.server_random, b"id", 0xC0A8, b"", True, True, b"abc")


def test_without_extensions(peers: Peers) -> None:
    body = peers(extended=False, outside=False).hellos()[1]
    assert server_hello(body[:-2]) == server_hello(body)
    assert server_hello(body[:-3]) is None


def test_dtls_13_is_known_by_its_extension(peers: Peers) -> None:
    body = peers(extended=False, outside=False).hellos()[1][:-2] + bytes.fromhex("0006002b0002fefc")
    found = server_hello(body)
    assert found is not None
    assert found.version == b"\xfe\xfc"


def test_what_a_client_offers(peers: Peers) -> None:
    body = peers().hellos()[0]
    bare = peers(extended=False, outside=False).hellos()[0][:-2]
    media = bare + bytes.fromhex("0009 000e 0005 0002 0001 00")
    assert client_offer(body) == client_offer(bare) == Offer((0xC0A8,), False)
    assert client_offer(body[:-1]) == Offer((0xC0A8,), False)  # the first part of it
    assert client_offer(media) == Offer((0xC0A8,), True)
    assert client_offer(body[:38]) is None


def test_identity() -> None:
    assert identity(b"\0\3abc", CCM8) == b"abc"
    assert identity(b"\0\3abc\x41", CCM8) is None
    assert identity(b"\0\3abc\x41", ECDHE) == b"abc"
    assert identity(b"\0\4abc", CCM8) is None
    assert identity(b"\0\3abc", SUITES[0xC0AE]) is None


def test_ticket() -> None:
    assert ticket(bytes(4) + b"\0\2ab") == b"ab"
    assert ticket(bytes(4) + b"\0\3ab") == ticket(b"") == b""


@given(st.binary(max_size=90))
def test_any_bytes(data: bytes) -> None:
    for parse in (client_hello, client_offer, server_hello):
        parse(data)
        parse(b"\xfe\xfd" + bytes(32) + data)
    identity(data, CCM8)
    ticket(data)
