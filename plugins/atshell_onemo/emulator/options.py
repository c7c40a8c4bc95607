"""How requests are told to the MCU: at once, or kept until it asks (sections 4.2 to 4.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.at.command import Command
from atshell.emulator.device import Lines
from atshell_onemo.emulator.fields import Fields, cis
from atshell_onemo.emulator.state import NOT_ALLOWED

if TYPE_CHECKING:
    from atshell_onemo.emulator.module import OneMo

WITHOUT_SENT = frozenset({"ML305A", "ML307A", "ML307R"})
"""Section 4.2: these do not tell that something was sent."""


@dataclass(slots=True)
class Notices:
    """Both are 0 after a restart."""

    mode: int = 0
    """``<nnmi>``"""
    sent: bool = False
    """``<nsmi>``"""


def _control(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 3, 3)
    mode, sent = fields.integer(1, 2), fields.integer(2, 1)
    module.allow_ref("+MIPLNMI", fields)
    if sent and module.device.profile.model in WITHOUT_SENT:
        raise cis(NOT_ALLOWED)
    module.notices.mode, module.notices.sent = mode, bool(sent)
    if module.login is not None:
        module.login.apply(mode)
    return ()


def _fetch(module: OneMo, command: Command) -> Lines:
    module.allow_ref("+MIPLMGR", Fields(command, 1, 1))
    requests = module.online().requests
    return tuple(requests.next_lines()) if requests is not None else ()


def _statistics(module: OneMo, command: Command) -> Lines:
    module.allow_ref("+MIPLQMGR", Fields(command, 1, 1))
    requests = module.online().requests
    queues = dropped = buffers = 0
    if requests is not None:
        queues, dropped = len(requests.waiting), requests.dropped
        buffers = sum(waiting.held for waiting in requests.waiting.values())
    return (f"+MIPLQMGR: 0,QUEUES={queues},DROPPED={dropped},BUFFERS={buffers}",)


HANDLERS: dict[str, Callable[[OneMo, Command], Lines]] = {
    "+MIPLNMI": _control,
    "+MIPLMGR": _fetch,
    "+MIPLQMGR": _statistics,
}
