"""Values of resources, and durations, as people write them."""

from __future__ import annotations

import struct
import time
from datetime import date

from atshell.styled import Fragments
from atshell_lwm2m.codec.registry import is_secret
from atshell_lwm2m.message import Message, Resource
from atshell_lwm2m.report.readings import others

_SHOWN = 4
_LONGEST = 48
_ABSOLUTE = 1 << 28
"""Seconds; less is from now."""


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
    return [
        ("", f" {label} = " if label else " "),
        ("value", value_text(resource)),
        ("dim", "" if is_secret(path) else others(resource)),
        ("dim", f" {resource.unit}" if resource.unit else ""),
        ("dim", f" {measured(resource.time)}" if resource.time is not None else ""),
    ]


def value_text(resource: Resource, *, whole: bool = False) -> str:
    """As short as a line wants it, or whole."""
    value = resource.value
    if is_secret(resource.path):
        return str(value)[:4] + "****"
    if resource.type == "time" and isinstance(value, int):
        return _moment(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _short(value)
    if not isinstance(value, str):
        return str(value)
    shown = value if whole else _clipped(value)
    if resource.type == "opaque":
        return (shown or "(empty)") + (f" ({len(value) // 2} bytes)" if shown != value else "")
    return f'"{shown}"' if resource.type in (None, "string") else shown


def measured(seconds: float) -> str:
    """When, as SenML says it: since 1970, or before or after now where it is less than 2^28 (RFC 8428, 4.5.3)."""
    if seconds >= _ABSOLUTE:
        return f"at {_moment(int(seconds))}"
    return f"{duration(-seconds)} ago" if seconds < 0 else f"in {duration(seconds)}"


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
    """``41 µs``, ``0.8 ms``, ``187 ms``, ``4.1 s``."""
    if abs(seconds) >= 1:
        return f"{seconds:.1f} s"
    milliseconds = seconds * 1000
    if 0 < abs(milliseconds) < 0.1:
        return f"{seconds * 1_000_000:.0f} µs"
    return f"{milliseconds:.1f} ms" if abs(milliseconds) < 10 else f"{milliseconds:.0f} ms"


def day(stamp: float) -> int:
    """The number of a local day, to tell one from another."""
    try:
        return date(*time.localtime(stamp)[:3]).toordinal()
    except (OverflowError, ValueError, OSError):
        return 0


def clock(stamp: float) -> str:
    """``19:03:12.204``, local time; ``-`` where it is not known."""
    if not stamp:
        return "-"
    milliseconds = round(stamp * 1_000_000) // 1000
    try:
        return time.strftime("%H:%M:%S", time.localtime(milliseconds // 1000)) + f".{milliseconds % 1000:03}"
    except (OverflowError, ValueError, OSError):
        return f"{stamp:.3f}"
