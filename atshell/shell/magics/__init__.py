"""Commands to the shell itself: ``%name argument``. The table is all that help and completion need; a magic's
module is imported when it is first used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.shell.engine import Shell


@dataclass(frozen=True, slots=True)
class Magic:
    name: str
    argument: str
    en: str
    zh: str

    @property
    def usage(self) -> str:
        return f"%{self.name} {self.argument}".rstrip()

    def summary(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


MAGICS: dict[str, Magic] = {
    magic.name: magic
    for magic in (
        Magic(
            "help",
            "[COMMAND|CODE]",
            "this list, or the manual of a command or error code",
            "本列表, 或命令、错误码的手册",
        ),
        Magic(
            "explain",
            "LINE",
            "what a command, an answer, a URC or an error code means, field by field",
            "逐字段解释命令、应答、URC 或错误码",
        ),
        Magic("why", "", "what was wrong with the last command that failed", "上一条失败的命令为何失败"),
        Magic("strict", "[on|off]", "ask before a line with a warning is sent", "有警告的行发送前先询问"),
        Magic("timeline", "[CAPTURE...]", "the session beside the traffic it caused", "会话与其产生的网络报文并列显示"),
        Magic(
            "decode",
            "HEX [PATH]",
            "what a CoAP message or payload says (TLV, SenML, CBOR ...), also inside of a command or URC",
            "解析 CoAP 报文或载荷 (TLV、SenML、CBOR 等), 也可直接给出命令或 URC",
        ),
        Magic(
            "platform",
            "WORDS",
            "let the emulated module's platform act: read /3200/0/5750",
            "让内置平台执行操作: read /3200/0/5750",
        ),
        Magic(
            "fault",
            "[SPEC|off [N]]",
            "let something go wrong in the emulated module: lose up 30%",
            "让仿真模组出现故障: lose up 30%",
        ),
        Magic("wait", "URC [SECONDS]", "wait until a URC that begins so has come", "等待以此开头的 URC"),
        Magic("note", "TEXT", "write a comment into the record", "在记录中写入注释"),
        Magic("record", "", "where this session is recorded", "会话记录文件的位置"),
        Magic("quit", "", "leave", "退出"),
    )
}


class Run(Protocol):
    """What a magic's module offers as ``run``. What a user can mend is raised as AtshellError."""

    def __call__(self, shell: Shell, argument: str) -> AsyncIterator[Result]: ...


def load(name: str) -> Run:
    """The function behind a name of MAGICS."""
    return cast(Run, import_module(f"{__name__}.{name}").run)
