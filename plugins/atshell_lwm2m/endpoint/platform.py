"""An embedded platform: a bootstrap server and a LwM2M 1.0 and 1.1 server on loopback, told what to do in words.

It greets a client that has registered as its habits say, and carries out what an operator asks:
``operate(["read", "/3200/0"])`` sends the request, waits for the answer, and gives what came of it as a JSON object.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

from atshell.emulator.clock import Clock, LoopClock
from atshell_lwm2m.endpoint.bootstrap import Account, bootstrap, bootstrap_pack, preferred
from atshell_lwm2m.endpoint.courier import Courier
from atshell_lwm2m.endpoint.disturbed import DisturbedWire
from atshell_lwm2m.endpoint.dtls.door import open_door
from atshell_lwm2m.endpoint.dtls.keyring import Keyrings
from atshell_lwm2m.endpoint.dtls.security import Credentials
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply, SecureAddress, uri
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.network import open_udp
from atshell_lwm2m.endpoint.operator import Operator
from atshell_lwm2m.endpoint.parameters import MAX_NAME
from atshell_lwm2m.endpoint.reception import Reception, refuse
from atshell_lwm2m.endpoint.registration import Registration
from atshell_lwm2m.endpoint.registrations import Registrations
from atshell_lwm2m.endpoint.replies import Result

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.air import Air
    from atshell_lwm2m.endpoint.switchboard import OpenWire

WAIT = 5.0
"""Seconds that the platform waits for an answer (the OneMO manual's own 5 s, section 5.1)."""
MAX_TASKS = 4096
"""What goes on at the same time: a greeting or an order for each client."""
MAX_STEPS = 64
"""Of bootstraps, that are remembered."""
BOOTSTRAP, PACK = ("bs",), ("bspack",)
BOOTSTRAP_PATHS = (BOOTSTRAP, PACK)


class Platform:
    """``start`` makes a running one. ``clock`` is the module's own, where it is embedded."""

    def __init__(self, habits: Habits, wait: float, clock: Clock, air_of: Callable[[Address], Air | None]) -> None:
        self._habits = habits
        self._clock = clock
        self._wait = wait
        self._air_of = air_of
        self._courier = Courier(lambda: self.server, clock, wait, self._begin, lambda outcome: self.tell(outcome))
        self.registrations = Registrations(clock.now, self._moved, self._courier.ended, habits.awake)
        self._reception = Reception(self.registrations, self._registered, self._courier.heard)
        self.tell: Callable[[Result], None] = lambda outcome: None
        """Gets what came of an order that was queued."""
        self.bootstraps: deque[Result] = deque(maxlen=MAX_STEPS)
        """What came of the steps of bootstraps, the newest last."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._operator = Operator(self.registrations, self._courier, self._busy, self.bootstraps)
        self._server: Endpoint | None = None
        self._bootstrap: Endpoint | None = None
        self.server_address: Address = ("", 0)
        self.bootstrap_address: Address = ("", 0)
        self.secure_server_address: Address | None = None
        self.secure_bootstrap_address: Address | None = None
        self.server_uri = self.secure_uri = ""
        """What the bootstrap server writes into Security; empty for the server's real address."""
        self.keys: Keyrings | None = None

    @classmethod
    async def start(
        cls,
        habits: Habits,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        apart: bool = False,
        server_uri: str = "",
        secure_uri: str = "",
        keys: Keyrings | None = None,
        secure_port: int = 0,
        wait: float = WAIT,
        clock: Clock | None = None,
        open_wire: OpenWire = open_udp,
        air_of: Callable[[Address], Air | None] = lambda address: None,
    ) -> Platform:
        """``apart`` gives the bootstrap server a socket of its own; else one socket serves both. ``server_uri`` is
        what clients know the LwM2M server by, where that is not its real address. With ``keys`` it speaks DTLS too, at
        sockets of their own, and ``secure_uri`` is the same for them. ``air_of`` gives what lies between it and an
        emulated module, by its address."""
        self = cls(habits, wait, clock or LoopClock(), air_of)
        self.server_uri, self.secure_uri, self.keys = server_uri, secure_uri, keys
        door = await open_door(open_wire, host, (port, secure_port), keys.server if keys else None, self._clock)
        self.server_address = self.bootstrap_address = door.address
        self.secure_server_address = self.secure_bootstrap_address = door.secure
        wire = DisturbedWire(door.wire, air_of)
        self._server = Endpoint(wire, self._asked, clock=self._clock, astray=self.registrations.found)
        if apart:
            other = await open_door(open_wire, host, (0, 0), keys.bootstrap if keys else None, self._clock)
            self.bootstrap_address, self.secure_bootstrap_address = other.address, other.secure
            self._bootstrap = Endpoint(DisturbedWire(other.wire, air_of), self._asked_to_bootstrap, clock=self._clock)
        return self

    @property
    def addresses(self) -> Sequence[str]:
        plain = dict.fromkeys((self.server_address, self.bootstrap_address))
        secure = dict.fromkeys((self.secure_server_address, self.secure_bootstrap_address))
        return [*map(uri, plain), *(uri(SecureAddress(address)) for address in secure if address is not None)]

    @property
    def server(self) -> Endpoint:
        if self._server is None:
            raise ConnectionError("the platform is closed")
        return self._server

    # What clients ask

    def _asked(self, incoming: Incoming) -> None:
        if incoming.path in BOOTSTRAP_PATHS and self._bootstrap is None:
            self._asked_to_bootstrap(incoming)
        else:
            self._reception.asked(incoming)

    def _registered(self, registration: Registration) -> None:
        registration.air = self._air_of((registration.peer[0], registration.peer[1]))
        self._begin(self._greet(registration))

    def _moved(self, registration: Registration, old: Address) -> None:
        """Its observations go on at its new address."""
        for observed in registration.observations.values():
            self.server.move(observed.outgoing, old, registration.peer)

    async def _greet(self, registration: Registration) -> None:
        paths = registration.own_paths
        if self._habits.observe:
            instances = (path for path in paths if path.count("/") == 2)
            observed = (self._habits.instead.get(int(path.split("/")[1]), path) for path in instances)
            for path in dict.fromkeys(observed):
                await self._operate("observe", path, registration)
        if self._habits.discover:
            for path in dict.fromkeys("/" + path.split("/")[1] for path in paths):
                await self._operate("discover", path, registration)
        if self._habits.read_device:
            await self._operate("read", "/3/0", registration)

    async def _operate(self, word: str, path: str, registration: Registration) -> None:
        if registration.alive:
            await self._courier.carry_out([word, path], registration)

    def _asked_to_bootstrap(self, incoming: Incoming) -> None:
        endpoint = self._bootstrap or self._server
        name = next((part[3:] for part in incoming.query if part.startswith("ep=")), "")
        if incoming.path not in BOOTSTRAP_PATHS or not self._habits.bootstrap or endpoint is None:
            refuse(incoming, "4.04", "no bootstrap server is here")
        elif not name:
            refuse(incoming, "4.00", "ep is missing")
        elif (incoming.method, incoming.path) == ("GET", PACK):
            self._pack(incoming, name)
        elif (incoming.method, incoming.path) != ("POST", BOOTSTRAP):
            refuse(incoming, "4.05", "no operation is like that")
        elif self._busy():
            refuse(incoming, "5.03", "too much is going on")
        else:
            incoming.answer(Reply("2.04"))
            work = bootstrap(
                endpoint,
                incoming.peer,
                self._account(incoming.peer),
                self._wait,
                self._clock,
                prefers=preferred(incoming.query),
                told=lambda step: self.bootstraps.append({"endpoint": name[:MAX_NAME], **step}),
            )
            self._begin(work)

    def _pack(self, incoming: Incoming, name: str) -> None:
        made = bootstrap_pack(self._account(incoming.peer), incoming.accept)
        if made is None:
            refuse(incoming, "4.06", "a pack is in SenML CBOR (112) or SenML JSON (110)")
        else:
            incoming.answer(Reply("2.05", *made))

    def _account(self, client: Address) -> Account:
        """What a client is to know of the LwM2M server. A key is told to nobody in the open, and to nobody else than
        the identity that it is for: what endpoint name a client gives is not proved by anything."""
        if self.keys is None or self.secure_server_address is None or not isinstance(client, SecureAddress):
            return Account(self.server_uri or self._seen_from(client, self.server_address))
        where = self.secure_uri or self._seen_from(client, SecureAddress(self.secure_server_address))
        return Account(where, Credentials(client.identity, self.keys.server.issue(client.identity)))

    def _seen_from(self, client: Address, server: Address) -> str:
        """The LwM2M server as that client can reach it: a server on every address names the one towards it."""
        host, port = server
        if ip_address(host).is_unspecified:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.connect(client)  # sends nothing
                host = probe.getsockname()[0]
        return uri(SecureAddress((host, port)) if isinstance(server, SecureAddress) else (host, port))

    def _busy(self) -> bool:
        return len(self._tasks) >= MAX_TASKS

    def _begin(self, work: Coroutine[object, object, None]) -> bool:
        if self._busy():
            work.close()
            return False
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    # What the operator asks

    async def operate(self, words: Sequence[str], air: Air | None = None) -> Result:
        """Carry out one line (``operator``)."""
        return await self._operator.operate(words, air)

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for endpoint in (self._server, self._bootstrap):
            if endpoint is not None:
                await endpoint.close()
