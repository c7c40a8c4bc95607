"""Results: values with a MIME bundle. The front doors only render them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from atshell.styled import Fragments, to_html, to_plain

Stream = Literal["result", "urc", "warning", "note", "error"]


@dataclass(frozen=True, slots=True)
class Result:
    """One thing to show."""

    fragments: Fragments
    """Text with meaning, possibly of several lines, without the last line feed."""
    stream: Stream = "result"
    data: object = None
    """What ``application/json`` carries, None for nothing."""

    @property
    def text(self) -> str:
        return to_plain(self.fragments)

    def bundle(self) -> dict[str, object]:
        """``text/plain``, ``text/html`` and, with data, ``application/json``."""
        bundle: dict[str, object] = {"text/plain": self.text, "text/html": to_html(self.fragments)}
        if self.data is not None:
            bundle["application/json"] = self.data
        return bundle
