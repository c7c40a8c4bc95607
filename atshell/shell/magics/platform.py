"""``%platform read /3200/0/5750``: the platform of an emulated module acts, in the words of ``atshell platform``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.result import Result
from atshell.styled import Fragments

if TYPE_CHECKING:
    from atshell.emulator.device import Device
    from atshell.shell.engine import Shell

OPERATIONS = {
    "read": "read PATH",
    "write": "write PATH VALUE",
    "replace": "replace PATH RESOURCE=VALUE",
    "execute": "execute PATH [ARGUMENTS]",
    "create": "create PATH RESOURCE=VALUE",
    "delete": "delete PATH",
    "observe": "observe PATH",
    "cancel": "cancel PATH",
    "discover": "discover PATH",
    "attributes": "attributes PATH pmin=…",
    "clients": "clients",
    "forget": "forget",
    "power": "power off|on",
    "network": "network lost|found",
}


PATIENCE = 0.3
"""Seconds"""


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    if shell.device is None:
        raise AtshellError("%platform is for an emulated module", "start atshell with --emulator MODEL")
    if not argument:
        raise AtshellError("%platform needs words", "; ".join(OPERATIONS.values()))
    # What came of an order for a module asleep is known when it has woken.
    shell.device.place.tell = lambda outcome: shell.tell(_told(outcome))
    result = await shell.in_background(_operate(shell.device, argument), patience=PATIENCE)
    # Most operations end with what the user answers to a URC, so nobody may be kept from typing.
    yield result or Result([("note", "the platform waits for the answer; what comes of it is shown here")], "note")


async def _operate(device: Device, words: str) -> Result:
    return _told(await device.operate(words))


def _told(outcome: dict[str, object]) -> Result:
    failed = outcome.get("ok") is False or "error" in outcome
    return Result([("bold", "platform  "), *_shown(outcome)], "error" if failed else "result", outcome)


def _shown(outcome: dict[str, object]) -> Fragments:
    """``name value`` pairs; what is nested stays JSON."""
    fragments: Fragments = []
    for name, value in outcome.items():
        if name == "ok":
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        fragments += [("dim", f"{'  ' if fragments else ''}{name} "), ("error" if name == "error" else "", text)]
    return fragments or [("ok", "done")]
