"""How a model registers itself with an operator: the facts of its manual's topic ``self-registration``."""

from __future__ import annotations

from dataclasses import dataclass

from atshell.catalog.lookup import Catalog
from atshell.catalog.model import Fact
from atshell.catalog.profile import Profile, fits

RFC_7252 = (2.0, 4.0, 8.0, 16.0, 32.0)
"""Where the manual gives no intervals, CoAP's own (section 4.2: ACK_TIMEOUT, doubled up to MAX_RETRANSMIT)."""
SWITCHES = ("AT+QSELFREGISTER", "AT+QSREGENABLE")


@dataclass(frozen=True, slots=True)
class Procedure:
    operator: str
    waits: tuple[float, ...]
    """Seconds behind each packet of a round: until it is sent again, and behind the last until the round has failed."""
    rounds: int = 0
    """That follow one which has failed."""
    pause: float = 0.0
    """Seconds before each of them."""
    update: float | None = None
    """Seconds from one update to the next."""
    once: bool = False
    """Only for firmware and a card that were not registered together before; else at each boot."""
    switch: str = ""
    """The command that has to have turned it on, beside the access to CMDMP."""
    wakes: bool = True
    """What falls due in deep sleep wakes the module; else it is left out."""


def procedure(catalog: Catalog, profile: Profile, operator: str) -> Procedure | None:
    """None where the model has nothing to do with that operator."""
    for page in catalog.topics("self-registration", profile):
        facts = page.topic.facts
        if facts.get("operator") == operator and fits(profile.firmware, str(facts.get("firmware", "*"))):
            return _read(facts)
    return None


def _read(facts: dict[str, Fact]) -> Procedure:
    command = str(facts.get("command", ""))
    trigger = facts.get("trigger")
    return Procedure(
        operator=str(facts["operator"]),
        waits=_waits(facts),
        rounds=int(_number(facts, "rounds") or 0),
        pause=_number(facts, "round_pause_s") or 0.0,
        update=_number(facts, "update_s"),
        once=isinstance(trigger, list) and "boot" not in trigger,
        switch=command if command in SWITCHES else "",
        wakes=facts.get("asleep") != "left out",
    )


def _waits(facts: dict[str, Fact]) -> tuple[float, ...]:
    """One more than there are resends. Where the manual's intervals end with the last packet, it is given as long as
    the first: its sum leaves that one no time to be answered (BC25 manual 2.3.3: 30 s)."""
    found = facts.get("intervals_s")
    if not isinstance(found, list):
        return RFC_7252
    intervals = tuple(float(one) for one in found if isinstance(one, int | float))
    resends = int(_number(facts, "resends") or 0)
    return intervals if len(intervals) > resends else (*intervals, intervals[0])


def _number(facts: dict[str, Fact], name: str) -> float | None:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) else None
