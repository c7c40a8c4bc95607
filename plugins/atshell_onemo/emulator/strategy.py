"""What the platform wants to be told of a resource and when: ``pmin=18;pmax=90;st=2.0`` (section 3.16).

The module passes a strategy on and answers for it; carrying it out is the MCU's. So nothing here sends anything: it is
checked as the manual says what the platform may ask, kept, and shown by Discover (LwM2M 1.0 section 5.4.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

PERIODS = ("pmin", "pmax")
LEVELS = ("gt", "lt", "st")
SPELLINGS = {"stp": "st"}
"""The manual's example has ``stp``, its list ``st``."""
_PERIOD = re.compile(r"[0-9]{1,10}")
_LEVEL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")

Strategy = dict[str, str]


def read(query: Sequence[str], depth: int, known: Strategy) -> Strategy | None:
    """What holds from now on, ``known`` having held before; None for what the manual does not allow. An attribute
    without a value is taken away (LwM2M 1.0 section 5.1.1)."""
    strategy = dict(known)
    for part in query:
        name, _, value = part.partition("=")
        name = SPELLINGS.get(name, name)
        form = _PERIOD if name in PERIODS else _LEVEL if name in LEVELS and depth == 3 else None
        if form is None or (value and not form.fullmatch(value)):
            return None
        strategy[name] = value
    strategy = {name: value for name, value in strategy.items() if value}
    return strategy if _sensible(strategy) else None


def _sensible(strategy: Strategy) -> bool:
    """``pmax`` is more than 0 and ``pmin``, which is 0 by default; ``lt`` + 2 ``st`` is less than ``gt``."""
    pmax = strategy.get("pmax")
    if pmax is not None and int(pmax) <= int(strategy.get("pmin", "0")):
        return False
    if "lt" in strategy and "gt" in strategy:
        step = float(strategy.get("st", "0"))
        return float(strategy["lt"]) + 2 * step < float(strategy["gt"])
    return True
