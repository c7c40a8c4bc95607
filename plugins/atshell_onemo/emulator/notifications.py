"""Notifications of one login (section 3.9): whom they go to, how they are acknowledged, when the radio may rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from atshell.emulator.clock import Clock
from atshell_lwm2m.endpoint.client import Client, Observation
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_lwm2m.endpoint.udp import Outcome
from atshell_onemo.emulator import payload
from atshell_onemo.emulator.model import Value

REPEATED = 247.0
"""Device seconds in which a message ID means the same message (EXCHANGE_LIFETIME, RFC 7252 section 4.8.2)."""


class Rest(Enum):
    """When the module lets go of the radio: ``<flag>``."""

    LATER = 0
    SENT = 0x200
    ACKNOWLEDGED = 0x400


class Notifications:
    """``delivered`` learns of an ``<ackid>``, ``rest`` lets the radio go."""

    def __init__(
        self, client: Client, clock: Clock, delivered: Callable[[int], None], rest: Callable[[], None]
    ) -> None:
        self._client = client
        self._clock = clock
        self._told = delivered
        self._rest = rest
        self._awaited: dict[int, Rest] = {}
        self._delivered: dict[int, float] = {}
        """Acknowledged ``<ackid>``, and until when it means that same message."""

    def busy(self, ackid: int) -> bool:
        """True while a message of that ID is not acknowledged yet."""
        return self._client.busy(ackid)

    def observed(self, number: int, instance: int, resources: Sequence[int]) -> list[Observation]:
        """The observations that values of these resources belong to, the instance's own first."""
        known = self._client.observations
        targets = [f"/{number}/{instance}", f"/{number}", *(f"/{number}/{instance}/{one}" for one in resources)]
        return [known[target] for target in dict.fromkeys(targets) if target in known]

    def send(
        self,
        observations: Sequence[Observation],
        values: Sequence[Value],
        form: payload.Form,
        ackid: int | None,
        rest: Rest = Rest.LATER,
    ) -> None:
        """Send the values to each; ``ackid`` is for the first, and becomes its message ID."""
        if ackid is not None:
            self._awaited[ackid] = rest
        for observation in observations:
            target = tuple(int(part) for part in observation.target.split("/") if part)
            wanted = [one for one in values if len(target) < 3 or one.resource == target[2]]
            body, used = payload.notified(wanted, target, form)
            self._client.notify(observation, Reply("2.05", body, used, mid=ackid, confirmable=ackid is not None))
            ackid = None
        if rest is Rest.SENT:
            self._rest()

    def ended(self, mid: int, outcome: Outcome) -> None:
        """A repeated ``<ackid>`` is the same message to the platform, which says nothing of it again (section 3.9)."""
        rest = self._awaited.pop(mid, None)
        if rest is None or outcome != "ack":
            return
        now = self._clock.now()
        self._delivered = {one: until for one, until in self._delivered.items() if until > now}
        if mid not in self._delivered:
            self._delivered[mid] = now + REPEATED
            self._told(mid)
        if rest is Rest.ACKNOWLEDGED:
            self._rest()

    def forget(self, number: int) -> None:
        """An object is gone: who observes it is told (RFC 7641 section 4.2)."""
        for observation in list(self._client.observations.values()):
            if observation.target.split("/")[1] == str(number):
                self._client.notify(observation, Reply("4.04"))
