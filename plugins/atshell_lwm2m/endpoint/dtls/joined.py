"""One wire out of two sockets: what comes by DTLS comes from a ``SecureAddress``, and goes back by DTLS."""

from __future__ import annotations

from collections.abc import Callable

from atshell_lwm2m.endpoint.exchange import Address, SecureAddress
from atshell_lwm2m.endpoint.udp import Wire


class JoinedWire:
    """``secure`` knows such addresses (``server.ServerWire``)."""

    def __init__(self, plain: Wire, secure: Wire) -> None:
        self._plain = plain
        self._secure = secure

    def start(self, receive: Callable[[bytes, Address], None]) -> None:
        self._plain.start(receive)
        self._secure.start(receive)

    def send(self, data: bytes, address: Address) -> None:
        if isinstance(address, SecureAddress):
            self._secure.send(data, address)
        else:
            self._plain.send(data, address)

    def close(self) -> None:
        self._plain.close()
        self._secure.close()

    async def closed(self) -> None:
        await self._plain.closed()
        await self._secure.closed()
