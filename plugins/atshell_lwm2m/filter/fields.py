"""What a filter can ask of a message: the fields of a decoded message by their names, and resources by their paths.

A field gives its values for a message: none where it is absent, several where it is a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from operator import attrgetter

from atshell.catalog.nearest import nearest
from atshell_lwm2m.codec.options import OPTIONS
from atshell_lwm2m.filter.globs import matcher
from atshell_lwm2m.filter.tokens import FilterError, Token
from atshell_lwm2m.message import NO_TIME, Message

Value = str | int | float | bool
Values = Callable[[Message], Sequence[Value]]


class Kind(Enum):
    """How a field's values are compared."""

    TEXT = auto()
    NAME = auto()
    """One of a few known words."""
    ADDRESS = auto()
    """``address:port``; without its port it stands for every port."""
    HEX = auto()
    CODE = auto()
    NUMBER = auto()
    SECONDS = auto()
    """A span of time."""
    TIME = auto()
    """A point in time."""
    FLAG = auto()
    ANY = auto()
    """A resource's or an option's value: whatever it is."""
    GROUP = auto()
    """Has parts, and no value of its own."""


class Field:
    """``known`` are the words that a NAME can be, or the parts of a GROUP."""

    __slots__ = ("kind", "known", "name", "values")

    def __init__(self, name: str, kind: Kind, values: Values, known: Sequence[str] = ()) -> None:
        self.name = name
        self.kind = kind
        self.values = values
        self.known = known


OPERATIONS = (
    "Bootstrap-Request", "Bootstrap-Write", "Bootstrap-Read", "Bootstrap-Discover", "Bootstrap-Delete",
    "Bootstrap-Finish", "Bootstrap-Pack-Request", "Register", "Update", "De-register", "Read", "Discover", "Write",
    "Write-Attributes", "Execute", "Create", "Delete", "Observe", "Cancel-Observation", "Notify", "Read-Composite",
    "Write-Composite", "Observe-Composite", "Cancel-Observation-Composite", "Send",
)  # fmt: skip
_TRANSPORTS = ("udp", "dtls", "tcp", "tls", "ws")
_TYPES = ("CON", "NON", "ACK", "RST")
_SEVERITIES = ("error", "warning", "note")


def _one(name: str) -> Values:
    read = attrgetter(name)

    def values(message: Message) -> Sequence[Value]:
        value: Value | None = read(message)
        return () if value is None else (value,)

    return values


def _part(group: str, name: str) -> Values:
    read, read_part = attrgetter(group), attrgetter(name)

    def values(message: Message) -> Sequence[Value]:
        holder: object = read(message)
        value: Value | None = None if holder is None else read_part(holder)
        return () if value is None else (value,)

    return values


def _parts(group: str, name: str) -> Values:
    """Of a list."""
    read, read_part = attrgetter(group), attrgetter(name)

    def values(message: Message) -> Sequence[Value]:
        return [value for one in read(message) if (value := read_part(one)) is not None]

    return values


def _text(name: str) -> Values:
    """Of what is never None."""
    read = attrgetter(name)

    def values(message: Message) -> Sequence[Value]:
        value: str = read(message)
        return (value,) if value else ()

    return values


def _frame(message: Message) -> Sequence[Value]:
    return (message.frame,) if message.frame else ()


def _time(message: Message) -> Sequence[Value]:
    return () if message.time is NO_TIME else (message.time,)


def _query(message: Message) -> Sequence[Value]:
    return message.query


def _objects(message: Message) -> Sequence[Value]:
    return message.registration.objects if message.registration is not None else ()


def _addresses(message: Message) -> Sequence[Value]:
    return [address for address in (message.src, message.dst) if address]


def _ports(message: Message) -> Sequence[Value]:
    ports = [address.rpartition(":")[2] for address in (message.src, message.dst)]
    return [int(port) for port in ports if port.isdecimal()]


