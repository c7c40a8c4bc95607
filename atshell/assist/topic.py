"""A topic's page: what a manual says beside its commands, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from atshell.assist.sheet import Sheet
from atshell.assist.wrap import columns
from atshell.catalog.model import Fact
from atshell.catalog.profile import Profile
from atshell.catalog.topics import Page
from atshell.styled import Fragments

# English and Chinese for the facts that have a fixed name.
_NAMES = {
    "operator": ("operator", "运营商"),
    "resends": ("resends", "重发次数"),
    "intervals_s": ("intervals (s)", "重发间隔（s）"),
    "rounds": ("rounds more", "重试轮数"),
    "round_pause_s": ("pause between rounds (s)", "各轮间隔（s）"),
    "total_s": ("in all (s)", "总时间（s）"),
    "update_s": ("update every (s)", "更新周期（s）"),
}


def topic_page(page: Page, profile: Profile, *, width: int = 80) -> Fragments:
    """The page in the profile's language, narrowed to its model."""
    page = page.narrowed(profile)
    topic = page.topic
    sheet = Sheet(profile, width, page.models)
    sheet.lines.append([("name", topic.topic), ("dim", " · "), ("", sheet.text(topic.title))])
    models = profile.model or ", ".join(page.models) or sheet.word("every model")
    sheet.row("", ("dim", f"{models} · {sheet.source(page.manual, topic.section)}"), indent=0)
    sheet.gap()
    for paragraph in sheet.text(topic.text).splitlines():
        sheet.row("", ("", paragraph), indent=0)
    _facts(sheet, topic.facts)
    sheet.notes(topic.notes)
    sheet.examples(topic.examples, topic.section)
    if not sheet.lines[-1]:
        sheet.lines.pop()
    return sheet.joined()


def topic_record(page: Page) -> dict[str, object]:
    """The JSON object of a topic."""
    said: dict[str, object] = msgspec.to_builtins(page.topic)
    more: dict[str, object] = {key: value for key, value in said.items() if key in ("notes", "examples")}
    return {
        "topic": page.topic.topic,
        "manual": page.manual.id,
        "section": page.topic.section,
        "models": page.models,
        "title": said["title"],
        "text": said["text"],
        "facts": said.get("facts", {}),
        **more,
    }


def _facts(sheet: Sheet, facts: dict[str, Fact]) -> None:
    rows = [(_name(sheet, name), line) for name, fact in facts.items() for line in _told(fact)]
    indent = min(max((columns(name) for name, _ in rows), default=0) + 2, sheet.width // 2)
    sheet.gap()
    before = ""
    for name, line in rows:
        sheet.row("" if name == before else name, ("", line), indent=indent)
        before = name


def _name(sheet: Sheet, name: str) -> str:
    bare = f"{name.removesuffix('_s')} (s)" if name.endswith("_s") else name
    english, chinese = _NAMES.get(name, (bare.replace("_", " "),) * 2)
    return chinese if sheet.chinese else english


def _told(fact: Fact) -> Iterator[str]:
    """A fact's lines; rows of a longer table are for programs, the text tells them."""
    if isinstance(fact, dict):
        for key, value in fact.items():
            yield f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
    elif isinstance(fact, list):
        if plain := [str(one) for one in fact if not isinstance(one, dict)]:
            yield ", ".join(plain)
    else:
        yield str(fact)
