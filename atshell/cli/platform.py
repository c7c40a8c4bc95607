"""An IoT platform for modules to register with, real or emulated.

Prints "listening on coap://..." for each address that a module can register at, and serves until it is ended. Meanwhile
it takes lines on standard input and prints what came of each as a line of JSON:

  read PATH, write PATH VALUE, execute PATH [ARGUMENTS], observe PATH, cancel PATH, discover PATH,
  attributes PATH pmin=..., clients
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from atshell.errors import AtshellError

DEFAULT_PROFILE = "onenet"
DEFAULT_LISTEN = "127.0.0.1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "profile",
        metavar="PROFILE",
        nargs="?",
        default=DEFAULT_PROFILE,
        help=f"onenet, ctwing, yanfei, huawei, cmdmp, ctcc or cucc; default: {DEFAULT_PROFILE}",
    )
    parser.add_argument(
        "--listen", metavar="HOST[:PORT]", default=DEFAULT_LISTEN, help=f"the address; default: {DEFAULT_LISTEN}"
    )
    parser.add_argument(
        "--psk",
        metavar="IDENTITY:KEY",
        action="append",
        default=[],
        help="a pre-shared key, text or 0xHEX; identity * for any; may be given again",
    )


def run(arguments: argparse.Namespace) -> int:
    asyncio.run(_serve(arguments.profile, arguments.listen, arguments.psk))
    return 0


async def _serve(profile: str, listen: str, psk: Sequence[str]) -> None:
    from atshell.cli.operate import serve
    from atshell.emulator.device import split_words
    from atshell.emulator.serve import announce
    from atshell.host import host

    starting = host().plugins.hook.atshell_platform(profile=profile, listen=listen, psk=psk)
    if starting is None:
        raise AtshellError(f"{profile!r} is no platform profile", "see atshell platform --help")
    platform = await starting

    async def listening() -> None:
        for address in platform.addresses:
            announce(f"listening on {address}")
        await asyncio.get_running_loop().create_future()

    async def operate(line: str) -> dict[str, object]:
        result: dict[str, object] = await platform.operate(split_words(line))
        return result

    try:
        await serve(listening(), operate)
    finally:
        await platform.close()
