"""What a message means: its LwM2M operation, endpoint, target and values; and what it changes for later ones."""

from __future__ import annotations

from msgspec.structs import replace

from atshell_lwm2m import explain
from atshell_lwm2m import payload as payloads
from atshell_lwm2m.capture.frames import UNKNOWN
from atshell_lwm2m.codec import foreign
from atshell_lwm2m.codec.coap import DELETE, POST
from atshell_lwm2m.codec.contentformat import (
    ETCH_CBOR,
    ETCH_JSON,
    LINK,
    LWM2M_CBOR,
    LWM2M_JSON,
    OLD_TLV,
    SENML_CBOR,
    SENML_JSON,
    TLV,
)
from atshell_lwm2m.codec.options import NO_RESPONSE, Q_BLOCK1, Q_BLOCK2, OptionList
from atshell_lwm2m.dissect import freshness, registrations
from atshell_lwm2m.dissect.blocks import Transfers
from atshell_lwm2m.dissect.operations import Classified, Side, classify
from atshell_lwm2m.dissect.state import Client, Clients, Flow, Sent, remember
from atshell_lwm2m.message import Expert, Message, Registration

MAX_OBSERVATIONS = 1024
_BILLION = 1_000_000_000
CLOCK = "clock-set-back"

# Whose requests carry values, and whose responses do.
VALUES_IN_REQUEST = frozenset(
    {"Write", "Create", "Bootstrap-Write", "Write-Composite", "Send", "Read-Composite", "Observe-Composite"}
)
VALUES_IN_RESPONSE = frozenset(
    {
        "Bootstrap-Pack-Request",
        "Read",
        "Observe",
        "Notify",
        "Cancel-Observation",
        "Discover",
        "Read-Composite",
        "Observe-Composite",
        "Cancel-Observation-Composite",
        "Bootstrap-Read",
        "Bootstrap-Discover",
    }
)
_OBSERVING = frozenset({"Observe", "Observe-Composite"})
NOTIFIED = frozenset({"Observe", "Observe-Composite", "Cancel-Observation", "Cancel-Observation-Composite"})
_OF_LWM2M = frozenset({TLV, OLD_TLV, LWM2M_JSON, LWM2M_CBOR})
_SELF_NAMING = frozenset({SENML_JSON, SENML_CBOR, ETCH_JSON, ETCH_CBOR, LWM2M_JSON, LWM2M_CBOR})
_SUCCESS = range(0x40, 0x60)
_REFUSING = frozenset({2, 18, 10, 26})
"""Values of No-Response that do without the answer that is expected, a success."""
TOO_MANY_REQUESTS, HOP_LIMIT_REACHED = 0x9D, 0xA8
TOLD = frozenset({TOO_MANY_REQUESTS, HOP_LIMIT_REACHED})
"""Codes that ask for more than to be understood as a failure (RFC 8516, RFC 8768)."""
_MAX_AGE, _DEFAULT_MAX_AGE = 14, 60
_CREATED, _DELETED, _CONTENT = 0x41, 0x42, 0x45


