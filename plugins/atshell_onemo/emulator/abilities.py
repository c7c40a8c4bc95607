"""What the models do not have in common (OneMO LwM2M manual 4.4.0, footnotes and notes), in one table.

A command or a value that a model lacks is refused with 651 (the emulator's decision: not allowed on this model).
"""

from __future__ import annotations

from enum import Enum


class Ability(Enum):
    YANFEI = "AT+MIPLCFG with platform 2 (4.1, footnote 7)"
    SENT = "AT+MIPLNMI's <nsmi>, and +MIPLNSMI (4.2, 4.10)"
    RELEASE = "AT+MIPLNOTIFY's <flag> 0x200 and 0x400 (3.9, footnote 3)"
    RELEASE_AT_ONCE = "that these two let the radio go, where they do not mean 0 (3.9, footnote 3)"
    AUTO_UPDATE = "AT+MIPLUPDATESET (4.5)"
    ENCODING = (
        "AT+MIPLNOTIFY's <contentType> decides how <value> is written, not only what it is called (3.9, footnote 4)"
    )


_ML3 = frozenset({"ML305A", "ML307A", "ML307R"})
_WITHOUT = {
    Ability.YANFEI: _ML3,
    Ability.SENT: _ML3,
    Ability.RELEASE: _ML3,
    Ability.RELEASE_AT_ONCE: frozenset({"MN319"}),
    Ability.AUTO_UPDATE: frozenset({"MN316", "MN316-S", "MN316A", "MN319", "MN326", "ML302A"}),
    Ability.ENCODING: frozenset({"MN319", "MN316A"}),
}


def has(model: str, ability: Ability) -> bool:
    return model not in _WITHOUT[ability]
