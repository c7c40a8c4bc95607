"""Which LwM2M operation a request is (LwM2M 1.0 section 8.2, 1.1 transport section 6.4).

A request alone does not say whether it is LwM2M: ``GET /3/0`` may be anybody's. So a request has an operation where
a registration or bootstrap relation was seen, or where its path can only be one: ``/rd?ep=``, ``/bs?ep=``, or a path
of one to four numbers as LwM2M has them.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from atshell_lwm2m.codec.coap import DELETE, FETCH, GET, IPATCH, POST, PUT
from atshell_lwm2m.codec.contentformat import (
    ETCH_CBOR,
    ETCH_JSON,
    LINK,
    LWM2M_CBOR,
    LWM2M_JSON,
    SENML_CBOR,
    SENML_JSON,
    TLV,
)

_NUMBERS = re.compile(r"(?:/(?:0|[1-9][0-9]{0,4})){1,4}")
# What stands in the query of a Write-Attributes (LwM2M 1.0 section 5.1.2, 1.1 core section 5.1.2).
ATTRIBUTES = frozenset({"pmin", "pmax", "gt", "lt", "st", "epmin", "epmax", "edge", "con", "hqmax"})
_COMPOSITE = frozenset({SENML_JSON, SENML_CBOR, ETCH_JSON, ETCH_CBOR, LWM2M_CBOR})
_STRUCTURED = _COMPOSITE | {TLV, LWM2M_JSON}

Classified = tuple[str | None, str | None]
"""Operation and target."""
NOTHING: Classified = (None, None)


class Side(IntEnum):
    """Who sends the request, as far as it is known."""

    UNKNOWN = 0
    CLIENT = 1
    SERVER = 2
    BOOTSTRAP_SERVER = 3


@lru_cache(maxsize=4096)
def classify(
    side: Side,
    root: str,
    code: int,
    path: str | None,
    query: tuple[str, ...],
    observe: int | None,
    content_format: int | None,
    accept: int | None,
    payload: bool,
) -> Classified:
    """Operation and target of a request, each None where there is none."""
    names = {item.partition("=")[0] for item in query}
    if side is not Side.SERVER:
        operation = _towards_server(side, code, path or "", names)
        if operation is not None or side is Side.CLIENT:
            return operation, None
    target = _target(path, root, side)
    if target is None:
        return NOTHING
    if target == "/":
        return _on_root(side, code, observe, content_format, accept), target
    if side is Side.BOOTSTRAP_SERVER or _only_bootstrap(code, target, names, payload):
        return _bootstrapping(code, accept), target
    return _managing(code, target, names, observe, content_format, accept, payload), target


def _target(path: str | None, root: str, side: Side) -> str | None:
    if path is None:
        return "/" if side is not Side.UNKNOWN else None
    if root and path.startswith(root + "/"):
        path = path[len(root) :]
    if path == root or path == "/":
        return "/"
    return path if _NUMBERS.fullmatch(path) and all(int(part) < 65536 for part in path[1:].split("/")) else None


def _towards_server(side: Side, code: int, path: str, names: set[str]) -> str | None:
    """The client's own requests, and Bootstrap-Finish, which goes the other way."""
    if code == POST:
        return _posted(side, path, names)
    if code == DELETE and _is_location(path):
        return "De-register"
    if code == GET and path.endswith("/bspack") and "ep" in names:
        return "Bootstrap-Pack-Request"
    return None


def _posted(side: Side, path: str, names: set[str]) -> str | None:
    if path.endswith("/rd") and "ep" in names:
        return "Register"
    if path.endswith("/bs"):
        if "ep" in names:
            return "Bootstrap-Request"
        return "Bootstrap-Finish" if side is not Side.CLIENT else None
    if path == "/dp":
        return "Send"
    return "Update" if _is_location(path) else None


def _is_location(path: str) -> bool:
    """``/rd/5a3f``. What a server gave in Location-Path is known by its registration and never asked here."""
    head, _, tail = path.rpartition("/")
    return bool(tail) and head.endswith("/rd")


def _on_root(side: Side, code: int, observe: int | None, content_format: int | None, accept: int | None) -> str | None:
    if side is Side.BOOTSTRAP_SERVER:
        return _bootstrapping(code, accept)
    if code == GET:
        return "Discover" if accept == LINK else "Read"
    if code == FETCH and (content_format in _COMPOSITE or content_format is None):
        return {0: "Observe-Composite", 1: "Cancel-Observation-Composite"}.get(-1 if observe is None else observe) or (
            "Read-Composite"
        )
    if code == IPATCH and (content_format in _COMPOSITE or content_format is None):
        return "Write-Composite"
    return None


def _only_bootstrap(code: int, target: str, names: set[str], payload: bool) -> bool:
    """Without the Bootstrap-Request in the capture: what only a bootstrap server may do is still its work
    (the Security object, and writing whole objects)."""
    objects = target.split("/")
    if code in (PUT, DELETE) and objects[1] == "0":
        return True
    return code == PUT and len(objects) == 2 and payload and not names & ATTRIBUTES


def _bootstrapping(code: int, accept: int | None) -> str | None:
    if code == GET:
        return "Bootstrap-Discover" if accept == LINK else "Bootstrap-Read"
    return {PUT: "Bootstrap-Write", DELETE: "Bootstrap-Delete"}.get(code)


def _managing(
    code: int,
    target: str,
    names: set[str],
    observe: int | None,
    content_format: int | None,
    accept: int | None,
    payload: bool,
) -> str | None:
    depth = target.count("/")
    if code == GET:
        if accept == LINK:
            return "Discover"
        return {0: "Observe", 1: "Cancel-Observation"}.get(-1 if observe is None else observe, "Read")
    if code == PUT:
        return "Write-Attributes" if not payload and names & ATTRIBUTES else "Write"
    if code == POST:
        return _post_operation(depth, content_format)
    return "Delete" if code == DELETE else None


def _post_operation(depth: int, content_format: int | None) -> str:
    if depth == 1:
        return "Create"
    return "Execute" if depth == 3 and content_format not in _STRUCTURED else "Write"
