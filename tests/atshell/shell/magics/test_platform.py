"""``%platform``: against a device of few words, and refused where there is none."""

from __future__ import annotations

import asyncio

from atshell.emulator.clock import ManualClock
from atshell.emulator.place import Place
from atshell.shell.magics import platform


class Device:
    def __init__(self, outcome: dict[str, object]) -> None:
        self.outcome = outcome
        self.go = asyncio.Event()
        self.asked: list[str] = []
        self.place = Place(ManualClock())

    async def operate(self, line: str) -> dict[str, object]:
        self.asked.append(line)
        await self.go.wait()
        return self.outcome


def test_a_real_module_has_none(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%platform clients")

    (result,) = talk(body)
    assert "emulated" in result.text


def test_its_outcome_is_shown(talk, collect) -> None:
    async def body(shell, module):
        shell.device = Device({"ok": True, "operation": "read", "value": "\x1b[2J", "clients": [1]})
        shell.device.go.set()
        results = await collect(shell, "%platform read /3/0\n%platform")
        return results, shell.device.asked

    (result, empty), asked = talk(body)
    assert asked == ["read /3/0"]
    assert result.text == "platform  operation read  value \\x1b[2J  clients [1]"
    assert result.stream == "result"
    assert "read PATH" in empty.text


def test_what_came_of_an_order_that_waited_is_shown_when_it_comes(talk, collect) -> None:
    async def body(shell, module):
        shell.device = Device({"ok": True, "queued": True})
        shell.device.go.set()
        told: list = []
        shell.listen(told.append)
        await collect(shell, "%platform read /3/0/1")
        shell.device.place.tell({"line": "read /3/0/1", "order": 1, "ok": True, "value": "X1"})
        return told

    (outcome,) = talk(body)
    assert outcome.text == "platform  line read /3/0/1  order 1  value X1"


def test_nobody_is_kept_from_typing_while_it_waits(talk, collect, monkeypatch) -> None:
    monkeypatch.setattr(platform, "PATIENCE", 0)

    async def body(shell, module):
        shell.device = Device({"ok": False, "error": "no answer"})
        told: asyncio.Queue = asyncio.Queue()
        shell.listen(told.put_nowait)
        (note,) = await collect(shell, "%platform read /3/0")
        shell.device.go.set()
        return note, await told.get()

    note, outcome = talk(body)
    assert note.stream == "note"
    assert (outcome.text, outcome.stream) == ("platform  error no answer", "error")
