from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.framing import final, framed

REGISTERS = {3: 13, 4: 10, 5: 8}


@pytest.mark.parametrize(
    ("result", "words", "number"),
    [
        ("OK", b"\r\nOK\r\n", b"0\r"),
        ("ERROR", b"\r\nERROR\r\n", b"4\r"),
        ("+CME ERROR: 50", b"\r\n+CME ERROR: 50\r\n", b"+CME ERROR: 50\r\n"),
    ],
)
def test_results(result: str, words: bytes, number: bytes) -> None:
    assert final(result, REGISTERS, verbose=True) == words
    assert final(result, REGISTERS, verbose=False) == number


def test_registers_decide_the_line_ending() -> None:
    assert framed("x", {3: 33, 4: 63}, verbose=True) == b"!?x!?"
    assert framed("x", {3: 33, 4: 63}, verbose=False) == b"x!?"
    assert final("OK", {3: 33, 4: 63}, verbose=False) == b"0!"


def test_text_is_utf8_and_foreign_bytes_go_out_as_they_came() -> None:
    assert framed("中\udcff", REGISTERS, verbose=False) == b"\xe4\xb8\xad\xff\r\n"
    assert framed("中\udcff\ud800", REGISTERS, verbose=False) == "中??\r\n".encode()


def test_a_line_cannot_forge_another() -> None:
    assert framed("+X: \r\nOK\r\n", REGISTERS, verbose=True) == b"\r\n+X: \\0D\\0AOK\\0D\\0A\r\n"


@given(st.text(st.characters()), st.booleans())
def test_any_text_is_one_line(text: str, verbose: bool) -> None:
    data = framed(text, REGISTERS, verbose=verbose)
    assert data.endswith(b"\r\n")
    assert [line for line in data.split(b"\r\n") if line] == ([data.strip(b"\r\n")] if text else [])
