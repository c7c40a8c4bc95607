"""Who is registered at a LwM2M server (LwM2M 1.0 section 5.3), and what of theirs is observed.

Nothing here waits for a lifetime to run out: who has outlived it is gone at the next look.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable

from atshell_lwm2m.codec import linkformat
from atshell_lwm2m.endpoint.endpoint import Outgoing
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply
from atshell_lwm2m.endpoint.operation import ids
from atshell_lwm2m.payload import decode

LIFETIME = 86400
"""Seconds, where the client gives none (section 5.3.1)."""
MAX_CLIENTS = 256
MAX_NAME = 255
MAX_OBJECTS = 512
MAX_OBSERVATIONS = 64
MAX_NOTIFICATIONS = 32
_NOT_GREETED = {0, 1, 2, 3, 4, 5, 6, 7}
"""The objects of LwM2M itself: security, server, access, device, connectivity, firmware, location, statistics."""


class Registration:
    def __init__(self, name: str, location: str, peer: Address) -> None:
        self.name = name
        self.location = location
        self.peer = peer
        self.lifetime = LIFETIME
        self.version = ""
        self.binding = ""
        self.expires = 0.0
        self.alive = True
        self.objects: list[str] = []
        self.observations: dict[str, Outgoing] = {}
        self.notifications: deque[dict[str, object]] = deque(maxlen=MAX_NOTIFICATIONS)
        """The newest, oldest first."""

    @property
    def own_paths(self) -> list[str]:
        """The objects and instances that are not LwM2M's own."""
        return [path for path in self.objects if int(path.split("/")[1]) not in _NOT_GREETED]

    def keep(self, path: str, observation: Outgoing) -> None:
        if len(self.observations) >= MAX_OBSERVATIONS:
            self.forget(next(iter(self.observations)))
        self.observations[path] = observation

    def forget(self, path: str) -> bytes | None:
        """Stop listening; what comes later is reset. Returns the observation's token."""
        observation = self.observations.pop(path, None)
        if observation is None:
            return None
        observation.forget()
        return observation.token

    def notified(self, path: str, reply: Reply) -> None:
        entry: dict[str, object] = {"path": path, "code": reply.code, "mid": reply.mid}
        decoded = decode(reply.payload, reply.content_format, path)
        entry["resources"] = [{"path": one.path, "value": one.value} for one in decoded.resources]
        if decoded.error is not None:
            entry["error"] = decoded.error
        self.notifications.append(entry)
        if reply.observe is None:
            self.observations.pop(path, None)

    def end(self) -> None:
        self.alive = False
        for path in list(self.observations):
            self.forget(path)

    def describe(self, now: float) -> dict[str, object]:
        return {
            "endpoint": self.name,
            "location": f"/rd/{self.location}",
            "address": f"{self.peer[0]}:{self.peer[1]}",
            "lifetime": self.lifetime,
            "remaining": round(self.expires - now, 3),
            "lwm2m": self.version,
            "binding": self.binding,
            "objects": self.objects,
            "observed": list(self.observations),
            "notifications": list(self.notifications),
        }


class Registrations:
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._by_location: dict[str, Registration] = {}

    def add(self, incoming: Incoming) -> Registration | str:
        """Register; returns the response code where that is refused."""
        parameters = _parameters(incoming.query)
        name = parameters.get("ep", "")
        if not name or len(name) > MAX_NAME:
            return "4.00"
        self._prune()
        old = next((one for one in self._by_location.values() if one.name == name), None)
        if old is None and len(self._by_location) >= MAX_CLIENTS:
            return "5.03"
        made = Registration(name, secrets.token_hex(4), incoming.peer)
        code = self._take(made, incoming, parameters)
        if code != "2.04":
            return code
        if old is not None:
            self._drop(old)
        self._by_location[made.location] = made
        return made

    def update(self, location: str, incoming: Incoming) -> str:
        """Returns the response code."""
        self._prune()
        registration = self._by_location.get(location)
        if registration is None:
            return "4.04"
        return self._take(registration, incoming, _parameters(incoming.query))

    def _take(self, registration: Registration, incoming: Incoming, parameters: dict[str, str]) -> str:
        """Take over what a Register or Update says."""
        lifetime = parameters.get("lt", str(registration.lifetime))
        objects = registration.objects
        if incoming.payload:
            try:
                objects = _objects(incoming.payload)
            except ValueError:
                return "4.00"
        if not (lifetime.isascii() and lifetime.isdecimal() and len(lifetime) <= 10):
            return "4.00"
        registration.lifetime, registration.objects = int(lifetime), objects
        registration.version = parameters.get("lwm2m", registration.version)[:16]
        registration.binding = parameters.get("b", registration.binding)[:8]
        registration.peer = incoming.peer
        registration.expires = self._now() + registration.lifetime
        return "2.04"

    def remove(self, location: str) -> str:
        """De-register; returns the response code."""
        self._prune()
        registration = self._by_location.get(location)
        if registration is None:
            return "4.04"
        self._drop(registration)
        return "2.02"

    def choose(self, name: str | None) -> Registration | None:
        """The client of that name, or the one that registered last."""
        self._prune()
        found = [one for one in self._by_location.values() if name is None or one.name == name]
        return found[-1] if found else None

    def describe(self) -> list[dict[str, object]]:
        self._prune()
        return [one.describe(self._now()) for one in self._by_location.values()]

    def _prune(self) -> None:
        now = self._now()
        for registration in [one for one in self._by_location.values() if one.expires <= now]:
            self._drop(registration)

    def _drop(self, registration: Registration) -> None:
        del self._by_location[registration.location]
        registration.end()


def _parameters(query: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in query)}


def _objects(payload: bytes) -> list[str]:
    """The paths that a client lists; what is no path of the data model (``</>;rt="oma.lwm2m"``) is left out.
    Raises ValueError."""
    paths = []
    for link in linkformat.parse(payload.decode())[:MAX_OBJECTS]:
        parts = tuple(part for part in link.target.split("/") if part)
        if 1 <= len(parts) <= 2 and ids(parts) is not None:
            paths.append("/" + "/".join(parts))
    return paths
