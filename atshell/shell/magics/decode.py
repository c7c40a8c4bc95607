"""``%decode HEX [PATH]``: what a pasted CoAP message or payload says, also one inside of a command or URC."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from itertools import dropwhile
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.layout import cut, joined
from atshell.shell.payloads import is_line, records, rows, said
from atshell.shell.result import Result
from atshell.styled import to_plain

if TYPE_CHECKING:
    from atshell.shell.engine import Shell

EXAMPLE = "%decode e41676 61:62:63:64 /3200/0 (blanks, colons and 0x are skipped)"
MAX_DETAILED = 512
"""Bytes of which each is explained."""
_BYTES = re.compile(r" *[0-9]+ ")
MAX_DIGITS = 2 * 65536


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    """A path at the end says what the payload is about, so that its resources get their names."""
    if is_line(argument):
        yield _of_line(shell, argument)
        return
    words, _, last = argument.rpartition(" ")
    path = last if last.startswith("/") else None
    data = read_hex(words if path else argument)
    analyzer = shell.host.analyzer
    report = analyzer.decode_payload(data, path=path)
    rows = list(report.text())
    if len(data) <= MAX_DETAILED:
        details = analyzer.decode_payload(data, path=path, details=True).text()
        # What stands above the bytes has been said.
        rows += dropwhile(lambda row: not _BYTES.match(to_plain(row)), details)
    text = joined([cut(row, shell.width) for row in rows] if shell.on_terminal else rows)
    records = [json.loads(line) for line in report.json()]
    yield Result(text, "result", records[0] if len(records) == 1 else records)


def _of_line(shell: Shell, text: str) -> Result:
    """The payloads that a command or a URC carries. Raises AtshellError when there is none."""
    line = said(text)
    found = rows(shell.host, line)
    if not found:
        raise AtshellError("no payload is in that line", "give the line as the module has it, or hexadecimal digits")
    whole = rows(shell.host, line, "details")
    found += dropwhile(lambda row: not _BYTES.match(to_plain(row)), whole)
    data = [json.loads(record) for record in records(shell.host, line)]
    shown = joined([cut(row, shell.width) for row in found] if shell.on_terminal else found)
    return Result(shown, "result", data[0] if len(data) == 1 else data)


def read_hex(text: str) -> bytes:
    """Hexadecimal digits as people paste them. Raises AtshellError."""
    digits = re.sub(r"0[xX]|\\x|[\s:,\-\"]", "", text)
    if not digits:
        raise AtshellError("%decode needs hexadecimal digits", EXAMPLE)
    if len(digits) > MAX_DIGITS:
        raise AtshellError("%decode takes 64 KiB at most", "use atshell decode --hex -")
    wrong = re.search(r"[^0-9a-fA-F]", digits)
    if wrong:
        raise AtshellError(f"{wrong.group()!r} is no hexadecimal digit", EXAMPLE)
    if len(digits) % 2:
        raise AtshellError(f"{len(digits)} hexadecimal digits are no whole bytes", "one is missing or too many")
    return bytes.fromhex(digits)
