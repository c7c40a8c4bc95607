"""A LwM2M 1.0 client (OMA-TS-LightweightM2M-V1_0, sections 5.2 to 5.5): bootstrap, register, serve, notify.

The client keeps what the bootstrap server writes (Security and Server, objects 0 and 1) and knows the registration and
the observations. Everything else that a server asks is its owner's: an operation comes as ``requested(operation,
incoming)``, to be answered at once, later, or never.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from atshell.emulator.clock import Clock
from atshell_lwm2m.codec import linkformat, tlv
from atshell_lwm2m.codec.contentformat import LINK
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.endpoint.dtls.security import Credentials
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply, Request
from atshell_lwm2m.endpoint.network import COAP_PORT, COAPS_PORT
from atshell_lwm2m.endpoint.operation import Operation, bootstrap_operation, ids, operation_of
from atshell_lwm2m.endpoint.udp import Outcome, Wire

SECURITY, SERVER = 0, 1
SERVER_URI, IS_BOOTSTRAP, IDENTITY, SECRET_KEY = 0, 1, 3, 5
"""Resources of Security (LwM2M 1.0 appendix E.1)."""
_PORTS = {"coap": COAP_PORT, "coaps": COAPS_PORT}
MAX_INSTANCES = 16
MAX_HELD = 32
"""Requests that came before the client was ready for them."""
_OBSERVE_MASK = 0xFFFFFF
"""The option has three bytes (RFC 7641 section 2)."""


class Refusal(Exception):
    """The server said no; ``code`` is its response code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Owner(Protocol):
    def requested(self, operation: Operation, incoming: Incoming) -> None: ...

    def ended(self, mid: int, outcome: Outcome) -> None:
        """How a confirmable notification ended."""
        ...


@dataclass(slots=True)
class Observation:
    target: str
    incoming: Incoming
    sequence: int = 0


