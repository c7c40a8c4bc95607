"""What a Register or Update says, checked: its query and its list of objects (LwM2M 1.0 and 1.1, section 5.3, 6.2).

A client that gets it wrong is told with the code that the tables of operations give: 4.00 for what is malformed, 4.12
for a version that this server does not speak, 4.15 for a list that is not in link format.
"""

from __future__ import annotations

from dataclasses import dataclass

from atshell_lwm2m.codec import linkformat
from atshell_lwm2m.codec.contentformat import LINK
from atshell_lwm2m.endpoint.exchange import Incoming
from atshell_lwm2m.endpoint.operation import ids

VERSIONS = ("1.0", "1.1")
MAX_NAME = 255
MAX_OBJECTS = 512
MAX_FORMATS = 32
_BINDINGS = frozenset("UTSNMHQ")
"""UDP, TCP, SMS, non-IP, MQTT, HTTP, and the queue mode of 1.0."""
_ROOT_TYPE = "oma.lwm2m"


class Refused(Exception):
    """``code`` answers it, ``why`` tells a person."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True)
class Listed:
    """The object list."""

    objects: list[str]
    root: tuple[str, ...] = ()
    formats: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    """None where nothing is said."""

    name: str | None
    lifetime: int | None
    version: str | None
    binding: str | None
    queue_mode: bool
    """1.1 says it apart; in 1.0 it is in the binding."""
    listed: Listed | None


def read_parameters(incoming: Incoming) -> Parameters:
    """Raises Refused."""
    query = {name: value for name, _, value in (part.partition("=") for part in incoming.query)}
    binding = query.get("b")
    version = query.get("lwm2m")
    if version is not None and version not in VERSIONS:
        _check_version(version)
    if binding is not None and (not binding or len(set(binding)) < len(binding) or not _BINDINGS.issuperset(binding)):
        raise Refused("4.00", "b is no binding mode such as U or UQ")
    return Parameters(
        name=_name(query.get("ep")),
        lifetime=_lifetime(query.get("lt")),
        version=version,
        binding=binding,
        queue_mode="Q" in query or "Q" in (binding or ""),
        listed=_listed(incoming) if incoming.payload else None,
    )


def _check_version(version: str) -> None:
    major, dot, minor = version.partition(".")
    if dot and _number(major) and _number(minor):
        raise Refused("4.12", f"LwM2M {'.'.join((major[:5], minor[:5]))} is not spoken here: {' or '.join(VERSIONS)}")
    raise Refused("4.00", "lwm2m is no version such as 1.0")


def _name(name: str | None) -> str | None:
    if name is not None and not 0 < len(name.encode("utf-8", "replace")) <= MAX_NAME:
        raise Refused("4.00", f"ep is empty or longer than {MAX_NAME} bytes")
    return name


def _lifetime(lifetime: str | None) -> int | None:
    if lifetime is None:
        return None
    if not _number(lifetime) or len(lifetime) > 10:
        raise Refused("4.00", "lt is no number of seconds")
    return int(lifetime)


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _listed(incoming: Incoming) -> Listed:
    """What is no path of the data model is left out."""
    if incoming.content_format not in (LINK, None):
        raise Refused("4.15", "the list of objects is not in link format (40)")
    try:
        links = linkformat.parse(incoming.payload.decode())[:MAX_OBJECTS]
    except ValueError as error:
        raise Refused("4.00", f"the list of objects is malformed: {error}") from None
    base = next((link for link in links if link.get("rt") == _ROOT_TYPE), None)
    root = _parts(base.target) if base is not None else ()
    paths = (_parts(link.target) for link in links)
    below = (path[len(root) :] for path in paths if path[: len(root)] == root)
    objects = ["/" + "/".join(path) for path in below if 1 <= len(path) <= 2 and ids(path) is not None]
    return Listed(list(dict.fromkeys(objects)), root, _formats(base))


def _parts(target: str) -> tuple[str, ...]:
    return tuple(part for part in target.split("/") if part)


def _formats(link: linkformat.Link | None) -> tuple[int, ...]:
    """``ct="110 112"`` at the root link (LwM2M 1.1 core section 6.2.1)."""
    words = (link.get("ct") or "").split()[:MAX_FORMATS] if link is not None else ()
    return tuple(int(word) for word in words if _number(word) and len(word) <= 5)
