"""Where clients come in: a socket in the open, and beside it one with DTLS where there are keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.emulator.clock import Clock
from atshell_lwm2m.endpoint.dtls.joined import JoinedWire
from atshell_lwm2m.endpoint.dtls.keyring import Keyring
from atshell_lwm2m.endpoint.dtls.server import ServerWire
from atshell_lwm2m.endpoint.exchange import Address
from atshell_lwm2m.endpoint.udp import Wire

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.switchboard import OpenWire


@dataclass(frozen=True, slots=True)
class Door:
    wire: Wire
    address: Address
    secure: Address | None


async def open_door(open_wire: OpenWire, host: str, ports: tuple[int, int], keys: Keyring | None, clock: Clock) -> Door:
    """``ports`` are those of CoAP and of CoAP over DTLS. Raises AtshellError when an address cannot be had."""
    plain = await open_wire(host, ports[0])
    if keys is None:
        return Door(plain, plain.address, None)
    try:
        secure = await open_wire(host, ports[1])
    except BaseException:
        plain.close()
        raise
    return Door(JoinedWire(plain, ServerWire(secure, keys.find, clock)), plain.address, secure.address)
