"""Conversations that are not even read, since a filter can want nothing of them.

A conversation is *kept*, everything of it is taken in, or *skipped*: then the reader drops its messages by their key,
but for those that say where clients are: POST, DELETE and 2.01. So a client is known in either. Only what else was said
about it (observations, open requests) is not, where it was said in a conversation that is skipped. That matters when
the same client appears in both kinds, or when a skipped conversation turns out to be wanted: then ``ReadAgain`` asks
for the capture to be read from its beginning, with these conversations kept.

Most POSTs are the client's own Updates, or Executes: once one is known to move nobody, the same bytes are skipped too,
until a location changes its owner.
"""

from __future__ import annotations

from collections.abc import Iterable

from atshell_lwm2m.capture.fast import SKIPPABLE, Skip
from atshell_lwm2m.capture.frames import turned
from atshell_lwm2m.dissect.state import MAX_CLIENTS, MAX_FLOWS, Client, Flow

_CREATED = 0x41
_MAX_STAYING, _MAX_SIZE = 8, 64


class ReadAgain(Exception):
    """More is kept now."""


class Skipped:
    def __init__(self, kept: set[bytes]) -> None:
        """``kept`` are the keys of conversations that must not be skipped. It has grown when ``ReadAgain`` comes."""
        self.keys: Skip = {}
        self._kept = kept
        self._owners: dict[tuple[str, str], Client] = {}
        """By server and location."""
        self._ownerless: set[str] = set()
        """Where something stays because no location of theirs was used."""

    def clear(self) -> None:
        """Another capture comes."""
        self.keys.clear()
        self._owners.clear()
        self._ownerless.clear()

    def has(self, key: bytes, head: int, data: bytes) -> bool:
        """Whether this message, which begins with ``head``, is to be skipped."""
        staying = self.keys.get(key)
        return (
            staying is not None
            and head >= 0
            and (SKIPPABLE[head] == 1 or (head < 0x8000 and data[4 + (head >> 8 & 15) :] in staying))
        )

    def stays(self, key: bytes, flow: Flow, path: str, rest: bytes) -> None:
        """A POST to this path moved nobody; ``rest`` is all behind its token."""
        staying = self.keys.get(key)
        if staying is None or len(rest) > _MAX_SIZE:
            return
        owner = self._owners.get((flow.dst, path))
        if owner is None and not flow.from_client:
            self._ownerless.add(flow.dst)
        elif owner is None or owner is not flow.client:
            return
        if len(staying) >= _MAX_STAYING:
            staying.clear()
        staying.add(rest)

    def settle(self, key: bytes, flow: Flow, head: int, *, away: bool) -> None:
        """A message of this conversation has been taken in; ``away`` is whether nothing of it can be wanted. Raises
        ReadAgain."""
        client = flow.client or Client(None)
        if head & 0xFF == _CREATED and client.location is not None:
            self._located((flow.src, client.location), client)
        if key in self.keys:
            if not away or client.kept:
                self._again([key])
            client.skipped.add(key)
        elif not away or key in self._kept:
            client.kept = True
            if client.skipped:
                self._again([key, *client.skipped])
        elif client.kept:
            self._keep([key])
        elif len(key) == 12 and len(self.keys) < MAX_FLOWS:
            self.keys[key], self.keys[turned(key)] = set(), set()
            client.skipped.add(key)

    def _located(self, where: tuple[str, str], client: Client) -> None:
        """What stayed because of who was there before may do so no more."""
        before = self._owners.get(where)
        if before is client:
            return
        if where[0] in self._ownerless or len(self._owners) >= MAX_CLIENTS:
            for staying in self.keys.values():
                staying.clear()
            self._ownerless.clear()
            self._owners.clear()
        elif before is not None:
            for key in before.skipped:
                self.keys[key].clear()
                self.keys[turned(key)].clear()
        self._owners[where] = client

    def _keep(self, keys: Iterable[bytes]) -> None:
        for key in keys:
            self._kept.update((key, turned(key)))

    def _again(self, keys: Iterable[bytes]) -> None:
        self._keep(keys)
        raise ReadAgain
