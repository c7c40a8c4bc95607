"""Record other implementations talking CoAP over TCP, TLS and WebSockets: ``python record.py [NAME…]``.

Everything stays on the loopback interface, where dumpcap listens. aiocoap (with its optional package ``websockets``)
and libcoap speak CoAP over TCP by themselves; OpenSSL's client and server carry messages that stand here, in every
suite that they are asked for. The recordings are data: they are made again only when one is added.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import aiocoap
from aiocoap import resource

HERE = Path(__file__).parent
KEY, IDENTITY = "000102030405060708090a0b0c0d0e0f", "urn:imei:867787050001234"
CAPTURED = "tcp port 5683 or tcp port 5684 or tcp port 8683 or tcp port 6683"
LINKS = b"</1/0>,</3/0>,</3303/0>"


class Temperature(resource.ObservableResource):
    """Reports itself three times."""

    def __init__(self) -> None:
        super().__init__()
        self.value = 20

    async def render_get(self, _request: aiocoap.Message) -> aiocoap.Message:
        return aiocoap.Message(payload=bytes([0xC1, 9, self.value]), content_format=11542)

    async def report(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0.1)
            self.value += 1
            self.updated_state()


class Store(resource.Resource):
    async def render_get(self, _request: aiocoap.Message) -> aiocoap.Message:
        return aiocoap.Message(payload=b"0123456789" * 500, content_format=0)

    async def render_put(self, _request: aiocoap.Message) -> aiocoap.Message:
        return aiocoap.Message(code=aiocoap.CHANGED)

    async def render_post(self, _request: aiocoap.Message) -> aiocoap.Message:
        return aiocoap.Message(code=aiocoap.CREATED, location_path=("rd", "5a3f"))


async def by_aiocoap(scheme: str, serves: str, calls: str, port: int) -> None:
    site, temperature = resource.Site(), Temperature()
    site.add_resource(("3303", "0"), temperature)
    for path in (("rd",), ("5", "0", "0"), ("3", "0", "0")):
        site.add_resource(path, Store())
    server = await aiocoap.Context.create_server_context(
        site, bind=("127.0.0.1", port - (3000 if serves == "ws" else 0)), transports=[serves]
    )
    client = await aiocoap.Context.create_client_context(transports=[calls])

    async def ask(code: aiocoap.Code, path: str, payload: bytes = b"", **options: object) -> None:
        uri = f"{scheme}://127.0.0.1:{port}{path}"
        request = aiocoap.Message(code=code, uri=uri, payload=payload, **options)
        await client.request(request).response

    await ask(aiocoap.POST, f"/rd?ep={IDENTITY}&lt=300&lwm2m=1.1&b=T", LINKS, content_format=40)
    await ask(aiocoap.GET, "/3/0/0")
    await ask(aiocoap.PUT, "/5/0/0", bytes(range(256)) * 20, content_format=42)
    observed = client.request(aiocoap.Message(code=aiocoap.GET, uri=f"{scheme}://127.0.0.1:{port}/3303/0", observe=0))
    await observed.response
    reporting = asyncio.create_task(temperature.report())
    for _ in range(3):
        await anext(aiter(observed.observation))
    observed.observation.cancel()
    await reporting
    await ask(aiocoap.GET, "/4/0/99")
    await client.shutdown()
    await server.shutdown()


def by_libcoap(scheme: str, *more: str) -> None:
    server = subprocess.Popen(["coap-server-openssl", "-A", "127.0.0.1", "-k", KEY, "-d", "5"])
    time.sleep(0.5)
    client = ["coap-client-openssl", *more, "-B", "2"]
    for arguments in (
        ["-m", "get", "/.well-known/core"],
        ["-m", "put", "-e", "x" * 3000, "/example_data"],
        ["-m", "get", "/example_data"],
        ["-m", "get", "-s", "2", "/time"],
    ):
        *before, path = arguments
        subprocess.run([*client, *before, f"{scheme}://127.0.0.1{path}"], check=False, stdout=subprocess.DEVNULL)
    server.terminate()
    server.wait()


def message(code: int, token: bytes, options: bytes = b"", payload: bytes = b"") -> bytes:
    rest = options + (b"\xff" + payload if payload else b"")
    size = len(rest)
    length, more = (size, b"") if size < 13 else (13, bytes([size - 13]))
    return bytes([length << 4 | len(token)]) + more + bytes([code]) + token + rest


UP = [
    message(0xE1, b"", b"\x22\x04\x80"),
    message(2, b"\1\1", b"\xb2rd\x11\x28\x38ep=dev-1\x06lt=300", LINKS),
    message(0x45, b"\2\2", b"\xc2\x2d\x16", b"\xc1\x09\x64"),
]
DOWN = [
    message(0xE1, b"", b"\x23\x10\0\0\x20"),
    message(0x41, b"\1\1", b"\x82rd\x045a3f"),
    message(1, b"\2\2", b"\xb13\x010\x019\x62\x2d\x16"),
]


def by_openssl(name: str, *arguments: str, certificate: bool = False) -> None:
    """Each side says its lines in turn; a message of CoAP over TCP never begins with a letter that OpenSSL would take
    for a command, and none holds a line feed."""
    log = HERE / f"{name}.keylog"
    psk = ["-psk", KEY, "-psk_identity", IDENTITY]
    quiet = subprocess.DEVNULL
    listen = ["openssl", "s_server", "-accept", "5684", "-quiet", *arguments]
    call = ["openssl", "s_client", "-connect", "127.0.0.1:5684", "-quiet", "-keylogfile", str(log), *arguments]
    if certificate:
        made = Path(tempfile.mkdtemp())
        files = ["-keyout", str(made / "key.pem"), "-out", str(made / "cert.pem")]
        subject = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
        subprocess.run(["openssl", "req", "-x509", *subject, *files], check=True, stdout=quiet, stderr=quiet)
        listen += ["-key", str(made / "key.pem"), "-cert", str(made / "cert.pem")]
    else:
        listen += ["-nocert", *psk]
        call += psk
    with subprocess.Popen(listen, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as server:
        time.sleep(0.4)
        with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as client:
            time.sleep(0.4)
            turns = [(client, UP[0]), (server, DOWN[0]), (client, UP[1]), (server, DOWN[1]), (server, DOWN[2])]
            for side, data in [*turns, (client, UP[2])]:
                if side.stdin is not None:
                    side.stdin.write(data)
                    side.stdin.flush()
                time.sleep(0.15)
            client.terminate()
        server.terminate()


def tls12(cipher: str) -> tuple[str, ...]:
    return "-tls1_2", "-cipher", cipher


SCENES: dict[str, Callable[[], object]] = {
    "aiocoap_tcp": lambda: asyncio.run(by_aiocoap("coap+tcp", "tcpserver", "tcpclient", 6683)),
    "aiocoap_ws": lambda: asyncio.run(by_aiocoap("coap+ws", "ws", "ws", 8683)),
    "libcoap_tcp": lambda: by_libcoap("coap+tcp"),
    "libcoap_tls": lambda: by_libcoap("coaps+tcp", "-k", KEY, "-u", IDENTITY),
    "tls12_ccm8": lambda: by_openssl("tls12_ccm8", *tls12("PSK-AES128-CCM8")),
    "tls12_gcm": lambda: by_openssl("tls12_gcm", *tls12("PSK-AES128-GCM-SHA256")),
    "tls12_cbc": lambda: by_openssl("tls12_cbc", *tls12("PSK-AES128-CBC-SHA256")),
    "tls12_ecdhe_psk": lambda: by_openssl("tls12_ecdhe_psk", *tls12("ECDHE-PSK-AES128-CBC-SHA256")),
    "tls13": lambda: by_openssl("tls13", "-tls1_3", certificate=True),
}
WITH_LOG = {"tls12_ecdhe_psk", "tls13"}


def main(names: list[str]) -> None:
    for name in names or SCENES:
        target = HERE / f"{name}.pcap"
        listening = subprocess.Popen(["dumpcap", "-q", "-P", "-i", "lo", "-f", CAPTURED, "-w", str(target)])
        time.sleep(1.5)
        SCENES[name]()
        time.sleep(0.5)
        listening.terminate()
        listening.wait()
        if name not in WITH_LOG:
            (HERE / f"{name}.keylog").unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])
