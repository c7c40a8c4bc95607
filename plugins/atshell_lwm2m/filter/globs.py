"""Patterns: ``*`` is any run of characters, ``?`` any one; upper and lower case are the same."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable


def matcher(pattern: str) -> Callable[[str], object]:
    """Whether a whole text is like ``pattern``; the answer is to be taken for true or false.

    ``fnmatch`` makes of a run of stars something that never tries twice, so no pattern takes long. Brackets are
    themselves here: addresses have them."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")), re.IGNORECASE).match