class Meaning:
    def __init__(self) -> None:
        self.clients = Clients()
        self.transfers = Transfers()

    # Requests

    def request(self, sent: Sent, options: OptionList, payload: bytes) -> None:
        message, flow = sent.message, sent.flow
        if options.path is not None and sent.code in (POST, DELETE) and self._by_location(sent):
            self._registering(sent, payload)
            return
        message.operation, message.target = asked(flow, sent.code, options, payload)
        if options.block2 is not None and options.block2.num:
            running = self.transfers.running(flow, sent.code, message)
            if running is not None:
                message.operation = running.operation
        if message.operation is None and (named := foreign.of_path(options.path)) is not None:
            message.expert = [named]
        elif message.operation in ("Register", "Update", "Bootstrap-Request"):
            self._registering(sent, payload)
        else:
            self._values_of_request(sent, payload)

    def _by_location(self, sent: Sent) -> bool:
        """A request to a location that a server gave: also from an address that is not the client's known one."""
        message, flow = sent.message, sent.flow
        client = self.clients.find(flow, message.path or "")
        if client is None or (flow.client is not None and not flow.from_client):
            return False
        if flow.client is not client:
            self.clients.attach(flow, client)
        message.operation = "Update" if sent.code == POST else "De-register"
        message.endpoint = client.endpoint
        return True

    def _registering(self, sent: Sent, payload: bytes) -> None:
        message, flow = sent.message, sent.flow
        if message.operation not in ("Register", "Update", "Bootstrap-Request"):
            return
        given = registrations.from_query(message.query, message.path if message.operation == "Update" else None)
        root = ""
        body = self._whole_request(sent, payload)
        if body is not None and registrations.has_links(body):
            found, root, fault = registrations.objects(body)
            given = replace(given, objects=found)
            if fault is not None:
                why = explain.of_payload(body, LINK, "")
                message.expert = [*message.expert, *([why] if why is not None else [])]
                message.error = f"link format: {fault} of the payload"
        if message.operation == "Update":
            message.registration = given
            return
        message.endpoint = given.ep
        bootstrap = message.operation == "Bootstrap-Request"
        if not bootstrap:
            message.registration = given
        self.clients.attach(flow, Client(given.ep, bootstrap, root=root))

    def _whole_request(self, sent: Sent, payload: bytes) -> bytes | None:
        """The request's body: the payload, or all blocks when this was the last, or None before that."""
        message = sent.message
        if message.block1 is None:
            return payload
        about, flow, code, block = (message.operation, message.content_format), sent.flow, sent.code, message.block1
        apart = has(message, Q_BLOCK1)
        if not apart:
            self._tell(message, self.transfers.missing(flow, code, message, block, response=False))
        transfer = self.transfers.take(flow, code, message, block, about, payload, response=False, apart=apart)
        if transfer is not None:
            body = bytes(transfer.body)
            message.body = body.hex()
            return body
        return None if message.block1.more or message.block1.num else payload

    def _values_of_request(self, sent: Sent, payload: bytes) -> None:
        message = sent.message
        body = self._whole_request(sent, payload)
        if not body or message.operation not in VALUES_IN_REQUEST:
            return
        if message.operation == "Create" and message.content_format in (TLV, OLD_TLV, None) and _unnamed(body):
            return  # Its paths are known when the client has told the instance.
        decode_values(message, body, message.content_format, message.target or "")

    # Responses

    def response(self, sent: Sent, origin: Sent, options: OptionList, payload: bytes) -> None:
        """``origin`` is the request."""
        message, request = sent.message, origin.message
        sent.origin = origin
        message.request = request.frame
        message.target = request.target
        message.endpoint = request.endpoint or message.endpoint
        notification = _notifies(sent, origin, options)
        message.operation = "Notify" if notification and request.operation in NOTIFIED else request.operation
        if not notification:
            measure(sent, origin)
            first = request.response is None
            origin.answered(message.frame)
            if first:
                self._consequences(sent, origin)
            elif message.type == "ACK":
                note = Expert("note", "repeated-answer", f"answers a retransmission; first sent in #{request.response}")
                message.expert = [*message.expert, note]
        elif sent.code not in _SUCCESS:
            end_observation(origin)
            freshness.end(origin)
        fresh = notification or request.response == message.frame or request.response is None
        if options.observe is not None and origin.observing and fresh and not sent.flow.reliable:
            stale = freshness.take(origin, options.observe, sent.time)
            message.expert = [*message.expert, stale] if stale is not None else message.expert
        if sent.code in TOLD:
            self._tell(message, _told(message, sent.code))
        self._values_of_response(sent, origin, payload)

    def _values_of_response(self, sent: Sent, origin: Sent, payload: bytes) -> None:
        message = sent.message
        body: bytes | None = payload
        content_format = message.content_format
        if message.block2 is not None and sent.code in _SUCCESS:
            block, request = message.block2, origin.message
            about, flow, code = (message.operation, content_format), origin.flow, origin.code
            apart = has(message, Q_BLOCK2)
            if not apart:
                self._tell(message, self.transfers.missing(flow, code, request, block, response=True))
            transfer = self.transfers.take(flow, code, request, block, about, payload, response=True, apart=apart)
            if transfer is not None:
                body = bytes(transfer.body)
                message.body = body.hex()
                content_format = transfer.content_format if content_format is None else content_format
            elif block.more or block.num:
                body = None
        if body and sent.code == _CONTENT and message.operation in VALUES_IN_RESPONSE:
            decode_values(message, body, content_format, message.target or "")

    def _tell(self, message: Message, note: Expert | None) -> None:
        if note is not None:
            message.expert = [*message.expert, note]

    def _consequences(self, sent: Sent, origin: Sent) -> None:
        """What a first response changes."""
        request, flow = origin.message, origin.flow
        match request.operation:
            case "Register":
                self._registered(sent, origin)
            case "Bootstrap-Request" if sent.code not in _SUCCESS:
                self.clients.detach(flow)
            case "Bootstrap-Finish" if sent.code in _SUCCESS and flow.client is not None and not flow.from_client:
                # What comes without a Register, which the capture has lost, is no more about the bootstrap.
                flow.client.bootstrap = False
                self.clients.attach(flow.peer, flow.client)
            case "De-register" if sent.code == _DELETED:
                self.clients.detach(flow)
            case "Create" if sent.code == _CREATED and not request.resources and request.payload:
                location = registrations.location_of(sent.message.options)
                if location is not None and location.startswith(f"{request.target}/"):
                    decode_values(
                        request, bytes.fromhex(request.body or request.payload), request.content_format, location
                    )
            case "Observe" | "Observe-Composite" if sent.code in _SUCCESS and flow.client is not None:
                token = bytes.fromhex(request.token or "")
                remember(flow.client.observations, token, origin, MAX_OBSERVATIONS)
            case "Cancel-Observation" | "Cancel-Observation-Composite" if flow.client is not None:
                flow.client.observations.pop(bytes.fromhex(request.token or ""), None)

    def _registered(self, sent: Sent, origin: Sent) -> None:
        message, request, flow = sent.message, origin.message, origin.flow
        client = flow.client
        if client is None or client.endpoint != request.endpoint:
            return
        if sent.code not in _SUCCESS:
            if sent.code >> 5 > 2:
                self.clients.detach(flow)
            return
        location = registrations.location_of(message.options)
        if sent.code == _CREATED and location is not None:
            self.clients.located(flow, client, location)
            given = request.registration or Registration()
            message.registration = replace(given, location=location)

    def orphan(self, sent: Sent, options: OptionList, payload: bytes) -> None:
        """A response without its request in the capture: with Observe it notifies, and some formats name paths."""
        message = sent.message
        client = sent.flow.client
        if options.observe is None or sent.code != _CONTENT:
            return
        if client is None and options.content_format not in _OF_LWM2M:
            return
        message.operation = "Notify"
        if payload and options.block2 is None and options.content_format in _SELF_NAMING:
            decode_values(message, payload, options.content_format, "")

    # Empty messages

    def empty(self, sent: Sent, first: Sent, *, reset: bool) -> None:
        """An empty ACK or RST, and what it is for."""
        message, other = sent.message, first.message
        message.request = other.frame
        message.endpoint = other.endpoint or message.endpoint
        message.operation, message.target = other.operation, other.target
        is_request = 0 < first.code < 32
        if is_request and not reset:
            return  # The response is still to come.
        measure(sent, first)
        first.answered(message.frame)
        if reset and first.origin is not None and other.operation == "Notify":
            message.operation = "Cancel-Observation"
            end_observation(first.origin)
            freshness.end(first.origin)


