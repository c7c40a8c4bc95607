"""The operators' platforms that Quectel modules register with by themselves.

| profile | operator | what it is |
|---|---|---|
| ``cmdmp`` | China Mobile (``cmcc``) | a LwM2M 1.0 server that reads Device after a registration |
| ``ctcc`` | China Telecom (``ctcc``) | takes reports |
| ``cucc`` | China Unicom (``cucc``) | takes reports |

A module looks for the platform of its SIM card's operator and for no other: with any other profile, as with ``none``,
nobody answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from atshell_lwm2m.endpoint import listening
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.world import Known
from atshell_quectel.assumed import CTCC_SERVER, CUCC_SERVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from atshell.hooks import Platform

CMDMP = "cmdmp"
OPERATORS = {CMDMP: "cmcc", "ctcc": "ctcc", "cucc": "cucc"}
"""By profile."""
REPORT_SERVERS = {"ctcc": CTCC_SERVER, "cucc": CUCC_SERVER}
"""Of the operators that are sent reports."""
SERVER_HOSTS = ("117.161.2.41", "117.161.2.7", "m.fxlttsbl.com", *REPORT_SERVERS.values())
"""CMDMP's address, its test server and its name (BC260Y-CN manual 3.2.2)."""
HABITS = {CMDMP: Habits(bootstrap=False, read_device=True)}
KNOWN = Known(HABITS, (), SERVER_HOSTS)


async def serve(profile: str, listen: str, psk: Sequence[str]) -> Platform:
    """A platform for modules outside of this process, in the open and with ``psk`` by DTLS too, for whoever writes a
    client of that kind: of the modules the manuals tell no such thing. Raises AtshellError."""
    if profile == CMDMP:
        return await listening.serve(HABITS[CMDMP], listen, psk)
    from atshell_quectel.reports import ReportPlatform

    ring = listening.keyring(psk)
    return await listening.listening(listen, lambda host, ports: ReportPlatform.start(host, ports, keys=ring))
