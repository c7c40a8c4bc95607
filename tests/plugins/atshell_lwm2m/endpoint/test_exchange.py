from __future__ import annotations

from atshell_lwm2m.endpoint.exchange import Incoming, Reply


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
