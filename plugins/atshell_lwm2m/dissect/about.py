"""What a message is about, with the pieces of JSON that say so: made once for each operation and target."""

from __future__ import annotations

import msgspec

from atshell_lwm2m.dissect.meaning import NOTIFIED, VALUES_IN_REQUEST, VALUES_IN_RESPONSE
from atshell_lwm2m.message import Message, to_json

# Operations whose first response changes what is known (``Meaning``).
_WITH_CONSEQUENCES = frozenset(
    {
        *("Register", "Bootstrap-Request", "Bootstrap-Finish", "De-register", "Create"),
        *("Observe", "Observe-Composite", "Cancel-Observation", "Cancel-Observation-Composite"),
    }
)


def piece(message: Message) -> str:
    """The fields that are set."""
    text = to_json(message).decode()[1:-1]
    return f",{text}" if text else ""


class About(msgspec.Struct, frozen=True, gc=False):
    """Operation and target, and what follows from them."""

    operation: str | None
    target: str | None
    operation_text: str
    target_text: str
    in_request: bool
    """Whether the payload of the request holds values."""
    in_response: bool
    plain: bool
    """Whether nothing follows from its response."""
    notified: About | None
    """The same of a notification, where it is another."""


def about(operation: str | None, target: str | None) -> About:
    return About(
        operation,
        target,
        piece(Message(operation=operation)),
        piece(Message(target=target)),
        operation in VALUES_IN_REQUEST,
        operation in VALUES_IN_RESPONSE,
        operation not in _WITH_CONSEQUENCES,
        about("Notify", target) if operation in NOTIFIED else None,
    )
