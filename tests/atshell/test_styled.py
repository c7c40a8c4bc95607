"""Nothing hostile passes: controls, C1, bidi and markup become visible, whatever way out is taken."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.styled import to_ansi, to_html, to_plain, visible

SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
        ("\r\t", "\\x0d\\x09"),
        ("中国移动 é ✗", "中国移动 é ✗"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_visible(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@given(st.text(alphabet=st.characters()))
def test_no_control_reaches_a_terminal(text: str) -> None:
    for shown in (to_plain([("urc", text)]), SGR.sub("", to_ansi([("urc", text)]))):
        assert all(c == "\n" or unicodedata.category(c)[0] != "C" for c in shown)
        shown.encode()


@given(st.text(alphabet=st.characters()))
def test_no_markup_reaches_a_page(text: str) -> None:
    page = to_html([("error", text)])
    inner = page.removeprefix('<pre class="atshell"><span class="atshell-error">').removesuffix("</span></pre>")
    assert "<" not in inner
    assert not set(inner) & set("\"'")


def test_an_unknown_style_cannot_carry_markup() -> None:
    assert to_html([('"><script>', "x")]) == '<pre class="atshell">x</pre>'


def test_plain_and_ansi_say_the_same() -> None:
    fragments = [("tx", "AT"), ("", " "), ("error", "ERROR"), ("nobody knows this", "!")]
    assert SGR.sub("", to_ansi(fragments)) == to_plain(fragments) == "AT ERROR!"
