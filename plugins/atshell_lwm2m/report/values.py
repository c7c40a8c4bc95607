"""Values of resources, and durations, as people write them."""

from __future__ import annotations

import struct
import time

from atshell.styled import Fragments
from atshell_lwm2m.message import Message, Resource

_SHOWN = 4
_LONGEST = 48
# Public key or identity, server public key, secret key (object 0), and OSCORE's master secret (object 21): the first
# four characters are shown, as module manuals do it.
_SECRET = frozenset({("0", "5"), ("0", "8"), ("21", "0")})


def assignments(message: Message, *, shown: int = _SHOWN) -> Fragments:
    """`` /3/0 Manufacturer = "x", … 3 more``: each path once, as short as the target lets it be."""
    line: Fragments = []
    target = message.target or ""
    resources = [one for one in message.resources if one.value is not None or one.path != target]
    if len(resources) != 1 and target:
        line.append(("", f" {target}"))
    for number, resource in enumerate(resources[:shown]):
        line.append(("", "," if number else ""))
        line += _assignment(resource, target if len(resources) != 1 else "")
    if len(resources) > shown:
        line.append(("dim", f" … {len(resources) - shown} more"))
    return line


def _assignment(resource: Resource, target: str) -> Fragments:
    path = resource.path
    inside = target and path.startswith(target.rstrip("/") + "/")
    label = path[len(target.rstrip("/")) + 1 :] if inside else path
    if resource.name and not (inside and resource.value is not None and path.count("/") == 3):
        label = f"{label} {resource.name}"
    elif resource.name:
        label = resource.name
    if resource.value is None:
        return [("", f" {label}")]
    return [("", f" {label} = "), ("value", _value(resource)), ("dim", f" {resource.unit}" if resource.unit else "")]


def _value(resource: Resource) -> str:
    value = resource.value
    parts = resource.path.split("/")
    if len(parts) > 3 and (parts[1], parts[3]) in _SECRET:
        return str(value)[:4] + "****"
    if resource.type == "time" and isinstance(value, int):
        return _moment(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _short(value)
    if resource.type == "opaque":
        return _clipped(str(value)) + (f" ({len(str(value)) // 2} bytes)" if len(str(value)) > _LONGEST else "")
    if not isinstance(value, str):
        return str(value)
    return f'"{_clipped(value)}"' if resource.type in (None, "string") else _clipped(value)


def _short(value: float) -> str:
    """As few digits as still name the number that was sent: modules send mostly 32 bits."""
    short = f"{value:.7g}"
    try:
        same = struct.pack(">f", float(short)) == struct.pack(">f", value) == struct.pack(">f", value + 0.0)
        exact = struct.unpack(">f", struct.pack(">f", value))[0] == value
    except OverflowError:
        return repr(value)
    return short if same and exact else repr(value)


def _moment(seconds: int) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def duration(seconds: float) -> str:
    """``0.8 ms``, ``187 ms``, ``4.1 s``."""
    if abs(seconds) >= 1:
        return f"{seconds:.1f} s"
    milliseconds = seconds * 1000
    return f"{milliseconds:.1f} ms" if abs(milliseconds) < 10 else f"{milliseconds:.0f} ms"
