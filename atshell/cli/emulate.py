"""An emulated module as a pseudo-terminal or TCP port, with a platform behind it.

Prints "listening on ..." once it can be connected to, and serves until it is ended. Meanwhile it takes lines on
standard input and prints what came of each as a line of JSON:

  read PATH, write PATH VALUE, execute PATH [ARGUMENTS], observe PATH, cancel PATH, discover PATH,
  attributes PATH pmin=..., clients        what the platform shall do; more in atshell platform --help
  forget                                   the platform deletes the module, which learns of it by its next update
  power off|on, network lost|found         what happens to the module
  card ICCID                               another SIM card, from the next boot on (modules that register by themselves)
  fault SPEC, fault off [N], fault         what goes wrong from now on; what no longer does; the list

An order for a module that sleeps is queued, and what came of it is a second line, with the same "order".
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from atshell.emulator.device import EmulatorOptions

PLATFORMS = ("onenet", "ctwing", "yanfei", "huawei", "cmdmp", "ctcc", "cucc", "none")
"""Profiles that can be embedded, and nobody."""
Address = tuple[str, int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a name from 'atshell models', in any case")
    parser.add_argument("--firmware", metavar="V", default="", help="what the module says its firmware is")
    parser.add_argument(
        "--imei", metavar="IMEI", type=imei, help="its serial number, 15 digits: each of several modules needs its own"
    )
    parser.add_argument("--operator", choices=("cmcc", "ctcc", "cucc"), default="cmcc", help="whose SIM card it has")
    parser.add_argument(
        "--listen",
        metavar="WHERE",
        type=listen_address,
        default="pty",
        help="pty, or tcp://HOST:PORT (port 0: a free one); default: pty",
    )
    parser.add_argument(
        "--platform",
        metavar="PLATFORM",
        type=platform,
        default="onenet",
        help=f"{', '.join(PLATFORMS)}, coap://HOST:PORT or coaps://HOST:PORT; default: onenet. "
        "cmdmp, ctcc and cucc are for modules that register by themselves, each with the SIM card of its own operator "
        "(cmcc, ctcc, cucc): with another profile nobody answers them",
    )
    parser.add_argument(
        "--state", metavar="DIR", type=Path, help="a folder where the module keeps what survives without power"
    )
    parser.add_argument(
        "--speed", metavar="N", type=speed, default=1.0, help="device seconds to a real one; default: 1"
    )
    parser.add_argument(
        "--capture", metavar="FILE", type=Path, help="write the datagrams of the emulated network to a pcap file"
    )
    parser.add_argument(
        "--fault",
        metavar="SPEC",
        dest="faults",
        action="append",
        default=[],
        help="something that goes wrong: see below; as often as you like",
    )
    parser.epilog = _faults()


def _faults() -> str:
    from atshell.emulator.faults.spec import EXAMPLES, guide

    rows = guide()
    width = max(len(usage) for usage, _ in rows)
    lines = [f"  {usage:<{width}}  {meaning}" for usage, meaning in rows]
    return "\n".join(["faults (SPEC):", *lines, "", "for example:", *(f"  --fault '{line}'" for line in EXAMPLES)])


def imei(text: str) -> str:
    if not re.fullmatch("[0-9]{15}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no IMEI: it has 15 digits")
    return text


def listen_address(text: str) -> Address | None:
    """None for a pseudo-terminal."""
    if text == "pty":
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        port = None
    if port is None or parts.scheme != "tcp" or not parts.hostname or parts.path or parts.query or parts.username:
        raise argparse.ArgumentTypeError(f"{text!r} is neither pty nor tcp://HOST:PORT")
    return parts.hostname, port


def platform(text: str) -> str:
    if text not in PLATFORMS and not text.startswith(("coap://", "coaps://")):
        raise argparse.ArgumentTypeError(f"{text!r} is no platform: one of {', '.join(PLATFORMS)} or coap://HOST:PORT")
    return text


def speed(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.001 <= value <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0.001 to 100000")
    return value


def run(arguments: argparse.Namespace) -> int:
    from atshell.emulator.device import EmulatorOptions, Identity
    from atshell.emulator.pace import DeviceLoop

    identity = Identity()
    options = EmulatorOptions(
        arguments.model,
        firmware=arguments.firmware,
        operator=arguments.operator,
        platform=arguments.platform,
        state=arguments.state,
        speed=arguments.speed,
        capture=arguments.capture,
        faults=tuple(arguments.faults),
        identity=replace(identity, imei=arguments.imei or identity.imei),
    )
    with asyncio.Runner(loop_factory=DeviceLoop) as runner:
        runner.run(_emulate(options, arguments.listen))
    return 0


async def _emulate(options: EmulatorOptions, listen: Address | None) -> None:
    from atshell.cli.operate import serve, tell
    from atshell.emulator.pace import device_loop
    from atshell.emulator.place import Place
    from atshell.emulator.serve import announce, serve_pty, serve_tcp
    from atshell.host import host

    clock = device_loop().clock
    place = Place(clock)
    place.tell = tell
    clock.run(options.speed)
    device = host().emulate(options, place)
    if options.faults:
        # So that the whole run repeats: message IDs and the times of retransmissions come from here too.
        random.seed(device.faults.seed)
    ready = asyncio.Event()

    def announced(line: str) -> None:
        announce(line)
        ready.set()

    async def operate(line: str) -> dict[str, object]:
        """What stands on standard input from the start waits: whoever started this reads the address first."""
        await ready.wait()
        result: dict[str, object] = await device.operate(line)
        return result

    try:
        await serve(serve_tcp(device, *listen, announced) if listen else serve_pty(device, announced), operate)
    finally:
        await device.close()
        await place.close()
