"""Carries orders to clients, and tells what came of them.

A client in queue mode that sleeps cannot be reached (LwM2M 1.0 section 8.3): what is for it waits until it is heard,
and goes out then, all at once and in order.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace

from atshell.emulator.clock import Clock, within
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_lwm2m.endpoint.order import Made
from atshell_lwm2m.endpoint.orders import make
from atshell_lwm2m.endpoint.registration import Registration
from atshell_lwm2m.endpoint.replies import Result, reply_fields

MAX_QUEUED = 32
"""Orders that wait for one client."""


class Courier:
    """``server`` gives the endpoint that sends, ``begin`` runs something beside the rest, ``told`` gets what came of
    orders that had to wait."""

    def __init__(
        self,
        server: Callable[[], Endpoint],
        clock: Clock,
        wait: float,
        begin: Callable[[Coroutine[object, object, None]], bool],
        told: Callable[[Result], None],
    ) -> None:
        self._server = server
        self._clock = clock
        self._wait = wait
        self._begin = begin
        self._told = told
        self._serial = itertools.count(1)

    async def carry(self, words: Sequence[str], client: Registration) -> Result:
        """Now or, to a client that sleeps, later: then the result says that it is ``queued``, and its number."""
        if not client.asleep(self._clock.now()):
            return await self.carry_out(words, client)
        try:
            made = make(words, client)
        except ValueError as error:
            return _malformed(words, error)
        result: Result = {"operation": words[0], "path": made.path}
        if len(client.queue) >= MAX_QUEUED:
            return {"ok": False, **result, "error": f"{MAX_QUEUED} orders wait already until {client.name} wakes"}
        number = next(self._serial)
        client.queue.append((number, tuple(words)))
        return {"ok": True, **result, "queued": True, "order": number}

    def heard(self, client: Registration) -> None:
        """A client that has just spoken listens: what waited for it goes out."""
        client.heard = self._clock.now()
        while client.queue:
            number, words = client.queue.popleft()
            if not self._begin(self._deliver(number, words, client)):
                self._came(number, words, client, _lost(words, "too much is going on"))

    def ended(self, client: Registration) -> None:
        """What waits for a client that is gone is lost."""
        while client.queue:
            number, words = client.queue.popleft()
            self._came(number, words, client, _lost(words, "the client is gone"))

    async def _deliver(self, number: int, words: Sequence[str], client: Registration) -> None:
        self._came(number, words, client, await self.carry_out(words, client))

    def _came(self, number: int, words: Sequence[str], client: Registration, result: Result) -> None:
        outcome = {"line": " ".join(words), "order": number, **result}
        client.outcomes.append(outcome)
        self._told(outcome)

    async def carry_out(self, words: Sequence[str], client: Registration) -> Result:
        """Now."""
        try:
            made = make(words, client)
        except ValueError as error:
            return _malformed(words, error)
        result: Result = {"ok": False, "operation": words[0], "path": made.path}
        began = self._clock.now()
        try:
            async with within(self._clock, self._wait):
                reply = await self._exchange(made, client, result)
        except TimeoutError:
            client.heard = -math.inf
            return {**result, "error": f"no answer within {self._wait:g} s"}
        except ConnectionError as error:
            return {**result, "error": f"no answer: {error}"}
        client.heard = self._clock.now()
        return {**result, **reply_fields(reply, made.target, client), "rtt": round(client.heard - began, 6)}

    async def _exchange(self, made: Made, client: Registration, result: Result) -> Reply:
        server = self._server()
        if made.cancels or made.observation:
            client.forget(made.path)
        if not made.observation:
            return await server.request(made.request, lambda mid: result.update(mid=mid))
        outgoing = server.send(made.request, notified=lambda reply: self._notified(made, client, reply))
        result["mid"] = outgoing.mid
        try:
            reply = await outgoing.response
            if reply.ok and reply.observe is not None and client.alive:
                client.keep(made.path, outgoing, reply.observe, self._clock.now())
        finally:
            if made.path not in client.observations:
                outgoing.forget()
        return await server.rest(made.request, reply)

    def _notified(self, made: Made, client: Registration, reply: Reply) -> None:
        client.heard = self._clock.now()
        if reply.block is not None and reply.block[1]:
            self._begin(self._whole(made, client, reply))
        else:
            client.notified(made.path, reply, client.heard)

    async def _whole(self, made: Made, client: Registration, first: Reply) -> None:
        """A notification whose body comes in blocks: the first is there (RFC 7959 section 3.4)."""
        try:
            async with within(self._clock, self._wait):
                whole = await self._server().rest(replace(made.request, peer=client.peer), first)
        except (TimeoutError, ConnectionError):
            client.notifications.append({"path": made.path, "mid": first.mid, "error": "the rest did not come"})
        else:
            client.notified(made.path, whole, self._clock.now())


def _malformed(words: Sequence[str], error: ValueError) -> Result:
    return _lost(words, str(error))


def _lost(words: Sequence[str], why: str) -> Result:
    return {"ok": False, "operation": words[0], "error": why}
