"""What could come next in a fault's line, for completion."""

from __future__ import annotations

from collections.abc import Iterator

from atshell.emulator.faults.conditions import condition_of
from atshell.emulator.faults.fault import Fault
from atshell.emulator.faults.kinds import CODE, KINDS, OPERATION, OPERATIONS, Kind, first_words, second_words
from atshell.emulator.faults.spec import conditions, parse
from atshell.errors import AtshellError

Offer = tuple[str, str, str]
"""A word with its meaning in English and Chinese."""
CODES = ("4.00", "4.03", "4.04", "5.00", "5.03")


def offers(before: str) -> Iterator[Offer]:
    """The words that could stand behind ``before``, which is whole words. Those that stand for something (TIME) are
    not words to be typed, so they are left out."""
    words = before.lower().split()
    kind = _kind(words)
    if not words:
        yield from _firsts()
    elif kind is None:
        yield from _seconds(words) if len(words) == 1 else ()
    else:
        if len(words) == len(kind.name.split()):
            for way in kind.ways:
                yield way, kind.en, kind.zh
        yield from _rest(kind, before, words)


def subject_after(before: str) -> str:
    """``COMMAND`` or ``URC`` where one could stand behind ``before``."""
    kind = _kind(before.lower().split())
    fault = _whole(before)
    return kind.about if kind is not None and fault is not None and _is_bare(fault, before) else ""


def _whole(before: str) -> Fault | None:
    """None where a value has to follow, or something is wrong."""
    try:
        return parse(before)
    except AtshellError:
        return None


def _is_bare(fault: Fault, before: str) -> bool:
    """Neither a subject nor a condition stands there yet."""
    return not fault.about and not any(condition_of(word) for word in before.split())


def _firsts() -> Iterator[Offer]:
    """Of several kinds that begin with one word, what comes behind it."""
    for first in first_words():
        kind = KINDS.get(first)
        behind = ", ".join(second_words(first))
        yield (first, kind.en, kind.zh) if kind is not None else (first, behind, behind)


def _seconds(words: list[str]) -> Iterator[Offer]:
    for second in second_words(words[0]):
        kind = KINDS[f"{words[0]} {second}"]
        for word in CODES if kind.name == CODE else (second,):
            yield word, kind.en, kind.zh


def _kind(words: list[str]) -> Kind | None:
    if words and words[0] in KINDS:
        return KINDS[words[0]]
    if len(words) > 1 and words[0] == CODE.partition(" ")[0] and words[1][:1].isdigit():
        return KINDS[CODE]
    return KINDS.get(" ".join(words[:2]))


def _rest(kind: Kind, before: str, words: list[str]) -> Iterator[Offer]:
    fault = _whole(before)
    if fault is None:
        return
    if kind.about == OPERATION and _is_bare(fault, before):
        for operation in OPERATIONS:
            yield operation, kind.en, kind.zh
    for condition in conditions(kind):
        if condition.name.isalpha() and not {condition.name, *condition.excludes} & set(words):
            yield condition.name, condition.en, condition.zh
