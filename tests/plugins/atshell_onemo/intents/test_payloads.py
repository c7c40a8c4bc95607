"""Lines of the LwM2M manual 4.4.0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.session.carried import Carried, Said
from atshell_onemo.intents import read_payloads


def only(text: str) -> Carried | None:
    found = list(read_payloads(Said(text, text.startswith("AT"))))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("line", "data", "kind", "declared", "path", "operation"),
    [
        ('AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0', b"abcd", "text", "string", "/3200/0/5750", "Notify"),
        ("AT+MIPLNOTIFY=0,0,19,0,0,2,3,AABBCC,0,0", b"\xaa\xbb\xcc", "opaque", "opaque", "/19/0/0", "Notify"),
        ("AT+MIPLNOTIFY=0,0,3200,0,5750,6,2,6162,0,0", b"ab", "text", "string", "/3200/0/5750", "Notify"),
        ("AT+MIPLNOTIFY=0,0,3303,0,5700,4,4,24.5,0,0", b"24.5", "text", "float", "/3303/0/5700", "Notify"),
        ("AT+MIPLREADRSP=0,7,1,3,0,9,3,2,95,0,0", b"95", "text", "integer", "/3/0/9", "Read"),
        ("+MIPLWRITE: 0,7,3311,0,5850,5,1,1,0", b"1", "text", "boolean", "/3311/0/5850", "Write"),
        ("+MIPLWRITE: 0,7,19,1,0,2,2,ABCD,0", b"\xab\xcd", "opaque", "opaque", "/19/1/0", "Write"),
        ("+MIPLEXECUTE: 0,7,3,0,4,3,0=1", b"0=1", "text", "string", "/3/0/4", "Execute"),
    ],
)
def test_values(line: str, data: bytes, kind: str, declared: str, path: str, operation: str) -> None:
    found = only(line)
    assert found is not None
    assert (found.data, found.kind, found.declared, found.path, found.operation) == (
        data, kind, declared, path, operation,
    )  # fmt: skip


def test_opaque_that_is_no_hexadecimal_is_a_text() -> None:
    found = only("AT+MIPLNOTIFY=0,0,19,0,0,2,5,hello,0,0")
    assert found is not None
    assert (found.data, found.kind, found.declared) == (b"hello", "text", "opaque")


@pytest.mark.parametrize(
    "line", ["AT+MIPLNOTIFY=0,0", "AT+MIPLOPEN=0,3000,30", "+MIPLREAD: 0,7,3,0,9", "AT+MIPLWRITE=0,7,3,0,9,1,1,x", "x"]
)
def test_lines_that_carry_nothing(line: str) -> None:
    assert only(line) is None


@given(st.text(max_size=60), st.booleans())
def test_any_text(text: str, sent: bool) -> None:
    for name in ("", "AT+MIPLNOTIFY=", "+MIPLWRITE: 0,1,3,0,1,2,"):
        list(read_payloads(Said(name + text, sent)))
