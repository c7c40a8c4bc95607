"""What a bootstrap server does: everything away, Security, Server, and the end (LwM2M 1.0 section 5.2.7).

A client that names the format it prefers (``pct``) knows LwM2M 1.1: it is looked at first (Bootstrap-Discover and
Bootstrap-Read), and is written to in that format. Who asks for a pack gets both objects at once (LwM2M 1.2 core
section 6.1.7.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from atshell.emulator.clock import Clock, within
from atshell_lwm2m.codec.contentformat import LINK, SENML_CBOR, SENML_JSON, TLV
from atshell_lwm2m.endpoint.content import Content
from atshell_lwm2m.endpoint.dtls.security import Credentials
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Address, Request
from atshell_lwm2m.endpoint.pack import Path, pack
from atshell_lwm2m.endpoint.replies import Result

SHORT_SERVER_ID = 123
_PSK, _NO_SECURITY = 0, 3
"""Security modes (LwM2M 1.0 appendix E.1)."""
_LIFETIME = 86400

Values = Mapping[int, str | int | bool | bytes]


@dataclass(frozen=True, slots=True)
class Account:
    """What a client is told of the LwM2M server."""

    uri: str
    credentials: Credentials | None = None
    """None where it is spoken with in the open."""


def _security(account: Account) -> Values:
    """Security instance 1 (appendix E.1); instance 0 is the bootstrap server's own, which the client has."""
    known = account.credentials
    mode, identity, key = (_NO_SECURITY, b"", b"") if known is None else (_PSK, known.identity, known.key)
    return {0: account.uri, 1: False, 2: mode, 3: identity, 4: b"", 5: key, 10: SHORT_SERVER_ID}


def _server() -> Values:
    """Server instance 0 (appendix E.2)."""
    return {0: SHORT_SERVER_ID, 1: _LIFETIME, 6: False, 7: "U"}


def _written(path: tuple[int, int], values: Values, content_format: int) -> bytes:
    contents: dict[Path, Content] = {(*path, number): _content(value) for number, value in values.items()}
    return pack(contents, path, content_format)


def _content(value: str | int | bool | bytes) -> Content:
    match value:
        case bool():
            return Content("boolean", value)
        case int():
            return Content("integer", value)
        case bytes():
            return Content("opaque", value)
    return Content("string", value)


def preferred(query: tuple[str, ...]) -> int | None:
    """What ``pct`` says: a format for what is written, TLV where it is one that is not written here; None for a client
    that does not say."""
    said = next((part[4:] for part in query if part.startswith("pct=")), None)
    if said is None:
        return None
    return next((one for one in (SENML_CBOR, SENML_JSON) if said == str(one)), TLV)


def bootstrap_pack(account: Account, accept: int | None) -> tuple[bytes, int] | None:
    """The answer to a Bootstrap-Pack-Request and its format; None when it is wanted in another format."""
    form = SENML_CBOR if accept is None else accept
    if form not in (SENML_CBOR, SENML_JSON):
        return None
    objects = {(0, 1): _security(account), (1, 0): _server()}
    contents: dict[Path, Content] = {
        (*path, number): _content(value) for path, held in objects.items() for number, value in held.items()
    }
    return pack(contents, (), form), form


async def bootstrap(
    endpoint: Endpoint,
    client: Address,
    account: Account,
    wait: float,
    clock: Clock,
    *,
    prefers: int | None = None,
    told: Callable[[Result], None] = lambda step: None,
) -> None:
    """One step after the other, each within ``wait`` seconds; a step that fails ends it, and the client will time
    out and may ask again. A look that fails ends nothing. ``told`` gets what came of each."""
    form = TLV if prefers is None else prefers
    looks = (
        ("Bootstrap-Discover", Request("GET", client, accept=LINK)),
        ("Bootstrap-Read", Request("GET", client, ("1",), accept=form)),
    )
    security, server = _written((0, 1), _security(account), form), _written((1, 0), _server(), form)
    steps = (
        ("Bootstrap-Delete", Request("DELETE", client)),
        ("Bootstrap-Write", Request("PUT", client, ("0", "1"), payload=security, content_format=form)),
        ("Bootstrap-Write", Request("PUT", client, ("1", "0"), payload=server, content_format=form)),
        ("Bootstrap-Finish", Request("POST", client, ("bs",))),
    )
    for operation, step in (*(looks if prefers is not None else ()), *steps):
        result: Result = {"operation": operation, "path": "/" + "/".join(step.path)}
        try:
            async with within(clock, wait):
                reply = await endpoint.request(step)
        except (TimeoutError, ConnectionError) as error:
            told({"ok": False, **result, "error": f"no answer: {error}" if str(error) else "no answer"})
            return
        told({"ok": reply.ok, **result, "code": reply.code})
        if not reply.ok and step.method != "GET":
            return
