"""Every model that is known: its variants, family and manuals, and what is special about it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from atshell.assist.wrap import columns, padded, wrapped
from atshell.cli.doc import page_width
from atshell.cli.output import add_output_arguments, language, write_lines

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.model import Manual, Model
    from atshell.styled import Fragments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from atshell.host import host

    catalog = host().catalog
    if arguments.format == "json":
        import msgspec

        records = [_record(model, _manuals_of(catalog, model)) for model in catalog.models()]
        print(msgspec.json.format(msgspec.json.encode(records), indent=2).decode())
    else:
        write_lines(_lines(catalog, language(arguments)), arguments)
    return 0


def _manuals_of(catalog: Catalog, model: Model) -> list[Manual]:
    return [manual for manual in catalog.manuals if any(named.model == model.model for named in manual.models)]


def _record(model: Model, manuals: Sequence[Manual]) -> dict[str, object]:
    """The JSON object of a model."""
    return {
        "model": model.model,
        "variants": model.variants,
        "family": model.family,
        "vendor": model.vendor,
        "manuals": [manual.id for manual in manuals],
        "operators": model.operators,
        "notes": [{"en": note.en, "zh": note.zh} for note in model.notes],
    }


def _lines(catalog: Catalog, tongue: str) -> Iterator[Fragments]:
    """A paragraph for each family with its manuals, a line for each model."""
    models = catalog.models()
    indent = max((columns(model.model) for model in models), default=0) + 4

    def family(model: Model) -> tuple[str, str, tuple[str, ...]]:
        titles = [manual.title.in_language(tongue) for manual in _manuals_of(catalog, model)]
        return model.family, model.vendor, tuple(titles)

    for index, ((name, vendor, titles), members) in enumerate(groupby(models, family)):
        if index:
            yield []
        yield [("bold", name), ("dim", f" · {vendor} · {', '.join(titles)}")]
        for model in members:
            yield from _model(model, tongue, indent)


def _model(model: Model, tongue: str, indent: int) -> Iterator[Fragments]:
    operators = " · " * bool(model.variants and model.operators) + " ".join(model.operators)
    label = padded(f"  {model.model}", indent)
    for line in wrapped([("", ", ".join(model.variants)), ("dim", operators)], page_width() - indent):
        yield [("name", label), *line]
        label = " " * indent
    for note in model.notes:
        for line in wrapped([("dim", note.in_language(tongue))], page_width() - indent):
            yield [("", " " * indent), *line]
