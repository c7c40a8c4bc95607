"""Live DTLS with other implementations: OpenSSL's own programs, and libcoap's, where they are installed."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from atshell.emulator.clock import LoopClock
from atshell_lwm2m.endpoint.dtls.client import ClientWire
from atshell_lwm2m.endpoint.dtls.keyring import Keyring, Keyrings
from atshell_lwm2m.endpoint.dtls.security import CBC_SHA256, CCM8, SUITES, Credentials
from atshell_lwm2m.endpoint.dtls.server import ServerWire
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Request
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.network import open_udp
from atshell_lwm2m.endpoint.platform import Platform

HOST = "127.0.0.1"
KEY = b"secret key"
ME = Credentials(b"me", KEY)
PSK = ("-psk", KEY.hex(), "-psk_identity", "me")


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


openssl, coap_client, coap_server = needs("openssl"), needs("coap-client-openssl"), needs("coap-server-openssl")


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def says(process: asyncio.subprocess.Process, wanted: bytes) -> bytes:
    said = b""
    async with asyncio.timeout(10):
        while wanted not in said:
            more = await process.stdout.read(4096)
            assert more, said
            said += more
    return said


class Echo:
    """A server that gives everything back."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def start(self) -> int:
        udp = await open_udp(HOST, 0)
        self.wire = ServerWire(udp, {b"me": KEY}.get, LoopClock())
        self.wire.start(self._receive)
        return udp.address[1]

    def _receive(self, data, address) -> None:
        self.heard.append(data)
        self.wire.send(b"echo " + data, address)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _s_client(port: int, suite: str) -> tuple[str, ...]:
    cipher = f"{suite}:@SECLEVEL=0"
    return ("openssl", "s_client", "-dtls1_2", *PSK, "-cipher", cipher, "-connect", f"{HOST}:{port}")


@openssl
@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
def test_openssl_s_client(suite, until):
    async def session() -> None:
        echo = Echo()
        async with running(*_s_client(await echo.start(), suite)) as client:
            said = await says(client, b"Verify return code")
            assert suite.encode() in said
            client.stdin.write(b"hello\n")
            await says(client, b"echo hello")
            client.stdin.close()  # it says goodbye, and so do we
            await says(client, b"DONE")
            await until(lambda: len(echo.wire) == 0)
        echo.wire.close()

    asyncio.run(session())


@openssl
def test_a_renegotiation_within_is_refused():
    async def session() -> None:
        echo = Echo()
        port = await echo.start()
        async with running(*_s_client(port, CCM8)) as client:
            await says(client, b"Verify return code")
            client.stdin.write(b"R\n")
            assert b"no renegotiation" in await says(client, b"no renegotiation")
        async with running(*_s_client(port, CCM8)) as client:
            await says(client, b"Verify return code")
            client.stdin.write(b"hello\n")
            await says(client, b"echo hello")
        echo.wire.close()

    asyncio.run(session())


@openssl
@pytest.mark.parametrize("suite", [CCM8, CBC_SHA256])
def test_openssl_s_server(suite):
    async def session() -> None:
        port = _free_port()
        server = ("openssl", "s_server", "-dtls1_2", *PSK, "-nocert", "-cipher", "ALL:@SECLEVEL=0", "-listen")
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        async with running(*server, "-accept", f"{HOST}:{port}") as process:
            await says(process, b"ACCEPT")
            wire = ClientWire(await open_udp(HOST, 0), LoopClock())
            wire.start(lambda data, _: heard.put_nowait(data))
            wire.secure((HOST, port), ME, (suite,))
            async with asyncio.timeout(10):
                await wire.connect((HOST, port))
                wire.send(b"hello\n", (HOST, port))
                said = await says(process, b"hello")
                assert suite.encode() in said
                process.stdin.write(b"answer\n")
                assert await heard.get() == b"answer\n"
            wire.part()
            await says(process, b"DONE")
            wire.close()

    asyncio.run(session())


class Lossy:
    """A socket that loses the first datagram with a Change Cipher Spec that comes in: the server's last flight."""

    def __init__(self, wire) -> None:
        self.wire = wire
        self.lost = 0

    def start(self, receive) -> None:
        def arrive(data, address) -> None:
            if data[0] == 20 and not self.lost:
                self.lost += 1
            else:
                receive(data, address)

        self.wire.start(arrive)

    def send(self, data, address) -> None:
        self.wire.send(data, address)

    def close(self) -> None:
        self.wire.close()

    async def closed(self) -> None:
        await self.wire.closed()


@openssl
def test_openssl_s_server_whose_last_flight_is_lost():
    """It says it again only when ours comes with new sequence numbers, which OpenSSL makes after a real second."""

    async def session() -> None:
        port = _free_port()
        server = ("openssl", "s_server", "-dtls1_2", *PSK, "-nocert", "-cipher", "ALL:@SECLEVEL=0", "-listen")
        async with running(*server, "-accept", f"{HOST}:{port}") as process:
            await says(process, b"ACCEPT")
            lossy = Lossy(await open_udp(HOST, 0))
            wire = ClientWire(lossy, LoopClock())
            wire.start(lambda data, _: None)
            wire.secure((HOST, port), ME, (CBC_SHA256,))
            async with asyncio.timeout(10):
                await wire.connect((HOST, port))
                wire.send(b"hello\n", (HOST, port))
                await says(process, b"hello")
            assert lossy.lost == 1
            wire.close()

    asyncio.run(session())


@coap_client
@pytest.mark.parametrize(
    ("identity", "key", "served"), [("me", KEY.decode(), True), ("me", "wrong", False), ("nobody", KEY.decode(), False)]
)
def test_libcoap_registers_at_the_platform(identity, key, served):
    async def session() -> None:
        ring = Keyring({b"me": KEY}.get)
        platform = await Platform.start(Habits(), keys=Keyrings(ring, ring))
        uri = next(one for one in platform.addresses if one.startswith("coaps://"))
        client = ("coap-client-openssl", "-B", "2", "-v", "6", "-u", identity, "-k", key, "-m", "post", "-t", "40")
        async with running(*client, "-e", "</3/0>", f"{uri}/rd?ep=lib&lt=300&lwm2m=1.0&b=U") as process:
            said, _ = await process.communicate()
        clients = (await platform.operate(["clients"]))["clients"]
        assert (b"2.01" in said, len(clients)) == (served, int(served))
        await platform.close()

    asyncio.run(session())


@coap_server
def test_a_client_of_ours_at_libcoaps_server():
    async def session() -> None:
        port = _free_port()
        server = ("coap-server-openssl", "-A", HOST, "-p", str(port), "-k", KEY.decode(), "-h", "hint")
        async with running(*server):
            wire = ClientWire(await open_udp(HOST, 0), LoopClock(speed=10))
            endpoint = Endpoint(wire, lambda incoming: None)
            there = (HOST, port + 1)  # libcoap speaks DTLS at the port after
            wire.secure(there, ME, SUITES)
            async with asyncio.timeout(10):
                await wire.connect(there)
                reply = await endpoint.request(Request("GET", there, (".well-known", "core")))
            assert (reply.code, b"</time>" in reply.payload) == ("2.05", True)
            wire.part()
            await endpoint.close()

    asyncio.run(session())
