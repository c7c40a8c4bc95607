"""``%wait +MIPLEVENT: 0,6 [SECONDS]``: wait until a URC that begins so has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.session.exchange import Unsolicited
    from atshell.shell.engine import Shell

SECONDS = 30.0


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    """The URC itself is shown as every other, so there is nothing to add when it comes."""
    wanted, seconds = _read(argument)
    prefix = wanted.partition(":")[0]
    try:
        async with asyncio.timeout(seconds):
            while not _fits(await shell.session.urc(prefix, timeout=seconds), wanted):
                pass
    except TimeoutError:
        yield Result([("error", f"no {wanted} within {seconds:g} s")], "error")


def _read(argument: str) -> tuple[str, float]:
    wanted, _, last = argument.rpartition(" ")
    try:
        seconds = float(last)
    except ValueError:
        return _named(argument), SECONDS
    # "+MIPLEVENT: 0" ends in a number that belongs to the URC.
    if not wanted or wanted.endswith(":") or not 0 < seconds < 1e6:
        return _named(argument), SECONDS
    return _named(wanted), seconds


def _named(text: str) -> str:
    if not text.strip().startswith(("+", "^", "*", "$")):
        raise AtshellError("%wait needs the beginning of a URC", "%wait +MIPLEVENT: 0,6 30")
    return text.strip()


def _fits(urc: Unsolicited, wanted: str) -> bool:
    return _squeezed(urc.information.text).startswith(_squeezed(wanted))


def _squeezed(text: str) -> str:
    return text.replace(" ", "").casefold()
