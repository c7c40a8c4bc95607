"""``%fault lose up 30%``: something goes wrong in the emulated module, its network or its platform from now on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.layout import columns, joined, padded
from atshell.shell.result import Result
from atshell.styled import Fragments

if TYPE_CHECKING:
    from atshell.emulator.faults.active import Active
    from atshell.shell.engine import Shell

HELP = "help"
WORDS = (
    ("nothing goes wrong; %fault SPEC lets it:", "acted {}×", "over", "seed {}"),
    ("当前没有故障; 用 %fault SPEC 设置:", "已发生 {} 次", "已结束", "种子 {}"),
)


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    """Without an argument it lists what is active, and with ``help``, or when nothing is, all that there could be."""
    device = shell.device
    if device is None:
        raise AtshellError("%fault is for an emulated module", "start atshell with --emulator MODEL")
    chinese = shell.profile.language.startswith("zh")
    if argument.lower() == HELP:
        yield Result(joined(_guide(shell.profile.language)), "result")
        return
    data = device.fault_desk.change(argument)
    active = list(device.faults)
    nothing, *_, seed = WORDS[chinese]
    rows = [_row(number, one, device.clock.now(), WORDS[chinese]) for number, one in enumerate(active, 1)]
    if not active:
        rows = [[("note", nothing.partition(";")[0] if argument else nothing)]]
        rows += [] if argument else _guide(shell.profile.language)
    if device.faults.seed:
        rows.append([("dim", seed.format(device.faults.seed))])
    yield Result(joined(rows), "result", data)


def _row(number: int, active: Active, now: float, words: Sequence[str]) -> Fragments:
    acted = words[1].format(active.done) if active.done else ""
    over = words[2] if active.is_over(now) else ""
    return [
        ("dim", f"{number:>3}  "),
        ("dim" if over else "bold", str(active.fault)),
        ("dim", "".join(f"    {one}" for one in (acted, over) if one)),
    ]


def _guide(language: str) -> list[Fragments]:
    from atshell.emulator.faults.spec import EXAMPLES, guide

    rows = guide(language)
    width = max(columns(usage) for usage, _ in rows)
    listed: list[Fragments] = [[("name", f"  {padded(usage, width)}  "), ("", meaning)] for usage, meaning in rows]
    return [*listed, *([("dim", f"  %fault {line}")] for line in EXAMPLES)]
