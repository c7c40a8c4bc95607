"""Decoded messages as the correlator sees them.

Each message becomes an Operation: which part of which operation, who sends it, message ID, target, values, and the
device that it concerns. Messages of one exchange know one another by their indexes. A capture is taken anywhere on
the way, so nothing here relies on addresses alone: the client's side is the one whose operations are a client's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from atshell.session.intent import Sender, Value
from atshell_lwm2m.message import Message

CLIENT_OPERATIONS = frozenset(
    {"Bootstrap-Request", "Bootstrap-Pack-Request", "Register", "Update", "De-register", "Notify", "Send"}
)
"""What a client asks of a server (OMA LwM2M 1.1, 6.1); everything else a server asks of a client."""
COAP_PORTS = frozenset({"5683", "5684"})
LIFETIME = "/1/0/1"
EXCHANGE_LIFETIME = 247.0
"""Seconds for which a message ID means one message (RFC 7252, 4.8.2)."""

Part = Literal["request", "response", "ack", "reset", ""]
"""A notification counts as a request: it opens what its acknowledgement ends. "" is what takes part in nothing."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One message."""

    index: int
    """In the list of messages."""
    time: float
    """Seconds since the session's start, on the capture's clock."""
    part: Part
    name: str
    """The word of a decoded message's ``operation``; "" when unknown."""
    sender: Sender
    """Who sends the request of the exchange."""
    upward: bool
    """From the client to the server."""
    client: str
    server: str
    mid: int | None
    target: str | None
    values: dict[str, Value]
    ok: bool | None
    """Of a response: succeeded or not."""
    endpoint: str | None
    payload: str
    """Hexadecimal, of the whole body where it is known."""
    label: str
    """A response in short: ``2.01 /rd/7c2e``."""
    first: int
    """Index of the first transmission; its own when it is none again."""
    device: str = ""


@dataclass(slots=True)
class Traffic:
    """Every message, and which belong together."""

    operations: list[Operation]
    answers: dict[int, list[int]] = field(default_factory=dict)
    """Responses, acknowledgements and resets of a first transmission, in order."""
    repeats: dict[int, list[int]] = field(default_factory=dict)
    """Retransmissions of a first transmission, in order."""

    def transmissions(self, index: int) -> list[int]:
        """A message and its retransmissions."""
        first = self.operations[index].first
        return [first, *self.repeats.get(first, ())]


def read_traffic(messages: Sequence[Message], started: float) -> Traffic:
    """``started`` is the session's start in seconds since 1970."""
    servers = _servers(messages)
    operations = [_operation(index, message, started, servers) for index, message in enumerate(messages)]
    traffic = Traffic(operations)
    _repeats(messages, traffic)
    _answers(messages, traffic)
    return traffic


def _name(message: Message) -> str:
    """Where the response to an Observe is lost, the first notification passes for it, but for being no ACK."""
    if message.operation == "Observe" and message.type in ("CON", "NON") and (message.code or "").startswith("2."):
        return "Notify"
    return message.operation or ""


def _sender(name: str) -> Sender | None:
    if not name:
        return None
    return "client" if name in CLIENT_OPERATIONS else "server"


def _part(message: Message) -> Part:
    """RFC 7252 section 3: a code's first digit is its class; 0.00 is an empty message."""
    code = message.code or ""
    if message.type == "RST":
        return "reset"
    if code == "0.00":
        return "ack" if message.type == "ACK" else ""
    if code.startswith("0."):
        return "request"
    if code[:2] in ("2.", "4.", "5."):
        notifies = _name(message) == "Notify" and message.type != "ACK"
        return "request" if notifies else "response"
    return ""


def _servers(messages: Iterable[Message]) -> set[str]:
    """Addresses that a client's requests go to or a server's come from."""
    servers = set()
    for message in messages:
        sender = _sender(_name(message))
        if sender is not None and _part(message) == "request":
            servers.add(message.dst if sender == "client" else message.src)
    return servers


def _operation(index: int, message: Message, started: float, servers: set[str]) -> Operation:
    part = _part(message)
    sender = _sender(_name(message))
    upward = _upward(message, part, sender, servers)
    if sender is None:
        sender = "client" if upward == (part == "request") else "server"
    code = message.code or ""
    return Operation(
        index,
        message.time - started,
        part,
        _name(message),
        sender,
        upward,
        message.src if upward else message.dst,
        message.dst if upward else message.src,
        message.mid,
        message.target,
        _values(message),
        None if part not in ("response", "ack", "reset") else part == "ack" or code.startswith("2."),
        message.endpoint or _named(message),
        message.body or message.payload or "",
        _label(message) if part == "response" else "",
        index,
    )


