"""China Telecom's and China Unicom's platform: it takes the reports of modules (``assumed``) and lists them."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from atshell.emulator.clock import Clock, LoopClock
from atshell_lwm2m.endpoint.dtls.door import open_door
from atshell_lwm2m.endpoint.dtls.keyring import Keyring
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply, SecureAddress, host_and_port, speaks_for, uri
from atshell_lwm2m.endpoint.network import open_udp
from atshell_quectel.assumed import JSON, MAX_REPORT, REPORT_PATH, Report, read

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.switchboard import OpenWire

MAX_CLIENTS = 256
MAX_REPORTS = 32
"""The newest of one module."""


@dataclass(slots=True)
class _Client:
    address: Address
    count: int = 0
    reports: deque[dict[str, object]] = field(default_factory=lambda: deque(maxlen=MAX_REPORTS))

    def describe(self, imei: str) -> dict[str, object]:
        return {
            "imei": imei,
            "address": host_and_port(self.address),
            "count": self.count,
            "reports": list(self.reports),
        }


class ReportPlatform:
    """``start`` makes a running one. Beyond ``MAX_CLIENTS`` those are forgotten whose last report is the oldest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._clients: OrderedDict[str, _Client] = OrderedDict()
        self._endpoint: Endpoint | None = None
        self.address: Address = ("", 0)
        self.secure_address: Address | None = None

    @classmethod
    async def start(
        cls,
        host: str = "127.0.0.1",
        ports: tuple[int, int] = (0, 0),
        *,
        keys: Keyring | None = None,
        clock: Clock | None = None,
        open_wire: OpenWire = open_udp,
    ) -> ReportPlatform:
        """With ``keys`` it speaks DTLS too, at the second port. Raises AtshellError when an address cannot be had."""
        self = cls(clock or LoopClock())
        door = await open_door(open_wire, host, ports, keys, self._clock)
        self.address, self.secure_address = door.address, door.secure
        self._endpoint = Endpoint(door.wire, self._asked, clock=self._clock)
        return self

    @property
    def addresses(self) -> Sequence[str]:
        secure = [] if self.secure_address is None else [SecureAddress(self.secure_address)]
        return [uri(address) for address in (self.address, *secure)]

    def _asked(self, incoming: Incoming) -> None:
        if incoming.path != REPORT_PATH:
            incoming.answer(Reply("4.04"))
        elif incoming.method != "POST":
            incoming.answer(Reply("4.05"))
        else:
            incoming.answer(Reply(self._take(incoming)))

    def _take(self, incoming: Incoming) -> str:
        """The response code."""
        if incoming.content_format not in (None, JSON):
            return "4.15"
        if len(incoming.payload) > MAX_REPORT:
            return "4.13"
        try:
            report = read(incoming.payload)
        except ValueError:
            return "4.00"
        known = self._clients.get(report.imei)
        if known is not None and not speaks_for(incoming.peer, known.address):
            return "4.03"
        self._keep(report, incoming.peer)
        return "2.04"

    def _keep(self, report: Report, peer: Address) -> None:
        client = self._clients.setdefault(report.imei, _Client(peer))
        self._clients.move_to_end(report.imei)
        client.address = peer
        client.count += 1
        client.reports.append({"time": round(self._clock.now(), 3), **msgspec.to_builtins(report)})
        while len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)

    async def operate(self, words: Sequence[str]) -> dict[str, object]:
        """``clients`` alone: nothing can be asked of a module that only reports."""
        if list(words) == ["clients"]:
            return {"ok": True, "clients": [client.describe(imei) for imei, client in self._clients.items()]}
        error = "this platform takes reports and asks nothing: say clients"
        return {"ok": False, **({"operation": words[0]} if words else {}), "error": error}

    async def close(self) -> None:
        if self._endpoint is not None:
            await self._endpoint.close()
