"""aiocoap's server and cbor2 as a LwM2M 1.1 client: SenML CBOR, composite operations, Send, blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiocoap
import cbor2
from aiocoap import resource

from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform

SENML_CBOR = 112
NAME, VALUE, TEXT = 0, 2, 3
"""Labels of RFC 8428 section 6."""


class Root(resource.Resource, resource.PathCapable):
    """Answers what is asked of any path."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, object] = {"/3/0/9": 95, "/3303/0/5700": 20.5}
        self.asked: list[tuple[str, str, object]] = []

    def _pack(self, names: list[str]) -> aiocoap.Message:
        found = {path: value for path, value in self.values.items() if any(path.startswith(name) for name in names)}
        records = [{NAME: path, TEXT if isinstance(value, str) else VALUE: value} for path, value in found.items()]
        return aiocoap.Message(payload=cbor2.dumps(records), content_format=SENML_CBOR)

    def _note(self, request: aiocoap.Message, said: object) -> None:
        self.asked.append((request.code.name, "/" + "/".join(request.opt.uri_path), said))

    async def render_fetch(self, request: aiocoap.Message) -> aiocoap.Message:
        names = [record[NAME] for record in cbor2.loads(request.payload)]
        self._note(request, (names, request.opt.observe, int(request.opt.accept)))
        return self._pack(names)

    async def render_ipatch(self, request: aiocoap.Message) -> aiocoap.Message:
        for record in cbor2.loads(request.payload):
            self.values[record[NAME]] = record.get(VALUE, record.get(TEXT))
        self._note(request, int(request.opt.content_format))
        return aiocoap.Message(code=aiocoap.CHANGED)

    async def render_get(self, request: aiocoap.Message) -> aiocoap.Message:
        self._note(request, int(request.opt.accept))
        return self._pack(["/" + "/".join(request.opt.uri_path)])

    async def render_put(self, request: aiocoap.Message) -> aiocoap.Message:
        self._note(request, cbor2.loads(request.payload))
        return aiocoap.Message(code=aiocoap.CHANGED)

    render_post = render_put

    async def render_delete(self, request: aiocoap.Message) -> aiocoap.Message:
        self._note(request, None)
        return aiocoap.Message(code=aiocoap.DELETED)


class Client:
    def __init__(self, context: aiocoap.Context, root: Root, platform: Platform) -> None:
        self.context = context
        self.root = root
        self.platform = platform

    async def ask(self, code: aiocoap.Code, path: str, payload: bytes, content_format: int) -> aiocoap.Message:
        uri = self.platform.addresses[0] + path
        message = aiocoap.Message(code=code, uri=uri, payload=payload, content_format=content_format)
        return await self.context.request(message).response


def run(session: Callable[[Client], Awaitable[None]]) -> None:
    async def main() -> None:
        platform = await Platform.start(Habits(), wait=5)
        root = Root()
        context = await aiocoap.Context.create_server_context(root, bind=("127.0.0.1", 0), transports=["udp6"])
        client = Client(context, root, platform)
        links = b'</>;rt="oma.lwm2m";ct="60 110 112 11542",</1/0>,</3/0>,</3303/0>'
        try:
            answer = await client.ask(aiocoap.POST, "/rd?ep=aio&lt=60&lwm2m=1.1&b=U", links, 40)
            assert answer.code == aiocoap.CREATED
            await session(client)
        finally:
            await platform.close()
            await context.shutdown()
        # aiocoap ends its own tasks a little later.
        for _ in range(10):
            await asyncio.sleep(0)

    asyncio.run(main())


def test_composite_operations():
    async def session(client: Client) -> None:
        operate = client.platform.operate
        answer = await operate(["read", "/3/0/9", "/3303/0"])
        assert [(one["path"], one["value"]) for one in answer["resources"]] == [("/3/0/9", 95), ("/3303/0/5700", 20.5)]
        assert (await operate(["write", "/3/0/14=+08", "/1/0/1=300"]))["code"] == "2.04"
        assert client.root.values["/3/0/14"] == "+08"
        assert client.root.values["/1/0/1"] == 300
        assert client.root.asked == [
            ("FETCH", "/", (["/3/0/9", "/3303/0"], None, SENML_CBOR)),
            ("iPATCH", "/", SENML_CBOR),
        ]
        # aiocoap takes an observation for a plain read where the resource does not know better.
        observed = await operate(["observe", "/3/0/9", "/3303/0"])
        assert (observed["ok"], client.root.asked[-1][2][1]) == (True, 0)

    run(session)


def test_operations_in_senml_cbor():
    async def session(client: Client) -> None:
        operate = client.platform.operate
        assert (await operate(["read", "/3303/0/5700"]))["value"] == 20.5
        assert (await operate(["write", "/3/0/14", "+08"]))["ok"] is True
        assert (await operate(["write", "/3/0", "14=+08", "15=X"]))["ok"] is True
        assert (await operate(["create", "/3303", "5700=1.5"]))["ok"] is True
        assert (await operate(["delete", "/3303/1"]))["code"] == "2.02"
        assert client.root.asked == [
            ("GET", "/3303/0/5700", SENML_CBOR),
            ("PUT", "/3/0/14", [{NAME: "/3/0/14", TEXT: "+08"}]),
            ("POST", "/3/0", [{NAME: "/3/0/14", TEXT: "+08"}, {NAME: "/3/0/15", TEXT: "X"}]),
            ("POST", "/3303", [{NAME: "/3303/1/5700", VALUE: 1.5}]),
            ("DELETE", "/3303/1", None),
        ]

    run(session)


def test_a_send():
    async def session(client: Client) -> None:
        pack = cbor2.dumps([{NAME: "/3303/0/5700", VALUE: 21.5}, {NAME: "/3/0/9", VALUE: 80}])
        assert (await client.ask(aiocoap.POST, "/dp", pack, SENML_CBOR)).code == aiocoap.CHANGED
        (described,) = (await client.platform.operate(["clients"]))["clients"]
        assert described["values"] == {"/3303/0/5700": 21.5, "/3/0/9": 80}
        bad = await client.ask(aiocoap.POST, "/dp", pack[:-1], SENML_CBOR)
        assert bad.code == aiocoap.BAD_REQUEST

    run(session)


def test_bodies_in_blocks_both_ways():
    async def session(client: Client) -> None:
        long = "".join(f"{number:04}" for number in range(750))
        client.root.values = {"/3303/0/5750": long}
        assert (await client.platform.operate(["read", "/3303/0/5750"]))["value"] == long
        assert (await client.platform.operate(["read", "/3303/0/5750", "/3/0/9"]))["value"] == long
        assert (await client.platform.operate(["write", "/3303/0/5750", f'"{long}"']))["ok"] is True
        assert client.root.asked[-1][2] == [{NAME: "/3303/0/5750", TEXT: long}]
        pack = cbor2.dumps([{NAME: f"/3303/0/{number}", VALUE: number} for number in range(200)])
        assert len(pack) > 3000
        assert (await client.ask(aiocoap.POST, "/dp", pack, SENML_CBOR)).code == aiocoap.CHANGED

    run(session)
