"""CoAP over one UDP socket, both ways: aiocoap driven from below.

A LwM2M client sends Register from the port on which it takes the server's requests, so one socket has to serve both
directions. aiocoap has no transport of that kind, but it is layered: a context gives a token manager, which gives a
message manager, which gives a message interface. Here are an interface of our own (over a ``Wire``) and a thin
message manager, and requests go straight into the token manager as aiocoap's pipes, so they are on the wire, with
their message ID known, when ``send`` returns.

What the message manager does differently, and why:

- A notification may ask for its message ID (the ``ackid`` of OneMO manual 4.4.0 section 3.9); aiocoap would clear it.
- It tells how a message ended: acknowledged, reset or given up, by message ID.
- NSTART does not hold back requests: someone who tests wants the next one sent at once.
- What times out fails alone. aiocoap would end everything that is open with that peer, observations too.
- A reset ends the observation of a non-confirmable notification too (RFC 7641 section 3.6).
- The request that cancels an observation has the observation's token.
- Deduplication keeps a bounded number of messages and no timer for each.
- Retransmissions (RFC 7252 section 4.2), the wait before a separate response (5.2.2) and the time that a message is
  remembered (4.8.2) run on the device's clock.

This is the one file that touches aiocoap's private parts. ``_check`` looks at them when the module is loaded.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from functools import partial
from typing import Literal, Protocol

from aiocoap import Message, error
from aiocoap.interfaces import EndpointAddress, MessageInterface
from aiocoap.messagemanager import MessageManager
from aiocoap.numbers.types import ACK, CON, NON, RST
from aiocoap.pipe import Pipe
from aiocoap.protocol import Context
from aiocoap.tokenmanager import TokenManager

from atshell.emulator.clock import Clock, Timer
from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.blocks import LARGEST
from atshell_lwm2m.endpoint.exchange import Address, host_and_port, uri

Outcome = Literal["ack", "reset", "timeout"]

MAX_SEEN = 4096
"""Messages remembered for deduplication."""
MAX_UNCONFIRMED = 64
"""Non-confirmable notifications whose reset is still understood."""

log = logging.getLogger("atshell.coap")
log.addHandler(logging.NullHandler())
log.propagate = False


def _check() -> None:
    private = {
        Context: ("render_to_pipe",),
        MessageManager: ("_remove_exchange", "_retransmit", "_send_initially", "_continue_backlog", "_next_message_id"),
        TokenManager: ("request", "next_token", "process_request", "process_response"),
        Message: ("decode", "encode"),
    }
    for kind, names in private.items():
        for name in names:
            if not hasattr(kind, name):
                from aiocoap.meta import version

                raise AtshellError(
                    f"aiocoap {version} has no {kind.__name__}.{name}", "install a version from 0.4.17 up to 0.5"
                )


_check()


class Wire(Protocol):
    """A datagram socket. Sending never fails: what cannot be sent is lost, as datagrams are."""

    def start(self, receive: Callable[[bytes, Address], None]) -> None: ...

    def send(self, data: bytes, address: Address) -> None: ...

    def close(self) -> None: ...

    async def closed(self) -> None:
        """Wait until the socket is really closed."""
        ...


class _Peer(EndpointAddress):  # type: ignore[misc]
    """A remote address; equal addresses are one peer."""

    scheme = "coap"
    is_multicast = False
    is_multicast_locally = False
    hostinfo_local = ""
    uri_base_local = ""
    maximum_block_size_exp = LARGEST

    def __init__(self, address: Address) -> None:
        self.address = address

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Peer) and other.address == self.address

    def __hash__(self) -> int:
        return hash(self.address)

    def __repr__(self) -> str:
        return self.hostinfo

    @property
    def hostinfo(self) -> str:
        return host_and_port(self.address)

    @property
    def uri_base(self) -> str:
        return uri(self.address)

    @property
    def blockwise_key(self) -> Hashable:
        return self.address


class _Interface(MessageInterface):  # type: ignore[misc]
    def __init__(self, wire: Wire) -> None:
        self._wire: Wire | None = wire

    def send(self, message: Message) -> None:
        if self._wire is not None:
            self._wire.send(message.encode(), message.remote.address)

    async def recognize_remote(self, remote: object) -> bool:
        return isinstance(remote, _Peer)

    async def determine_remote(self, message: Message) -> None:
        return None

    async def shutdown(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()
            await wire.closed()


class _ClockLoop:
    """As much of an event loop as a message manager needs, on a device's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self) -> float:
        return self._clock.now()

    def call_later(self, delay: float, callback: Callable[..., None], *arguments: object) -> Timer:
        return self._clock.call_later(delay, partial(callback, *arguments))


