"""``%explain LINE``: what a line means, field by field; nothing is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.result import Result
from atshell.shell.told import told

if TYPE_CHECKING:
    from atshell.shell.engine import Shell

EXAMPLE = "%explain +CEREG: 0,1"


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    if not argument:
        raise AtshellError("%explain needs a line", EXAMPLE)
    result = told(shell.catalog, shell.profile, argument, width=shell.width)
    if result is None:
        raise AtshellError(f"nothing is known of {argument[:80]!r}", EXAMPLE)
    yield result
