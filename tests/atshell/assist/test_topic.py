from __future__ import annotations

from atshell.assist.topic import topic_page, topic_record
from atshell.catalog.model import Example, Manual, Model, Note, Text, Topic
from atshell.catalog.profile import Profile
from atshell.catalog.topics import Page
from atshell.styled import to_plain

TOPIC = Topic(
    topic="self-registration",
    section="2",
    title=Text(en="with Acme", zh="Acme 自注册"),
    text=Text(en="It starts.\nIt ends.", zh="开始。\n结束。"),
    facts={
        "operator": "cmcc",
        "intervals_s": [2, 4],
        "suites": {"X1": ["a", "b"], "X2": ["c"]},
        "rows": [{"a": 1}],
        "pause_s": 3,
    },
    notes=[Note("Only by day.", "仅白天。", "2.1", ["X2"])],
    examples=[Example(["AT"], ["OK"])],
    models=["X1", "X2"],
)
MANUAL = Manual(
    id="acme-1",
    title=Text(en="Acme manual", zh="Acme 手册"),
    vendor="Acme",
    models=[Model(model=name, family="X", vendor="Acme") for name in ("X1", "X2", "X3")],
    topics=[TOPIC],
)
PAGE = Page(MANUAL, TOPIC)


def test_a_page_in_english() -> None:
    assert to_plain(topic_page(PAGE, Profile())) == (
        """\
self-registration · with Acme
X1, X2 · Acme manual §2

It starts.
It ends.

operator       cmcc
intervals (s)  2, 4
suites         X1: a, b
               X2: c
pause (s)      3

note     X2: Only by day. §2.1

example  AT
         OK"""
    )


def test_a_page_for_one_model_in_chinese() -> None:
    assert to_plain(topic_page(PAGE, Profile("X1", language="zh"))) == (
        """\
self-registration · Acme 自注册
X1 · Acme 手册 §2

开始。
结束。

运营商         cmcc
重发间隔（s）  2, 4
suites         X1: a, b
pause (s)      3

示例     AT
         OK"""
    )


def test_a_record_has_its_fields() -> None:
    record = topic_record(PAGE.narrowed(Profile("X2")))
    assert record == {
        "topic": "self-registration",
        "manual": "acme-1",
        "section": "2",
        "models": ["X1", "X2"],
        "title": {"en": "with Acme", "zh": "Acme 自注册"},
        "text": {"en": "It starts.\nIt ends.", "zh": "开始。\n结束。"},
        "facts": {
            "operator": "cmcc",
            "intervals_s": [2, 4],
            "suites": {"X2": ["c"]},
            "rows": [{"a": 1}],
            "pause_s": 3,
        },
        "notes": [{"en": "Only by day.", "zh": "仅白天。", "section": "2.1", "models": ["X2"]}],
        "examples": [{"send": ["AT"], "receive": ["OK"]}],
    }
