"""One login: bootstrap, registration, updates, the end (sections 3.6 to 3.8), and notifications (section 3.9).

Everything here runs beside the AT side: a command starts it and is answered with OK, an event tells how it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager

from atshell.emulator.clock import Clock, Timer
from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.client import Client, Observation, Refusal
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply
from atshell_lwm2m.endpoint.network import Network
from atshell_lwm2m.endpoint.operation import Operation
from atshell_lwm2m.endpoint.udp import Outcome
from atshell_lwm2m.endpoint.world import World
from atshell_onemo.emulator import payload
from atshell_onemo.emulator.model import LwDevice, Value
from atshell_onemo.emulator.requests import Requests

BOOTSTRAPPED, NOT_BOOTSTRAPPED, LOGGED_IN, NOT_LOGGED_IN = 2, 3, 6, 7
UPDATED, LOGGED_OUT, DELIVERED, DELETED = 11, 15, 26, 31
"""Events of section 3.20."""
GONE = "4.04"
"""The platform knows nothing of this registration any more: its answer to an Update then."""
PATIENCE = 30.0
"""Device seconds that an update or a logout may take."""
AUTO_UPDATE = 30.0
"""Device seconds before the lifetime ends (section 4.5)."""
LEAST_LIFETIME = 60
"""Of an automatic update."""


class Login:
    """``event`` prints, ``done`` tells whether the module is on line from now on."""

    def __init__(
        self,
        device: LwDevice,
        name: str,
        clock: Clock,
        about: Callable[[], Sequence[Value]],
        emit: Callable[[str], None],
        done: Callable[[bool], None],
    ) -> None:
        self._device = device
        self._name = name
        self._clock = clock
        self._about = about
        self._emit = emit
        self._done = done
        self._client: Client | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure = NOT_LOGGED_IN
        self._auto: Timer | None = None
        self._awaited: set[int] = set()
        self.server = ""
        """``host:port`` of the LwM2M server, once it is known."""
        self.requests: Requests | None = None

    # The life of it

    def open(self, world: World, timeout: float) -> None:
        self._begin(self._open(world, timeout))

    async def _open(self, world: World, timeout: float) -> None:
        self._failure = NOT_BOOTSTRAPPED if self._device.bootstrap else NOT_LOGGED_IN
        try:
            async with _within(self._clock, timeout):
                client = await self._log_in(await world.network())
        except (Refusal, OSError, AtshellError):
            self._event(self._failure)
            self._done(False)
            return
        self._done(True)
        self._event(LOGGED_IN)
        self._plan_update()
        client.listen()

    async def _log_in(self, network: Network) -> Client:
        client = self._client = Client(await network.open(), self)
        address = await _resolved(network, self._device.host, self._device.port)
        if self._device.bootstrap:
            account = await client.bootstrap(address, self._name)
            self._event(BOOTSTRAPPED)
            self._failure = NOT_LOGGED_IN
            address = await _resolved(network, *(account or ("", 0)))
        self.server = f"{address[0]}:{address[1]}"
        self.requests = Requests(self._device, client, self._about, self._emit)
        await client.register(address, self._name, self._device.lifetime, self._device.binding, self._device.paths())
        return client

    def update(self, lifetime: int, with_objects: bool) -> None:
        self._device.lifetime = lifetime
        self._begin(self._update(with_objects))

    async def _update(self, with_objects: bool) -> None:
        if self._client is None:
            return
        try:
            objects = self._device.paths() if with_objects else None
            async with _within(self._clock, PATIENCE):
                await self._client.update(self._device.lifetime, self._device.binding, objects)
        except Refusal as refusal:
            if refusal.code == GONE:
                self._event(DELETED)
                self._done(False)
            return
        except OSError:
            return
        self._event(UPDATED)
        self._plan_update()

    def logout(self) -> None:
        self._begin(self._logout())

    async def _logout(self) -> None:
        """Success alone is told (section 3.8); after a failure the module is as before."""
        if self._client is None:
            return
        try:
            async with _within(self._clock, PATIENCE):
                await self._client.deregister()
        except (Refusal, OSError):
            self._done(True)
            return
        self._done(False)
        self._event(LOGGED_OUT)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _plan_update(self) -> None:
        if self._auto is not None:
            self._auto.cancel()
        if self._device.auto_update and self._device.lifetime >= LEAST_LIFETIME:
            self._auto = self._clock.call_later(
                self._device.lifetime - AUTO_UPDATE, lambda: self.update(self._device.lifetime, with_objects=False)
            )

    def _event(self, event: int, ackid: int | None = None) -> None:
        self._emit(f"+MIPLEVENT: 0,{event}" + ("" if ackid is None else f",{ackid}"))

    async def close(self) -> None:
        """Close the socket without a word."""
        if self._auto is not None:
            self._auto.cancel()
        others = [task for task in self._tasks if task is not asyncio.current_task()]
        client, self._client = self._client, None
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if client is not None:
            await client.close()

    # As the client's owner

    def requested(self, operation: Operation, incoming: Incoming) -> None:
        if self.requests is not None:
            self.requests.requested(operation, incoming)

    def ended(self, mid: int, outcome: Outcome) -> None:
        if mid in self._awaited:
            self._awaited.discard(mid)
            if outcome == "ack":
                self._event(DELIVERED, mid)

    def apply(self, mode: int) -> None:
        """How requests are told to the MCU from now on (AT+MIPLNMI)."""
        if self.requests is not None:
            self.requests.mode = mode

    # Notifications

    def busy(self, mid: int) -> bool:
        return self._client is not None and self._client.busy(mid)

    def observed(self, number: int, instance: int, resources: Sequence[int]) -> list[Observation]:
        """The observations that values of these resources belong to, the instance's own first."""
        known = self._client.observations if self._client is not None else {}
        targets = [f"/{number}/{instance}", f"/{number}", *(f"/{number}/{instance}/{one}" for one in resources)]
        return [known[target] for target in dict.fromkeys(targets) if target in known]

    def notify(
        self,
        observations: Sequence[Observation],
        values: Sequence[Value],
        content_format: int | None,
        ackid: int | None,
    ) -> None:
        """Send the values to each; ``ackid`` is for the first, and becomes its message ID."""
        for observation in observations:
            target = tuple(int(part) for part in observation.target.split("/") if part)
            wanted = [one for one in values if len(target) < 3 or one.resource == target[2]]
            body, used = payload.encode(wanted, target, content_format)
            if ackid is not None:
                self._awaited.add(ackid)
            if self._client is not None:
                self._client.notify(observation, Reply("2.05", body, used, mid=ackid, confirmable=ackid is not None))
            ackid = None


async def _resolved(network: Network, host: str, port: int) -> Address:
    """A name that nobody knows stays without an answer."""
    address = network.resolve(host, port)
    if address is None:
        await asyncio.get_running_loop().create_future()
        raise TimeoutError
    return address


@asynccontextmanager
async def _within(clock: Clock, seconds: float) -> AsyncIterator[None]:
    """TimeoutError when device time runs out."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        timer = clock.call_later(seconds, lambda: limit.reschedule(loop.time()))
        try:
            yield
        finally:
            timer.cancel()
