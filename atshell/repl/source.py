"""What the parts of the terminal ask of the engine; ``atshell.shell.engine.Shell`` has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from atshell.assist.complete import Suggestion
    from atshell.assist.explain import Signature
    from atshell.shell.result import Result


class Source(Protocol):
    @property
    def wants_data(self) -> bool: ...

    @property
    def state(self) -> str: ...

    @property
    def counts_down(self) -> bool: ...

    def ready_answer(self, typed: str) -> Suggestion | None: ...

    def complete(self, cell: str, cursor: int) -> Sequence[Suggestion]: ...

    def signature(self, cell: str, cursor: int) -> Signature | None: ...

    def inspect(self, cell: str, cursor: int) -> Result | None: ...
