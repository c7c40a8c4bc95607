"""One login: bootstrap, registration, updates, the end (sections 3.6 to 3.8), and notifications (section 3.9).

Everything here runs beside the AT side: a command starts it and is answered with OK, an event tells how it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence

from atshell.emulator.clock import within
from atshell.emulator.device import Device
from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.client import Client, Refusal
from atshell_lwm2m.endpoint.dtls.client import ClientWire
from atshell_lwm2m.endpoint.dtls.security import Credentials
from atshell_lwm2m.endpoint.exchange import Address, Incoming
from atshell_lwm2m.endpoint.network import Network
from atshell_lwm2m.endpoint.operation import Operation
from atshell_lwm2m.endpoint.udp import Outcome
from atshell_lwm2m.endpoint.world import World
from atshell_onemo.emulator.lifetime import Lifetime
from atshell_onemo.emulator.model import Given, LwDevice, Value
from atshell_onemo.emulator.notifications import Notifications
from atshell_onemo.emulator.requests import Requests
from atshell_onemo.emulator.secrecy import credentials

BOOTSTRAPPED, NOT_BOOTSTRAPPED, LOGGED_IN, NOT_LOGGED_IN = 2, 3, 6, 7
UPDATED, LOGGED_OUT, DELIVERED, DELETED, AGED = 11, 15, 26, 31, 32
"""Events of section 3.20."""
AUTHCODE = 63
"""The option that OneNET's open client puts ``<authcode>`` into; the manual does not say."""
GONE = "4.04"
"""The platform knows nothing of this registration any more: its answer to an Update then."""
PATIENCE = 30.0
"""Device seconds that an update or a logout may take."""
MONTH = 30 * 86400.0
"""Device seconds that what a bootstrap gave may be used without another (section 5.2)."""