def _told(message: Message, code: int) -> Expert:
    if code == HOP_LIMIT_REACHED:
        return Expert("warning", "hop-limit", "the hop limit was reached: proxies go in a circle, or it is too low")
    wait = next((value for number, _, value in message.options if number == _MAX_AGE), _DEFAULT_MAX_AGE)
    return Expert("warning", "too-many-requests", f"too many requests: the next one not before {wait} s are over")


def measure(sent: Sent, first: Sent) -> None:
    """The round trip, where both times are known, unless the capture's clock was set back meanwhile."""
    message = sent.message
    if UNKNOWN in (sent.time, first.time):
        return
    if sent.time >= first.time:
        message.rtt = (sent.time - first.time) / _BILLION
    else:
        message.expert = [*message.expert, Expert("note", CLOCK, "the capture's clock was set back: no round trip")]


def has(message: Message, number: int) -> bool:
    return any(option[0] == number for option in message.options)


def waits(message: Message) -> bool:
    """Whether a request asks for an answer, if only for the acknowledgement of a confirmable one."""
    return message.type == "CON" or not refuses(message)


def refuses(message: Message) -> bool:
    """Whether a request wants no response when all goes well (RFC 7967 section 2.1)."""
    return any(number == NO_RESPONSE and value in _REFUSING for number, _, value in message.options)


def asked(flow: Flow, code: int, options: OptionList, payload: bytes) -> Classified:
    """Operation and target of a request by itself, as far as it is known who sends it."""
    client = flow.client
    return classify(
        side_of(flow, client),
        client.root if client is not None else "",
        code,
        options.path,
        tuple(options.query),
        options.observe,
        options.content_format,
        options.accept,
        bool(payload),
    )


def side_of(flow: Flow, client: Client | None) -> Side:
    if client is None:
        return Side.UNKNOWN
    if flow.from_client:
        return Side.CLIENT
    # Bootstrap-Finish goes to the client and is told by its path.
    return Side.BOOTSTRAP_SERVER if client.bootstrap else Side.SERVER


def _notifies(sent: Sent, origin: Sent, options: OptionList) -> bool:
    """A further response to an Observe: its first response was seen, and this is a message of its own."""
    request = origin.message
    if request.observe is None or sent.message.type == "ACK" or request.response is None:
        return False
    return options.observe is not None or sent.code not in _SUCCESS or request.observe == 0


def end_observation(origin: Sent) -> None:
    token = bytes.fromhex(origin.message.token or "")
    flow = origin.flow
    if flow.requests.get(token) is origin:
        del flow.requests[token]
    if flow.client is not None:
        flow.client.observations.pop(token, None)


def _unnamed(body: bytes) -> bool:
    """TLV that begins with a resource, so that its object instance is not told."""
    return body[0] >= 0x80


def decode_values(message: Message, body: bytes, content_format: int | None, target: str) -> None:
    decoded = payloads.decode(body, content_format, target)
    message.resources = decoded.resources
    if decoded.expert:
        message.expert = [*message.expert, *decoded.expert]
    if decoded.error is not None:
        message.error = decoded.error
