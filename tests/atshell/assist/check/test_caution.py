"""How a caution is put together."""

from __future__ import annotations

from atshell.assist.check.caution import SHOWN, Asked, shown
from atshell.assist.situation import NOTHING
from atshell.at.syntax import Argument
from atshell.catalog.model import Parameter, Text
from atshell.catalog.profile import Profile
from atshell.host import host


def test_reason_and_section_stand_behind_the_text() -> None:
    english, chinese = (Asked(host().catalog, Profile("MN316", language=one), NOTHING, 0.0) for one in ("en", "zh"))
    assert (
        english.caution("unclosed-quote", (1, 2), section="3.9", reason="why").text
        == "the quote is not closed (why, §3.9)"
    )
    assert chinese.caution("unclosed-quote", (1, 2), section="3.9", reason="原因").text == "引号没有闭合（原因，§3.9）"
    plain = english.caution("unclosed-quote", (1, 2))
    assert (plain.text, plain.severity, plain.start, plain.end, plain.rule) == (
        "the quote is not closed",
        "warning",
        1,
        2,
        "unclosed-quote",
    )
    assert plain.fix == 'end it with "'


def test_a_text_never_repeats_a_secret_nor_all_of_a_long_value() -> None:
    text = Text(en="key", zh="密钥")
    assert shown(Argument("topsecret"), Parameter(name="psk", type="string", summary=text, secret=True)) == "****"
    assert shown(Argument("x" * 100)) == "x" * SHOWN + "…"
    assert shown(Argument("300")) == "300"


def test_braces_in_a_line_are_text() -> None:
    asked = Asked(host().catalog, Profile("MN316"), NOTHING, 0.0)
    assert asked.caution("word", (0, 1), value="{0}{x}", known="{").text == "{0}{x} is not {"
