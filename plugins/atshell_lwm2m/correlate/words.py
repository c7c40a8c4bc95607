"""A message as one line: ``→ CON POST /rd  Register 869975030000461  lt 3000``.

Arrows are the device's view: → to the platform, ← from it. Two spaces stand between what the message is on the wire
and what it means.
"""

from __future__ import annotations

from collections.abc import Iterator

from atshell.styled import to_plain
from atshell_lwm2m.correlate.traffic import Operation
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.values import assignments, duration

METHODS = {
    "0.00": "empty",
    "0.01": "GET",
    "0.02": "POST",
    "0.03": "PUT",
    "0.04": "DELETE",
    "0.05": "FETCH",
    "0.06": "PATCH",
    "0.07": "iPATCH",
}
"""RFC 7252 section 12.1.1, RFC 8132 section 4."""
SHOWN_RESOURCES = 2
SHOWN_OBJECTS = 80
"""Characters."""


def describe(message: Message, operation: Operation) -> str:
    arrow = "→" if operation.upward else "←"
    wire = " ".join([arrow, *_wire(message, operation)])
    file = [message.file.rpartition("/")[2]] if message.file else []
    return "  ".join([wire, *_meaning(message, operation), *file])


def _wire(message: Message, operation: Operation) -> Iterator[str]:
    if message.type:
        yield message.type
    if operation.part in ("ack", "reset"):
        return
    code = message.code or ""
    yield METHODS.get(code, code) if code else "?"
    if message.path is not None and code.startswith("0."):
        yield message.path or "/"
        if message.observe is not None:
            yield "observe" if message.observe == 0 else "cancel"
    elif message.registration is not None and message.registration.location:
        yield message.registration.location


def _meaning(message: Message, operation: Operation) -> Iterator[str]:
    if message.error:
        yield message.error
        return
    name = message.operation or operation.name
    if operation.part in ("ack", "reset"):
        yield f"{'refused: ' if operation.part == 'reset' else ''}{name}".strip()
    elif name:
        yield f"{name}{_what(message)}"
    yield from _registration(message, operation)
    if message.mid is not None and operation.part == "request":
        yield f"mid {message.mid}"
    if message.rtt is not None:
        yield duration(message.rtt)
    if message.retransmission_of is not None:
        yield f"retransmission of #{message.retransmission_of}"


def _what(message: Message) -> str:
    """Values with their paths; else the target, where the path does not show it already."""
    if message.resources and message.registration is None:
        return to_plain(assignments(message, shown=SHOWN_RESOURCES))
    return f" {message.target}" if message.target and message.target != message.path else ""


def _registration(message: Message, operation: Operation) -> Iterator[str]:
    registration = message.registration
    if registration is None or operation.part != "request":
        return
    if registration.ep:
        yield registration.ep
    if registration.lt is not None:
        yield f"lt {registration.lt}"
    if registration.objects:
        yield _cut(" ".join(registration.objects), SHOWN_OBJECTS)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
