"""When a module sends, by the manuals' own numbers: the oracle of what the catalog and the emulator make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

HOUR, DAY = 3600.0, 86400.0
COAP = (2, 4, 8, 16)
"""RFC 7252 section 4.2, where a manual gives no intervals."""


@dataclass(frozen=True)
class Schedule:
    model: str
    operator: str
    firmware: str = ""
    resends: Sequence[float] = COAP
    """Seconds between the packets of a round."""
    last: float = 32
    """Seconds until the last packet has failed."""
    rounds: int = 1
    update: float | None = DAY

    def __str__(self) -> str:
        return f"{self.model} {self.operator}"

    @property
    def packets(self) -> list[float]:
        """Of one round."""
        return [0, *accumulate(self.resends)]

    @property
    def in_vain(self) -> list[float]:
        """All packets until the module gives up."""
        length = self.packets[-1] + self.last + HOUR
        return [number * length + packet for number in range(self.rounds) for packet in self.packets]


CTCC = (3, 6, 12, 24)  # BC25 manual 2.1.3, and 2.2.3 for China Unicom
SCHEDULES = [
    Schedule("BC35-G", "cmcc"),  # BC35-G manual 2.1: 86400 s
    Schedule("BC28", "cmcc"),
    Schedule("BC95 R2.0", "cmcc", update=900),  # the notes of 2.1
    Schedule("BC26", "cmcc"),  # BC26 manual 2.2: 86400 s
    Schedule("BC20", "cmcc"),
    Schedule("BC260Y-CN", "cmcc", resends=(2, 4, 8, 16, 32), last=64),  # 2.2.3, five resends, and 24 hours
    Schedule("BC260Y-CN", "ctcc", rounds=3, update=None),  # 2.1.3: twice more, an hour apart
    Schedule("BC25", "cmcc", "BC25PAR01A04", (2, 4, 8, 16), 2),  # 2.3.2: 24 hours; 2.3.3
    Schedule("BC25-B8", "cmcc", "BC25B8PAR01A05", (2, 4, 8, 16), 2),
    Schedule("BC32", "cmcc", "BC32RAR01A03", (2, 4, 8, 16), 2),
    Schedule("BC32-B8", "cmcc", "BC32B8RAR01A03", (2, 4, 8, 16), 2),
    Schedule("BC25", "ctcc", "BC25PAR01A04", CTCC, 3, rounds=3, update=None),  # 2.1.2: no update
    Schedule("BC25-B5", "ctcc", "BC25B5PAR01A04", CTCC, 3, rounds=3, update=None),
    Schedule("BC25", "cucc", "BC25PAR01A04", CTCC, 3, rounds=3, update=30 * DAY),  # 2.2.2: 30 days
]
BY_NAME = {str(one): one for one in SCHEDULES}
