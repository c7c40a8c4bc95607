from __future__ import annotations

from atshell.catalog.model import Command, Erratum, Manual, Model, Text, Topic
from atshell.catalog.profile import Profile
from atshell.catalog.topics import Page, errata, pages

TEXT = Text(en="a", zh="b")
COMMAND = Command(
    command="AT+BELL",
    section="3.2",
    summary=TEXT,
    forms={},
    errata=[Erratum(en="late", section="3.10", zh="晚"), Erratum(en="early", section="3.2", spellings=["AT+BEL"])],
)
MANUAL = Manual(
    id="acme",
    title=Text(en="Acme manual", zh="Acme 手册"),
    vendor="Acme",
    models=[Model(model="X1", family="X", vendor="Acme", variants=["X1-A"]), Model("X2", "X", "Acme")],
    commands=[COMMAND],
    topics=[Topic(topic="dtls", section="1", title=TEXT, text=TEXT, models=["X1"])],
    errata=[Erratum(en="general", section="4", zh="总")],
)


def test_a_topic_is_for_its_models_and_a_manuals_for_all_of_them() -> None:
    dtls, corrections = pages(MANUAL)
    assert (dtls.models, corrections.models) == (["X1"], ["X1", "X2"])
    assert [dtls.applies_to(Profile(model)) for model in ("", "X1", "x1-a", "X2")] == [True, True, True, False]
    standard = Page(Manual(id="s", title=TEXT, vendor="s"), Topic(topic="syntax", section="1", title=TEXT, text=TEXT))
    assert standard.models == []
    assert standard.applies_to(Profile("X1"))
    assert standard.narrowed(Profile()) is standard


def test_errata_come_from_everywhere_in_the_order_of_the_sections() -> None:
    assert [(erratum.en, command and command.command) for erratum, command in errata(MANUAL)] == [
        ("early", "AT+BELL"),
        ("late", "AT+BELL"),
        ("general", None),
    ]
    *_, page = pages(MANUAL)
    assert page.topic.topic == "errata"
    assert page.topic.section == "3.2"
    assert page.topic.text.en == "§3.2 AT+BELL: early\n§3.10 AT+BELL: late\n§4: general"
    assert page.topic.text.zh == "§3.2 AT+BELL：early\n§3.10 AT+BELL：晚\n§4：总"
    assert page.topic.facts == {
        "errata": [
            {"section": "3.2", "en": "early", "zh": "early", "command": "AT+BELL", "spellings": ["AT+BEL"]},
            {"section": "3.10", "en": "late", "zh": "晚", "command": "AT+BELL", "spellings": []},
            {"section": "4", "en": "general", "zh": "总"},
        ]
    }


def test_a_manual_without_errata_has_no_such_page() -> None:
    assert list(pages(Manual(id="s", title=TEXT, vendor="s"))) == []
