"""Semantic styles as prompt-toolkit styles; the terminal's own sixteen colours, so every theme stays readable."""

from __future__ import annotations

from prompt_toolkit.styles import Style

LOOK = {
    "at.prefix": "bold",
    "at.name": "bold",
    "at.operator": "ansicyan",
    "at.separator": "ansicyan",
    "at.string": "ansigreen",
    "at.number": "",
    "at.word": "",
    "at.comment": "ansibrightblack",
    "auto-suggestion": "ansibrightblack",
    "bottom-toolbar": "noreverse",
    "toolbar.notation": "",
    "toolbar.current": "bold underline",
    "toolbar.text": "ansibrightblack",
    "toolbar.state": "ansibrightblack",
    "completion-menu": "bg:default noreverse",
    "completion-menu.completion": "bg:default fg:default",
    "completion-menu.completion.current": "bg:default fg:default reverse",
    "completion-menu.meta.completion": "bg:default ansibrightblack",
    "completion-menu.meta.completion.current": "bg:default fg:default reverse",
    "hint": "ansibrightblack",
    "scrollbar.background": "bg:default",
    "scrollbar.button": "bg:ansibrightblack",
}


def style() -> Style:
    return Style.from_dict(LOOK)
