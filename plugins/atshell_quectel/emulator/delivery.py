"""One CoAP request that is sent again at the manual's intervals until it is answered.

The manuals print intervals of their own, and a module keeps them on its own clock, so this is not left to the CoAP
library: it writes the message, and here the same bytes go out again (RFC 7252 section 4.2). There are no tasks: a
timer or a datagram leads from one state to the next, so that a test turns years of it by hand.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from atshell.emulator.clock import Clock, Timer
from atshell_lwm2m.codec import coap
from atshell_lwm2m.endpoint.exchange import Reply

RESET = "0.00"
"""Instead of a code: the other side has reset the message."""
_LOCATION_PATH = 8
"""RFC 7252 section 5.10."""
_EMPTY_ACK = bytes([0x60, 0])

Done = Callable[[Reply | None], None]


@dataclass(frozen=True, slots=True)
class Post:
    """All that a module has to say by itself is a POST."""

    path: tuple[str, ...]
    query: tuple[str, ...] = ()
    payload: bytes = b""
    content_format: int | None = None


class Delivery:
    """``send`` puts a datagram on the network. One request at a time."""

    def __init__(self, clock: Clock, send: Callable[[bytes], None]) -> None:
        self._clock = clock
        self._send = send
        self._mid = secrets.randbelow(1 << 16)
        self._token = b""
        self._acknowledged = False
        self._done: Done | None = None
        self._timer: Timer | None = None

    def begin(self, post: Post, waits: Sequence[float], done: Done) -> None:
        """``done`` gets the answer, None when there is none; a reset is a reply with the code ``RESET``."""
        self.cancel()
        self._mid = self._mid + 1 & 0xFFFF
        self._token = secrets.token_bytes(4)
        self._acknowledged = False
        self._done = done
        self._go_on(_encoded(post, self._mid, self._token), iter(waits))

    def _go_on(self, datagram: bytes, waits: Iterator[float]) -> None:
        """Send it, again if need be. An acknowledgement ends that, and the response has as long as is left."""
        wait = next(waits, None)
        if wait is None:
            self._end(None)
            return
        self._timer = self._clock.call_later(wait, lambda: self._go_on(datagram, waits))
        if not self._acknowledged:
            self._send(datagram)

    def received(self, data: bytes) -> bool:
        """True when a datagram was about this request."""
        kind, code, mid, token, options, _, error = coap.read(data)
        if kind is None or coap.EMPTY < code < 1 << 6:
            return False
        if code == coap.EMPTY:
            return self._settled(kind, mid)
        if not self._token or token != self._token:
            return False
        if kind == coap.CON:
            self._send(_EMPTY_ACK + mid.to_bytes(2, "big"))
        if error is None:
            location = tuple(str(value) for number, _, value in options.options if number == _LOCATION_PATH)
            self._end(Reply(coap.CODES[code], location=location))
        return True

    def _settled(self, kind: int, mid: int) -> bool:
        if mid != self._mid or self._done is None:
            return False
        if kind == coap.RST:
            self._end(Reply(RESET))
        self._acknowledged |= kind == coap.ACK
        return True

    def _end(self, reply: Reply | None) -> None:
        done = self._done
        self.cancel()
        if done is not None:
            done(reply)

    def cancel(self) -> None:
        """Send nothing more. The token stays known: a response that comes again is acknowledged again."""
        self._done = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _encoded(post: Post, mid: int, token: bytes) -> bytes:
    from aiocoap import Message
    from aiocoap.numbers.codes import POST
    from aiocoap.numbers.types import CON

    message = Message(code=POST, payload=post.payload)
    message.mtype, message.mid, message.token = CON, mid, token
    message.opt.uri_path, message.opt.uri_query = post.path, post.query
    message.opt.content_format = post.content_format
    return bytes(message.encode())
