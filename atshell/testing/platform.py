"""The embedded platform in a test: operations by name, and what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from atshell.styled import visible
from atshell.testing.driver import Driver

PATIENCE = 600.0
"""Device seconds after which an operation that has not ended never will."""
Value = str | int | float | bool | bytes
Result = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an operation. ``value``, ``links`` and ``resources`` raise AssertionError where it failed, so that a
    test may go straight on with them."""

    operation: str
    """``read /3/0/0``"""
    fields: Mapping[str, object] = field(default_factory=dict)
    """As ``atshell platform`` prints it."""

    @property
    def ok(self) -> bool:
        return self.fields.get("ok") is True

    @property
    def code(self) -> str:
        """``2.05``; empty when there was no answer."""
        return str(self.fields.get("code", ""))

    @property
    def error(self) -> str:
        """What went wrong, in words; empty when nothing did."""
        return str(self.fields.get("error") or ("" if self.ok else f"the answer is {self.code}"))

    @property
    def value(self) -> object:
        """Of the one resource that was read."""
        self.check()
        return self.fields.get("value")

    @property
    def resources(self) -> dict[str, object]:
        """Values by path."""
        self.check()
        return {str(one["path"]): one.get("value") for one in _records(self.fields.get("resources"))}

    @property
    def links(self) -> list[str]:
        """Of a Discover."""
        self.check()
        links = self.fields.get("links")
        return [str(link) for link in links] if isinstance(links, list) else []

    def check(self) -> None:
        __tracebackhide__ = True
        if not self.ok:
            raise AssertionError(f"{self.operation}: {self.error}")

    def __repr__(self) -> str:
        return f"<{self.operation}: {visible(self.error) or self.code}>"


class Asked:
    """An operation under way."""

    def __init__(self, driver: Driver, line: str, task: asyncio.Future[Result]) -> None:
        self._driver = driver
        self._line = line
        self._task = task

    @property
    def done(self) -> bool:
        return self._task.done()

    def answer(self) -> Answer:
        """Wait for the end of it, as long as the platform does."""
        return Answer(self._line, self.result())

    def result(self) -> Result:
        """The same as ``atshell platform`` prints it."""
        self._driver.call(self._driver.until(self._task.done, PATIENCE))
        if not self._task.done():
            self._task.cancel()
            return {"ok": False, "error": f"nothing came of it within {PATIENCE:g} s"}
        return self._task.result()


class Platform:
    """As one module's operator has it: where no client is named (``@NAME`` in ``ask``), this module is meant.
    ``operate`` is the device's: it carries out a line of an operator."""

    def __init__(self, name: str, driver: Driver, operate: Callable[[str], Awaitable[Result]]) -> None:
        self._name = name
        self._driver = driver
        self._operate = operate

    def __repr__(self) -> str:
        return f"<Platform {self._name}>"

    def read(self, path: str) -> Answer:
        return self.ask(f"read {path}").answer()

    def write(self, path: str, value: Value) -> Answer:
        return self.ask(f"write {path} {_said(value)}").answer()

    def execute(self, path: str, arguments: str = "") -> Answer:
        return self.ask(f"execute {path} {arguments}").answer()

    def observe(self, path: str) -> Answer:
        return self.ask(f"observe {path}").answer()

    def cancel(self, path: str) -> Answer:
        return self.ask(f"cancel {path}").answer()

    def discover(self, path: str) -> Answer:
        return self.ask(f"discover {path}").answer()

    def attributes(self, path: str, **attributes: float) -> Answer:
        """``attributes("/3200/0/5750", pmin=10, pmax=60)``"""
        return self.ask(
            f"attributes {path} {' '.join(f'{name}={value:g}' for name, value in attributes.items())}"
        ).answer()

    def forget(self) -> Answer:
        """The platform deletes the module, which learns of it by its next update."""
        return self.ask("forget").answer()

    def ask(self, line: str) -> Asked:
        """Begin an operation and go on: where the test itself has to answer it over AT.

        ``asked = at_platform.ask("read /3200/0")``, then ``at_session.expect("+MIPLREAD")`` and the module's answer,
        then ``asked.answer()``.
        """
        return Asked(self._driver, visible(line.strip()), self._driver.call(self._begin(line)))

    async def _begin(self, line: str) -> asyncio.Future[Result]:
        task = asyncio.ensure_future(self._operate(line))
        await self._driver.loop.rest()
        return task

    def clients(self) -> list[Result]:
        """Who is registered, other modules too: ``endpoint``, ``lifetime``, ``objects``, ``notifications`` …"""
        return _records(self.ask("clients").result().get("clients"))

    def notifications(self, path: str = "/") -> list[tuple[str, object]]:
        """Paths and values that this module has notified, below ``path``, the oldest first; the platform keeps the last
        ones."""
        result = self.ask("clients").result()
        own = [one for one in _records(result.get("clients")) if one.get("endpoint") == result.get("endpoint")]
        heard = [one for client in own for one in _records(client.get("notifications"))]
        values = [(str(one["path"]), one.get("value")) for entry in heard for one in _records(entry.get("resources"))]
        return [(at, value) for at, value in values if f"{at}/".startswith(f"{path.rstrip('/')}/")]

    def until(self, condition: Callable[[Platform], object], *, timeout: float = 60.0) -> None:
        """Wait until the condition holds: ``at_platform.until(lambda platform: platform.clients())``. Fails
        (AssertionError) after so many device seconds."""
        __tracebackhide__ = True
        waited = 0.0
        while not condition(self):
            if waited >= timeout:
                raise AssertionError(f"after {timeout:g} s the condition does not hold; registered: {self.clients()}")
            before = self._driver.clock.now()
            self._driver.call(self._driver.until(lambda: False, min(0.1, timeout - waited)))
            waited += max(self._driver.clock.now() - before, 0.001)


def _said(value: Value) -> str:
    """A value as an operator would type it: quoted where it is a text."""
    match value:
        case bool():
            return str(value).lower()
        case bytes():
            return f"0x{value.hex()}"
        case str() if '"' not in value:
            return f'"{value}"'
    return str(value)


def _records(value: object) -> list[Result]:
    return [one for one in value if _is_record(one)] if isinstance(value, list) else []


def _is_record(value: object) -> TypeGuard[Result]:
    return isinstance(value, dict)
