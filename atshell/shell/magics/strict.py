"""``%strict on|off``: ask before a line with a warning is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.shell.engine import Shell

_STATES = {
    True: (
        "strict: a line with a warning waits for a second Enter",
        "严格模式: 有警告的行需再按一次回车才发送",
    ),
    False: (
        "not strict: warnings are shown and the line is sent",
        "非严格模式: 显示警告后直接发送",
    ),
}
_WORDS = {"on": True, "off": False}


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    """Without an argument it says how it is."""
    word = argument.lower()
    if word and word not in _WORDS:
        raise AtshellError(
            f"%strict is on or off, not {argument[:40]!r}", "%strict on asks before a warned line is sent"
        )
    if word:
        shell.checker.strict = _WORDS[word]
    strict = shell.checker.strict
    chinese = shell.profile.language.startswith("zh")
    yield Result([("note", _STATES[strict][chinese])], "note", {"strict": strict})
