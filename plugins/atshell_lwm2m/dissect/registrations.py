"""The bodies and queries of Register and Update (LwM2M 1.0 section 5.3, 1.1 core section 6.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec.structs import replace

from atshell_lwm2m.codec import linkformat
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.options import LOCATION_PATH
from atshell_lwm2m.message import OptionValue, Registration

_OBJECT = re.compile(r"/[0-9]{1,5}(?:/[0-9]{1,5})?")


def from_query(query: list[str], location: str | None) -> Registration:
    given = dict(item.partition("=")[::2] for item in reversed(query))
    lifetime = given.get("lt", "")
    return Registration(
        ep=given.get("ep"),
        lt=int(lifetime) if lifetime.isdecimal() and lifetime.isascii() and len(lifetime) < 19 else None,
        lwm2m=given.get("lwm2m"),
        b=given.get("b"),
        location=location,
        queue="Q" in given or None,
    )


@lru_cache(maxsize=256)
def objects(body: bytes) -> tuple[list[str], str, Malformed | None]:
    """The objects and instances that a client announces, without its root path, the root path, and what is wrong: then
    they are those in front of it. Devices of a kind announce the same, so messages share the list: it is not to be
    changed."""
    links: list[linkformat.Link] = []
    fault: Malformed | None = None
    try:
        linkformat.read_into(links, body.decode())
    except UnicodeDecodeError as error:
        fault = Malformed("not UTF-8", error.start)
    except Malformed as error:
        fault = error
    root = ""
    for link in links:
        if link.get("rt") == "oma.lwm2m":
            root = link.target.rstrip("/")
    found = []
    for link in links:
        path = link.path.removeprefix(root)
        if _OBJECT.fullmatch(path):
            found.append(path)
    return found, root, fault


def announced(query: list[str], body: bytes) -> Registration | None:
    """What a Register says. None where its payload is not as it should be."""
    found, _, fault = objects(body)
    return replace(from_query(query, None), objects=found) if has_links(body) and fault is None else None


def location_of(options: Iterable[tuple[int, str, OptionValue]]) -> str | None:
    """What a server gives with its 2.01 (RFC 7252 section 5.10.7), as a path."""
    parts = [str(value) for number, _, value in options if number == LOCATION_PATH]
    return "/" + "/".join(parts) if parts else None


def has_links(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"
