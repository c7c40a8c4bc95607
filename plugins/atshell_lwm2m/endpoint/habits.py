"""What a platform does by itself, and what it can be asked: known before any of it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

WORDS = frozenset(
    {
        *("read", "write", "replace", "execute", "create", "delete", "observe", "cancel", "discover", "attributes"),
        *("clients", "awake", "forget"),
    }
)
"""What an operator may ask."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What a platform does by itself."""

    bootstrap: bool = True
    observe: bool = False
    """Observes every object instance after a login."""
    instead: Mapping[int, str] = field(default_factory=dict)
    """For these objects, the one path that is observed instead of the instances."""
    discover: bool = False
    """Then discovers every object."""
    read_device: bool = False
    """Then reads Device (/3/0)."""
    awake: float = 93.0
    """Seconds that a client in queue mode listens after it was heard (CoAP's MAX_TRANSMIT_WAIT, which LwM2M advises:
    1.0 section 8.3)."""
