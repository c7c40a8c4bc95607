"""``%help``: what can be typed, or the manual of one command or error code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.layout import joined
from atshell.shell.magics import MAGICS
from atshell.shell.result import Result
from atshell.styled import Fragments

if TYPE_CHECKING:
    from atshell.shell.engine import Shell

KEYS: tuple[tuple[str, str, str], ...] = (
    (
        "AT...",
        "sent to the module; Tab shows what there is, the line below what it takes",
        "发送给模组; Tab 补全, 下方显示参数说明",
    ),
    ("F1", "the manual of the command under the cursor", "光标处命令的手册"),
    ("Ctrl-R", "search in what was typed before", "搜索历史输入"),
    ("Ctrl-C", "give the line up, or stop waiting for an answer", "放弃当前行, 或停止等待应答"),
    ("Ctrl-D", "leave", "退出"),
)


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    if not argument:
        yield Result(overview(shell.profile.language), "result")
        return
    page = shell.manual(argument.removeprefix("%"))
    if page is None:
        near = shell.host.catalog.near(argument, shell.profile)
        raise AtshellError(f"no manual has {argument!r}", f"did you mean {', '.join(near)}" if near else "%help lists")
    yield Result(page, "result")


def overview(language: str) -> Fragments:
    chinese = language.startswith("zh")
    pairs = [(magic.usage, magic.summary(language)) for magic in MAGICS.values()]
    pairs += [(key, zh if chinese else en) for key, en, zh in KEYS]
    width = max(len(name) for name, _ in pairs)
    return joined([[("name", f"{name:<{width}}  "), ("", text)] for name, text in pairs])
