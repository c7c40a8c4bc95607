"""One socket that takes requests and sends them: plain values above, aiocoap's pipes below.

A request that comes in becomes an ``Incoming`` for the handler. aiocoap acknowledges it by itself when the answer takes
longer than a tenth of a second of the clock, and sends what comes later as a separate response (RFC 7252 section
5.2.2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import replace

from aiocoap import Message
from aiocoap.numbers.optionnumbers import OptionNumber
from aiocoap.numbers.types import CON, NON
from aiocoap.pipe import Pipe

from atshell.emulator.clock import Clock, LoopClock
from atshell_lwm2m.endpoint.blocks import LARGEST, MAX_BODY, Arriving, Block, Leaving, Refused, cut
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply, Request
from atshell_lwm2m.endpoint.udp import Asking, Outcome, Wire, layers, log, peer_of

METHODS = {1: "GET", 2: "POST", 3: "PUT", 4: "DELETE", 5: "FETCH", 7: "iPATCH"}
_METHOD_NUMBERS = {name: number for number, name in METHODS.items()}
MAX_OPEN = 128
"""Requests that wait for their answer, and observations, together."""
_BLOCK_SIZE = 1 << (LARGEST + 4)
_UNDERSTOOD = frozenset({3, 7, 11, 15, 17, 23, 27, 63})
"""Critical options: Uri-Host, Uri-Port, Uri-Path, Uri-Query, Accept, Block2, Block1; and OneNET's own for an
authentication code, which its platform takes and does not have to look at."""
_PROXIED = frozenset({35, 39})


class Outgoing:
    """A request that is on the wire. That of an observation stays open for notifications until ``forget``."""

    def __init__(self, mid: int, token: bytes, response: asyncio.Future[Reply], forget: Callable[[], None]) -> None:
        self.mid = mid
        self.token = token
        self.response = response
        """Fails with ConnectionError: reset, given up or closed."""
        self.forget = forget


class Endpoint:
    """Make it inside a running loop; close it there. ``handler`` gets every request that comes in, ``astray`` the token
    of a response from an address where nothing was asked. ``clock`` is the loop's own time unless it is given."""

    def __init__(
        self,
        wire: Wire,
        handler: Callable[[Incoming], None],
        outcome: Callable[[Address, int, Outcome], None] = lambda peer, mid, outcome: None,
        *,
        clock: Clock | None = None,
        astray: Callable[[bytes, Address], None] = lambda token, address: None,
    ) -> None:
        self._handler = handler
        self._tokens, self._manager = layers(wire, self._arrived, outcome, clock or LoopClock())
        self._tokens.astray = astray
        self._open: set[Incoming] = set()
        self._arriving = Arriving()
        self._leaving = Leaving()
        self._closed = False

    # What comes in

    def _arrived(self, pipe: Pipe) -> None:
        method = METHODS.get(int(pipe.request.code))
        refused = _refusal(pipe.request) if method else "4.05"
        body = self._body(pipe.request) if refused is None else b""
        if method is None or refused is not None:
            pipe.add_response(Message(code=_number(refused or "4.05")), is_last=True)
        elif isinstance(body, Message):
            pipe.add_response(body, is_last=True)
        elif len(self._open) >= MAX_OPEN:
            pipe.add_response(Message(code=_number("5.03")), is_last=True)
        else:
            self._serve(pipe, method, body)

    def _serve(self, pipe: Pipe, method: str, body: bytes) -> None:
        message = pipe.request
        incoming = Incoming(
            peer=message.remote.address,
            mid=message.mid,
            confirmable=message.mtype is CON,
            method=method,
            path=tuple(message.opt.uri_path),
            query=tuple(message.opt.uri_query),
            observe=message.opt.observe,
            accept=_plain(message.opt.accept),
            content_format=_plain(message.opt.content_format),
            payload=body,
            send=lambda reply, last: self._respond(pipe, reply, last),
            abandon=lambda: self._tokens.give_up(message),
        )
        self._open.add(incoming)

        def end() -> None:
            self._open.discard(incoming)
            incoming.end()

        pipe.on_interest_end(end)
        try:
            self._handler(incoming)
        except Exception:
            log.exception("a request could not be served")
            incoming.answer(Reply("5.00"))

    def _respond(self, pipe: Pipe, reply: Reply, last: bool) -> None:
        request = pipe.request
        message = Message(code=_number(reply.code), payload=reply.payload)
        message.opt.content_format = reply.content_format
        message.opt.observe = reply.observe
        message.opt.location_path = reply.location
        message.opt.block1 = _echo(request)
        if not reply.confirmable:
            message.mtype = NON
        message.wanted_mid = reply.mid
        part = cut(reply.payload, _block(request.opt.block2))
        if part is not None:
            self._leaving.keep(_key(request), reply.code, reply.content_format, reply.payload)
            message.payload, message.opt.block2 = part
        pipe.add_response(message, is_last=last)

    def _body(self, message: Message) -> bytes | Message:
        """The whole body of a request, or what to answer before it is there (RFC 7959)."""
        asked, block = _block(message.opt.block2), _block(message.opt.block1)
        if asked is not None and asked[0] > 0:
            return self._further(message, asked)
        if block is None:
            return bytes(message.payload)
        fed = self._arriving.feed(_key(message), block, message.payload)
        if not isinstance(fed, Refused):
            return fed
        answer = Message(code=_number(fed.code))
        answer.opt.block1 = _echo(message)
        return answer

    def _further(self, message: Message, asked: Block) -> Message:
        kept = self._leaving.get(_key(message))
        part = cut(kept[2], asked) if kept else None
        if kept is None or part is None or not part[0]:
            return Message(code=_number("4.08"))
        answer = Message(code=_number(kept[0]), payload=part[0])
        answer.opt.content_format, answer.opt.block2 = kept[1], part[1]
        return answer

    # What goes out

    def send(
        self, request: Request, *, block1: Block | None = None, notified: Callable[[Reply], None] | None = None
    ) -> Outgoing:
        """Put one confirmable request on the wire now. ``notified`` gets what follows the first answer of an
        observation."""
        message = Message(code=_METHOD_NUMBERS[request.method], payload=request.payload)
        message.opt.uri_path, message.opt.uri_query = request.path, request.query
        message.opt.content_format, message.opt.accept = request.content_format, request.accept
        message.opt.observe = request.observe
        message.opt.block1, message.opt.block2 = block1, request.block
        for number, value in request.extra:
            message.opt.add_option(OptionNumber(number).create_option(decode=value))
        message.remote, message.mtype = peer_of(request.peer), CON
        message.wanted_token = request.token
        response: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        pipe = Asking(message, log)

        def on_event(event: Pipe.Event) -> bool:
            if event.message is None:
                if not response.done():
                    response.set_exception(ConnectionError(str(event.exception) or "no answer"))
            elif not response.done():
                response.set_result(_reply(event.message))
            elif notified is not None:
                notified(_reply(event.message))
            return not event.is_last

        forget = pipe.on_event(on_event)
        # A failure that nobody waits for is no news.
        response.add_done_callback(lambda future: future.cancelled() or future.exception())
        self._tokens.request(pipe)
        return Outgoing(-1 if message.mid is None else message.mid, message.token, response, forget)

    async def request(self, request: Request, sent: Callable[[int], None] = lambda mid: None) -> Reply:
        """Send a request of any size and wait for the whole answer. ``sent`` gets the message ID of each part.
        Raises ConnectionError."""
        body, reply = request.payload, None
        if len(body) <= _BLOCK_SIZE:
            reply = await self._exchange(request, None, sent)
        for start in range(0, len(body), _BLOCK_SIZE) if reply is None else ():
            more = start + _BLOCK_SIZE < len(body)
            part = replace(request, payload=body[start : start + _BLOCK_SIZE])
            reply = await self._exchange(part, (start // _BLOCK_SIZE, more, LARGEST), sent)
            if reply.code != "2.31":
                break
        if reply is None:
            raise ConnectionError("nothing to send")
        return await self.rest(request, reply, sent)

    async def rest(self, request: Request, first: Reply, sent: Callable[[int], None] = lambda mid: None) -> Reply:
        """The whole body that ``first``, a response or a notification, begins. Raises ConnectionError."""
        body, block = bytearray(first.payload), first.block
        fetch = replace(request, observe=None)
        if request.method != "FETCH" or len(request.payload) > _BLOCK_SIZE:
            # A FETCH is known by its payload too (RFC 8132 section 2.1).
            fetch = replace(fetch, payload=b"", content_format=None)
        while block is not None and block[1] and len(body) <= MAX_BODY:
            reply = await self._exchange(replace(fetch, block=(block[0] + 1, False, block[2])), None, sent)
            if not reply.ok or not reply.payload:
                raise ConnectionError("the rest of the body is not there")
            body, block = body + reply.payload, reply.block
        return replace(first, payload=bytes(body), block=None)

    async def _exchange(self, request: Request, block1: Block | None, sent: Callable[[int], None]) -> Reply:
        outgoing = self.send(request, block1=block1)
        sent(outgoing.mid)
        try:
            return await outgoing.response
        except asyncio.CancelledError:
            outgoing.forget()
            raise

    def move(self, observation: Outgoing, old: Address, new: Address) -> None:
        """Take the notifications of an observation from another address: a NAT has bound the other side anew."""
        self._tokens.move(observation.token, peer_of(old), peer_of(new))

    def busy(self, peer: Address, mid: int) -> bool:
        """True while a confirmable message of ours with that ID waits for its acknowledgement."""
        return self._manager.busy(peer, mid)

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._tokens.shutdown()


def _refusal(message: Message) -> str | None:
    """The code for options that have to be understood and are not (RFC 7252 sections 5.4.1 and 5.10.2)."""
    critical = {int(option.number) for option in message.opt.option_list() if int(option.number) & 1}
    if critical & _PROXIED:
        return "5.05"
    return None if critical <= _UNDERSTOOD else "4.02"


def _number(code: str) -> int:
    """2.05 as the byte on the wire."""
    kind, _, detail = code.partition(".")
    return int(kind) << 5 | int(detail)


def _code(number: int) -> str:
    return f"{number >> 5}.{number & 31:02}"


def _plain(number: int | None) -> int | None:
    return None if number is None else int(number)


def _block(option: tuple[int, bool, int] | None) -> Block | None:
    return None if option is None else (int(option[0]), bool(option[1]), int(option[2]))


def _echo(request: Message) -> Block | None:
    """The Block1 option that answers the request's."""
    block = _block(request.opt.block1)
    return block and (block[0], block[1], min(block[2], LARGEST))


def _key(message: Message) -> Hashable:
    """What the blocks of one body have in common."""
    return message.remote, int(message.code), tuple(message.opt.uri_path), tuple(message.opt.uri_query)


def _reply(message: Message) -> Reply:
    return Reply(
        code=_code(int(message.code)),
        payload=bytes(message.payload),
        content_format=_plain(message.opt.content_format),
        observe=message.opt.observe,
        location=tuple(message.opt.location_path),
        mid=message.mid,
        confirmable=message.mtype is CON,
        block=_block(message.opt.block2),
    )
