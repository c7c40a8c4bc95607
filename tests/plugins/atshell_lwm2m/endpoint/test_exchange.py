from __future__ import annotations

from atshell_lwm2m.endpoint.exchange import Incoming, Reply, SecureAddress, host_and_port, speaks_for, uri


def _incoming(sent: list[tuple[Reply, bool]]) -> Incoming:
    return Incoming(("h", 1), 7, True, "GET", ("3", "0"), send=lambda reply, last: sent.append((reply, last)))


def test_an_exchange_ends_once():
    sent: list[tuple[Reply, bool]] = []
    incoming = _incoming(sent)
    ends: list[str] = []
    incoming.on_end.append(lambda: ends.append("end"))
    assert incoming.target == "/3/0"
    assert incoming.notify(Reply("2.05"))
    incoming.end()
    incoming.end()
    assert ends == ["end"]
    assert not incoming.answer(Reply("2.05"))
    assert sent == [(Reply("2.05"), False)]


def test_success():
    assert Reply("2.31").ok
    assert not Reply("4.04").ok


def test_a_secure_address_is_another_peer():
    plain, secure = ("192.0.2.7", 1), SecureAddress(("192.0.2.7", 1), b"me")
    assert plain != secure
    assert secure != plain
    assert secure == SecureAddress(plain, b"me") != SecureAddress(plain, b"you")
    assert len({plain, secure, SecureAddress(plain, b"me"), SecureAddress(plain, b"you")}) == 3
    host, port = secure
    assert (host, port) == plain


def test_who_may_go_on_with_what_was_begun():
    here, there = ("192.0.2.7", 1), ("192.0.2.8", 2)
    assert speaks_for(there, here)
    assert speaks_for(SecureAddress(there, b"me"), here)
    assert speaks_for(SecureAddress(there, b"me"), SecureAddress(here, b"me"))
    assert not speaks_for(SecureAddress(here, b"you"), SecureAddress(here, b"me"))
    assert not speaks_for(here, SecureAddress(here, b"me"))


def test_addresses_as_they_are_written():
    assert uri(("127.0.0.1", 5683)) == "coap://127.0.0.1:5683"
    assert uri(SecureAddress(("::1", 5684))) == "coaps://[::1]:5684"
    assert host_and_port(("::1", 1)) == "[::1]:1"
