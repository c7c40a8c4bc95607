from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.editor import MAX_LINE, LineEditor

REGISTERS = {3: 13, 4: 10, 5: 8}


def typed(data: bytes, *, pieces: int = 0, registers: dict[int, int] = REGISTERS) -> tuple[list[str | None], bytes]:
    """All lines (None for one that is too long) and the echo, with the bytes fed in ``pieces`` (0: at once)."""
    editor = LineEditor()
    lines: list[str | None] = []
    echo = bytearray()
    parts = [data[i : i + pieces] for i in range(0, len(data), pieces)] if pieces else [data]
    for part in parts:
        while part:
            result = editor.feed(part, registers)
            assert 0 < result.used <= len(part)
            part = part[result.used :]
            echo += result.echo
            if result.line is not None or result.too_long:
                lines.append(result.line)
    return lines, bytes(echo)


CASES = {
    b"AT\r": (["AT"], b"AT\r"),
    b"at+csq\r": (["at+csq"], b"at+csq\r"),
    b"AT\r\nAT+CSQ\r\n": (["AT", "AT+CSQ"], b"AT\rAT+CSQ\r"),  # the line feed is nothing
    b"xyz AT+CSQ\r": (["AT+CSQ"], b"xyz AT+CSQ\r"),
    b"AAATI\r": (["ATI"], b"AAATI\r"),
    b"\x00\xff\x80AT\x00I\x1a\r": (["ATI"], b"ATI\r"),
    b"hello\r": ([], b"hello\r"),
    b"\r\r\n": ([], b"\r\r"),
    b"AT+CSW\x08Q\r": (["AT+CSQ"], b"AT+CSW\b \bQ\r"),
    b"AT+CSW\x7fQ\r": (["AT+CSQ"], b"AT+CSW\b \bQ\r"),
    b"AT\x08\x08\x08I\r": (["ATI"], b"ATI\r"),  # the prefix stays
    b"\x08AT\r": (["AT"], b"AT\r"),
    b'AT+X="\xe4\xb8\xad\xe6\x96\x87\x08"\r': (['AT+X="中"'], b'AT+X="\xe4\xb8\xad\xe6\x96\x87\b \b"\r'),
    b"A/": (["AT"], b"A/"),  # nothing was done before
    b"ATI\rA/a/": (["ATI", "ATI", "ATI"], b"ATI\rA/a/"),
    b"ATI\rDATA/AA/\r": (["ATI", "ATA/AA/"], b"ATI\rDATA/AA/\r"),
    b"ATI\rNA/\r": (["ATI"], b"ATI\rNA/\r"),  # noise repeats nothing
    b"ATI\rAA/\r": (["ATI"], b"ATI\rAA/\r"),
}


@pytest.mark.parametrize("data", CASES, ids=repr)
@pytest.mark.parametrize("pieces", [0, 1, 2, 3])
def test_lines(data: bytes, pieces: int) -> None:
    assert typed(data, pieces=pieces) == CASES[data]


def test_registers_decide_terminator_and_editing() -> None:
    registers = {3: ord("!"), 4: 10, 5: ord("#")}
    assert typed(b"AT\r+CSW#Q!", registers=registers) == (["AT+CSQ"], b"AT+CSW\b \bQ!")


def test_a_line_that_is_too_long_is_dropped_to_its_end() -> None:
    assert typed(b"AT" + b"x" * MAX_LINE + b"AT\rATI\r")[0] == [None, "ATI"]
    assert typed(b"AT" + b"x" * (MAX_LINE - 2) + b"\r")[0] == ["AT" + "x" * (MAX_LINE - 2)]


def test_clear_forgets_a_half_line() -> None:
    editor = LineEditor()
    editor.feed(b"AT+CS", REGISTERS)
    editor.clear()
    assert editor.feed(b"ATI\r", REGISTERS).line == "ATI"


@given(st.binary(max_size=200), st.integers(1, 7))
def test_noise_gives_the_same_however_it_is_split(data: bytes, pieces: int) -> None:
    whole = typed(data)
    assert typed(data, pieces=pieces) == whole
    assert all(line is None or line[:2].upper() == "AT" for line in whole[0])


@given(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=["Cs"]), max_size=60))
def test_any_text_comes_through_as_it_was_typed(text: str) -> None:
    assert typed(f"AT{text}\r".encode())[0] == [f"AT{text}"]


@given(st.binary(max_size=60))
def test_no_byte_of_a_line_is_lost(data: bytes) -> None:
    kept = bytes(byte for byte in data if byte >= 32 and byte != 127)
    (line,), _ = typed(b"AT" + data.replace(b"\r", b"").replace(b"\x08", b"").replace(b"\x7f", b"") + b"\r")
    assert line is not None
    assert line.encode("utf-8", "surrogateescape") == b"AT" + kept
