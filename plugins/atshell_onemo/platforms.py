"""What the OneMO manual (LwM2M manual 4.4.0) says of the platforms: how they behave, which hosts they have.

Of the login examples in chapter 5, OneNET alone has a bootstrap server. It observes every instance, discovers every
object and reads Device; Yanfei observes; CTWing and Huawei Cloud observe resource 0 of object 19's instance 0, which
carries the data upwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.network import COAP_PORT
from atshell_lwm2m.endpoint.world import Known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atshell_lwm2m.endpoint.platform import Platform

DEFAULT_HOST = "nbiotbt.heclouds.com"
"""Where AT+MIPLCREATE without parameters leads (section 3.1: OneNET's main platform, by bootstrap)."""
BOOTSTRAP_HOSTS = (DEFAULT_HOST, "183.230.40.39", "183.230.40.149")
SERVER_HOSTS = (
    "nbiotacc.heclouds.com",
    "183.230.40.40",
    "221.229.214.202",
    "dmp-coap.cuiot.cn",
    "iot-coaps.cn-north-4.myhuaweicloud.com",
)
"""Sections 4.6, 4.7 and 5.1 to 5.7."""
DATA_OBJECT, UPWARDS = 19, "/19/0/0"


_DATA = Habits(bootstrap=False, observe=True, instead={DATA_OBJECT: UPWARDS})
HABITS = {
    "onenet": Habits(bootstrap=True, observe=True, discover=True, read_device=True),
    "ctwing": _DATA,
    "yanfei": Habits(bootstrap=False, observe=True),
    "huawei": _DATA,
}
KNOWN = Known(HABITS, BOOTSTRAP_HOSTS, SERVER_HOSTS)


async def serve(profile: str, listen: str, psk: Sequence[str]) -> Platform:
    """A platform for clients outside of this process: one socket for the bootstrap server and the LwM2M server.
    ``listen`` is ``HOST[:PORT]``; without a port it is 5683, or a free one when that is taken. Raises AtshellError."""
    from atshell_lwm2m.endpoint.platform import Platform

    if psk:
        raise AtshellError("this platform speaks no DTLS", "leave --psk out and connect by coap://")
    host, port = split_host(listen)
    if port is not None:
        return await Platform.start(HABITS[profile], host=host, port=port)
    try:
        return await Platform.start(HABITS[profile], host=host, port=COAP_PORT)
    except AtshellError:
        return await Platform.start(HABITS[profile], host=host, port=0)


def split_host(text: str) -> tuple[str, int | None]:
    """``host``, ``host:port``, ``[v6]:port``. Raises AtshellError."""
    host, port = text, ""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or (port and not (port.isascii() and port.isdecimal() and int(port) <= 65535)):
        raise AtshellError(f"{text!r} is no address", "say HOST or HOST:PORT")
    return host, int(port) if port else None
