"""What a session knows by now, as far as it helps with the next line.

Vendor packs read a situation from what has happened (``atshell_situation``); completion offers its values and ready
answers, checking warns by it, the toolbar shows its state. The language service itself knows no vendor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from atshell.catalog.model import Text


@dataclass(frozen=True, slots=True)
class Known:
    """A value that the session has seen, for a parameter of that name."""

    value: str
    meaning: Text


@dataclass(frozen=True, slots=True)
class Pending:
    """A request of the platform that waits for an answer."""

    mid: int
    summary: Text
    """``the platform reads /3200/0/5750``"""
    deadline: float
    """Session seconds at which the platform gives up."""
    answers: tuple[str, ...] = ()
    """Whole lines that answer it, the most usual first. ``\\0`` stands where the cursor belongs, if anywhere."""


@dataclass(frozen=True, slots=True)
class Situation:
    state: Text | None = None
    """``registered``, for the toolbar; None when there is nothing to say."""
    until: float | None = None
    """Session seconds at which the state ends by itself: the registration's lifetime."""
    reboot_needed: bool = False
    pending: tuple[Pending, ...] = ()
    values: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)
    """By parameter name: ``ref``, ``objid``, ``resid``, ``mid`` …, the likeliest first."""
    usual: tuple[str, ...] = ()
    """Names of the commands that usually come next (``+MIPLOPEN``), the likeliest first."""
    unready: Mapping[str, Text] = field(default_factory=dict)
    """Commands that cannot succeed now, with the reason: ``+MIPLNOTIFY`` before the login."""


NOTHING = Situation()
