"""The two lines below the prompt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth

from atshell.assist.explain import Signature
from atshell.repl.toolbar import cut, toolbar

NOTATION = "AT+MIPLNOTIFY=<ref>,<mid>,<objid>,<insid>,<resid>,<type>,<len>,<value>,<index>,<flag>[,<ackid>]"


def shown(signature: Signature | None, state: str, width: int) -> list[str]:
    return "".join(part[1] for part in toolbar(signature, state, width)).split("\n")


def test_always_two_lines() -> None:
    assert len(shown(None, "", 80)) == 2
    assert shown(None, "registered", 40)[1] == f"{'registered ':>40}"


def test_the_current_parameter_is_marked_and_stays_in_sight() -> None:
    at = NOTATION.index("<flag>")
    signature = Signature(NOTATION, (at, at + 6), "<flag> integer · 0 to 2", "report")
    for width in (120, 60, 30):
        parts = toolbar(signature, "", width)
        assert [part[1] for part in parts if part[0] == "class:toolbar.current"] == ["<flag>"]
        first, second = shown(signature, "", width)
        assert get_cwidth(first) <= width
        assert second.startswith(" <flag> integer")


def test_the_parameter_matters_more_than_the_state() -> None:
    signature = Signature("AT", None, "p" * 70, "")
    assert "registered" not in shown(signature, "registered", 80)[1]
    assert shown(Signature("AT", None, "", "summary"), "state", 80)[1].startswith(" summary")


def test_cut() -> None:
    assert cut("平台平台", 5) == "平台…"
    assert cut("abc", 3) == "abc"
    assert cut("abc", 0) == ""


@given(st.text(), st.text(), st.integers(1, 200))
def test_hostile_text_stays_in_its_place(parameter: str, state: str, width: int) -> None:
    lines = shown(Signature("AT+X=<a>", (5, 8), parameter, ""), state, width)
    assert len(lines) == 2
    assert "\x1b" not in "".join(lines)
