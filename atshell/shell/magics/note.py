"""``%note TEXT``: a comment in the transcript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.shell.engine import Shell


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    if not argument:
        raise AtshellError("%note needs a text", "%note antenna moved")
    shell.session.note(argument)
    yield Result([("note", "noted" if shell.record else "noted, but this session is not recorded to a file")], "note")
