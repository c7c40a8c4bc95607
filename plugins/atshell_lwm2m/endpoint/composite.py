"""Composite operations (LwM2M 1.1 core sections 6.3.8, 6.3.9 and 6.4.5 to 6.4.7): several paths in one request.

They go to the root, by FETCH and iPATCH (RFC 8132), and name what they are about in a SenML payload.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from atshell_lwm2m.endpoint import formats
from atshell_lwm2m.endpoint.content import Content, read_value
from atshell_lwm2m.endpoint.order import MAX_PATHS, Made, Order, read_path
from atshell_lwm2m.endpoint.pack import Path, pack, pack_paths, text_of

_ASSIGNMENT = re.compile(r"(/[0-9/]+)=(.*)", re.DOTALL)
_RESOURCE = (3, 4)


def is_assignment(word: str) -> bool:
    """``/3/0/14=+08``"""
    return _ASSIGNMENT.fullmatch(word) is not None


def read(order: Order) -> Made:
    """Raises ValueError."""
    names = [text_of(path) for path in order.paths()]
    form = _format(order)
    request = order.request("FETCH", (), payload=pack_paths(names, form), content_format=form, accept=form)
    return Made(" ".join(names), request)


def write(order: Order) -> Made:
    """Raises ValueError."""
    values = _values(order.words)
    form = _format(order)
    request = order.request("iPATCH", (), payload=pack(values, (), form), content_format=form)
    return Made(" ".join(map(text_of, values)), request)


def _values(words: Sequence[str]) -> dict[Path, Content]:
    values: dict[Path, Content] = {}
    for word in words[: MAX_PATHS + 1]:
        match = _ASSIGNMENT.fullmatch(word)
        path = read_path(match[1]) if match else None
        if match is None or path is None or len(path) not in _RESOURCE:
            raise ValueError("say which resources: write /3/0/14=VALUE /3/0/15=VALUE")
        values[path] = read_value(match[2], text_of(path))
    if len(values) > MAX_PATHS:
        raise ValueError(f"say up to {MAX_PATHS} resources")
    return values


def _format(order: Order) -> int:
    if order.client.version == "1.0":
        raise ValueError(f"{order.client.name} registered with LwM2M 1.0, which knows one path at a time")
    if order.format is None:
        return formats.composite(order.client.formats)
    if order.format not in formats.SENML:
        raise ValueError("composite operations are in SenML: #senml-cbor or #senml-json")
    return order.format
