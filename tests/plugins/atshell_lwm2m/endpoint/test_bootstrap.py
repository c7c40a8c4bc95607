from __future__ import annotations

import asyncio

from atshell.emulator.clock import ManualClock
from atshell_lwm2m.endpoint.bootstrap import Account, bootstrap
from atshell_lwm2m.endpoint.dtls.security import Credentials
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Incoming, Reply
from atshell_lwm2m.endpoint.network import open_udp
from atshell_lwm2m.payload import decode

PLAIN = Account("coap://192.0.2.2:5683")


def _asked(refuse: int, account: Account = PLAIN) -> list[Incoming]:
    """What a client is asked that refuses the request of that number."""
    asked: list[Incoming] = []

    def serve(incoming: Incoming) -> None:
        asked.append(incoming)
        incoming.answer(Reply("4.05" if len(asked) == refuse else "2.04"))

    async def session() -> None:
        wire = await open_udp("127.0.0.1", 0)
        client, server = Endpoint(wire, serve), Endpoint(await open_udp("127.0.0.1", 0), lambda incoming: None)
        await bootstrap(server, wire.address, account, 5, ManualClock())
        await client.close()
        await server.close()

    asyncio.run(session())
    return asked


def test_what_is_written():
    asked = _asked(0)
    assert [(one.method, one.target) for one in asked] == [
        ("DELETE", "/"),
        ("PUT", "/0/1"),
        ("PUT", "/1/0"),
        ("POST", "/bs"),
    ]
    security = {one.path: one.value for one in decode(asked[1].payload, 11542, "/0/1").resources}
    assert security["/0/1/0"] == "coap://192.0.2.2:5683"
    assert security["/0/1/1"] is False
    server = {one.name: one.value for one in decode(asked[2].payload, 11542, "/1/0").resources}
    assert server["Lifetime"] == 86400


def test_a_key_is_written_for_a_server_with_dtls():
    """Security mode 0 (LwM2M 1.0 appendix E.1)."""
    asked = _asked(0, Account("coaps://192.0.2.2:5684", Credentials(b"me", b"\0key")))
    security = {one.path: one.value for one in decode(asked[1].payload, 11542, "/0/1").resources}
    assert security["/0/1/0"] == "coaps://192.0.2.2:5684"
    assert security["/0/1/2"] == 0
    assert (security["/0/1/3"], security["/0/1/5"]) == (b"me".hex(), b"\0key".hex())


def test_a_refusal_ends_it():
    assert len(_asked(2)) == 2
