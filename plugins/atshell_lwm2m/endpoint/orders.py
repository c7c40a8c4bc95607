"""An operator's words to requests, and replies to the fields of a JSON line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from atshell_lwm2m.codec import tlv
from atshell_lwm2m.codec.contentformat import LINK, TEXT, TLV
from atshell_lwm2m.endpoint.content import encode
from atshell_lwm2m.endpoint.exchange import Reply, Request
from atshell_lwm2m.endpoint.operation import ids
from atshell_lwm2m.endpoint.registrations import Registration
from atshell_lwm2m.payload import decode

Result = dict[str, object]


@dataclass(frozen=True, slots=True)
class Made:
    """What an operation sends."""

    path: str
    request: Request
    observation: bool = False
    """The answers go on."""


def _path(words: Sequence[str], depths: Sequence[int], usage: str) -> tuple[str, tuple[str, ...]]:
    """The path, which comes first, in text and in parts."""
    text = words[0] if words else ""
    parts = tuple(part for part in text.split("/") if part)
    if not text.startswith("/") or ids(parts) is None or len(parts) not in depths:
        raise ValueError(f"a path is missing or not of that kind: say {usage}")
    return "/" + "/".join(str(int(part)) for part in parts), tuple(str(int(part)) for part in parts)


def _read(words: Sequence[str], client: Registration) -> Made:
    path, parts = _path(words, (1, 2, 3), "read /3200/0/5750")
    return Made(path, Request("GET", client.peer, parts))


def _discover(words: Sequence[str], client: Registration) -> Made:
    path, parts = _path(words, (1, 2, 3), "discover /3200")
    return Made(path, Request("GET", client.peer, parts, accept=LINK))


def _observe(words: Sequence[str], client: Registration) -> Made:
    path, parts = _path(words, (1, 2, 3), "observe /3200/0")
    return Made(path, Request("GET", client.peer, parts, observe=0), observation=True)


def _cancel(words: Sequence[str], client: Registration) -> Made:
    path, parts = _path(words, (1, 2, 3), "cancel /3200/0")
    token = client.forget(path)
    if token is None:
        raise ValueError(f"{path} is not observed")
    return Made(path, Request("GET", client.peer, parts, observe=1, token=token))


def _write(words: Sequence[str], client: Registration) -> Made:
    """A resource, or several of an instance: ``write /3200/0 5750=abcd 5501=3`` (partial update, section 5.4.3)."""
    path, parts = _path(words, (2, 3), "write /3200/0/5750 VALUE")
    if len(words) < 2:
        raise ValueError("a value is missing: say write /3200/0/5750 VALUE")
    if len(parts) == 3:
        # What stands between the words of an unquoted text is one blank.
        written = [(parts[2], " ".join(words[1:]))]
    else:
        written = [(number, value) for number, _, value in (word.partition("=") for word in words[1:])]
    if not all(ids((number,)) for number, _ in written):
        raise ValueError("say which resources: write /3200/0 5750=VALUE 5501=VALUE")
    values = [(int(number), encode(value, f"/{parts[0]}/{parts[1]}/{number}")) for number, value in written]
    payload = tlv.encode_records(tlv.TlvRecord(tlv.Kind.RESOURCE, number, value) for number, value in values)
    return Made(path, Request("PUT" if len(parts) == 3 else "POST", client.peer, parts, (), payload, TLV))


def _execute(words: Sequence[str], client: Registration) -> Made:
    path, parts = _path(words, (3,), "execute /3200/0/5750 ARGUMENTS")
    text = " ".join(words[1:])
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    body = text.encode("utf-8", "surrogateescape")
    return Made(path, Request("POST", client.peer, parts, (), body, TEXT if body else None))


def _attributes(words: Sequence[str], client: Registration) -> Made:
    path, parts = _path(words, (1, 2, 3), "attributes /3200/0/5750 pmin=10 pmax=60")
    query = tuple(part for word in words[1:] for part in word.replace("&", ";").strip('"').split(";") if part)
    if not query or any(len(part.encode("utf-8", "surrogateescape")) > 255 for part in query):
        raise ValueError("say which attributes: attributes /3200/0/5750 pmin=10 pmax=60")
    return Made(path, Request("PUT", client.peer, parts, query))


OPERATIONS: dict[str, Callable[[Sequence[str], Registration], Made]] = {
    "read": _read,
    "write": _write,
    "execute": _execute,
    "observe": _observe,
    "cancel": _cancel,
    "discover": _discover,
    "attributes": _attributes,
}


def reply_fields(reply: Reply, path: str) -> Result:
    """``code``, and the values: ``resources``, and ``value`` where it is about one; ``links`` of a Discover."""
    result: Result = {"ok": reply.ok, "code": reply.code}
    if not reply.payload:
        return result
    if not reply.ok:
        return {**result, "text": reply.payload.decode("utf-8", "replace")}
    decoded = decode(reply.payload, reply.content_format, path)
    if decoded.error is not None:
        return {**result, "ok": False, "error": decoded.error, "payload": reply.payload.hex()}
    if reply.content_format == LINK:
        return {**result, "links": [one.path for one in decoded.resources]}
    if not decoded.resources:
        return {**result, "payload": reply.payload.hex()}
    result["resources"] = [msgspec.to_builtins(one) for one in decoded.resources]
    if len(decoded.resources) == 1:
        result["value"] = decoded.resources[0].value
    return result
