from __future__ import annotations

import time

import pytest

from atshell_lwm2m.filter.fields import FIELDS, Value
from atshell_lwm2m.filter.literals import compared
from atshell_lwm2m.filter.tokens import FilterError, Token


def holds(name: str, sign: str, literal: str, value: Value, *, quoted: bool = False) -> bool:
    token = Token("text" if quoted else "word", literal, 9)
    return bool(compared(FIELDS[name], sign, token)(value))


@pytest.mark.parametrize(
    ("name", "sign", "literal", "value", "expected"),
    [
        ("operation", "==", "notify", "Notify", True),
        ("operation", "==", "Register", "De-register", False),
        ("code", "==", "4.04", "4.04", True),
        ("code", "==", "4", "4.04", True),
        ("code", "==", "4.xx", "5.00", False),
        ("code", ">=", "4", "4.00", True),
        ("code", ">", "4", "4.04", False),
        ("code", "<", "4.04", "4.01", True),
        ("code", "==", "GET", "0.01", True),
        ("code", "==", "not found", "4.04", True),
        ("mid", "==", "0x10", 16, True),
        ("mid", "<", "1e3", 999, True),
        ("rtt", ">", "150ms", 0.2, True),
        ("rtt", "<", "2s", 1.9, True),
        ("registration.lt", "==", "5min", 300, True),
        ("registration.lt", ">=", "1d", 86400, True),
        ("token", "==", "0x5A:3F", "5a3f", True),
        ("src", "==", "10.8.0.7", "10.8.0.7:40000", True),
        ("src", "==", "10.8.0.7:40001", "10.8.0.7:40000", False),
        ("src", "==", "::1", "[::1]:5683", True),
        ("target", "~", "/3200/*", "/3200/0/5750", True),
        ("mid", "~", "18*", 18172, True),
        ("block1.more", "==", "true", True, True),
        ("block1.more", "==", "false", True, False),
        ("resources.value", "==", "25.5", 25.5, True),
        ("resources.value", "==", "25.5", "25.5", True),
        ("resources.value", "==", "true", True, True),
        ("resources.value", "==", "1", True, False),
        ("resources.value", "<", "20", 19, True),
        ("resources.value", "<", "20", "19", False),
        ("resources.value", "<", "20", True, False),
        ("resources.value", "~", "t*", True, True),
        ("time", ">", "1795203219", 1795203220.5, True),
    ],
)
def test_comparisons(name: str, sign: str, literal: str, value: Value, expected: bool) -> None:
    assert holds(name, sign, literal, value) is expected


def test_quoted_text_is_no_number() -> None:
    assert not holds("resources.value", "==", "5", 5, quoted=True)
    assert holds("resources.value", "==", "5", "5", quoted=True)


def test_times_are_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    moment = 1795203219.5  # 2026-11-20 19:33:39.5 UTC
    assert holds("time", ">", "03:33:39", moment)
    assert holds("time", "<", "03:33:39.6", moment)
    assert holds("time", ">=", "2026-11-21T03:33", moment)
    assert not holds("time", ">", "2026-11-21 04:00", moment)
    assert not holds("time", "<", "00:00", 1e300)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "sign", "literal", "says"),
    [
        ("operation", "==", "Notfy", "operation is never 'Notfy': did you mean Notify?"),
        ("type", "==", "X", "it is one of CON, NON, ACK, RST"),
        ("target", "<", "3", "target has no order"),
        ("mid", "==", "abc", "mid is a number, 'abc' is not: write a number"),
        ("mid", "==", "2s", "mid is a number"),
        ("rtt", ">", "soon", "write seconds, such as 2, 2s, 150ms or 5min"),
        ("code", "==", "404", "'404' is no code: write 4.04"),
        ("token", "==", "xyz", "is not hexadecimal"),
        ("time", ">", "noon", "is no time"),
        ("block1.more", "==", "yes", "it is true or false"),
        ("block1", "==", "1", "block1 has parts: ask for block1.num"),
        ("resources.value", ">", "high", "> compares numbers"),
    ],
)
def test_what_can_not_be_compared(name: str, sign: str, literal: str, says: str) -> None:
    with pytest.raises(FilterError) as caught:
        holds(name, sign, literal, 0)
    assert says in str(caught.value)
    assert caught.value.column == 9
