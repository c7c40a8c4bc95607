"""A manual's pages beside its commands: the topics that its file has, and its errata, collected from everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atshell.catalog.model import Command, Erratum, Manual, Row, Scalar, Text, Topic
from atshell.catalog.narrow import narrowed_topic, with_variants
from atshell.catalog.profile import Profile, names_model

ERRATA = "errata"


@dataclass(frozen=True, slots=True)
class Page:
    """A topic with the manual it stands in."""

    manual: Manual
    topic: Topic

    @property
    def models(self) -> list[str]:
        """Every model it applies to; empty for a standard's."""
        return list(self.topic.models) or [model.model for model in self.manual.models]

    def applies_to(self, profile: Profile) -> bool:
        models = self.models
        return not models or names_model(profile, with_variants(self.manual, models))

    def narrowed(self, profile: Profile) -> Page:
        """This page without what the profile's model does not have; ``models`` stays whole."""
        return Page(self.manual, narrowed_topic(self.manual, self.topic, profile)) if profile.model else self


def pages(manual: Manual) -> Iterator[Page]:
    for topic in manual.topics:
        yield Page(manual, topic)
    if errata := _errata(manual):
        yield Page(manual, errata)


def errata(manual: Manual) -> list[tuple[Erratum, Command | None]]:
    """Every erratum in the order of the sections, with the command that it is about."""
    found: list[tuple[Erratum, Command | None]] = [(erratum, None) for erratum in manual.errata]
    found += [(erratum, command) for command in manual.commands for erratum in command.errata]
    return sorted(found, key=lambda one: [int(part) if part.isdigit() else 0 for part in one[0].section.split(".")])


def _errata(manual: Manual) -> Topic | None:
    found = errata(manual)
    if not found:
        return None
    english, chinese = [], []
    rows: list[Scalar | Row] = []
    for erratum, command in found:
        name = f" {command.command}" if command else ""
        english.append(f"§{erratum.section}{name}: {erratum.en}")
        chinese.append(f"§{erratum.section}{name}：{erratum.zh or erratum.en}")
        row: Row = {"section": erratum.section, "en": erratum.en, "zh": erratum.zh or erratum.en}
        rows.append(row | {"command": command.command, "spellings": list(erratum.spellings)} if command else row)
    return Topic(
        topic=ERRATA,
        section=found[0][0].section,
        title=Text(en=f"errata of the {manual.title.en}", zh=f"{manual.title.zh}：勘误"),
        text=Text(en="\n".join(english), zh="\n".join(chinese)),
        facts={"errata": rows},
    )
