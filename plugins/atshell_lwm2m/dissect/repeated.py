"""Devices that register again as they did before, in conversations that are skipped.

A device that starts anew sends the Register that it sent at first, and many servers give it the location that it had.
Then everybody is where he was. So a repeated Register *waits* for its answer, and both are forgotten if that is
repeated too. If anything else comes first, the Register is ``late``: it is taken in before that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.capture.frames import turned
from atshell_lwm2m.codec.coap import POST
from atshell_lwm2m.dissect.state import LIFETIME, Client, Clients, Flow, V

CREATED = 0x41
_MAX_KNOWN = 16_384
_MAX_SIZE = 1024
_LONGEST_TOKEN = 8
_REQUESTS = range(0x40, 0x60)
"""First bytes: CON and NON."""
_ACKNOWLEDGEMENTS = range(0x60, 0x70)

FlowOf = Callable[[bytes], Flow | None]


@dataclass(slots=True, eq=False)
class _Registered:
    """What led to where a client is: the bytes behind the tokens of the Register and its answer."""

    key: bytes
    """Of the Register."""
    client: Client
    asked: bytes
    answered: bytes
    waiting: Headed | None = None
    """The same Register again, whose answer is still to come."""


class Repeated:
    def __init__(self, clients: Clients, flow_of: FlowOf) -> None:
        self._clients = clients
        self._flow_of = flow_of
        self._asked: dict[bytes, tuple[Client, bytes]] = {}
        """What may have been a Register, and whose, by its key."""
        self._known: dict[bytes, _Registered] = {}
        """By either key."""

    def learn(self, key: bytes, flow: Flow, head: int, data: bytes) -> None:
        """From a message that was taken in."""
        client, code = flow.client, head & 0xFF
        if client is None or len(data) > _MAX_SIZE or data[0] & 15 > _LONGEST_TOKEN:
            return
        if code == POST and flow.from_client and client.location is None and head >> 8 in _REQUESTS:
            _make_room(self._asked)
            self._asked[key] = client, data
        elif code == CREATED and client.location is not None:
            back = turned(key)
            whose, asked = self._asked.pop(back, (None, b""))
            if whose is client and _answers(data, asked):
                _make_room(self._known)
                self._known[key] = self._known[back] = _Registered(back, client, _rest(asked), _rest(data))

    def has(self, datagram: Headed) -> bool:
        """Whether this message changes nothing, or waits for the next to say so."""
        _, time, _, _, key, head, _, data, _ = datagram
        known = self._known.get(key)
        if known is None:
            return False
        waiting = known.waiting
        if head & 0xFF == POST:
            if key != known.key or head >> 8 not in _REQUESTS or not _is(data, known.asked):
                return False
            if waiting is not None and waiting[7] != data:
                return False
            known.waiting = datagram
            return True
        if head & 0xFF != CREATED or waiting is None or time - waiting[1] >= LIFETIME:
            return False
        if not _answers(data, waiting[7]) or not _is(data, known.answered) or not self._holds(known):
            return False
        known.waiting = None
        return True

    def _holds(self, known: _Registered) -> bool:
        """Whether everybody still is where this led to."""
        client, flow = known.client, self._flow_of(known.key)
        return (
            flow is not None
            and flow.client is client
            and not client.kept
            and self._clients.find(flow, client.location or "") is client
        )

    def late(self, key: bytes) -> Headed | None:
        """What waits in this conversation, of which something else is to be taken in now."""
        known = self._known.get(key)
        if known is None or known.waiting is None:
            return None
        waiting, known.waiting = known.waiting, None
        return waiting


def _is(data: bytes, rest: bytes) -> bool:
    return data[0] & 15 <= _LONGEST_TOKEN and data.endswith(rest) and len(data) == 4 + (data[0] & 15) + len(rest)


def _rest(data: bytes) -> bytes:
    return data[4 + (data[0] & 15) :]


def _answers(data: bytes, asked: bytes) -> bool:
    """Whether it is an acknowledgement with the request's message ID and token."""
    end = 4 + (data[0] & 15)
    return data[0] in _ACKNOWLEDGEMENTS and data[0] & 15 == asked[0] & 15 and data[2:end] == asked[2:end]


def _make_room(table: dict[bytes, V]) -> None:
    if len(table) >= _MAX_KNOWN:
        table.clear()
