"""What a line carries for the network, decoded: in a few words beside the line, or whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from atshell.hooks import DecodeOptions, View
from atshell.session.carried import Carried, CarriedLine, Said
from atshell.styled import to_plain

if TYPE_CHECKING:
    from atshell.host import Host
    from atshell.styled import Fragments

_LINE = re.compile(r"\s*(?:[Aa][Tt][+^*%$#!@]|[+^*%$#!@][A-Za-z])")
_COMMAND = re.compile(r"\s*[Aa][Tt]")
MAX_BESIDE = 200
"""Characters beside a line."""


def is_line(text: str) -> bool:
    """A command line or a URC, and no hexadecimal digits alone."""
    return _LINE.match(text) is not None


def said(text: str) -> Said:
    return Said(text, sent=_COMMAND.match(text) is not None)


def rows(host: Host, line: Said, view: View = "messages") -> list[Fragments]:
    """Of every payload in the line; empty when there is none."""
    return _rows(host, host.carried(line), view)


def records(host: Host, line: Said) -> list[str]:
    """The same as JSON."""
    found = [CarriedLine(0, 0, "", one) for one in host.carried(line)]
    return list(host.analyzer.decode_lines(found, DecodeOptions()).json()) if found else []


def beside(host: Host, line: Said) -> str:
    """In a few words. Values that the line itself shows as text are not repeated."""
    found = [one for one in host.carried(line) if one.kind != "text"]
    return "; ".join(to_plain(row).strip() for row in _rows(host, found))[:MAX_BESIDE]


def _rows(host: Host, found: list[Carried], view: View = "messages") -> list[Fragments]:
    if not any(one.data for one in found):
        return []
    lines = [CarriedLine(0, 0, "", one) for one in found]
    return list(host.analyzer.decode_lines(lines, DecodeOptions(view=view)).text())
