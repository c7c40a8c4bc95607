"""How requests are told to the MCU: at once, or kept until it asks (sections 4.2 to 4.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.at.command import Command
from atshell.emulator.device import Lines
from atshell_onemo.emulator.abilities import Ability, has
from atshell_onemo.emulator.fields import Fields, cis
from atshell_onemo.emulator.model import ONENET
from atshell_onemo.emulator.state import NOT_ALLOWED

if TYPE_CHECKING:
    from atshell_onemo.emulator.module import OneMo


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
    device = module.allow_ref("+MIPLNMI", fields)
    elsewhere = device.platform != ONENET and (mode or sent)  # OneNET alone has it (section 4.2)
    if elsewhere or (sent and not has(module.device.profile.model, Ability.SENT)):
        raise cis(NOT_ALLOWED)
    module.notices.mode, module.notices.sent = mode, bool(sent)
    if module.login is not None:
        module.login.apply(module.mode)
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
        queues, dropped, buffers = len(requests.waiting), requests.dropped, requests.buffers
    return (f"+MIPLQMGR: 0,QUEUES={queues},DROPPED={dropped},BUFFERS={buffers}",)


HANDLERS: dict[str, Callable[[OneMo, Command], Lines]] = {
    "+MIPLNMI": _control,
    "+MIPLMGR": _fetch,
    "+MIPLQMGR": _statistics,
}
