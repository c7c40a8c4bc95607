"""The platform, asked by aiocoap's own client, which shares nothing with ours above the library."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import aiocoap
import cbor2
from aiocoap import resource

from atshell_lwm2m.endpoint import platform
from atshell_lwm2m.endpoint.bootstrap import Account
from atshell_lwm2m.endpoint.dtls.client import ClientWire
from atshell_lwm2m.endpoint.dtls.keyring import Keyring, Keyrings
from atshell_lwm2m.endpoint.dtls.security import SUITES, Credentials
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Reply, Request, SecureAddress
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform

QUIET = Habits()
ALL = Habits(bootstrap=True, observe=True, discover=True, read_device=True)


class Temperature(resource.ObservableResource):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[tuple[str, bytes]] = []
        self.text = b"20.5"

    async def render_get(self, request: aiocoap.Message) -> aiocoap.Message:
        return aiocoap.Message(payload=self.text, content_format=0)

    async def render_put(self, request: aiocoap.Message) -> aiocoap.Message:
        self.written.append(("PUT", request.payload or b"&".join(part.encode() for part in request.opt.uri_query)))
        return aiocoap.Message(code=aiocoap.CHANGED)

    async def render_post(self, request: aiocoap.Message) -> aiocoap.Message:
        self.written.append(("POST", request.payload))
        return aiocoap.Message(code=aiocoap.CHANGED)


class Client:
    """A LwM2M client by hand, on aiocoap's ordinary transport."""

    def __init__(self, context: aiocoap.Context, site: resource.Site, platform: Platform) -> None:
        self.context = context
        self.site = site
        self.platform = platform

    async def ask(self, code: aiocoap.Code, path: str, payload: bytes = b"") -> aiocoap.Message:
        message = aiocoap.Message(code=code, uri=self.platform.addresses[0] + path, payload=payload)
        if payload:
            message.opt.content_format = 40
        return await self.context.request(message).response

    async def register(self, name: str = "one") -> str:
        answer = await self.ask(aiocoap.POST, f"/rd?ep={name}&lt=60&lwm2m=1.0&b=U", b"</3/0>,</3303/0>")
        assert answer.code == aiocoap.CREATED
        return "/" + "/".join(answer.opt.location_path)


def run(session: Callable[[Client], Coroutine[object, object, None]], habits: Habits = QUIET) -> None:
    async def main() -> None:
        site = resource.Site()
        served = await Platform.start(habits, wait=0.5)
        context = await aiocoap.Context.create_server_context(site, bind=("127.0.0.1", 0), transports=["udp6"])
        try:
            await session(Client(context, site, served))
        finally:
            await served.close()
            await context.shutdown()
        # aiocoap ends its own tasks a little later.
        for _ in range(10):
            await asyncio.sleep(0)

    asyncio.run(main())


def test_the_life_of_a_registration():
    async def session(client: Client) -> None:
        location = await client.register()
        assert (await client.ask(aiocoap.POST, f"{location}?lt=90")).code == aiocoap.CHANGED
        (described,) = (await client.platform.operate(["clients"]))["clients"]
        assert (described["lifetime"], described["objects"]) == (90, ["/3/0", "/3303/0"])
        assert (await client.ask(aiocoap.DELETE, location)).code == aiocoap.DELETED
        assert (await client.ask(aiocoap.DELETE, location)).code == aiocoap.NOT_FOUND
        assert (await client.ask(aiocoap.POST, "/rd")).code == aiocoap.BAD_REQUEST
        assert (await client.ask(aiocoap.GET, "/other")).code == aiocoap.NOT_FOUND
        assert (await client.platform.operate(["read", "/3/0"]))["error"] == "no client is registered"

    run(session)


