"""Which operation a request is (LwM2M 1.0 section 8.2.3 and 8.2.4: tables of methods and paths)."""

from __future__ import annotations

from typing import Literal

from atshell_lwm2m.codec.contentformat import LINK
from atshell_lwm2m.endpoint.exchange import Incoming

Operation = Literal[
    "Read", "Discover", "Observe", "Cancel-Observation", "Write", "Write-Attributes", "Execute", "Create", "Delete"
]
MAX_ID = 65534
"""65535 is reserved (section 6.1)."""
_POSTS: dict[int, Operation] = {1: "Create", 2: "Write", 3: "Execute"}


def ids(path: tuple[str, ...]) -> tuple[int, ...] | None:
    """``("3200", "0")`` as numbers; None for a path that is not the data model's."""
    if len(path) > 4 or not all(part.isascii() and part.isdecimal() and len(part) <= 5 for part in path):
        return None
    numbers = tuple(map(int, path))
    return numbers if all(number <= MAX_ID for number in numbers) else None


def operation_of(incoming: Incoming) -> Operation | None:
    """None when no operation is like that."""
    target = ids(incoming.path)
    if not target:
        return None
    match incoming.method:
        case "GET":
            return _get(incoming)
        case "PUT":
            return _put(incoming, len(target))
        case "POST":
            return _POSTS.get(len(target))
        case "DELETE" if len(target) == 2:
            return "Delete"
    return None


def _get(incoming: Incoming) -> Operation:
    if incoming.accept == LINK:
        return "Discover"
    if incoming.observe == 0:
        return "Observe"
    return "Cancel-Observation" if incoming.observe == 1 else "Read"


def _put(incoming: Incoming, depth: int) -> Operation | None:
    if incoming.query and not incoming.payload and incoming.content_format is None:
        return "Write-Attributes"
    return "Write" if depth >= 2 else None


def bootstrap_operation(incoming: Incoming) -> str | None:
    """The same for what a bootstrap server may ask (table of section 8.2.2)."""
    match incoming.method, incoming.path:
        case "POST", ("bs",):
            return "Bootstrap-Finish"
        case "PUT", _:
            return "Bootstrap-Write"
        case "DELETE", _:
            return "Bootstrap-Delete"
        case "GET", _ if incoming.accept == LINK:
            return "Bootstrap-Discover"
    return None
