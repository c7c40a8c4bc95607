"""What one line of a session means in the words of an operation.

Vendor packs read intents from a session; the correlator joins them with the operations of a capture. An intent says
which message of the traffic a line is about, so neither side needs to know the other's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = str | int | float | bool

Part = Literal["request", "response", "outcome"]
"""``request``: the line makes or reports a request (AT+MIPLNOTIFY makes a notification, +MIPLREAD reports a Read).
``response``: the line makes the answer to an earlier request (AT+MIPLREADRSP).
``outcome``: the line reports how an operation ended (+MIPLEVENT: 0,6)."""

Sender = Literal["client", "server"]

Shares = Literal["", "next", "earlier"]
"""``next``: what the line carries leaves with the next line of the same operation (a value that is collected).
``earlier``: the line speaks once more of the message that an earlier line with the same words was about (a state that
was asked for, a report that data was sent)."""


@dataclass(frozen=True, slots=True)
class Intent:
    time: float
    """Transcript seconds."""
    entries: tuple[int, ...]
    """Transcript line numbers of the line."""
    kind: Literal["at", "urc"]
    line: str
    summary: str
    """A few words for a person: ``logged in to the platform``. May be ""."""
    operations: tuple[str, ...] = ()
    """As a decoded message's ``operation`` says; more than one where a line starts a sequence (OPEN:
    Bootstrap-Request, Register). Empty for a line that causes no traffic."""
    part: Part = "request"
    sender: Sender = "client"
    """Who sends the request that the operation consists of."""
    mid: int | None = None
    """The CoAP message ID that the line carries: of the platform's request, or the ackid of a notification."""
    target: str | None = None
    """``/3200/0/5750``"""
    values: tuple[tuple[str, Value], ...] = ()
    """``(path, value)`` that the line carries."""
    ok: bool | None = None
    """Of an outcome: succeeded or not."""
    shares: Shares = ""
    """Whether the line has a message of its own."""
