"""A cell of text to lines, and what each line is. A line that is no command is told apart here, before it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

LineKind = Literal["skip", "magic", "at", "said", "other"]

LEAVING = frozenset({"quit", "exit", "quit()", "exit()", ":q"})
HELPING = frozenset({"?", "help", "help()", "-h", "--help"})
_SAID = re.compile(
    r"[+^*$#][A-Z][A-Z0-9_]*(?: ERROR)?[ \t]*:.*|OK|ERROR|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|CONNECT(?: [0-9]+)?"
)
"""What modules say and nobody sends: somebody has pasted it to know what it means."""


@dataclass(frozen=True, slots=True)
class CellLine:
    kind: LineKind
    text: str
    """Stripped; of a magic without its percent sign."""
    raw: str
    """As it stood in the cell, for a module that waits for data."""


def read_line(raw: str) -> CellLine:
    """Comments and blank lines are skipped; words by which people leave or ask for help become magics."""
    text = raw.strip()
    if not text or text.startswith("#"):
        return CellLine("skip", text, raw)
    if text.startswith("%"):
        return CellLine("magic", text[1:].strip(), raw)
    if text.lower() in LEAVING:
        return CellLine("magic", "quit", raw)
    if text.lower() in HELPING:
        return CellLine("magic", "help", raw)
    if text[:2].upper() in ("AT", "A/"):
        return CellLine("at", text, raw)
    if _SAID.fullmatch(text):
        return CellLine("said", text, raw)
    return CellLine("other", text, raw)


def read_cell(cell: str) -> list[CellLine]:
    return [read_line(raw) for raw in cell.splitlines()]
