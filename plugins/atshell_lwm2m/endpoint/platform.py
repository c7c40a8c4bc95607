"""An embedded platform: a bootstrap server and a LwM2M 1.0 server on loopback, told what to do in words.

It greets a client that has registered as its habits say, and carries out what an operator asks:
``operate(["read", "/3200/0"])`` sends the request, waits for the answer, and gives what came of it as a JSON object.
A word ``@NAME`` picks the client by its endpoint name; without it the one that registered last is meant.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from ipaddress import ip_address

from atshell_lwm2m.endpoint.bootstrap import bootstrap
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply, Request
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.network import open_udp
from atshell_lwm2m.endpoint.orders import OPERATIONS, Result, reply_fields
from atshell_lwm2m.endpoint.registrations import Registration, Registrations

WAIT = 5.0
"""Seconds that the platform waits for an answer (the OneMO manual's own 5 s, section 5.1)."""
MAX_TASKS = 256
_CHOICE = f"say one of {', '.join([*OPERATIONS, 'clients'])}"


class Platform:
    """``start`` makes a running one. ``now`` is the clock of lifetimes: the module's own, where it is embedded."""

    def __init__(self, habits: Habits, wait: float, now: Callable[[], float]) -> None:
        self._habits = habits
        self.wait = wait
        self.registrations = Registrations(now)
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: Endpoint | None = None
        self._bootstrap: Endpoint | None = None
        self.server_address: Address = ("", 0)
        self.bootstrap_address: Address = ("", 0)
        self.server_uri = ""
        """What the bootstrap server writes into Security; empty for the server's real address."""

    @classmethod
    async def start(
        cls,
        habits: Habits,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        apart: bool = False,
        server_uri: str = "",
        wait: float = WAIT,
        now: Callable[[], float] = time.monotonic,
    ) -> Platform:
        """``apart`` gives the bootstrap server a socket of its own; else one socket serves both. ``server_uri`` is
        what clients know the LwM2M server by, where that is not its real address."""
        self = cls(habits, wait, now)
        wire = await open_udp(host, port)
        self.server_address = self.bootstrap_address = wire.address
        self.server_uri = server_uri
        self._server = Endpoint(wire, self._asked)
        if apart:
            other = await open_udp(host, 0)
            self.bootstrap_address = other.address
            self._bootstrap = Endpoint(other, self._asked_to_bootstrap)
        return self

    @property
    def addresses(self) -> Sequence[str]:
        return [_uri(address) for address in dict.fromkeys((self.server_address, self.bootstrap_address))]

    @property
    def server(self) -> Endpoint:
        if self._server is None:
            raise ConnectionError("the platform is closed")
        return self._server

    # What clients ask

    def _asked(self, incoming: Incoming) -> None:
        match incoming.method, incoming.path:
            case "POST", ("rd",):
                self._register(incoming)
            case "POST" | "PUT", ("rd", location):
                incoming.answer(Reply(self.registrations.update(location, incoming)))
            case "DELETE", ("rd", location):
                incoming.answer(Reply(self.registrations.remove(location)))
            case "POST", ("bs",) if self._bootstrap is None:
                self._asked_to_bootstrap(incoming)
            case _:
                incoming.answer(Reply("4.04"))

    def _register(self, incoming: Incoming) -> None:
        made = self.registrations.add(incoming)
        if isinstance(made, str):
            incoming.answer(Reply(made))
            return
        incoming.answer(Reply("2.01", location=("rd", made.location)))
        self._begin(self._greet(made))

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
            await self._carry_out(word, [path], registration)

    def _asked_to_bootstrap(self, incoming: Incoming) -> None:
        endpoint = self._bootstrap or self._server
        name = next((part[3:] for part in incoming.query if part.startswith("ep=")), "")
        if incoming.method != "POST" or incoming.path != ("bs",) or not self._habits.bootstrap or endpoint is None:
            incoming.answer(Reply("4.04"))
        elif not name:
            incoming.answer(Reply("4.00"))
        elif len(self._tasks) >= MAX_TASKS:
            incoming.answer(Reply("5.03"))
        else:
            incoming.answer(Reply("2.04"))
            self._begin(
                bootstrap(endpoint, incoming.peer, self.server_uri or self._seen_from(incoming.peer), self.wait)
            )

    def _seen_from(self, client: Address) -> str:
        """The LwM2M server as that client can reach it: a server on every address names the one towards it."""
        host, port = self.server_address
        if ip_address(host).is_unspecified:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.connect(client)  # sends nothing
                host = probe.getsockname()[0]
        return _uri((host, port))

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        if len(self._tasks) >= MAX_TASKS:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What the operator asks

    async def operate(self, words: Sequence[str]) -> Result:
        """Carry out one line. What is wrong with it, or with the answer, is in ``error``."""
        plain = [word for word in words if not word.startswith("@")]
        chosen = next((word[1:] for word in words if word.startswith("@")), None)
        if not plain:
            return {"ok": False, "error": _CHOICE}
        if plain[0] == "clients":
            return {"ok": True, "clients": self.registrations.describe()}
        if plain[0] not in OPERATIONS:
            return {"ok": False, "error": f"{plain[0]!r} is no operation: {_CHOICE}"}
        registration = self.registrations.choose(chosen)
        if registration is None:
            who = f" as {chosen}" if chosen else ""
            return {"ok": False, "operation": plain[0], "error": f"no client is registered{who}"}
        return await self._carry_out(plain[0], plain[1:], registration)

    async def _carry_out(self, word: str, arguments: Sequence[str], registration: Registration) -> Result:
        try:
            made = OPERATIONS[word](arguments, registration)
        except ValueError as error:
            return {"ok": False, "operation": word, "error": str(error)}
        result: Result = {"ok": False, "operation": word, "path": made.path}
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.wait):
                reply = await self._exchange(made.request, made.observation, registration, result)
        except TimeoutError:
            return {**result, "error": f"no answer within {self.wait:g} s"}
        except ConnectionError as error:
            return {**result, "error": f"no answer: {error}"}
        return {**result, **reply_fields(reply, made.path), "rtt": round(time.monotonic() - began, 6)}

    async def _exchange(self, request: Request, observation: bool, registration: Registration, result: Result) -> Reply:
        if not observation:
            return await self.server.request(request, lambda mid: result.update(mid=mid))
        path = "/" + "/".join(request.path)
        registration.forget(path)
        outgoing = self.server.send(request, notified=lambda reply: registration.notified(path, reply))
        result["mid"] = outgoing.mid
        try:
            reply = await outgoing.response
            if reply.ok and reply.observe is not None:
                registration.keep(path, outgoing)
        finally:
            if path not in registration.observations:
                outgoing.forget()
        return await self.server.rest(request, reply)

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for endpoint in (self._server, self._bootstrap):
            if endpoint is not None:
                await endpoint.close()


def _uri(address: Address) -> str:
    host, port = address
    return f"coap://[{host}]:{port}" if ":" in host else f"coap://{host}:{port}"