class Client:
    """``wire`` is closed with it."""

    def __init__(self, wire: Wire, owner: Owner, clock: Clock | None = None) -> None:
        self._owner = owner
        self._endpoint = Endpoint(wire, self._serve, self._ended, clock=clock)
        self._bootstrap_server: Address | None = None
        self._finished: asyncio.Future[None] | None = None
        self._server: Address | None = None
        self._listening = False
        self._held: list[Incoming] = []
        self._location: tuple[str, ...] = ()
        self.extra: tuple[tuple[int, bytes], ...] = ()
        """Options of the owner's own in Bootstrap-Request and Register."""
        self.observations: dict[str, Observation] = {}
        """By target."""
        self.accounts: dict[tuple[int, int], dict[int, bytes]] = {}
        """What the bootstrap server has written: object and instance to resources."""

    # Bootstrap (section 5.2)

    async def bootstrap(self, server: Address, name: str) -> tuple[str, int] | None:
        """Ask to be bootstrapped and wait for the end of it. Returns host and port of the LwM2M server, None when
        none was written; ``secret`` says whether it is spoken with by DTLS. Raises Refusal and ConnectionError; it
        waits as long as it is let."""
        self._bootstrap_server = server
        self._finished = asyncio.get_running_loop().create_future()
        try:
            request = Request("POST", server, ("bs",), (f"ep={name}",), extra=self.extra)
            self._accept(await self._endpoint.request(request))
            await self._finished
        finally:
            self._bootstrap_server = self._finished = None
        return self._account()

    @property
    def secret(self) -> Credentials | None:
        """What the bootstrap server has written for DTLS with the LwM2M server; None where that is not to be used."""
        for scheme, _, resources in self._servers():
            if scheme == "coaps":
                return Credentials(resources.get(IDENTITY, b""), resources.get(SECRET_KEY, b""))
            break
        return None

    def _account(self) -> tuple[str, int] | None:
        return next((address for _, address, _ in self._servers()), None)

    def _servers(self) -> Iterator[tuple[str, tuple[str, int], dict[int, bytes]]]:
        """Scheme, host and port of the LwM2M servers that were written, and their Security."""
        for (number, _), resources in sorted(self.accounts.items()):
            if number == SECURITY and resources.get(IS_BOOTSTRAP, b"\0") == b"\0":
                try:
                    parts = urlsplit(resources.get(SERVER_URI, b"").decode())
                    if parts.scheme in _PORTS and parts.hostname:
                        yield parts.scheme, (parts.hostname, parts.port or _PORTS[parts.scheme]), resources
                except ValueError:
                    continue

    def _bootstrapped(self, incoming: Incoming) -> None:
        """What the bootstrap server asks (section 5.2.7)."""
        match bootstrap_operation(incoming):
            case "Bootstrap-Finish" if self._finished is not None:
                incoming.answer(Reply("2.04"))
                if not self._finished.done():
                    self._finished.set_result(None)
            case "Bootstrap-Write":
                incoming.answer(Reply(self._write(incoming)))
            case "Bootstrap-Delete":
                target = ids(incoming.path) or ()
                for key in [key for key in self.accounts if key[: len(target)] == target]:
                    del self.accounts[key]
                incoming.answer(Reply("2.02"))
            case "Bootstrap-Discover":
                links = ['</>;lwm2m="1.0"', *(f"</{number}/{instance}>" for number, instance in sorted(self.accounts))]
                incoming.answer(Reply("2.05", ",".join(links).encode(), LINK))
            case _:
                incoming.answer(Reply("4.00"))

    def _write(self, incoming: Incoming) -> str:
        target = ids(incoming.path)
        if target is None or len(target) not in (1, 2):
            return "4.00"
        if target[0] not in (SECURITY, SERVER):
            return "4.04"
        try:
            records = tlv.parse_records(incoming.payload)
        except Malformed:
            return "4.00"
        if len(target) == 2:
            written = {target[1]: records}
        else:
            written = {one.id: list(one.children) for one in records if one.kind is tlv.Kind.OBJECT_INSTANCE}
        for instance, resources in written.items():
            if len(self.accounts) >= MAX_INSTANCES:
                return "4.13"
            self.accounts[target[0], instance] = {one.id: one.value for one in resources}
        return "2.04"

    # Registration (section 5.3)

    async def register(self, server: Address, name: str, lifetime: int, binding: str, objects: Sequence[str]) -> None:
        """Raises Refusal and ConnectionError. What the server asks from now on is kept back until ``listen``."""
        self._server, self._listening = server, False
        query = [f"ep={name}", f"lt={lifetime}", "lwm2m=1.0"]
        if binding:
            query.append(f"b={binding}")
        reply = await self._endpoint.request(
            Request("POST", server, ("rd",), tuple(query), _links(objects), LINK, extra=self.extra)
        )
        self._accept(reply)
        self._location = reply.location or ("rd",)

    def listen(self) -> None:
        """Hand over what the server has asked since the registration, and all that comes."""
        self._listening = True
        held, self._held = self._held, []
        for incoming in held:
            self._dispatch(incoming)

    async def update(
        self, lifetime: int | None = None, binding: str = "", objects: Sequence[str] | None = None
    ) -> None:
        query = [f"lt={lifetime}"] if lifetime is not None else []
        if binding:
            query.append(f"b={binding}")
        body, kind = (_links(objects), LINK) if objects is not None else (b"", None)
        await self._ask("POST", tuple(query), body, kind)

    async def deregister(self) -> None:
        await self._ask("DELETE")

    async def _ask(
        self, method: str, query: tuple[str, ...] = (), body: bytes = b"", content_format: int | None = None
    ) -> None:
        if self._server is None:
            raise ConnectionError("not registered")
        request = Request(method, self._server, self._location, query, body, content_format)
        self._accept(await self._endpoint.request(request))

    @staticmethod
    def _accept(reply: Reply) -> None:
        if not reply.ok:
            raise Refusal(reply.code)

    # Serving (section 5.4)

    def _serve(self, incoming: Incoming) -> None:
        if self._bootstrap_server is not None and incoming.peer == self._bootstrap_server:
            self._bootstrapped(incoming)
        elif incoming.peer != self._server:
            incoming.answer(Reply("4.01"))
        elif self._listening:
            self._dispatch(incoming)
        elif len(self._held) < MAX_HELD:
            self._held.append(incoming)
        else:
            incoming.answer(Reply("5.03"))

    def _dispatch(self, incoming: Incoming) -> None:
        operation = operation_of(incoming)
        if operation is None:
            incoming.answer(Reply("4.05"))
        elif (ids(incoming.path) or ())[:1] == (SECURITY,):
            incoming.answer(Reply("4.01"))
        else:
            self._owner.requested(operation, incoming)

    # Observations (section 5.5)

    def observe(self, incoming: Incoming, first: Reply) -> None:
        """Take an observation on; a new one of the same target replaces the old."""
        self.cancel(incoming.target)
        observation = Observation(incoming.target, incoming)
        self.observations[incoming.target] = observation
        incoming.on_end.append(lambda: self._forget(observation))
        self.notify(observation, first)

    def notify(self, observation: Observation, reply: Reply) -> None:
        """Send a notification; ``reply.mid`` may ask for a message ID. One that is not ``ok`` ends the observation."""
        if not reply.ok:
            observation.incoming.answer(reply)
            return
        observation.sequence = observation.sequence + 1 & _OBSERVE_MASK
        observation.incoming.notify(
            Reply(
                reply.code,
                reply.payload,
                reply.content_format,
                observe=observation.sequence,
                mid=reply.mid,
                confirmable=reply.confirmable,
            )
        )

    def cancel(self, target: str) -> bool:
        observation = self.observations.pop(target, None)
        if observation is not None:
            observation.incoming.abandon()
        return observation is not None

    def _forget(self, observation: Observation) -> None:
        if self.observations.get(observation.target) is observation:
            del self.observations[observation.target]

    def busy(self, mid: int) -> bool:
        """True while a confirmable message of that ID is not acknowledged."""
        return self._server is not None and self._endpoint.busy(self._server, mid)

    def _ended(self, peer: Address, mid: int, outcome: Outcome) -> None:
        self._owner.ended(mid, outcome)

    async def close(self) -> None:
        """Close the socket, without a word to anybody."""
        await self._endpoint.close()


def _links(objects: Sequence[str]) -> bytes:
    return linkformat.format(linkformat.Link(path) for path in objects).encode()
