"""``%quit``: leave the shell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.shell.engine import Shell


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    shell.done = True
    return
    yield  # an iterator without results
