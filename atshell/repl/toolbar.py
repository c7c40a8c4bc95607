"""The two lines below the prompt: the signature with the current parameter marked, and what that parameter is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.utils import get_cwidth as columns

from atshell.styled import visible

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from atshell.assist.explain import Signature


def toolbar(signature: Signature | None, state: str, width: int) -> StyleAndTextTuples:
    """Always two lines, so that nothing jumps while one types."""
    above = notation(signature, width) if signature else []
    left = (signature.parameter or signature.summary) if signature else ""
    return [*above, ("", "\n"), *edges(left, state, width)]


def notation(signature: Signature, width: int) -> StyleAndTextTuples:
    """The notation, cut so that the current parameter stays in sight."""
    text = visible(signature.notation)
    if signature.span is None or text != signature.notation:
        return [("class:toolbar.notation", f" {cut(text, width - 2)}")]
    start, end = signature.span
    room = max(width - 3, 1)
    skip = max(0, min(end - room * 2 // 3, len(text) - room)) if len(text) > room else 0
    lead = "…" if skip else " "
    start, end = max(start, skip), max(end, skip)
    return [
        ("class:toolbar.notation", lead + text[skip:start]),
        ("class:toolbar.current", text[start:end]),
        ("class:toolbar.notation", cut(text[end:], max(room - (end - skip), 0))),
    ]


def edges(left: str, right: str, width: int) -> StyleAndTextTuples:
    """``left`` and, as far as it fits, ``right`` at the right edge; the parameter matters more than the state."""
    left = cut(visible(left, keep=""), width - 2)
    room = width - 2 - columns(left) - 2
    right = cut(visible(right, keep=""), room) if room > 12 else ""
    gap = " " * max(width - 2 - columns(left) - columns(right), 0)
    return [("class:toolbar.text", f" {left}"), ("", gap), ("class:toolbar.state", f"{right} ")]


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, an ellipsis where something is missing."""
    if columns(text) <= width:
        return text
    kept = ""
    used = 1
    for char in text:
        used += columns(char)
        if used > width:
            break
        kept += char
    return f"{kept}…" if width > 0 else ""
