"""Replies to the fields of a JSON line."""

from __future__ import annotations

import msgspec

from atshell_lwm2m.codec.contentformat import LINK
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_lwm2m.endpoint.registration import Registration
from atshell_lwm2m.payload import decode

Result = dict[str, object]


def reply_fields(reply: Reply, path: str, client: Registration | None = None) -> Result:
    """``code``, and the values: ``resources``, and ``value`` where it is about one; ``links`` of a Discover. ``path``
    is "" for a composite operation, whose values name themselves; ``client`` remembers the values."""
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
    if client is not None:
        client.saw(decoded.resources)
    result["resources"] = [msgspec.to_builtins(one) for one in decoded.resources]
    if len(decoded.resources) == 1:
        result["value"] = decoded.resources[0].value
    return result
