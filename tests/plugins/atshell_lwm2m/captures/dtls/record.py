"""Record OpenSSL's client and server talking CoAP over DTLS 1.2: ``python record.py [NAME…]``, all of them without.

Everything stays on the loopback interface. A relay stands between the two and writes what passes as NAME.pcap; what
was said is in NAME.sent.json, a list of ``[">" or "<", hexadecimal]``, so the tests know what has to come out. The
recordings are data: they are made again only when one is added.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from atshell_lwm2m.capture.writer import PcapWriter

HERE = Path(__file__).parent
KEY = "000102030405060708090a0b0c0d0e0f"
IDENTITY = "urn:imei:867787050001234"
LONG = IDENTITY + ":" + "x" * 200
PORT, SERVER = 5684, 44330
PAUSE = 0.12
RENEGOTIATE = b"R\n"
Line = tuple[str, bytes]


@dataclass(frozen=True)
class Scene:
    cipher: str
    client: tuple[str, ...] = ()
    server: tuple[str, ...] = ()
    connections: int = 1
    renegotiate: bool = False
    identity: str = IDENTITY
    keylog: bool = False
    extended: bool = True
    """Whether the extended master secret is offered."""
    drop: tuple[int, ...] = ()
    """Datagrams that are recorded and then lost, counted from 0: their handshake is sent again."""
    twice: bool = False
    """Each datagram is recorded twice, as where a mirrored port shows it coming and going."""


SCENES = {
    "ccm": Scene("PSK-AES128-CCM"),
    "gcm": Scene("PSK-AES128-GCM-SHA256"),
    "gcm384": Scene("PSK-AES256-GCM-SHA384"),
    "chacha": Scene("PSK-CHACHA20-POLY1305"),
    "cbc_no_etm": Scene("PSK-AES128-CBC-SHA256", client=("-no_etm",)),
    "cbc_no_ems": Scene("PSK-AES128-CBC-SHA256", extended=False),
    "cbc_no_etm_no_ems": Scene("PSK-AES128-CBC-SHA256", client=("-no_etm",), extended=False),
    "ccm8_no_ems": Scene("PSK-AES128-CCM8", extended=False),
    "resumed_id": Scene("PSK-AES128-CCM8", client=("-no_ticket",), server=("-no_ticket",), connections=2),
    "resumed_ticket": Scene("PSK-AES128-CCM8", connections=2),
    "renegotiated": Scene("PSK-AES128-CCM8", server=("-client_renegotiation",), renegotiate=True),
    "fragmented": Scene("PSK-AES128-CCM8", ("-mtu", "256"), ("-mtu", "256"), identity=LONG),
    "retransmitted": Scene("PSK-AES128-CCM8", drop=(3, 5)),
    "doubled": Scene("PSK-AES128-GCM-SHA256", twice=True),
    "ecdhe_psk": Scene("ECDHE-PSK-AES128-CBC-SHA256", keylog=True),
    "aria": Scene("PSK-ARIA128-GCM-SHA256"),
}
# OpenSSL's client has no argument against the extended master secret, but its configuration has.
PLAIN_MASTER = """\
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = default
[default]
Options = -ExtendedMasterSecret
"""


def message(head: int, code: int, mid: int, options: Iterable[tuple[int, bytes]] = (), payload: bytes = b"") -> bytes:
    """With a token of four bytes, so that no message begins with a letter that OpenSSL takes for a command."""
    parts, last = [struct.pack(">BBHI", head << 4 | 4, code, mid, 0xC0FFEE00 | mid)], 0
    for number, value in options:
        size = bytes([min(len(value), 13) | number - last << 4]) + (
            bytes([len(value) - 13]) if len(value) > 12 else b""
        )
        parts.append(size + value)
        last = number
    return b"".join(parts) + (b"\xff" + payload if payload else b"")


def talk(mid: int) -> list[Line]:
    uri = [(11, b"3"), (11, b"0"), (11, b"9")]
    register = [(11, b"rd"), (12, b"\x28"), (15, f"ep={IDENTITY}".encode()), (15, b"lt=300"), (15, b"lwm2m=1.0")]
    return [
        (">", message(4, 2, mid, register, b"</1/0>,</3/0>")),
        ("<", message(6, 0x41, mid, [(8, b"rd"), (8, b"5a3f")])),
        ("<", message(4, 1, mid + 1, [*uri, (17, b"\x2d\x16")])),
        (">", message(6, 0x45, mid + 1, [(12, b"\x2d\x16")], b"\xc1\x09\x64")),
        ("<", message(4, 3, mid + 2, [(11, b"1"), (11, b"0"), (11, b"1"), (12, b"")], b"300")),
        (">", message(6, 0x44, mid + 2)),
    ]


class Relay(threading.Thread):
    """Passes datagrams on until it is closed, and writes what it sees."""

    def __init__(self, target: Path, scene: Scene) -> None:
        super().__init__(daemon=True)
        self._writer, self._scene, self._count = PcapWriter(target), scene, 0
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", PORT))
        self._behind: dict[socket.socket, tuple[str, int]] = {}
        self._closing = threading.Event()

    def run(self) -> None:
        while not self._closing.is_set():
            for ready in select.select([self._front, *self._behind], [], [], 0.05)[0]:
                data, sender = ready.recvfrom(65536)
                if ready is self._front:
                    self._pass(sender, ("127.0.0.1", PORT), data, self._of(sender), ("127.0.0.1", SERVER))
                else:
                    client = self._behind[ready]
                    self._pass(("127.0.0.1", PORT), client, data, self._front, client)
        self._writer.close()
        for one in (self._front, *self._behind):
            one.close()

    def _of(self, client: tuple[str, int]) -> socket.socket:
        for behind, known in self._behind.items():
            if known == client:
                return behind
        behind = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        behind.bind(("127.0.0.1", 0))
        self._behind[behind] = client
        return behind

    def _pass(
        self, src: tuple[str, int], dst: tuple[str, int], data: bytes, by: socket.socket, to: tuple[str, int]
    ) -> None:
        number, self._count = self._count, self._count + 1
        for _ in range(2 if self._scene.twice else 1):
            self._writer.write_udp(time.time(), src, dst, data)
        if number not in self._scene.drop:
            by.sendto(data, to)

    def close(self) -> None:
        self._closing.set()
        self.join()


def openssl(*arguments: str, configuration: str = "") -> subprocess.Popen[bytes]:
    environment = {**os.environ, "OPENSSL_CONF": configuration} if configuration else None
    quiet = subprocess.DEVNULL
    return subprocess.Popen(["openssl", *arguments], stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env=environment)


def say(process: subprocess.Popen[bytes], data: bytes) -> None:
    if process.stdin is not None:
        process.stdin.write(data)
        process.stdin.flush()
    time.sleep(PAUSE)


def ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def record(name: str, scene: Scene) -> None:
    sent: list[list[str]] = []
    relay = Relay(HERE / f"{name}.pcap", scene)
    relay.start()
    keylog = ("-keylogfile", str(HERE / f"{name}.keylog")) if scene.keylog else ()
    if scene.keylog:
        (HERE / f"{name}.keylog").unlink(missing_ok=True)
    common = ("-dtls1_2", "-psk", KEY, "-psk_identity", scene.identity, "-cipher", scene.cipher)
    server = openssl("s_server", *common, "-nocert", "-accept", f"127.0.0.1:{SERVER}", *scene.server)
    time.sleep(0.5)
    with tempfile.TemporaryDirectory() as folder:
        session = str(Path(folder) / "session")
        configuration = ""
        if not scene.extended:
            configuration = str(Path(folder) / "openssl.cnf")
            Path(configuration).write_text(PLAIN_MASTER)
        for number in range(scene.connections):
            kept = ("-sess_in", session) if number else ("-sess_out", session)
            arguments = (*common, "-connect", f"127.0.0.1:{PORT}", *kept, *keylog, *scene.client)
            client = openssl("s_client", *arguments, configuration=configuration)
            time.sleep(4 if scene.drop else 0.8)
            for turn in range(2 if scene.renegotiate else 1):
                if turn:
                    say(client, RENEGOTIATE)
                    time.sleep(0.5)
                for where, data in talk(0x1000 + 0x100 * number + 0x10 * turn):
                    sent.append([where, data.hex()])
                    say(client if where == ">" else server, data)
            say(client, b"Q\n")
            ended(client)
            time.sleep(0.5)
    server.terminate()
    ended(server)
    relay.close()
    lines = ",\n".join(map(json.dumps, sent))
    (HERE / f"{name}.sent.json").write_text(f"[\n{lines}\n]\n")


def main() -> None:
    for name in sys.argv[1:] or SCENES:
        record(name, SCENES[name])


if __name__ == "__main__":
    main()