def test_operations():
    async def session(client: Client) -> None:
        temperature = Temperature()
        client.site.add_resource(["3303", "0", "5700"], temperature)
        await client.register()
        operate = client.platform.operate
        answer = await operate(["read", "/3303/0/5700"])
        assert (answer["ok"], answer["code"], answer["value"], answer["path"]) == (True, "2.05", 20.5, "/3303/0/5700")
        assert answer["rtt"] > 0
        assert (await operate(["write", "/3303/0/5700", "21.5"]))["code"] == "2.04"
        assert (await operate(["execute", "/3303/0/5700", "now"]))["code"] == "2.04"
        assert (await operate(["attributes", "/3303/0/5700", "pmin=1"]))["code"] == "2.04"
        assert temperature.written == [
            ("PUT", b"\xe4\x16\x44\x41\xac\x00\x00"),
            ("POST", b"now"),
            ("PUT", b"pmin=1"),
        ]
        assert (await operate(["read", "/3303/1"]))["code"] == "4.04"
        assert (await operate(["read", "/3303/0/5700", "@two"]))["error"] == "no client is registered as two"
        assert (await operate(["jump"]))["ok"] is False
        assert (await operate([]))["ok"] is False

    run(session)


def test_observation_by_aiocoap(until):
    async def session(client: Client) -> None:
        temperature = Temperature()
        client.site.add_resource(["3303", "0", "5700"], temperature)
        await client.register()
        answer = await client.platform.operate(["observe", "/3303/0/5700"])
        assert (answer["ok"], answer["value"]) == (True, 20.5)
        registration = client.platform.registrations.choose(None)
        temperature.text = b"22.5"
        temperature.updated_state()
        await until(lambda: registration.notifications)
        assert registration.notifications[0]["resources"] == [{"path": "/3303/0/5700", "value": 22.5}]
        assert (await client.platform.operate(["cancel", "/3303/0/5700"]))["ok"] is True
        assert registration.observations == {}

    run(session)


def test_the_greeting():
    async def session(client: Client) -> None:
        asked: list[tuple[str, object, object]] = []
        done = asyncio.Event()

        class Anything(resource.Resource, resource.PathCapable):
            async def render_get(self, request: aiocoap.Message) -> aiocoap.Message:
                asked.append(("/".join(request.opt.uri_path), request.opt.observe, request.opt.accept))
                if len(asked) == 3:
                    done.set()
                return aiocoap.Message(payload=b"")

        client.context.serversite = Anything()
        await client.register()
        async with asyncio.timeout(5):
            await done.wait()
        assert asked == [("3303/0", 0, None), ("3303", None, 40), ("3/0", None, None)]

    run(session, ALL)


def test_a_bootstrap_by_hand():
    async def session(client: Client) -> None:
        asked: list[tuple[str, str]] = []
        done = asyncio.Event()

        class Anything(resource.Resource, resource.PathCapable):
            async def render(self, request: aiocoap.Message) -> aiocoap.Message:
                asked.append((str(request.code), "/".join(request.opt.uri_path)))
                if request.code == aiocoap.POST:
                    done.set()
                return aiocoap.Message(code=aiocoap.CHANGED)

        client.context.serversite = Anything()
        assert (await client.ask(aiocoap.POST, "/bs?ep=one")).code == aiocoap.CHANGED
        async with asyncio.timeout(5):
            await done.wait()
        assert asked == [("DELETE", ""), ("PUT", "0/1"), ("PUT", "1/0"), ("POST", "bs")]
        assert (await client.ask(aiocoap.POST, "/bs")).code == aiocoap.BAD_REQUEST

    run(session)


def test_a_key_is_told_to_nobody_in_the_open():
    async def session() -> None:
        ring = Keyring({b"me": b"key"}.get)
        served = await Platform.start(QUIET, keys=Keyrings(ring, ring))
        open_uri, secure_uri = served.addresses
        here = ("127.0.0.1", 1)
        assert served._account(here) == Account(open_uri)
        assert served._account(SecureAddress(here, b"me")) == Account(secure_uri, Credentials(b"me", b"key"))
        made = served._account(SecureAddress(here, b"another")).credentials
        assert made is not None
        assert ring.find(b"another") == made.key
        await served.close()

    asyncio.run(session())


