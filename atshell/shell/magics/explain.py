"""``%explain LINE``: what a line means, field by field, and what it carries; nothing is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.layout import INDENT, joined
from atshell.shell.payloads import is_line, rows, said
from atshell.shell.result import Result
from atshell.shell.told import told

if TYPE_CHECKING:
    from atshell.shell.engine import Shell

EXAMPLE = "%explain +CEREG: 0,1"


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    if not argument:
        raise AtshellError("%explain needs a line", EXAMPLE)
    result = told(shell.catalog, shell.profile, argument, width=shell.width)
    carried = rows(shell.host, said(argument)) if is_line(argument) else []
    if carried:
        carried = [[("dim", " " * INDENT), *row] for row in carried]
        known = [result.fragments] if result is not None else []
        result = Result(joined([*known, *carried]), "result", result.data if result is not None else None)
    if result is None:
        raise AtshellError(f"nothing is known of {argument[:80]!r}", EXAMPLE)
    yield result
