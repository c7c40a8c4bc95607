"""An IoT platform for modules to register with, real or emulated.

Prints "listening on coap://..." for each address that a module can register at, and serves until it is ended. Meanwhile
it takes lines on standard input and prints what came of each as a line of JSON:

  clients                                   who is registered, what they reported last
  read PATH, observe PATH, cancel PATH      with several paths: one composite operation (LwM2M 1.1)
  discover PATH, attributes PATH pmin=...
  write PATH VALUE                          a resource
  write /3/0 14=+08 15=X, replace ...       some resources of an instance; the whole instance
  write /3/0/14=+08 /1/0/1=300              resources anywhere (LwM2M 1.1)
  create PATH RESOURCE=VALUE..., delete PATH, execute PATH [ARGUMENTS]
  awake SECONDS                             how long a client in queue mode listens after it was heard
  forget                                    delete a client here: its next update is answered with 4.04

ctcc and cucc take the reports of modules that register by themselves: clients lists them, nothing else can be asked.

@NAME picks the client by its endpoint name, else it is the one that registered last; #tlv, #senml-json, #senml-cbor,
#lwm2m-json, #text, #opaque or #cbor picks the format. An order for a client that sleeps is queued, and what came of it
is a second line, with the same "order".
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
        "--listen",
        metavar="HOST[:PORT]",
        default=DEFAULT_LISTEN,
        help=f"the address, coaps at the port after it; default: {DEFAULT_LISTEN}, 5683 and 5684 if they are free",
    )
    parser.add_argument(
        "--psk",
        metavar="IDENTITY:KEY",
        action="append",
        default=[],
        help="serve coaps too: a pre-shared key, text or 0xHEX; identity * for any; may be given again",
    )


def run(arguments: argparse.Namespace) -> int:
    asyncio.run(_serve(arguments.profile, arguments.listen, arguments.psk))
    return 0


async def _serve(profile: str, listen: str, psk: Sequence[str]) -> None:
    from atshell.cli.operate import serve, tell
    from atshell.emulator.device import split_words
    from atshell.emulator.serve import announce
    from atshell.hooks import Telling
    from atshell.host import host

    starting = host().plugins.hook.atshell_platform(profile=profile, listen=listen, psk=psk)
    if starting is None:
        raise AtshellError(f"{profile!r} is no platform profile", "see atshell platform --help")
    platform = await starting
    if isinstance(platform, Telling):
        platform.tell = tell

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
