"""What a manual can say: frozen records, the shape of the TOML manuals and of ``atshell doc --format json``.

A manual's TOML file has the keys of Manual. A name here is the key there, except ``place``, whose key is ``in``.
Everything with an empty ``models`` holds for every model of the manual (for a manual without models: every model).
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["command", "urc"]
FormName = Literal["test", "read", "write", "execute", "urc"]
Type = Literal["integer", "uint16", "float", "string", "hex", "bitmap", "ip", "host", "opaque"]
Scalar = int | float | str
Row = dict[str, Scalar | list[Scalar]]
NUMBERED = "parameter([1-9])"
"""A pattern: the names of places whose parameters depend on another one's value."""
Fact = Scalar | list[Scalar | Row] | Row


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Text(_Record, frozen=True):
    """A fact in our own words, in both languages."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


class Value(Text, frozen=True):
    """What one value of an enumeration means."""

    models: list[str] = []
    when: dict[str, str] = {}
    """A condition on the firmware (``atshell.catalog.profile``)."""


class ErrorCode(Text, frozen=True):
    """What an error code means."""

    table: Text | None = None
    """Where a manual has several tables: which one it stands in."""


class FirmwareDefault(_Record, frozen=True):
    """A default that the firmware decides: ``when = {firmware = "..."}`` (``atshell.catalog.profile``)."""

    when: dict[str, str]
    value: Scalar
    models: list[str] = []


class Parameter(_Record, frozen=True, rename={"place": "in"}):
    """A parameter, in positional order of the write form; those of answers only follow with ``in = "response"``.

    Where a notation has ``<parameter1>``, ``<parameter2>`` …, the parameters with a condition stand there: of those
    that fit, the first, the second …
    """

    name: str
    type: Type
    summary: Text
    range: tuple[int | float, int | float] | None = None
    values: dict[str, Value] = {}
    """Keys as they are sent: ``0``, ``0x200``."""
    default: Scalar | None = None
    defaults: list[FirmwareDefault] = []
    unit: str | None = None
    max_length: int | None = None
    """Bytes, without quotes."""
    min_length: int | None = None
    quoted: bool = False
    """Must stand in double quotes."""
    optional: bool = False
    when: dict[str, list[Scalar]] = {}
    """Only where these other parameters have one of these values."""
    models: list[str] = []
    place: Literal["request", "response"] = "request"
    secret: bool = False
    """A key or password: masked wherever it is shown or recorded."""
    section: str | None = None


class Note(_Record, frozen=True):
    en: str
    zh: str
    section: str
    models: list[str] = []


class Example(_Record, frozen=True):
    send: list[str]
    receive: list[str]
    section: str | None = None
    about: Text | None = None
    """What it shows."""
    models: list[str] = []


class Erratum(_Record, frozen=True):
    """Where the manual contradicts itself or misspells. ``spellings`` are names that are understood as this command."""

    en: str
    section: str
    zh: str | None = None
    spellings: list[str] = []


class Response(_Record, frozen=True):
    """The lines that answer a form, in the manual's notation."""

    lines: list[str]
    when: dict[str, list[Scalar]] = {}


class Command(_Record, frozen=True, kw_only=True):
    """A command or a URC as one manual has it."""

    command: str
    """``AT+MIPLNOTIFY`` or, for a URC, ``+MIPLREAD``."""
    kind: Kind = "command"
    section: str
    summary: Text
    """One short phrase, as it stands in a completion menu."""
    forms: dict[FormName, list[str]]
    """Notations as the manual writes them: ``AT+MIPLOPEN=<ref>,<lifetime>[,<timeout>]``."""
    parameters: list[Parameter] = []
    responses: dict[FormName, list[Response]] = {}
    """``OK`` is not listed."""
    urcs: list[str] = []
    """URCs that a successful command leads to, as prefixes: ``+MIPLEVENT``."""
    max_response_ms: int | None = None
    when: dict[str, str] = {}
    """A condition on the firmware (``atshell.catalog.profile``)."""
    persistent: bool = False
    needs_reboot: bool = False
    inferred: bool = False
    models: list[str] = []
    notes: list[Note] = []
    examples: list[Example] = []
    errata: list[Erratum] = []


class Model(_Record, frozen=True):
    """A module family member. A variant is understood wherever a model is."""

    model: str
    family: str
    vendor: str
    variants: list[str] = []
    operators: list[str] = []
    firmware: str | None = None
    """What the emulated one says for AT+CGMR when ``--firmware`` does not."""
    notes: list[Text] = []


class Topic(_Record, frozen=True, kw_only=True):
    """What a manual says beside its commands: a page of its own. A manual has several of one topic where its facts
    are several: one procedure for each operator."""

    topic: str
    """``self-registration`` ``platforms`` ``dtls`` ``syntax``; ``errata`` is made (``atshell.catalog.topics``)."""
    section: str
    title: Text
    text: Text
    """Paragraphs, a line each."""
    facts: dict[str, Fact] = {}
    """For programs. A table whose keys are models keeps, for one model, its own row."""
    notes: list[Note] = []
    examples: list[Example] = []
    models: list[str] = []


class Manual(_Record, frozen=True):
    """One vendor document."""

    id: str
    """``onemo-lwm2m-4.4.0``"""
    title: Text
    vendor: str
    models: list[Model] = []
    """Empty for a standard, which every model follows."""
    commands: list[Command] = []
    errors: dict[str, ErrorCode] = {}
    errors_section: str | None = None
    errors_result: str = "+CME ERROR"
    """The final result that carries these codes: ``+CMS ERROR`` uses the same numbers for other things."""
    topics: list[Topic] = []
    errata: list[Erratum] = []
    """Those that belong to no command."""
    sections: list[str] = []
    """Every section number of the document, so that a reference to another one is found out; empty: not checked."""
