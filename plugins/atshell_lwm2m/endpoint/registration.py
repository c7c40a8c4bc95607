"""One client that is registered: what it said, what of it is observed, what it reported, when it listens."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell_lwm2m.endpoint.endpoint import Outgoing
from atshell_lwm2m.endpoint.exchange import Address, Reply, host_and_port
from atshell_lwm2m.message import Resource
from atshell_lwm2m.payload import decode

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.air import Air

LIFETIME = 86400
"""Seconds, where the client gives none (LwM2M 1.0 section 5.3.1)."""
MAX_OBSERVATIONS = 64
MAX_NOTIFICATIONS = 32
MAX_VALUES = 256
MAX_OUTCOMES = 32
_FRESH_AFTER = 128.0
"""Seconds after which a notification is newer whatever its number is (RFC 7641 section 3.4)."""
_HALF = 1 << 23
_NOT_GREETED = {0, 1, 2, 3, 4, 5, 6, 7}
"""The objects of LwM2M itself: security, server, access, device, connectivity, firmware, location, statistics."""


@dataclass(slots=True)
class Observed:
    outgoing: Outgoing
    number: int
    """Of the newest notification."""
    at: float

    def fresh(self, number: int, now: float) -> bool:
        """RFC 7641 section 3.4: whether a notification of that number is newer than what is known."""
        newer = (self.number < number and number - self.number < _HALF) or (
            self.number > number and self.number - number > _HALF
        )
        return newer or now > self.at + _FRESH_AFTER


class Registration:
    def __init__(self, name: str, location: str, peer: Address) -> None:
        self.name = name
        self.location = location
        self.peer = peer
        self.air: Air | None = None
        """Of the emulated module whose it is, where it is one of this process."""
        self.lifetime = LIFETIME
        self.version = "1.0"
        self.binding = "U"
        self.queue_mode = False
        self.awake = 0.0
        """Seconds that it listens after it was heard, in queue mode."""
        self.heard = 0.0
        self.expires = 0.0
        self.looked_at = math.inf
        """When it is looked at next, whether its lifetime is over."""
        self.alive = True
        self.root: tuple[str, ...] = ()
        """The path under which it has its objects (LwM2M 1.0 section 6.2: "Alternate Path")."""
        self.formats: tuple[int, ...] = ()
        """The Content-Formats that it says it knows."""
        self.objects: list[str] = []
        self.observations: dict[str, Observed] = {}
        self.notifications: deque[dict[str, object]] = deque(maxlen=MAX_NOTIFICATIONS)
        """Notifications and Sends; the newest, oldest first."""
        self.values: OrderedDict[str, object] = OrderedDict()
        """The last value that was seen of each path."""
        self.outcomes: deque[dict[str, object]] = deque(maxlen=MAX_OUTCOMES)
        """What came of orders that were queued."""
        self.queue: deque[tuple[int, Sequence[str]]] = deque()
        """Orders that wait until it wakes, by their number."""

    @property
    def own_paths(self) -> list[str]:
        """The objects and instances that are not LwM2M's own."""
        return [path for path in self.objects if int(path.split("/")[1]) not in _NOT_GREETED]

    def has(self, path: str) -> bool:
        """Whether the object of that path was registered."""
        first = path.split("/")[1]
        return any(one.split("/")[1] == first for one in self.objects)

    def asleep(self, now: float) -> bool:
        return self.queue_mode and now >= self.heard + self.awake

    # Observations

    def keep(self, path: str, observation: Outgoing, number: int, now: float) -> None:
        if len(self.observations) >= MAX_OBSERVATIONS:
            self.forget(next(iter(self.observations)))
        self.observations[path] = Observed(observation, number, now)

    def forget(self, path: str) -> None:
        """Stop listening; what comes later is reset."""
        observed = self.observations.pop(path, None)
        if observed is not None:
            observed.outgoing.forget()

    def notified(self, path: str, reply: Reply, now: float) -> None:
        """A notification, with its whole body."""
        entry: dict[str, object] = {"path": path, "code": reply.code, "mid": reply.mid}
        observed = self.observations.get(path)
        late = observed is not None and reply.observe is not None and not observed.fresh(reply.observe, now)
        if late:
            entry["late"] = True
        elif observed is not None and reply.observe is not None:
            observed.number, observed.at = reply.observe, now
        if reply.ok:
            decoded = decode(reply.payload, reply.content_format, "" if " " in path else path)
            entry["resources"] = [{"path": one.path, "value": one.value} for one in decoded.resources]
            if decoded.error is not None:
                entry["error"] = decoded.error
            if not late:
                self.saw(decoded.resources)
        self.notifications.append(entry)
        if reply.observe is None:
            self.forget(path)

    def sent(self, mid: int, resources: Sequence[Resource]) -> None:
        """By the operation Send."""
        shown = [{"path": one.path, "value": one.value} for one in resources]
        self.notifications.append({"path": "/dp", "operation": "Send", "mid": mid, "resources": shown})
        self.saw(resources)

    def saw(self, resources: Iterable[Resource]) -> None:
        for one in resources:
            if one.value is not None:
                self.values[one.path] = one.value
                self.values.move_to_end(one.path)
        while len(self.values) > MAX_VALUES:
            self.values.popitem(last=False)

    def end(self) -> None:
        self.alive = False
        for path in list(self.observations):
            self.forget(path)

    def describe(self, now: float) -> dict[str, object]:
        described: dict[str, object] = {
            "endpoint": self.name,
            "location": f"/rd/{self.location}",
            "address": host_and_port(self.peer),
            "lifetime": self.lifetime,
            "lwm2m": self.version,
            "binding": self.binding,
            "objects": self.objects,
            "observed": list(self.observations),
            "notifications": list(self.notifications),
            "values": dict(self.values),
        }
        if math.isfinite(self.expires):
            described["remaining"] = round(self.expires - now, 3)
        if self.queue_mode:
            described["awake"] = not self.asleep(now)
            described["queued"] = [{"order": number, "line": " ".join(words)} for number, words in self.queue]
        if self.outcomes:
            described["outcomes"] = list(self.outcomes)
        return described
