"""An operator's words to requests: the operations of LwM2M 1.0 and 1.1.

Each word has a function that makes the request from what follows it and from what the client said of itself. Several
paths in one line are one composite operation. A word such as ``#senml-json`` asks for a Content-Format; without it the
client's registration decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from atshell_lwm2m.codec.contentformat import LINK, OLD_TLV, TEXT, TLV
from atshell_lwm2m.codec.registry import resource
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records
from atshell_lwm2m.endpoint import composite, formats
from atshell_lwm2m.endpoint.content import Content, read_value
from atshell_lwm2m.endpoint.operation import MAX_ID, ids
from atshell_lwm2m.endpoint.order import EXAMPLES, Made, Order
from atshell_lwm2m.endpoint.pack import Path, Values, pack, text_of
from atshell_lwm2m.endpoint.registration import Registration

MAX_QUERY = 255
"""Bytes of one Uri-Query option (RFC 7252 section 5.10)."""
_NUMBERED = re.compile(r"([0-9]{1,5}(?:/[0-9]{1,5})?)=(.*)", re.DOTALL)
_DEEPEST = 4


def make(words: Sequence[str], client: Registration) -> Made:
    """Raises ValueError, which says what is wrong with the words."""
    asked = [formats.asked(one) for one in words]
    plain = [one for one, number in zip(words, asked, strict=True) if number is None]
    form = next((number for number in asked if number is not None), None)
    return OPERATIONS[plain[0]](Order(plain[0], plain[1:], client, form))


# Reading


def _read(order: Order) -> Made:
    if len(order.words) > 1:
        return composite.read(order)
    path = order.target(1, 2, 3, 4)
    return Made(text_of(path), order.request("GET", path, accept=order.to_accept))


def _discover(order: Order) -> Made:
    path = order.target(1, 2, 3)
    return Made(text_of(path), order.request("GET", path, accept=LINK))


def _observe(order: Order) -> Made:
    made = _read(order)
    return replace(made, request=replace(made.request, observe=0), observation=True)


def _cancel(order: Order) -> Made:
    """With the token of the observation (RFC 7641 section 3.6)."""
    made = _read(order)
    observed = order.client.observations.get(made.path)
    if observed is None:
        raise ValueError(f"{made.path} is not observed")
    request = replace(made.request, observe=1, token=observed.outgoing.token)
    return replace(made, request=request, cancels=True)


# Writing


def _write(order: Order) -> Made:
    """A resource; or some of an instance, while the others stay (partial update, LwM2M 1.0 section 5.4.3)."""
    if order.words and composite.is_assignment(order.words[0]):
        return composite.write(order)
    path = order.target(2, 3, 4)
    if len(order.words) < 2:
        raise ValueError(f"a value is missing: say {EXAMPLES['write']}")
    if len(path) == 2:
        return _send("POST", path, _numbered(path, order.words[1:]), order)
    return _send("PUT", path, _resource(path, order.words[1:]), order)


def _replace(order: Order) -> Made:
    """The whole instance: what is not named is gone."""
    path = order.target(2)
    return _send("PUT", path, _numbered(path, order.words[1:]), order)


def _send(method: str, path: Path, values: Values, order: Order) -> Made:
    form = order.to_write
    return Made(text_of(path), order.request(method, path, payload=pack(values, path, form), content_format=form))


def _resource(path: Path, words: Sequence[str]) -> Values:
    """What stands between the words of an unquoted text is one blank. A resource that has instances takes
    ``0=VALUE 1=VALUE`` too."""
    entry = resource(path[0], path[2])
    if len(path) < _DEEPEST and entry is not None and entry.multiple and all(map(_NUMBERED.fullmatch, words)):
        return _numbered(path, words)
    return {path: read_value(" ".join(words), text_of(path))}


def _numbered(path: Path, words: Sequence[str]) -> dict[Path, Content]:
    """``5750=abcd 11/0=1``: values below ``path``."""
    values: dict[Path, Content] = {}
    for word in words:
        match = _NUMBERED.fullmatch(word)
        below = ids(tuple(match[1].split("/"))) if match else None
        if match is None or below is None or len(path + below) > _DEEPEST:
            raise ValueError(f"{word[:40]!r} is no resource and its value: say 5750=VALUE 5501=VALUE")
        values[path + below] = read_value(match[2], text_of(path + below))
    if not values:
        raise ValueError("say which resources: 5750=VALUE 5501=VALUE")
    return values


def _execute(order: Order) -> Made:
    path = order.target(3)
    text = " ".join(order.words[1:])
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    body = text.encode("utf-8", "surrogateescape")
    request = order.request("POST", path, payload=body, content_format=TEXT if body else None)
    return Made(text_of(path), request)


def _create(order: Order) -> Made:
    """An instance without a number gets one from the client. Only TLV can say so (LwM2M 1.0 section 5.4.7); in other
    formats it gets the first that is not registered."""
    path = order.target(1, 2)
    form = order.to_write if len(order.words) > 1 else TLV
    if len(path) == 1 and form not in (TLV, OLD_TLV):
        path = (*path, _free(path[0], order.client))
    values = _numbered(path if len(path) > 1 else (*path, 0), order.words[1:]) if len(order.words) > 1 else {}
    if values:
        payload = pack(values, path[:1] if len(path) > 1 else (*path, 0), form)
    else:
        payload = encode_records(TlvRecord(Kind.OBJECT_INSTANCE, number) for number in path[1:])
    return Made(text_of(path), order.request("POST", path[:1], payload=payload, content_format=form))


def _free(number: int, client: Registration) -> int:
    taken = set(client.objects)
    return next(instance for instance in range(MAX_ID) if f"/{number}/{instance}" not in taken)


def _delete(order: Order) -> Made:
    path = order.target(2, 4)
    return Made(text_of(path), order.request("DELETE", path))


def _attributes(order: Order) -> Made:
    path = order.target(1, 2, 3, 4)
    words = order.words[1:]
    query = tuple(part for word in words for part in word.replace("&", ";").strip('"').split(";") if part)
    if not query or any(len(part.encode("utf-8", "surrogateescape")) > MAX_QUERY for part in query):
        raise ValueError(f"say which attributes: {EXAMPLES['attributes']}")
    return Made(text_of(path), order.request("PUT", path, query=query))


OPERATIONS: dict[str, Callable[[Order], Made]] = {
    "read": _read,
    "write": _write,
    "replace": _replace,
    "execute": _execute,
    "create": _create,
    "delete": _delete,
    "observe": _observe,
    "cancel": _cancel,
    "discover": _discover,
    "attributes": _attributes,
}
