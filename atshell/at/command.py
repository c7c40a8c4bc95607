"""Command lines: ``AT+MIPLOPEN=0,300,30``, ``ATE0``, ``AT&F``, ``ATS3=13``, ``AT+A;+B=1;E0``, ``A/`` (V.250 5.2 to 5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from atshell.at.syntax import Argument


class Form(StrEnum):
    """What is done with a command (V.250 5.4.3, 5.4.4)."""

    TEST = "test"
    READ = "read"
    WRITE = "write"
    EXECUTE = "execute"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a line."""

    name: str
    """Upper case, as in the catalog without AT: ``+MIPLOPEN``, ``E``, ``&F``, ``S3``; "" for a bare AT."""
    form: Form
    arguments: tuple[Argument, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A whole line. ``commands`` is empty for ``A/`` only."""

    text: str
    commands: tuple[Command, ...]
    repeat: bool = False
    """``A/``: the module executes its last line again; no carriage return follows (V.250 5.2.4)."""


class NotACommandLine(ValueError):
    """The text does not begin with AT, or a command in it cannot be read; says where."""


def parse_line(text: str) -> CommandLine:
    """Read a command line without its terminator. Raises NotACommandLine."""
    raise NotImplementedError


def format_command(name: str, form: Form, arguments: tuple[Argument, ...] = ()) -> str:
    """The text of one command with its AT. ``parse_line`` reads back what this writes."""
    raise NotImplementedError
