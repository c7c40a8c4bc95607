"""What any module's session tells, whoever made the module: who it is, which commands it lists, what was typed before,
whether a setting waits for a reboot.

Packs know more of their own commands (``atshell_situation``); what they say comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from atshell.assist.context import best_notation
from atshell.assist.situation import Known, Situation
from atshell.at.command import Command, Form, NotACommandLine, parse_line
from atshell.catalog.model import Text
from atshell.session.exchange import Exchange

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.session.exchange import Happening

MOST = 6
"""Values of a parameter that are remembered."""
MOST_LISTED = 2000
LONGEST = 128
"""Characters of a value; a longer one is data."""
TYPED = Text("typed before", "此前输入过")
_IDENTITIES = {
    "+CGSN": ("imei", Text("this module's IMEI", "本模组的 IMEI")),
    "+GSN": ("imei", Text("this module's IMEI", "本模组的 IMEI")),
    "+CIMI": ("imsi", Text("this SIM's IMSI", "本 SIM 卡的 IMSI")),
}
_DIGITS = 14, 16
"""An IMEI has 15 digits, 14 without its check digit, 16 with a software version (3GPP 23.003, 6.2); an IMSI has 15."""
_NAMES = {"imei": ("imei", "IMEI", "epname", "ep", "PSKID"), "imsi": ("imsi", "IMSI")}
"""Parameters that take an identity as it is."""
_REBOOTS = frozenset({"+NRB", "+QRST", "+MREBOOT"})
"""Beside AT+CFUN with a reset (27.007 8.2): what the families have (their manuals say so of the settings)."""


class Memory:
    """A reader of happenings (``atshell.assist.situation.Reader``)."""

    def __init__(self, catalog: Catalog, profile: Profile) -> None:
        self._catalog = catalog
        self._profile = profile
        self._typed: dict[str, dict[str, None]] = {}
        """By parameter name, the latest last."""
        self._identities: dict[str, str] = {}
        self._meanings: dict[str, Text] = {}
        self._listed: dict[str, None] = {}
        self._reboot_needed = False

    def take(self, happening: Happening) -> None:
        if not isinstance(happening, Exchange) or not happening.ok:
            return
        try:
            commands = parse_line(happening.line).commands
        except NotACommandLine:
            return
        for command in commands:
            self._accepted(command, happening)

    def situation(self) -> Situation:
        values = {name: tuple(Known(value, TYPED) for value in reversed(typed)) for name, typed in self._typed.items()}
        for identity, value in self._identities.items():
            known = Known(value, self._meanings[identity])
            for name in _NAMES[identity]:
                values[name] = (known, *values.get(name, ()))
        return Situation(reboot_needed=self._reboot_needed, values=values, listed=tuple(self._listed))

    def _accepted(self, command: Command, exchange: Exchange) -> None:
        if command.name in _IDENTITIES:
            self._identify(*_IDENTITIES[command.name], exchange)
        elif command.name == "+CLAC":
            self._list(exchange)
        if command.form is Form.WRITE:
            self._remember(command)
        if _reboots(command):
            self._reboot_needed = False
        elif command.form is not Form.READ and not exchange.lines and self._acts_after_reboot(command):
            self._reboot_needed = True

    def _identify(self, identity: str, meaning: Text, exchange: Exchange) -> None:
        for information in exchange.lines:
            text = information.values[0].text if information.values else information.text.strip()
            if text.isascii() and text.isdigit() and _DIGITS[0] <= len(text) <= _DIGITS[1]:
                self._identities[identity], self._meanings[identity] = text, meaning

    def _list(self, exchange: Exchange) -> None:
        """Commands, one a line or between commas, with or without AT (27.007 8.37)."""
        for name in _words(exchange):
            if len(self._listed) < MOST_LISTED:
                self._listed[name] = None

    def _remember(self, command: Command) -> None:
        entry = self._catalog.find(f"AT{command.name}", self._profile)
        if entry is None or entry.command.kind != "command":
            return
        arguments = [argument.text for argument in command.arguments]
        notation = best_notation(entry.command.forms.get("write", ()), arguments, whole=True)
        if notation is None:
            return
        for argument, parameter in zip(command.arguments, entry.placed(notation, arguments), strict=True):
            if parameter is None or parameter.secret or parameter.values or not 0 < len(argument.text) <= LONGEST:
                continue
            typed = self._typed.setdefault(parameter.name, {})
            typed.pop(str(argument), None)
            typed[str(argument)] = None
            if len(typed) > MOST:
                del typed[next(iter(typed))]

    def _acts_after_reboot(self, command: Command) -> bool:
        entry = self._catalog.find(f"AT{command.name}", self._profile)
        return entry is not None and entry.command.kind == "command" and entry.command.needs_reboot


def _words(exchange: Exchange) -> Iterator[str]:
    for information in exchange.lines:
        text = information.text.upper().removeprefix("+CLAC:")
        for word in text.replace(",", " ").replace('"', " ").split():
            name = word.removeprefix("AT")
            if name[:1] in ("+", "^", "*", "$", "#", "%") and 1 < len(name) <= 32 and name[1:].isascii():
                yield name


def _reboots(command: Command) -> bool:
    reset = command.name == "+CFUN" and len(command.arguments) > 1 and command.arguments[1].text == "1"
    return reset or command.name in _REBOOTS
