"""An emulated module as a pseudo-terminal or TCP port, with a platform behind it.

Prints "listening on ..." once it can be connected to, and serves until it is ended. Meanwhile it takes lines on
standard input and prints what came of each as a line of JSON:

  read PATH, write PATH VALUE, execute PATH [ARGUMENTS], observe PATH, cancel PATH, discover PATH,
  attributes PATH pmin=..., clients        what the platform shall do
  power off|on, network lost|found         what happens to the module
"""

from __future__ import annotations

import argparse
import asyncio
import math
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
        help=f"{', '.join(PLATFORMS)}, coap://HOST:PORT or coaps://HOST:PORT; default: onenet",
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
    from atshell.emulator.device import EmulatorOptions

    options = EmulatorOptions(
        arguments.model,
        firmware=arguments.firmware,
        operator=arguments.operator,
        platform=arguments.platform,
        state=arguments.state,
        speed=arguments.speed,
        capture=arguments.capture,
    )
    asyncio.run(_emulate(options, arguments.listen))
    return 0


async def _emulate(options: EmulatorOptions, listen: Address | None) -> None:
    from atshell.cli.operate import serve
    from atshell.emulator.serve import serve_pty, serve_tcp
    from atshell.host import host

    device = host().emulate(options)
    try:
        await serve(serve_tcp(device, *listen) if listen else serve_pty(device), device.operate)
    finally:
        await device.close()