class _Manager(MessageManager):  # type: ignore[misc]
    def __init__(self, tokens: TokenManager, clock: Clock, outcome: Callable[[Address, int, Outcome], None]) -> None:
        super().__init__(tokens)
        self.loop = _ClockLoop(clock)
        self._outcome = outcome
        self._wanted: int | None = None
        self._remote: _Peer | None = None
        self._seen_until: deque[tuple[float, tuple[_Peer, int]]] = deque()
        self._unconfirmed: OrderedDict[tuple[_Peer, int], Callable[[], None]] = OrderedDict()

    def receive(self, data: bytes, address: Address) -> None:
        if len(data) < 4 or data[0] & 0x0F > 8:
            return
        try:
            message = Message.decode(data, remote=_Peer(address))
            self.dispatch_message(message)
        except (error.Error, ValueError, IndexError, KeyError, OverflowError, struct.error) as trouble:
            # RFC 7252 section 4.2: what cannot be read may be ignored in silence.
            log.info("ignored %d bytes from %s: %s", len(data), address, trouble)

    def busy(self, peer: Address, mid: int) -> bool:
        """True while a confirmable message of that ID waits for its acknowledgement."""
        return self._active_exchanges is not None and (_Peer(peer), mid) in self._active_exchanges

    def send_message(self, message: Message, messageerror_monitor: Callable[[], None]) -> None:
        self._continue_backlog(message.remote)
        self._wanted, self._remote = getattr(message, "wanted_mid", None), message.remote
        super().send_message(message, messageerror_monitor)
        if message.mtype is NON:
            self._unconfirmed[message.remote, message.mid] = messageerror_monitor
            while len(self._unconfirmed) > MAX_UNCONFIRMED:
                self._unconfirmed.popitem(last=False)

    def _next_message_id(self) -> int:
        if self._wanted is not None:
            return self._wanted
        mid: int = super()._next_message_id()
        while (self._remote, mid) in (self._active_exchanges or ()):
            mid = super()._next_message_id()
        return mid

    def _remove_exchange(self, message: Message) -> None:
        key = (message.remote, message.mid)
        known = key in self._active_exchanges
        super()._remove_exchange(message)
        if known:
            self._outcome(message.remote.address, message.mid, "reset" if message.mtype is RST else "ack")
        elif message.mtype is RST and key in self._unconfirmed:
            self._unconfirmed.pop(key)()

    def _continue_backlog(self, remote: _Peer) -> None:
        """Nothing ever waits there; aiocoap would look through all that is under way."""
        self._backlogs.pop(remote, None)

    def _retransmit(self, message: Message, timeout: float, retransmission_counter: int) -> None:
        if retransmission_counter < message.transport_tuning.MAX_RETRANSMIT:
            super()._retransmit(message, timeout, retransmission_counter)
            return
        monitor, handle = self._active_exchanges.pop((message.remote, message.mid))
        handle.cancel()
        self._continue_backlog(message.remote)
        monitor()
        self._outcome(message.remote.address, message.mid, "timeout")

    def _deduplicate_message(self, message: Message) -> bool:
        """RFC 7252 section 4.5."""
        now, key = self.loop.time(), (message.remote, message.mid)
        while self._seen_until and (self._seen_until[0][0] <= now or len(self._seen_until) >= MAX_SEEN):
            self._recent_messages.pop(self._seen_until.popleft()[1], None)
        if key in self._recent_messages:
            answered = self._recent_messages[key]
            if message.mtype is CON and answered is not None:
                self._send_initially(answered)
            return True
        self._seen_until.append((now + message.transport_tuning.EXCHANGE_LIFETIME, key))
        self._recent_messages[key] = None
        return False

    def _store_response_for_duplicates(self, message: Message) -> None:
        # Only these carry the ID of the request; a confirmable message of ours may have the same by chance.
        if message.mtype in (ACK, RST):
            super()._store_response_for_duplicates(message)

    async def shutdown(self) -> None:
        for _, handle in self._piggyback_opportunities.values():
            handle.cancel()
        self._piggyback_opportunities.clear()
        await super().shutdown()


class _Tokens(TokenManager):  # type: ignore[misc]
    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._wanted: bytes | None = None
        self.astray: Callable[[bytes, Address], None] = lambda token, address: None
        """Told of the token of a response from an address where nothing was asked."""

    def next_token(self) -> bytes:
        token, self._wanted = self._wanted, None
        return bytes(super().next_token()) if token is None else token

    def request(self, request: Pipe) -> None:
        self._wanted = getattr(request.request, "wanted_token", None)
        super().request(request)

    def process_response(self, response: Message) -> bool:
        if (response.token, response.remote) not in self.outgoing_requests:
            self.astray(response.token, response.remote.address)
        return bool(super().process_response(response))

    def move(self, token: bytes, old: _Peer, new: _Peer) -> None:
        """Take what answers an open request from another address."""
        pipe = self.outgoing_requests.pop((token, old), None)
        if pipe is not None and (token, new) not in self.outgoing_requests:
            self.outgoing_requests[token, new] = pipe
            pipe.on_interest_end(partial(self.outgoing_requests.pop, (token, new), None))

    def give_up(self, message: Message) -> None:
        """Forget a request that came in; whoever would answer it learns that nobody waits any more."""
        entry = (self.incoming_requests or {}).get((message.token, message.remote))
        if entry is not None and entry[0].request is message:
            entry[1]()


def peer_of(address: Address) -> _Peer:
    return _Peer(address)


class Asking(Pipe):  # type: ignore[misc]
    """A request of ours. That it failed is no news once nobody waits any more: aiocoap would log it, and raise
    TypeError in doing so."""

    def add_exception(self, exception: BaseException) -> None:
        if getattr(self, "_event_callbacks", None) is not False:
            super().add_exception(exception)


class _Context(Context):  # type: ignore[misc]
    """aiocoap would run a task for each request; here whoever is to answer may do so at any time, or never."""

    def __init__(self, serve: Callable[[Pipe], None]) -> None:
        super().__init__(loop=asyncio.get_running_loop(), loggername=log.name)
        self._serve = serve

    def render_to_pipe(self, pipe: Pipe) -> None:
        self._serve(pipe)


def layers(
    wire: Wire, serve: Callable[[Pipe], None], outcome: Callable[[Address, int, Outcome], None], clock: Clock
) -> tuple[_Tokens, _Manager]:
    """aiocoap's layers over a wire, listening. ``serve`` gets the requests."""
    context = _Context(serve)
    tokens = _Tokens(context)
    manager = _Manager(tokens, clock, outcome)
    manager.message_interface = _Interface(wire)
    tokens.token_interface = manager
    wire.start(manager.receive)
    return tokens, manager
