"""What the LwM2M lines of OneMO modules mean in the words of operations: the side of a session."""

from __future__ import annotations

from atshell_onemo.intents.payloads import read_payloads
from atshell_onemo.intents.reader import read_intents

__all__ = ["read_intents", "read_payloads"]
