"""Who is registered at a LwM2M server (LwM2M 1.0 section 5.3, LwM2M 1.1 core section 6.2).

Nothing here waits for a lifetime to run out: who has outlived it is gone at the next look. A heap says when that is,
so that a look costs little however many there are; an entry that was put off by an Update is set anew when it is due.

What was registered by DTLS is the identity's that has done it. For everybody else it is as if it were not there, and
its name is taken: to know a location or a name proves nothing.
"""

from __future__ import annotations

import heapq
import itertools
import math
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from atshell_lwm2m.endpoint.exchange import Address, Incoming, SecureAddress, speaks_for
from atshell_lwm2m.endpoint.parameters import Parameters, Refused, read_parameters
from atshell_lwm2m.endpoint.registration import Registration

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.air import Air

MAX_CLIENTS = 4096


class Registrations:
    """``moved`` is told of a client that comes from a new address (NAT rebinding), ``ended`` of one that is gone."""

    def __init__(
        self,
        now: Callable[[], float],
        moved: Callable[[Registration, Address], None] = lambda registration, old: None,
        ended: Callable[[Registration], None] = lambda registration: None,
        awake: float = math.inf,
    ) -> None:
        self._now = now
        self._moved = moved
        self._ended = ended
        self._awake = awake
        self._by_location: dict[str, Registration] = {}
        self._by_name: dict[str, Registration] = {}
        self._by_peer: dict[Address, Registration] = {}
        self._due: list[tuple[float, int, Registration]] = []
        self._serial = itertools.count()

    def add(self, incoming: Incoming) -> Registration:
        """Register. The same endpoint's older registration ends, and what waited for that waits for this. Raises
        Refused."""
        said = read_parameters(incoming)
        if said.name is None:
            raise Refused("4.00", "ep is missing")
        self._prune()
        old = self._by_name.get(said.name)
        if old is not None and not speaks_for(incoming.peer, old.peer):
            raise Refused("4.03", "this name is registered by DTLS, and with another identity")
        if old is None and len(self._by_location) >= MAX_CLIENTS:
            raise Refused("5.03", "no room for another client")
        made = Registration(said.name, secrets.token_hex(4), incoming.peer)
        made.awake = self._awake
        self._take(made, incoming, said)
        if old is not None:
            made.queue, old.queue = old.queue, made.queue
            made.outcomes, made.awake = old.outcomes, old.awake
            self.drop(old)
        self._by_location[made.location] = self._by_name[made.name] = self._by_peer[made.peer] = made
        return made

    def update(self, location: str, incoming: Incoming) -> Registration:
        """Raises Refused."""
        registration = self._find(location, incoming.peer)
        said = read_parameters(incoming)
        before = registration.peer
        self._take(registration, incoming, said)
        self._follow(registration, before)
        return registration

    def found(self, token: bytes, peer: Address) -> None:
        """A notification from a new address. Where the identity is that of the observed client, that has moved; in the
        open nothing says who it is."""
        for registration in self._by_location.values():
            before = registration.peer
            if not isinstance(before, SecureAddress) or not speaks_for(peer, before):
                continue
            if any(one.outgoing.token == token for one in registration.observations.values()):
                registration.peer = peer
                self._follow(registration, before)
                return

    def _follow(self, registration: Registration, before: Address) -> None:
        if registration.peer != before:
            if self._by_peer.get(before) is registration:
                del self._by_peer[before]
            self._by_peer[registration.peer] = registration
            self._moved(registration, before)

    def remove(self, location: str, peer: Address) -> None:
        """De-register. Raises Refused."""
        self.drop(self._find(location, peer))

    def _find(self, location: str, peer: Address) -> Registration:
        self._prune()
        registration = self._by_location.get(location)
        if registration is None or not speaks_for(peer, registration.peer):
            raise Refused("4.04", "no registration is there: register anew")
        return registration

    def _take(self, registration: Registration, incoming: Incoming, said: Parameters) -> None:
        """Take over what a Register or Update says."""
        version = said.version or registration.version
        lifetime = registration.lifetime if said.lifetime is None else said.lifetime
        if lifetime == 0 and version == "1.0":
            raise Refused("4.00", "lt=0 is no lifetime in LwM2M 1.0")
        registration.version, registration.lifetime = version, lifetime
        if said.binding is not None:
            registration.binding = said.binding
            registration.queue_mode = False
        registration.queue_mode = registration.queue_mode or said.queue_mode
        if said.listed is not None:
            registration.objects = said.listed.objects
            registration.root = said.listed.root or registration.root
            registration.formats = said.listed.formats or registration.formats
        now = self._now()
        registration.peer, registration.heard = incoming.peer, now
        # LwM2M 1.1 core section 6.2.1: a lifetime of 0 has no end.
        expires = now + lifetime if lifetime else math.inf
        registration.expires = expires
        if expires < registration.looked_at:
            self._look(registration)

    def choose(self, name: str | None, air: Air | None = None) -> Registration | None:
        """The client of that name, else the one that registered last, from behind that ``air`` if there is one."""
        self._prune()
        if name is not None:
            return self._by_name.get(name)
        newest = reversed(self._by_location.values())
        return next((one for one in newest if air is None or one.air is air), None)

    def at(self, peer: Address) -> Registration | None:
        """Who registered last from that address."""
        self._prune()
        return self._by_peer.get(peer)

    def describe(self) -> list[dict[str, object]]:
        self._prune()
        return [one.describe(self._now()) for one in self._by_location.values()]

    def _prune(self) -> None:
        now = self._now()
        while self._due and self._due[0][0] <= now:
            due, _, registration = heapq.heappop(self._due)
            if not registration.alive or due != registration.looked_at:
                continue
            if registration.expires <= now:
                self.drop(registration)
            else:
                self._look(registration)

    def _look(self, registration: Registration) -> None:
        """Look again when it expires."""
        registration.looked_at = registration.expires
        heapq.heappush(self._due, (registration.expires, next(self._serial), registration))

    def drop(self, registration: Registration) -> None:
        """Forget a client that is registered."""
        del self._by_location[registration.location]
        del self._by_name[registration.name]
        if self._by_peer.get(registration.peer) is registration:
            del self._by_peer[registration.peer]
        registration.end()
        self._ended(registration)