class Login:
    """``event`` prints, ``done`` tells whether the module is on line from now on."""

    def __init__(
        self,
        module: Device,
        device: LwDevice,
        name: str,
        about: Callable[[], Sequence[Value]],
        done: Callable[[bool], None],
        suites: tuple[str, ...],
    ) -> None:
        self._module = module
        self._clock = module.clock
        self._device = device
        self._suites = suites
        self._name = name
        self._about = about
        self._done = done
        self._wire: ClientWire | None = None
        self._client: Client | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure = NOT_LOGGED_IN
        self._lifetime = Lifetime(module.clock, self._update_by_itself, self._leave)
        self.requests: Requests | None = None
        self.notifications: Notifications | None = None

    # The life of it

    @property
    def remaining(self) -> int:
        """Seconds of the lifetime that are left (section 4.9)."""
        return self._lifetime.remaining

    def open(self, world: World, timeout: float) -> None:
        self._begin(self._open(world, timeout))

    async def _open(self, world: World, timeout: float) -> None:
        self._failure = NOT_BOOTSTRAPPED if self._device.bootstrap else NOT_LOGGED_IN
        try:
            async with within(self._clock, timeout):
                client = await self._log_in(world, await world.network())
        except (Refusal, OSError, AtshellError):
            self._device.given = None  # it may be out of date: the next login bootstraps again (section 5.2)
            self._event(self._failure)
            self._done(False)
            return
        self._done(True)
        self._event(LOGGED_IN)
        self._renewed()
        client.listen()

    async def _log_in(self, world: World, network: Network) -> Client:
        device = self._device
        self._wire = ClientWire(
            await network.open(), self._clock, ages=lambda: device.ages, aged=self._aged, overflowed=self._aged
        )
        client = self._client = Client(self._wire, self, self._clock)
        if device.authcode:
            client.extra = ((AUTHCODE, device.authcode.encode("utf-8", "surrogateescape")),)
        if device.bootstrap:
            given = await self._bootstrap(world, network, client)
            self._failure = NOT_LOGGED_IN
            address, secret = await _resolved(network, *(given.server or ("", 0))), given.secret
        else:
            address, secret = await _resolved(network, device.host, device.port), self._secret(world, network)
        await self._connect(address, secret)
        self.requests = Requests(device, client, self._about, self._module.emit)
        self.notifications = Notifications(
            client,
            self._clock,
            delivered=lambda ackid: self._event(DELIVERED, ackid),
            # Under DTLS these flags mean 0 (section 3.9).
            rest=self._module.radio.release if secret is None else lambda: None,
        )
        await client.register(address, self._name, self._device.lifetime, self._device.binding, self._device.paths())
        return client

    def _secret(self, world: World, network: Network) -> Credentials | None:
        """For DTLS with the server that AT+MIPLCREATEEX has named; None where it is spoken with in the open. The port
        decides (section 4.6)."""
        if not network.secret(self._device.host, self._device.port):
            return None
        made = credentials(self._device, self._name)
        world.trust(made, bootstrap=self._device.bootstrap)
        return made

    async def _connect(self, address: Address, secret: Credentials | None) -> None:
        """Raises ConnectionError."""
        if secret is not None and self._wire is not None:
            self._wire.secure(address, secret, self._suites)
            await self._wire.connect(address)

    def _part(self) -> None:
        """Say goodbye, where it is DTLS that was spoken."""
        if self._wire is not None:
            self._wire.part()

    def _aged(self) -> None:
        """An address has aged, or more has been lost meanwhile than could wait (sections 3.20 and 4.8)."""
        self._event(AGED)

    async def _bootstrap(self, world: World, network: Network, client: Client) -> Given:
        """What a bootstrap gave not long ago is used without another (section 5.2)."""
        device = self._device
        if device.given is not None and self._clock.now() < device.given.until:
            client.accounts = device.given.accounts
            return device.given
        address = await _resolved(network, device.host, device.port)
        await self._connect(address, self._secret(world, network))
        server = await client.bootstrap(address, self._name)
        self._part()
        device.given = Given(server, client.accounts, client.secret, self._clock.now() + MONTH)
        self._event(BOOTSTRAPPED)
        return device.given

    def update(self, lifetime: int, with_objects: bool) -> None:
        self._device.lifetime = lifetime
        self._begin(self._update(with_objects))

    def _update_by_itself(self) -> None:
        """The module wakes up for it (section 4.5)."""
        self._module.wake()
        self.update(self._device.lifetime, with_objects=False)

    async def _update(self, with_objects: bool) -> None:
        if self._client is None:
            return
        try:
            objects = self._device.paths() if with_objects else None
            async with within(self._clock, PATIENCE):
                await self._client.update(self._device.lifetime, self._device.binding, objects)
        except (Refusal, OSError) as failure:
            self._failed(failure)
            return
        self._event(UPDATED)
        self._renewed()

    def logout(self) -> None:
        self._begin(self._logout())

    async def _logout(self) -> None:
        """Success alone is told (section 3.8); after a failure the module is as before. Of the resources it knows
        nothing any more."""
        if self._client is None or self._wire is None:
            return
        self._wire.forget_waiting()  # section 4.8: this is all that is sent now
        try:
            async with within(self._clock, PATIENCE):
                await self._client.deregister()
        except (Refusal, OSError) as failure:
            if not self._failed(failure):
                self._done(True)
            return
        self._part()
        self._leave()

    def _failed(self, failure: Exception) -> bool:
        """True when that is the end: the platform knows nothing of this device any more."""
        gone = isinstance(failure, Refusal) and failure.code == GONE
        if gone:
            self._done(False)
            self._event(DELETED)
        return gone

    def _leave(self) -> None:
        for known in self._device.objects.values():
            known.forget()
        self._done(False)
        self._event(LOGGED_OUT)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _renewed(self) -> None:
        self._lifetime.renew(self._device.lifetime, self._device.auto_update)

    def _event(self, event: int, ackid: int | None = None) -> None:
        self._module.emit(f"+MIPLEVENT: 0,{event}" + ("" if ackid is None else f",{ackid}"))

    async def close(self) -> None:
        """Close the socket without a word."""
        self._lifetime.cancel()
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
        if self.notifications is not None:
            self.notifications.ended(mid, outcome)

    def apply(self, mode: int) -> None:
        """How requests are told to the MCU from now on (AT+MIPLNMI)."""
        if self.requests is not None:
            self.requests.mode = mode

    def forget(self, number: int) -> None:
        """An object is gone."""
        if self.requests is not None:
            self.requests.forget(number)
        if self.notifications is not None:
            self.notifications.forget(number)

    def crowded(self) -> bool:
        """Whether too much waits already for a new handshake; the MCU is told."""
        crowded = self._wire is not None and self._wire.full
        if crowded:
            self._aged()
        return crowded


async def _resolved(network: Network, host: str, port: int) -> Address:
    """A name that nobody knows stays without an answer."""
    address = network.resolve(host, port)
    if address is None:
        await asyncio.get_running_loop().create_future()
        raise TimeoutError
    return address