def _named(message: Message) -> str | None:
    """The endpoint that a Bootstrap-Request or Register names (OMA LwM2M 1.0, 5.2.4 and 5.3.1)."""
    if message.registration is not None and message.registration.ep:
        return message.registration.ep
    if message.operation in ("Bootstrap-Request", "Register"):
        return next((part[3:] for part in message.query if part.startswith("ep=")), None)
    return None


def _label(message: Message) -> str:
    location = message.registration.location if message.registration is not None else None
    return " ".join(filter(None, (message.code, location)))


def _upward(message: Message, part: Part, sender: Sender | None, servers: set[str]) -> bool:
    """True when the client sends it: known by the operation, else by addresses, else by the servers' ports."""
    if sender is not None and part in ("request", "response"):
        return (sender == "client") == (part == "request")
    if (message.dst in servers) != (message.src in servers):
        return message.dst in servers
    return message.dst.rpartition(":")[2] in COAP_PORTS and message.src.rpartition(":")[2] not in COAP_PORTS


def _values(message: Message) -> dict[str, Value]:
    """What the message says, by the path that says it; attributes by their names, a lifetime by its resource."""
    values: dict[str, Value] = {item.path: item.value for item in message.resources if item.value is not None}
    if message.registration is not None and message.registration.lt is not None:
        values[LIFETIME] = message.registration.lt
    if message.operation == "Write-Attributes":
        for part in message.query:
            name, equals, value = part.partition("=")
            if equals:
                values[name] = value
    return values


def _repeats(messages: Sequence[Message], traffic: Traffic) -> None:
    frames = _frames(messages)
    for index, message in enumerate(messages):
        if message.retransmission_of is None:
            continue
        first = _at(frames, message, message.retransmission_of, index)
        if first is not None and first < index:
            first = traffic.operations[first].first
            traffic.operations[index] = replace(traffic.operations[index], first=first)
            traffic.repeats.setdefault(first, []).append(index)


def _answers(messages: Sequence[Message], traffic: Traffic) -> None:
    """Who answers whom: as the decoder says, else by message ID, as empty messages do (RFC 7252 section 4.2)."""
    frames = _frames(messages)
    open_by_mid: dict[tuple[str, str, int | None], int] = {}
    for index, message in enumerate(messages):
        operation = traffic.operations[index]
        asked: int | None = None
        if operation.part in ("response", "ack", "reset"):
            if message.request is not None:
                asked = _at(frames, message, message.request, index)
            if asked is None and message.type in ("ACK", "RST"):
                asked = open_by_mid.get((message.dst, message.src, message.mid))
                if asked is not None and abs(message.time - messages[asked].time) > EXCHANGE_LIFETIME:
                    asked = None
        if operation.part in ("request", "response") and message.type in ("CON", "NON"):
            open_by_mid[message.src, message.dst, message.mid] = index
        if asked is not None and asked != index:
            traffic.answers.setdefault(traffic.operations[asked].first, []).append(index)
            _complete(traffic, asked, index)


def _complete(traffic: Traffic, asked: int, index: int) -> None:
    """An empty message takes over what it answers."""
    request, answer = traffic.operations[asked], traffic.operations[index]
    if answer.part == "response":
        return
    traffic.operations[index] = replace(
        answer,
        name=answer.name or request.name,
        sender=request.sender,
        upward=not request.upward,
        client=request.client,
        server=request.server,
        target=answer.target or request.target,
        endpoint=answer.endpoint or request.endpoint,
    )


Frames = dict[tuple[str | None, int], list[int]]


def _frames(messages: Sequence[Message]) -> Frames:
    frames: Frames = {}
    for index, message in enumerate(messages):
        frames.setdefault((message.file, message.frame), []).append(index)
    return frames


def _at(frames: Frames, message: Message, frame: int, index: int) -> int | None:
    """The message in a frame of the same file; of several in one frame the nearest that is not ``index``."""
    found = [other for other in frames.get((message.file, frame), ()) if other != index]
    return min(found, key=lambda other: abs(other - index)) if found else None
