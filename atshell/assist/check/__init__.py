"""Warnings before a line is sent: what the manuals say against it, and what the session knows against it.

``check`` is pure and never fails, on any text. The way of a line through this room: typography (curly quotes) is set
right, so that the rest can be read; each command is found in the catalog and asked for its form; the arguments are
laid over each notation of that form, and the notation that has the least against them counts; what the session knows
(order, time windows) comes last. Facts come from the catalog alone, so a new manual needs no code here.
"""

from __future__ import annotations

from atshell.assist.check.caution import Caution
from atshell.assist.check.line import check

__all__ = ["Caution", "check"]
