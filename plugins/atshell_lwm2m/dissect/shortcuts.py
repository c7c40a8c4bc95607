"""What the lines of common messages consist of, beside what is new in each of them.

Each function gives its pieces, or says that a message is not common; then it has changed nothing, and the ``Dissector``
is asked. ``start`` is where the options begin in ``data``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from msgspec.structs import replace

from atshell_lwm2m.codec import foreign
from atshell_lwm2m.codec.coap import DELETE, POST, read
from atshell_lwm2m.codec.options import OptionList
from atshell_lwm2m.dissect.about import About, about, piece
from atshell_lwm2m.dissect.blocks import ODD, Transfer
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.heldlines import HeldLines
from atshell_lwm2m.dissect.jsontext import HEADS, Shape, Shapes
from atshell_lwm2m.dissect.jsonvalues import Values, nothing
from atshell_lwm2m.dissect.light import CONTENT, Pushed
from atshell_lwm2m.dissect.meaning import MAX_OBSERVATIONS, TOLD, asked
from atshell_lwm2m.dissect.registrations import announced, from_query, location_of, objects
from atshell_lwm2m.dissect.state import NEVER, Client, Flow, Sent, remember
from atshell_lwm2m.message import Block, Message

Opens = Callable[[bytes], tuple[bytes, int, int, bytes]]
Kind = tuple[int, str, bool, Opens | None]
"""Of messages that begin with these two bytes: where the options begin, far behind the end where they are none of those
that are common; the piece with their type and code; whether they acknowledge; and, where they may be notifications,
what takes the token, the first byte of their options, the next two and the next four from them."""
UNCOMMON = 1 << 20
EMPTY_ACK = 0x6000
_CREATED = 0x41
_SIGNALING = 0xE0
"""Codes from here on are for streams (RFC 8323 section 5)."""
_MAX_MEANINGS = 64
_OBSERVES = (b"\x60", b"\x61", b"\x62", b"\x63")
"""Option Observe in front, with a value of 0 to 3 bytes."""
# Requests that change what is known, or say more than their options and values.
_OWN_WAY = frozenset({"Update", "Bootstrap-Request", "Create"})
_REGISTER = about("Register", None)
_OBSERVING = frozenset({"Observe", "Observe-Composite"})


class Shortcuts:
    """Of one capture file."""

    def __init__(self, dissector: Dissector) -> None:
        self._clients = dissector.meaning.clients
        self._transfers = dissector.meaning.transfers
        self._file = dissector.file
        self._shapes = Shapes()
        self._whole_shape, self._pushed_shape = self._shapes.whole.get, self._shapes.behind_observe.get
        self._values = Values()
        self._update = about("Update", None)
        self._kinds: list[Kind | None] = [None] * 0x10000
        self._held = HeldLines(live=dissector.live)

    def _kind(self, head: int) -> Kind:
        first, code = head >> 8 & 0xFF, head & 0xFF
        said, size = HEADS[first << 4 & 0x300 | code], first & 15
        fits = head >= 0 and 0x40 <= first < 0x70 and size <= 8 and said is not None
        pushed = first < 0x60 and code >= 32
        if not fits or code in TOLD or code >= _SIGNALING or (not code and head != EMPTY_ACK):
            fits = False
        kind: Kind = UNCOMMON, "", False, None
        if fits and (not pushed or code == CONTENT):
            opens = struct.Struct(f">4x{size}sBH4s").unpack_from if pushed else None
            kind = 4 + size, said or "", head >= EMPTY_ACK, opens
        self._kinds[head] = kind
        return kind

    def _ends(self, flow: Flow) -> str:
        flow.file = self._file
        flow.addresses = piece(Message(src=flow.src, dst=flow.dst, transport="udp", file=self._file))
        return flow.addresses

    def _pushed(self, flow: Flow, origin: Sent, token: bytes, data: bytes, behind: int) -> Pushed | None:
        """What a notification has in common with those that follow. None for one without a payload, and for faults."""
        if not origin.number:
            return None
        marker = data.find(b"\xff", behind)
        raw = data[behind:marker]
        shape = self._pushed_shape(raw) or self._shapes.learn_behind_observe(raw)
        named = piece(Message(endpoint=origin.endpoint))
        if marker < 0 or marker == len(data) - 1 or shape is None or shape.blocks:
            return None
        if not origin.named and flow.client is not None:
            return None
        meant = origin.about.notified or origin.about
        content_format = shape.options.content_format
        origin.pushed = Pushed(
            shape.lead,
            (f',"token":"{token.hex()}"' if token else "") + shape.text,
            shape.middle,
            shape.last,
            f',"request":{origin.number}',
            f"{meant.operation_text}{named}{meant.target_text}",
            origin.named,
            meant,
            content_format,
            self._values.short(content_format, meant.target) if meant.in_response else nothing,
        )
        return origin.pushed

    def _content(
        self, flow: Flow, shape: Shape, code: int, token: bytes, meant: About, payload: bytes
    ) -> tuple[str, bytes | None, str] | None:
        """Of a request with a payload or a block: its options and payload, its body, and the piece that says more of
        it. None for what is not common."""
        options = shape.options
        if shape.blocks and self._not_alone(flow, code, token, options, meant, payload):
            return None
        if not payload:
            return shape.text, None, ""
        body, before, more, whole, values = None, "", "", "", payload
        if options.block1 is not None:
            about = meant.operation, options.content_format
            found = self._put_together(flow, code, options, options.block1, about, payload, response=False)
            if found is None:
                return None
            values, transfer = found
            if transfer is not None:
                body, whole = values, f',"body":"{values.hex()}"'
        if meant.in_request and values:
            before, more = self._values.all(values, options.content_format, meant.target)
        return f'{shape.text},"payload":"{payload.hex()}"{whole}{before}', body, more

    def _not_alone(
        self, flow: Flow, code: int, token: bytes, options: OptionList, meant: About, payload: bytes
    ) -> bool:
        """Whether it is an odd block, or asks for a further block of what another request, an Observe, began."""
        if options.block1 is not None:
            return options.block2 is not None or not payload
        if options.block2 is None or not options.block2.num:
            return False
        running = self._transfers.running(flow, code, options)
        before = flow.requests.get(token)
        return (running is not None and running.operation != meant.operation) or (
            before is not None and before.observing
        )

    def _put_together(
        self,
        flow: Flow,
        code: int,
        asked_for: OptionList,
        block: Block,
        about: tuple[str | None, int | None],
        payload: bytes,
        *,
        response: bool,
    ) -> tuple[bytes, Transfer | None] | None:
        """What holds the values of a message with a block, which is nothing before the last one; and the transfer that
        it completes. None for a block that is not the next. The arguments are those of ``Transfers.take``."""
        transfer = self._transfers.take(flow, code, asked_for, block, about, payload, response=response, plain=True)
        if transfer is ODD:
            return None
        if transfer is not None:
            return bytes(transfer.body), transfer
        return b"" if block.more or block.num else payload, None

    def _posted(self, flow: Flow, shape: Shape, code: int, payload: bytes) -> tuple[About | None, str]:
        """What a POST or DELETE is about, and the piece that says more of it. None when it is not common."""
        client, path = flow.client, shape.options.path
        owner = None if path is None else self._clients.find(flow, path)
        if owner is not None and (client is None or flow.from_client):
            if code == DELETE or payload or client is not owner:
                return None, ""
            return self._update, self._registration(shape)
        meant = self._meant(flow, shape, code, payload)
        if meant is not _REGISTER:
            return meant, ""
        more = self._registering(flow, shape, payload)
        return (None, "") if more is None else (meant, more)

    def _meant(self, flow: Flow, shape: Shape, code: int, payload: bytes) -> About | None:
        """The same of any other request."""
        key = code if payload else ~code
        try:
            return shape.meanings[flow.context][key]
        except KeyError:
            return _learn_meaning(flow, shape, code, payload, key)

    def _registering(self, flow: Flow, shape: Shape, payload: bytes) -> str | None:
        """The piece that says what is registered: the flow is this client's from now on."""
        given = None if shape.blocks else announced(shape.options.query, payload)
        if given is None or not given.ep:
            return None
        self._clients.attach(flow, Client(given.ep, root=objects(payload)[1]))
        return piece(Message(registration=given))

    def _registered(self, origin: Sent, shape: Shape, code: int) -> str | None:
        """The same, with the location that the server has given."""
        client, where = origin.flow.client, location_of(shape.options.options)
        given = announced(origin.options.query, read(origin.data)[5])
        if code != _CREATED or where is None or given is None or shape.blocks:
            return None
        if client is None or client.endpoint != origin.endpoint:
            return None
        self._clients.located(origin.flow, client, where)
        return piece(Message(registration=replace(given, location=where)))

    def _registration(self, shape: Shape) -> str:
        """That of an Update without a body."""
        known = shape.registration
        if not known:
            known.append(piece(Message(registration=from_query(shape.options.query, shape.options.path))))
        return known[0]

    def _answer(self, origin: Sent, data: bytes, start: int, time: int) -> tuple[str, str] | None:
        """Of a response to this request: its token, options and payload, and the piece that says more of it. None for
        what is not common."""
        meant, code = origin.about, data[1]
        if origin.response is not None or origin.token != data[4:start] or not code:
            return None
        token = f',"token":"{origin.token.hex()}"' if start > 4 else ""
        if origin.observing:
            return self._observed(origin, token, data, start, time)
        if start == len(data):
            return (token, "") if meant.plain else None
        raw, marker, payload = data[start:].partition(b"\xff")
        shape = self._whole_shape(raw) or self._shapes.learn_whole(raw)
        if shape is None or (marker and not payload):
            return None
        if not meant.plain:
            given = self._registered(origin, shape, code) if meant is _REGISTER and not marker else None
            return None if given is None else (token + shape.text, given)
        if shape.blocks:
            return self._answered_in_part(origin, token, shape, code, payload)
        if not payload:
            return token + shape.text, ""
        before = more = ""
        if code == CONTENT and meant.in_response:
            before, more = self._values.all(payload, shape.options.content_format, meant.target)
        return f'{token}{shape.text},"payload":"{payload.hex()}"{before}', more

    def _answered_in_part(
        self, origin: Sent, token: str, shape: Shape, code: int, payload: bytes
    ) -> tuple[str, str] | None:
        """The same where it has a block."""
        meant, options = origin.about, shape.options
        if not payload:
            return None if options.block2 is not None else (token + shape.text, "")
        before, more, values, content_format, whole = "", "", payload, options.content_format, ""
        if options.block2 is not None and 0x40 <= code < 0x60:
            about, flow = (meant.operation, content_format), origin.flow
            found = self._put_together(flow, origin.code, origin.options, options.block2, about, payload, response=True)
            if found is None:
                return None
            values, transfer = found
            if transfer is not None:
                content_format = transfer.content_format if content_format is None else content_format
                whole = f',"body":"{values.hex()}"'
        if values and code == CONTENT and meant.in_response:
            before, more = self._values.all(values, content_format, meant.target)
        return f'{token}{shape.text},"payload":"{payload.hex()}"{whole}{before}', more

    def _observed(self, origin: Sent, token: str, data: bytes, start: int, time: int) -> tuple[str, str] | None:
        """The same of the first answer to an Observe, which observes from now on."""
        meant, code, client = origin.about, data[1], origin.flow.client
        behind = start + 1 + (data[start] & 3) if start < len(data) else start
        marker = data.find(b"\xff", behind)
        if (
            meant.operation not in _OBSERVING
            or not origin.observing
            or origin.observe != NEVER
            or not 0x40 <= code < 0x60
            or data[start : start + 1] not in _OBSERVES
            or not behind <= marker < len(data) - 1
        ):
            return None
        raw, payload = data[behind:marker], data[marker + 1 :]
        shape = self._pushed_shape(raw) or self._shapes.learn_behind_observe(raw)
        if shape is None or shape.blocks:
            return None
        observe = int.from_bytes(data[start + 1 : behind], "big")
        if client is not None:
            remember(client.observations, origin.token, origin, MAX_OBSERVATIONS)
        origin.observe, origin.observed = observe, time
        before = more = ""
        if code == CONTENT and meant.in_response:
            before, more = self._values.all(payload, shape.options.content_format, meant.target)
        shown = f"{token}{shape.text}{observe}{shape.middle}{observe}{shape.last}"
        return f'{shown},"payload":"{payload.hex()}"{before}', more


NOBODY = Client(None)


def named(client: Client) -> str | None:
    """The piece with its endpoint. None where that is empty, which is the same as none for what comes back."""
    if client.endpoint is None:
        return ""
    client.text = piece(Message(endpoint=client.endpoint)) if client.endpoint else ""
    return client.text or None


def _learn_meaning(flow: Flow, shape: Shape, code: int, payload: bytes, key: int) -> About | None:
    operation, target = asked(flow, code, shape.options, payload)
    if len(shape.meanings) >= _MAX_MEANINGS:
        shape.meanings.clear()
    meant = None
    if operation == "Register":
        meant = _REGISTER if target is None and code == POST else None
    elif operation not in _OWN_WAY and foreign.of_path(shape.options.path) is None:
        meant = about(operation, target)
    shape.meanings.setdefault(flow.context, {})[key] = meant
    return meant
