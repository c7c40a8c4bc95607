"""What tells the families apart that is not in the manuals' tables of parameters.

What a parameter may be, its default and the lines of answers come from the catalog. Here stand the error codes that the
decisions give where the manuals are silent, the reboot commands, and what becomes of parameters that are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class LeftOut(Enum):
    """What becomes of an optional parameter that is left out of a write form."""

    CLEARED = "nothing is saved for it"
    DEFAULT = "its default is saved"
    KEPT = "what was saved stays"


@dataclass(frozen=True, slots=True)
class Family:
    manual: str
    """Its file."""
    reboots: tuple[str, ...]
    """Beside AT+CFUN=1,1, which all have."""
    left_out: LeftOut
    banner: tuple[str, ...]
    """What is said when it has booted; ``{cause}`` is why. The CMDMP and self-registration manuals do not tell: these
    lines are known from the families' general AT manuals."""
    wrong: int | None = None
    """``<err>`` for what is missing, malformed or out of range; None where the manual knows ERROR alone."""
    unsupported: int | None = None
    """``<err>`` for a form, or a command, that is not there."""
    failed: int | None = None
    """``<err>`` for what could not be carried out."""


NRB, QRST = "+NRB", "+QRST"
BY_COMMAND, BY_POWER = "REBOOT_CAUSE_APPLICATION_AT", "REBOOT_CAUSE_SECURITY_PMU_POWER_ON_RESET"
_READY = ("RDY", "+CFUN: 1", "+CPIN: READY")

# The banner of these ends with an OK of its own, which is left out: it would be taken for an answer.
_BC28 = Family(
    "bc35g-bc28-bc95r2-cmdmp.toml",
    (NRB,),
    LeftOut.CLEARED,  # "1, , ,300" in the example of section 2.1
    ("{cause}", "Neul"),
    wrong=50,
    unsupported=4,
    failed=23,
)
_BC26 = Family("bc26-bc20-cmdmp.toml", (QRST,), LeftOut.DEFAULT, _READY)  # section 2.1, note 2
_BC260Y = Family("bc260y-self-registration.toml", (QRST,), LeftOut.KEPT, _READY)  # section 3.1.1
_BC25 = Family(
    "bc25-bc32-self-registration.toml",
    (QRST, NRB),
    LeftOut.KEPT,  # the manual is silent; the later one of the BC260Y-CN says so
    _READY,
    wrong=53,
    unsupported=4,
    failed=50,
)

MODELS: Mapping[str, Family] = {
    **dict.fromkeys(("BC35-G", "BC28", "BC95 R2.0"), _BC28),
    **dict.fromkeys(("BC26", "BC20"), _BC26),
    "BC260Y-CN": _BC260Y,
    **dict.fromkeys(("BC25", "BC25-B5", "BC25-B8", "BC32", "BC32-B8"), _BC25),
}