def _size(message: Message) -> Sequence[Value]:
    return (len(message.payload) // 2,) if message.payload is not None else ()


def _option_names(message: Message) -> Sequence[Value]:
    return [name for _, name, _ in message.options]


def _fields() -> dict[str, Field]:
    fields = [
        Field("file", Kind.TEXT, _one("file")),
        Field("frame", Kind.NUMBER, _frame),
        Field("time", Kind.TIME, _time),
        Field("src", Kind.ADDRESS, _text("src")),
        Field("dst", Kind.ADDRESS, _text("dst")),
        Field("addr", Kind.ADDRESS, _addresses),
        Field("port", Kind.NUMBER, _ports),
        Field("transport", Kind.NAME, _text("transport"), _TRANSPORTS),
        Field("kind", Kind.TEXT, _one("kind")),
        Field("at", Kind.TEXT, _one("at")),
        Field("type", Kind.NAME, _one("type"), _TYPES),
        Field("code", Kind.CODE, _one("code")),
        Field("token", Kind.HEX, _one("token")),
        Field("options", Kind.TEXT, _option_names),
        Field("path", Kind.TEXT, _one("path")),
        Field("query", Kind.TEXT, _query),
        Field("payload", Kind.HEX, _one("payload")),
        Field("body", Kind.HEX, _one("body")),
        Field("size", Kind.NUMBER, _size),
        Field("error", Kind.TEXT, _one("error")),
        Field("rtt", Kind.SECONDS, _one("rtt")),
        Field("operation", Kind.NAME, _one("operation"), OPERATIONS),
        Field("endpoint", Kind.TEXT, _one("endpoint")),
        Field("target", Kind.TEXT, _one("target")),
        Field("registration.lt", Kind.SECONDS, _part("registration", "lt")),
        Field("registration.objects", Kind.TEXT, _objects),
        Field("registration.queue", Kind.FLAG, _part("registration", "queue")),
        Field("expert.severity", Kind.NAME, _parts("expert", "severity"), _SEVERITIES),
        Field("expert.id", Kind.TEXT, _parts("expert", "id")),
        Field("expert.text", Kind.TEXT, _parts("expert", "text")),
        Field("resources.value", Kind.ANY, _parts("resources", "value")),
        Field("resources.time", Kind.NUMBER, _parts("resources", "time")),
    ]
    numbers = ("mid", "observe", "content_format", "accept", "request", "response", "retransmission_of")
    fields += [Field(name, Kind.NUMBER, _one(name)) for name in numbers]
    for name in ("ep", "lwm2m", "b", "location"):
        fields.append(Field(f"registration.{name}", Kind.TEXT, _part("registration", name)))
    for name in ("path", "name", "type", "unit"):
        fields.append(Field(f"resources.{name}", Kind.TEXT, _parts("resources", name)))
    for block in ("block1", "block2"):
        fields += [Field(f"{block}.{name}", Kind.NUMBER, _part(block, name)) for name in ("num", "size")]
        fields.append(Field(f"{block}.more", Kind.FLAG, _part(block, "more")))
    return {field.name: field for field in [*fields, *_groups(fields)]}


def _groups(fields: Sequence[Field]) -> list[Field]:
    """``registration``, ``resources``, ``expert`` and the blocks: there or not."""
    names = [field.name for field in fields]
    groups = dict.fromkeys(name.partition(".")[0] for name in names if "." in name)
    return [
        Field(group, Kind.GROUP, _there(group), [name for name in names if name.startswith(f"{group}.")])
        for group in groups
    ]


def _there(group: str) -> Values:
    read = attrgetter(group)
    return lambda message: (True,) if read(message) else ()


FIELDS = _fields()
ALIASES = {
    "op": "operation",
    "ep": "endpoint",
    "value": "resources.value",
    "unit": "resources.unit",
    "lifetime": "registration.lt",
    "retransmission": "retransmission_of",
}
# What an analyzer's display filters call it.
ELSEWHERE = {
    "coap.mid": "mid", "coap.type": "type", "coap.code": "code", "coap.token": "token", "coap.payload": "payload",
    "coap.opt.uri_path": "path", "coap.opt.uri_path_recon": "path", "coap.opt.uri_query": "query",
    "coap.opt.observe_req": "observe", "coap.opt.observe_rsp": "observe", "coap.opt.ctype": "content_format",
    "coap.opt.name": "options", "coap.opt.block_number": "block1.num", "coap.retransmitted": "retransmission_of",
    "coap.response_time": "rtt", "coap.response_to": "request", "coap.response_in": "response",
    "coap": "transport", "dtls": "transport", "udp": "transport", "tcp": "transport",
    "lwm2mtlv.resource": "resources.path", "data.data": "payload", "data": "payload", "host": "addr",
    "frame.number": "frame", "frame.time": "time", "frame.time_epoch": "time", "udp.length": "size",
    "ip.src": "src", "ip.dst": "dst", "ip.addr": "addr", "ip.host": "addr", "ipv6.src": "src", "ipv6.dst": "dst",
    "ipv6.addr": "addr", "udp.port": "port", "udp.srcport": "port", "udp.dstport": "port",
    "_ws.expert": "expert", "_ws.malformed": "error",
}  # fmt: skip
_RESOURCE_PATH = re.compile(r"(?:/[0-9*]+){1,4}/?")
_OPTIONS = {name.lower(): name for name, _ in OPTIONS.values()}


def field(token: Token) -> Field:
    """Raises FilterError for what no message has."""
    name = token.text.lower()
    known = FIELDS.get(ALIASES.get(name, name))
    if known is not None:
        return known
    if name.startswith("/"):
        return _resource(token)
    if name.startswith("options."):
        return _option(token, name.removeprefix("options."))
    raise FilterError(token.column, f"no field is called {token.text!r}", _suggestion(name))


def _suggestion(name: str) -> str:
    if name in ELSEWHERE:
        return f"here it is {ELSEWHERE[name]}"
    parts = [known for known in FIELDS if known.endswith(f".{name}")]
    near = parts[:2] or nearest(name, [*FIELDS, *ALIASES], limit=2)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if name.startswith("coap."):
        return "names are those of --format json, such as mid, code, options"
    return "names are those of --format json, such as operation, target, code, rtt, value"


def _resource(token: Token) -> Field:
    """A path as a field: the values of the resources at it and below it."""
    path = token.text.rstrip("/")
    if not _RESOURCE_PATH.fullmatch(token.text):
        raise FilterError(token.column, f"{token.text!r} is no resource's path", "write one such as /3/0/9 or /3/*/9")
    at, below = matcher(path), matcher(path + "/*")

    def values(message: Message) -> Sequence[Value]:
        return [one.value for one in message.resources if one.value is not None and (at(one.path) or below(one.path))]

    return Field(path, Kind.ANY, values)


def _option(token: Token, name: str) -> Field:
    """An option by its name: ``options.Max-Age``."""
    known = _OPTIONS.get(name)
    if known is None:
        near = nearest(name, _OPTIONS, limit=1)
        hint = f"did you mean options.{_OPTIONS[near[0]]}?" if near else "write one such as options.Max-Age"
        raise FilterError(token.column, f"no option is called {token.text[8:]!r}", hint)
    return Field(
        f"options.{known}", Kind.ANY, lambda message: [value for _, name, value in message.options if name == known]
    )
