"""DTLS on ports that are not known, of which nothing is shown: that is told, once a server.

Others speak DTLS too: calls in browsers (WebRTC), tunnels. A conversation is taken for CoAP's when its Client Hello
offers a cipher suite of CoAP's and asks for no keys for media. Without any key the Client Hello is reason enough to
tell; with some, only what they do not open is told, as soon as it is known why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from atshell_lwm2m.dtls.capped import keep
from atshell_lwm2m.dtls.fragments import HEADER
from atshell_lwm2m.dtls.hello import client_offer
from atshell_lwm2m.dtls.records import HANDSHAKE, Record, split
from atshell_lwm2m.dtls.suites import is_of_things

if TYPE_CHECKING:
    from atshell_lwm2m.dtls.opener import Opened

MAX_TOLD = 8
MAX_WAITING = 4_096
_NO_KEY = "no key is given (--psk or --keylog)"
_FATAL = "fatal alert"
_CLIENT_HELLO, _OFFSET = b"\x01", slice(6, 9)


class Unshown:
    """Of one capture."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._waiting: dict[tuple[str, str], tuple[str, str]] = {}
        """Client and server of conversations that may still be opened, by either direction."""
        self._told: set[str] = set()
        """Servers."""

    def take(self, src: str, dst: str, data: bytes, opened: Opened | None = None) -> None:
        """A datagram that is not shown. ``opened`` is what the keys made of it, if there are any."""
        ends = self._waiting.get((src, dst))
        if ends is None:
            if data[0] != HANDSHAKE or dst in self._told or len(self._told) > MAX_TOLD or not begins(data):
                return
            ends = src, dst
            keep(self._waiting, ends, ends, MAX_WAITING)
            keep(self._waiting, (dst, src), ends, MAX_WAITING)
        why = _NO_KEY if opened is None else _why(opened)
        if why is not None:
            self._say(ends, why)

    def _say(self, ends: tuple[str, str], why: str) -> None:
        client, server = ends
        self._waiting.pop(ends, None)
        self._waiting.pop((server, client), None)
        if server in self._told:
            return
        self._told.add(server)
        if len(self._told) > MAX_TOLD:
            self._tell(f"DTLS with more than {MAX_TOLD} servers on other ports is not shown either")
            return
        records = f"--port {server.rpartition(':')[2]} shows its records"
        self._tell(f"DTLS between {client} and {server} is not shown: {why}; {records}")


def _why(opened: Opened) -> str | None:
    """None as long as it may still be opened."""
    if opened.reason is not None:
        return opened.reason.text
    return next((name for name in opened.names if name.startswith(_FATAL)), None)


def begins(data: bytes) -> bool:
    """Whether a datagram is the beginning of what is probably CoAP's."""
    return any(_is_for_coap(record) for record in split(data, lambda _: None) if isinstance(record, Record))


def _is_for_coap(record: Record) -> bool:
    """By the first fragment of a Client Hello: its cipher suites stand far in front."""
    body = record.body
    if record.content != HANDSHAKE or record.epoch or body[:1] != _CLIENT_HELLO or body[_OFFSET] != bytes(3):
        return False
    offer = client_offer(body[HEADER:])
    return offer is not None and not offer.media and any(map(is_of_things, offer.suites))
