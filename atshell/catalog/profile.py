"""Model, firmware and language: what decides which facts apply.

A condition on firmware is data, ``{firmware = "BC25PAR*, <= BC25PAR01A04, !*_BT"}``: terms between commas, which all
must hold. A term is a pattern with ``*`` and ``?``, ``!`` before a pattern that must not fit, or a comparison
(``<``, ``<=``, ``>``, ``>=``) in which runs of digits count as numbers, so that A9 comes before A10.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

_Key = list[str | int]
_COMPARISONS: tuple[tuple[str, Callable[[_Key, _Key], bool]], ...] = (
    ("<=", operator.le),
    (">=", operator.ge),
    ("<", operator.lt),
    (">", operator.gt),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """``model`` is a catalog name ("MN316"), "" when not known: then everything applies."""

    model: str = ""
    firmware: str = ""
    language: str = "en"


def names_model(profile: Profile, models: Iterable[str]) -> bool:
    """True when the profile's model is one of these, in any case, or not known."""
    return not profile.model or profile.model.casefold() in map(str.casefold, models)


def meets(condition: Mapping[str, str], profile: Profile) -> bool:
    """True when a condition on ``model`` and ``firmware`` holds. What the profile doesn't know meets no condition."""
    known = {"model": profile.model, "firmware": profile.firmware}
    return all(bool(known.get(key)) and fits(known[key], terms) for key, terms in condition.items())


def fits(value: str, terms: str) -> bool:
    """True when ``value`` fits every term of a condition."""
    return all(_fits_term(value.upper(), term.strip().upper()) for term in terms.split(","))


def _fits_term(value: str, term: str) -> bool:
    if term.startswith("!"):
        return not fnmatchcase(value, term[1:].strip())
    for sign, compare in _COMPARISONS:
        if term.startswith(sign):
            return compare(_version_key(value), _version_key(term.removeprefix(sign).strip()))
    return fnmatchcase(value, term)


def _version_key(version: str) -> _Key:
    # Text and numbers alternate, text first, so that like meets like.
    return [int(part) if index % 2 else part for index, part in enumerate(re.split(r"([0-9]{1,18})", version))]


def holds(when: Mapping[str, Sequence[object]], values: Mapping[str, str]) -> bool:
    """True when each parameter that ``when`` names has one of its values. A parameter that is not given yet
    (not in ``values``) excludes nothing."""
    return all(name not in values or values[name] in map(str, allowed) for name, allowed in when.items())
