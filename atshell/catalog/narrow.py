"""What is left of a manual's facts for one model: what names other models alone is taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from atshell.catalog.model import Command, Fact, Manual, Parameter, Topic
from atshell.catalog.profile import Profile, names_model

_Kept = Callable[[Sequence[str]], bool]
"""Tells whether a fact for these models is one for the model asked for; one for no model in particular always is."""


def with_variants(manual: Manual, models: Iterable[str]) -> Iterator[str]:
    """Each of these models under all of its names."""
    wanted = {model.casefold() for model in models}
    for model in manual.models:
        names = (model.model, *model.variants)
        if wanted.intersection(map(str.casefold, names)):
            yield from names


def narrowed(manual: Manual, command: Command, profile: Profile) -> Command:
    kept = _kept(manual, profile)
    return replace(
        command,
        parameters=[_parameter(parameter, kept) for parameter in command.parameters if kept(parameter.models)],
        notes=[note for note in command.notes if kept(note.models)],
        examples=[example for example in command.examples if kept(example.models)],
    )


def narrowed_topic(manual: Manual, topic: Topic, profile: Profile) -> Topic:
    kept = _kept(manual, profile)
    models = {name.casefold() for model in manual.models for name in (model.model, *model.variants)}

    def of_model(fact: Fact) -> Fact:
        if isinstance(fact, dict) and fact and all(name.casefold() in models for name in fact):
            return {name: row for name, row in fact.items() if kept([name])}
        return fact

    return replace(
        topic,
        facts={name: of_model(fact) for name, fact in topic.facts.items()},
        notes=[note for note in topic.notes if kept(note.models)],
        examples=[example for example in topic.examples if kept(example.models)],
    )


def _kept(manual: Manual, profile: Profile) -> _Kept:
    return lambda models: not models or names_model(profile, with_variants(manual, models))


def _parameter(parameter: Parameter, kept: _Kept) -> Parameter:
    return replace(
        parameter,
        values={value: text for value, text in parameter.values.items() if kept(text.models)},
        defaults=[default for default in parameter.defaults if kept(default.models)],
    )
