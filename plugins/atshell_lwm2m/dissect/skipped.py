"""Conversations that are not even read, since a filter can want nothing of them.

A conversation is *kept*, everything of it is taken in, or *skipped*: then the reader drops its messages by their key,
but for those that say where clients are: POST, DELETE, 2.01, 2.02 and errors. So a client is known in either. Only what
else was said about it (observations, open requests) is not, where it was said in a conversation that is skipped. That
matters when the same client appears in both kinds, or when a skipped conversation turns out to be wanted: then
``ReadAgain`` asks for the capture to be read from its beginning, with these conversations kept.

Most POSTs are the client's own Updates, or Executes: once one is known to move nobody, the same bytes are skipped too,
until there is a new client at the location to which they go. The reader is ahead by then: if it has skipped some of
them, that is a reason to read again too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.capture.frames import turned
from atshell_lwm2m.capture.glance import KNOWN, SKIPPED, WHAT, Skip
from atshell_lwm2m.dissect.elsewhere import ReadAgain
from atshell_lwm2m.dissect.repeated import CREATED, FlowOf, Repeated
from atshell_lwm2m.dissect.state import MAX_FLOWS, Client, Clients, Flow

_MAX_STAYING, _MAX_SIZE = 8, 64
_MAX_KNOWN = 65_536
_MARKER = b"\xff"
"""Of a payload, which is seldom the same again."""

PathOf = Callable[[bytes, int], str | None]
"""Where a POST goes, whose options begin there; None if it may register or bootstrap."""


class Skipped:
    """Of one capture."""

    def __init__(self, skip: Skip, clients: Clients, flow_of: FlowOf, path: PathOf) -> None:
        """``skip`` is filled; what is ``kept`` of it has grown when ``ReadAgain`` comes."""
        skip.keys.clear()
        self.keys = skip.keys
        """Of either direction."""
        self._used = skip.used
        self._kept = skip.kept
        self._clients = clients
        self._flow_of = flow_of
        self._path = path
        self._repeated = Repeated(clients, flow_of)
        self._staying: dict[tuple[str, str], set[bytes]] = {}
        """The keys of those who are known to stay when they go to a server's location."""
        self._known = 0
        """How many POSTs are."""

    def has(self, datagram: Headed) -> bool:
        """Whether this message, of one of these conversations, is to be skipped."""
        _, _, _, _, key, head, _, data, _ = datagram
        if head < 0:
            return False
        what = WHAT[head]
        return (
            what == SKIPPED
            or (what == KNOWN and data[4 + (head >> 8 & 15) :] in self.keys[key])
            or self._repeated.has(datagram)
        )

    def late(self, key: bytes) -> Headed | None:
        """What was skipped although it may matter, now that something else of this conversation is taken in."""
        return self._repeated.late(key)

    def settle(self, flow: Flow, datagram: Headed, *, away: bool) -> None:
        """A message of this conversation has been taken in; ``away`` is whether nothing of it can be wanted. Raises
        ReadAgain."""
        _, _, _, _, key, head, _, data, _ = datagram
        client = flow.client or Client(None)
        if client.location is not None and (head & 0xFF == CREATED or not 0x4000 <= head < 0x8000):
            self._located((flow.src, client.location), client)
        if key in self.keys:
            if not away or client.kept:
                self._again([key])
        elif not away or key in self._kept:
            client.kept = True
            if client.skipped:
                self._again([key, *client.skipped])
            return
        elif client.kept:
            self._keep([key])
            return
        elif len(key) != 12 or len(self.keys) >= MAX_FLOWS:
            return
        else:
            self.keys[key], self.keys[turned(key)] = set(), set()
        client.skipped.add(key)
        if head >= 0:
            self._stays(flow, key, head, data)
            self._repeated.learn(key, flow, head, data)

    def _stays(self, flow: Flow, key: bytes, head: int, data: bytes) -> None:
        """After this message, the same bytes behind another token move nobody, if they did not now."""
        start = 4 + (head >> 8 & 15)
        if WHAT[head] != KNOWN or len(data) - start > _MAX_SIZE or _MARKER in data[start:]:
            return
        path = self._path(data, start)
        if path is None or self._clients.find(flow, path) not in (None, flow.client):
            return
        if self._known >= _MAX_KNOWN:
            self._forget()
        known = self.keys[key]
        if len(known) >= _MAX_STAYING:
            known.clear()
        known.add(data[start:])
        self._known += 1
        self._staying.setdefault((flow.dst, path), set()).add(key)

    def _forget(self) -> None:
        for known in self.keys.values():
            known.clear()
        self._staying.clear()
        self._known = 0

    def _located(self, where: tuple[str, str], client: Client) -> None:
        """Who is another one's goes to him if he goes there."""
        staying = self._staying.get(where, set())
        moving = {key for key in staying if (flow := self._flow_of(key)) is None or flow.client is not client}
        for key in moving:
            self.keys[key].clear()
        staying -= moving
        if not moving.isdisjoint(self._used):
            self._again(moving)

    def _keep(self, keys: Iterable[bytes]) -> None:
        for key in keys:
            self._kept.update((key, turned(key)))

    def _again(self, keys: Iterable[bytes]) -> None:
        self._keep(keys)
        raise ReadAgain
