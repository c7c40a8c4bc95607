"""One line of an operator, taken apart, and what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atshell_lwm2m.endpoint import formats
from atshell_lwm2m.endpoint.exchange import Request
from atshell_lwm2m.endpoint.operation import ids
from atshell_lwm2m.endpoint.pack import Path
from atshell_lwm2m.endpoint.registration import Registration

MAX_PATHS = 64
"""Of a composite operation."""
EXAMPLES = {
    "read": "read /3200/0/5750",
    "write": "write /3200/0/5750 VALUE",
    "replace": "replace /3200/0 5750=VALUE 5501=VALUE",
    "execute": "execute /3200/0/5750 ARGUMENTS",
    "create": "create /3303/1 5700=20.5",
    "delete": "delete /3303/1",
    "observe": "observe /3200/0",
    "cancel": "cancel /3200/0",
    "discover": "discover /3200",
    "attributes": "attributes /3200/0/5750 pmin=10 pmax=60",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What an operation sends."""

    path: str
    """The target; the paths with a blank between them where there are several."""
    request: Request
    observation: bool = False
    """The answers go on."""
    cancels: bool = False
    """Nothing more is awaited from the observation of that path."""

    @property
    def target(self) -> str:
        """What the values in the answer stand below; "" where they name themselves."""
        return "" if " " in self.path else self.path


@dataclass(frozen=True, slots=True)
class Order:
    word: str
    words: Sequence[str]
    """What follows it."""
    client: Registration
    format: int | None
    """The Content-Format that was asked for."""

    def target(self, *depths: int) -> Path:
        """The path, which comes first. Raises ValueError."""
        path = read_path(self.words[0]) if self.words else None
        if path is None or len(path) not in depths:
            raise ValueError(f"a path is missing or not of that kind: say {EXAMPLES[self.word]}")
        return path

    def paths(self) -> list[Path]:
        """Several. Raises ValueError."""
        unknown = next((word for word in self.words if word.startswith(formats.MARK)), None)
        if unknown is not None:
            raise ValueError(f"{unknown[:40]!r} is no format: say {' '.join(map(formats.MARK.__add__, formats.NAMES))}")
        paths = [path for path in map(read_path, self.words) if path]
        if len(paths) < len(self.words) or len(paths) > MAX_PATHS:
            raise ValueError(f"say up to {MAX_PATHS} paths: {self.word} /3/0/9 /3/0/13")
        return paths

    @property
    def to_accept(self) -> int | None:
        return formats.to_accept(self.client.version, self.client.formats) if self.format is None else self.format

    @property
    def to_write(self) -> int:
        return formats.to_write(self.client.version, self.client.formats) if self.format is None else self.format

    def request(
        self,
        method: str,
        path: Path,
        *,
        query: tuple[str, ...] = (),
        payload: bytes = b"",
        content_format: int | None = None,
        accept: int | None = None,
    ) -> Request:
        """About ``path``, where this client has it."""
        place = self.client.root + tuple(map(str, path))
        return Request(method, self.client.peer, place, query, payload, content_format, accept)


def read_path(text: str) -> Path | None:
    """``/3/0/14`` in numbers; None for what is no path."""
    return ids(tuple(part for part in text.split("/") if part)) if text.startswith("/") else None
