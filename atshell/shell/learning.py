"""Commands that no manual here has: the module is asked ``AT+X=?`` once, and what it answers is kept.

It is asked for names that the module lists in its answer to AT+CLAC or that the user has typed, no others, and nothing
but the test form, which changes nothing (V.250 5.4.4.1). What was learned is kept for each model and firmware in the
platform's data directory, as JSON with the module's own lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from atshell.assist.context import context
from atshell.assist.learn import MAX_COMMANDS, can_be_learned, learned_manual, useful
from atshell.catalog.lookup import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from atshell.catalog.profile import Profile
    from atshell.session.exchange import Exchange

FORMAT, VERSION = "atshell-learned", 1
MAX_FILE = 1 << 20
"""Bytes"""
PATIENCE = 3.0
"""Seconds: a test command is answered at once (V.250 5.4.4.1)."""

Send = Callable[[str], Awaitable["Exchange"]]


class Learning:
    """``folder`` None: what is learned is forgotten at the end."""

    def __init__(self, catalog: Catalog, profile: Profile, folder: Path | None) -> None:
        self._manuals = catalog
        self._profile = profile
        self._path = folder / f"{_slug(profile)}.json" if folder is not None and profile.model else None
        self._asked: set[str] = set()
        self._answers: dict[str, tuple[str, ...]] = self._read()

    @cached_property
    def catalog(self) -> Catalog:
        """The manuals, with what was learned behind them."""
        if not self._answers:
            return self._manuals
        return Catalog([*self._manuals.manuals, learned_manual(self._answers)])

    def unknown(self, line: str, cursor: int) -> str:
        """The command under the cursor, where its parameters are being typed and nobody knows them; "" otherwise. It
        is named once only."""
        place = context(self.catalog, self._profile, line, cursor)
        name = place.position.name
        if place.entry is not None or place.position.part != "argument" or not can_be_learned(name):
            return ""
        if not line[place.position.name_start + len(name) :].lstrip().startswith("="):
            return ""
        if name in self._asked or self.catalog.find(f"AT{name}", self._profile) is not None:
            return ""
        if len(self._asked) >= MAX_COMMANDS:
            return ""
        self._asked.add(name)
        return name

    async def ask(self, name: str, send: Send) -> bool:
        """Ask the module; True when there is something new to know."""
        exchange = await send(f"AT{name}=?")
        lines = useful(information.text for information in exchange.lines)
        if not exchange.ok or not lines or len(self._answers) >= MAX_COMMANDS:
            return False
        self._answers[name] = lines
        self.__dict__.pop("catalog", None)
        self._write()
        return True

    def _read(self) -> dict[str, tuple[str, ...]]:
        """What an earlier session has learned. A file that is not as this program writes it is no file."""
        if self._path is None:
            return {}
        try:
            with self._path.open("rb") as file:
                data = json.loads(file.read(MAX_FILE))
        except (OSError, ValueError, RecursionError):
            return {}
        commands = data.get("commands") if isinstance(data, dict) and data.get("format") == FORMAT else None
        if not isinstance(commands, dict) or data.get("version") != VERSION:
            return {}
        return {name: _lines(lines) for name, lines in list(commands.items())[:MAX_COMMANDS] if can_be_learned(name)}

    def _write(self) -> None:
        """What cannot be kept is learned anew next time."""
        if self._path is None:
            return
        data = {
            "format": FORMAT,
            "version": VERSION,
            "model": self._profile.model,
            "firmware": self._profile.firmware,
            "commands": self._answers,
        }
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(data, indent=1), "utf-8")
            draft.replace(self._path)


def learned_folder() -> Path:
    """``~/.local/share/atshell/learned``"""
    from platformdirs import user_data_path

    return user_data_path("atshell", appauthor=False) / "learned"


def _lines(lines: object) -> tuple[str, ...]:
    return useful(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ()


def _slug(profile: Profile) -> str:
    """A file name for any model and firmware; what a module says its firmware is may be anything."""
    readable = re.sub(r"[^a-z0-9]+", "-", profile.model.lower()).strip("-")[:40]
    exact = sha256("\n".join((profile.model, profile.firmware)).encode())
    return f"{readable}-{exact.hexdigest()[:12]}"