def test_no_bootstrap_where_there_is_none():
    async def session(client: Client) -> None:
        assert (await client.ask(aiocoap.POST, "/bs?ep=one")).code == aiocoap.NOT_FOUND

    run(session, Habits(bootstrap=False))


def test_what_goes_on_at_the_same_time_is_bounded(stage, monkeypatch):
    async def act(on) -> None:
        peer = await on.registered()
        monkeypatch.setattr(platform, "MAX_TASKS", 0)
        assert (await on.platform.operate(["read", "/3/0"]))["error"] == "too much is going on"
        assert (await peer.ask("POST", "/bs", "ep=one")).code.dotted == "5.03"
        # A registration is taken, though nobody greets it.
        await on.registered()

    stage(act)


def test_steps_of_bootstraps_are_bounded(stage, monkeypatch):
    monkeypatch.setattr(platform, "MAX_STEPS", 3)

    async def act(on) -> None:
        peer = await on.peer()
        for _ in range(5):
            peer.say("POST", "/bs", "ep=one")
            await peer.hear()
            await peer.answer("4.05")
        assert len(on.platform.bootstraps) == 3

    stage(act)


class Secure:
    """A client by DTLS, over memory."""

    def __init__(self, on, identity: bytes) -> None:
        self.on = on
        self.identity = identity

    async def ask(self, method: str, path: str, query: str = "") -> Reply:
        wire = ClientWire(await self.on.board.open("10.0.0.3", 0), self.on.clock)
        endpoint = Endpoint(wire, lambda incoming: None, clock=self.on.clock)
        there = self.on.platform.secure_server_address
        wire.secure(there, Credentials(self.identity, b"key"), SUITES)
        await wire.connect(there)
        try:
            return await endpoint.request(Request(method, there, tuple(path.strip("/").split("/")), (query,)))
        finally:
            await endpoint.close()


def test_what_was_registered_by_dtls_is_its_identitys_alone(stage):
    ring = Keyring({b"me": b"key", b"you": b"key"}.get)

    async def act(on) -> None:
        mine, another, plain = Secure(on, b"me"), Secure(on, b"you"), await on.peer()
        made = await mine.ask("POST", "/rd", "ep=one")
        location = "/" + "/".join(made.location)
        before = await on.platform.operate(["clients"])
        for method, path, query, code in (
            ("POST", location, "lt=9", "4.04"),
            ("PUT", location, "lt=9", "4.04"),
            ("DELETE", location, "", "4.04"),
            ("POST", "/rd", "ep=one", "4.03"),
        ):
            assert (await another.ask(method, path, query)).code == code
            assert (await plain.ask(method, path, query)).code.dotted == code
        assert await on.platform.operate(["clients"]) == before
        # From another port, which is what a NAT makes of it.
        assert (await mine.ask("POST", location, "lt=9")).code == "2.04"
        again = await mine.ask("POST", "/rd", "ep=one")
        assert (again.code, again.location != made.location) == ("2.01", True)
        assert (await mine.ask("DELETE", "/".join(again.location))).code == "2.02"
        # Now the name is free, and what is registered in the open may become a secret one.
        assert (await plain.ask("POST", "/rd", "ep=one")).code.dotted == "2.01"
        assert (await another.ask("POST", "/rd", "ep=one")).code == "2.01"
        assert (await plain.ask("POST", "/rd", "ep=one")).code.dotted == "4.03"

    stage(act, keys=Keyrings(ring, ring))


def test_a_bootstrap_gives_a_key_to_the_identity_that_asks(stage):
    """Whatever endpoint name it says."""
    ring = Keyring({b"me": b"key", b"you": b"key"}.get)

    async def act(on) -> None:
        pack = cbor2.loads((await Secure(on, b"you").ask("GET", "/bspack", "ep=me")).payload)
        values = {record[0]: record for record in pack}
        assert (values["/0/1/3"][8], values["/0/1/5"][8]) == (b"you", b"key")

    stage(act, keys=Keyrings(ring, ring))
