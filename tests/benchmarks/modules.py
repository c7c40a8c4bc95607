"""Many modules in one process: ``python tests/benchmarks/modules.py [NUMBER]``.

1,000 emulated MN316, each registered with the one embedded platform and observed, send a notification a minute over
AT, confirmed by the platform every tenth time. Device time is turned, so that the minutes take only what computing
them takes: that share of a minute is the load of a core when they pass for real. Beside it, plain aiocoap: a resource
that is observed over loopback and changes as often as it can.

The target: 500 MiB, one core.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import aiocoap
from aiocoap import resource

from atshell.emulator.device import Device, EmulatorOptions
from atshell.emulator.pace import DeviceLoop, device_loop
from atshell.emulator.place import Place
from atshell.host import host
from atshell_lwm2m.endpoint.embedded import Embedded
from atshell_onemo.platforms import HABITS

STEPS = (100, 250, 500, 1000)
MINUTES = 10
TARGET = 500.0
"""MiB"""
PEER_NOTIFICATIONS = 2000
LOGIN = (
    'AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"cmiot"',
    'AT+MIPLADDOBJ=0,3303,1,"1",0,1',
    'AT+MIPLDISCOVERRSP=0,3303,1,4,"5700"',
    "AT+MIPLOPEN=0,86400,30",
)
NOTIFY = 'AT+MIPLNOTIFY=0,{mid},3303,0,5700,4,4,"{value}",0,0'


class Module:
    """An emulated module, and a microcontroller that does not listen."""

    def __init__(self, number: int, place: Place) -> None:
        self.device: Device = host().emulate(EmulatorOptions("MN316"), place)
        self.device.identity = replace(self.device.identity, imei=f"86997503{number:07}")
        self.said = 0
        self.device.connect(self._hear)
        for line in ("ATE0", *LOGIN):
            self.tell(line)

    def _hear(self, data: bytes) -> None:
        self.said += len(data)

    def tell(self, line: str) -> None:
        self.device.feed(line.encode() + b"\r")

    def notify(self, count: int) -> None:
        self.tell(NOTIFY.format(mid=count if count % 10 == 0 else 0, value=20 + count % 10))


def memory() -> float:
    """MiB in use by this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


async def minutes(modules: list[Module], count: int) -> None:
    """Each module notifies once a minute, spread over it."""
    loop = device_loop()
    for minute in range(1, count + 1):
        for number, module in enumerate(modules):
            loop.clock.call_later(60.0 * number / len(modules), partial(module.notify, minute))
        await loop.turn(60)


async def heard(place: Place) -> list[int]:
    """How many notifications the platform has of each client, as far as it keeps them."""
    clients = (await (await Embedded.of(place).platform("onenet", HABITS["onenet"])).operate(["clients"]))["clients"]
    return [len(client["notifications"]) for client in clients]


async def crowd(steps: Iterator[int]) -> float:
    place, loop = Place(device_loop().clock), device_loop()
    modules: list[Module] = []
    before = memory()
    print(f"{'modules':>8} {'memory':>10} {'a module':>10} {'to create and register':>24}")
    for count in steps:
        began = time.process_time()
        fresh = count - len(modules)
        while len(modules) < count:
            modules.append(Module(len(modules), place))
            await loop.rest()
        took = (time.process_time() - began) / fresh
        each = (memory() - before) / count * 1024
        print(f"{count:8} {memory():6.0f} MiB {each:6.0f} KiB {1000 * took:17.2f} ms CPU")
    began = time.process_time()
    await minutes(modules, MINUTES)
    used = time.process_time() - began
    got = await heard(place)
    if len(got) != len(modules) or set(got) != {MINUTES}:
        raise SystemExit(f"of {len(modules)} modules {len(got)} are registered, with {sorted(set(got))} notifications")
    sent = len(modules) * MINUTES
    print(f"{sent} notifications in {MINUTES} minutes: {sent / used:.0f} a second of CPU,", end=" ")
    print(f"load {100 * used / (60 * MINUTES):.1f} % of a core, {memory():.0f} MiB")
    peak = memory()
    for module in modules:
        await module.device.close()
    await place.close()
    return peak


class Observed(resource.ObservableResource):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    async def render_get(self, request: aiocoap.Message) -> aiocoap.Message:
        return aiocoap.Message(payload=str(self.count).encode())


async def plain() -> float:
    """Notifications a second of CPU, server and client in this process."""
    site, observed = resource.Site(), Observed()
    site.add_resource(["x"], observed)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await aiocoap.Context.create_server_context(site, bind=("127.0.0.1", port), transports=["udp6"])
    client = await aiocoap.Context.create_client_context(transports=["udp6"])
    request = client.request(aiocoap.Message(code=aiocoap.GET, uri=f"coap://127.0.0.1:{port}/x", observe=0))
    await request.response
    began = time.process_time()
    notifications = aiter(request.observation)
    for _ in range(PEER_NOTIFICATIONS):
        observed.count += 1
        observed.updated_state()
        await anext(notifications)
    used = time.process_time() - began
    request.observation.cancel()
    await client.shutdown()
    await server.shutdown()
    return PEER_NOTIFICATIONS / used


def main(number: int) -> int:
    steps = [step for step in STEPS if step < number] + [number]
    with asyncio.Runner(loop_factory=DeviceLoop) as runner:
        peak = runner.run(crowd(iter(steps)))
    print(
        f"plain aiocoap, one resource observed over loopback: {asyncio.run(plain()):.0f} notifications a second of CPU"
    )
    print(f"target {TARGET:.0f} MiB: {'met' if peak <= TARGET else 'missed'}")
    return int(peak > TARGET)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else STEPS[-1]))
