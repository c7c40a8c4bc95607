"""A fault as a line of data: ``lose up 30% after 10s``.

A line is read word by word, as the row of its kind says (``kinds``), and then by conditions in any order. What can't be
read is an AtshellError that shows the place and says what could stand there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from atshell.emulator.faults.conditions import CONDITIONS, Condition, condition_of
from atshell.emulator.faults.fault import Fault
from atshell.emulator.faults.kinds import (
    CODE,
    COMMAND,
    KINDS,
    OPERATION,
    OPERATIONS,
    SEED,
    URC,
    Kind,
    first_words,
    second_words,
)
from atshell.emulator.faults.values import Unreadable, read_number, read_time
from atshell.errors import AtshellError

MAX_SPEC = 1000
"""Characters of a line."""
EXAMPLES = (
    "lose up 30%",
    "delay down 2s after 1m for 30s",
    "lose up #3",
    'lose with "rd" once',
    "platform 4.04 update",
    "urc drop +MIPLEVENT",
    "answer late 5s AT+MIPLOPEN",
    "garble out 0.5%",
    "reboot AT+MIPLNOTIFY",
    "unplug after 10s",
    "seed 7",
)

T = TypeVar("T")
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|\S+', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CODE = re.compile(r"[45]\.(?:[0-2][0-9]|3[01])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    quoted: bool = False


class _Wrong(Exception):
    """``word`` cannot stand where it stands; None when the line ends too early. ``hint`` says what could."""

    def __init__(self, word: Word | None, hint: str) -> None:
        super().__init__(hint)
        self.word = word
        self.hint = hint


def parse(line: str) -> Fault:
    """Raises AtshellError, which names the place."""
    if len(line) > MAX_SPEC:
        raise AtshellError("this is too long for a fault", f"{MAX_SPEC} characters are the most")
    try:
        return _Reader(words(line)).fault()
    except _Wrong as wrong:
        shown = line.strip()
        if wrong.word is not None:
            what = f"in the fault {shown!r}, {wrong.word.text!r} (character {wrong.word.start + 1}) cannot stand"
        else:
            what = f"the fault {shown!r} is not whole" if shown else "no fault is named"
        raise AtshellError(what, wrong.hint) from None


def words(line: str) -> list[Word]:
    """What stands in double quotes is one word; in it a backslash takes the next character as it is."""
    found = []
    for match in _WORD.finditer(line):
        text = match[0]
        if len(text) > 1 and text.startswith('"') and text.endswith('"'):
            found.append(Word(_ESCAPE.sub(r"\1", text[1:-1]), match.start(), quoted=True))
        else:
            found.append(Word(text, match.start()))
    return found


def conditions(kind: Kind) -> list[Condition]:
    """Those that a kind can have."""
    if kind.name == SEED:
        return []
    return [condition for condition in CONDITIONS.values() if kind.packets or not condition.packets]


def guide(language: str = "en") -> list[tuple[str, str]]:
    """Every kind and every condition with what it does."""
    rows = [(kind.usage, kind.en, kind.zh) for kind in KINDS.values()]
    rows += [(condition.usage, condition.en, condition.zh) for condition in CONDITIONS.values()]
    rows.append((OPERATION, f"one of {', '.join(OPERATIONS)}", f"{', '.join(OPERATIONS)} 之一"))
    rows.append(
        (f"{COMMAND}, {URC}", "how it begins, in quotes if blanks are in it", "命令或 URC 的开头, 含空格时加引号")
    )
    return [(usage, zh if language.startswith("zh") else en) for usage, en, zh in rows]


class _Reader:
    def __init__(self, line: Sequence[Word]) -> None:
        self._words = list(reversed(line))

    def fault(self) -> Fault:
        kind, code = self._kind()
        fault = Fault(kind.name, code=code, times=int(kind.once))
        if self._words and self._words[-1].text.lower() in kind.ways:
            fault = replace(fault, way=self._words.pop().text.lower())
        if kind.time:
            fault = replace(fault, time=self._value(read_time, "a TIME must follow: 5s, 200ms, 2m"))
        if kind.number:
            fault = replace(fault, number=self._value(read_number, "a number must follow"))
        if kind.about and self._words and (self._words[-1].quoted or condition_of(self._words[-1].text) is None):
            fault = replace(fault, about=_subject(kind, self._words.pop()))
        fault = self._conditions(kind, fault)
        if not fault.waits and (fault.times != 1 or fault.lasting):
            raise _Wrong(None, f"{kind.name} happens once: name a COMMAND, or leave times and for out")
        return fault

    def _kind(self) -> tuple[Kind, str]:
        """With its code."""
        first = self._take(f"say one of {', '.join(first_words())}")
        name = first.text.lower()
        if name in KINDS:
            return KINDS[name], ""
        following = second_words(name)
        if not following:
            raise _Wrong(first, _instead(name))
        hint = f"behind {name} stands one of {', '.join(following)}"
        second = self._take(hint)
        if f"{name} CODE" == CODE and _CODE.fullmatch(second.text):
            return KINDS[CODE], second.text
        if second.text.lower() not in following:
            raise _Wrong(second, hint)
        return KINDS[f"{name} {second.text.lower()}"], ""

    def _conditions(self, kind: Kind, fault: Fault) -> Fault:
        allowed = conditions(kind)
        taken: set[str] = set()
        while self._words:
            word = self._words.pop()
            condition = None if word.quoted else condition_of(word.text)
            if condition is None or condition not in allowed:
                ways = () if fault.way or taken else kind.ways
                usages = ", ".join([*ways, *(one.usage for one in allowed)])
                raise _Wrong(word, f"here can stand {usages}" if usages else "nothing can stand here")
            if taken & {condition.name, *condition.excludes}:
                raise _Wrong(word, "how it acts has been said already")
            taken.add(condition.name)
            fault = self._with(condition, word, fault)
        return fault

    def _with(self, condition: Condition, word: Word, fault: Fault) -> Fault:
        text = word.text.replace(condition.name, "", 1)
        if condition.value:
            word = self._take(f"behind {condition.name} stands {condition.value}")
            text = word.text
        return _read(lambda: condition.apply(fault, text), word)

    def _value(self, read: Callable[[str], T], hint: str) -> T:
        word = self._take(hint)
        return _read(lambda: read(word.text), word)

    def _take(self, hint: str) -> Word:
        if not self._words:
            raise _Wrong(None, hint)
        return self._words.pop()


def _read(read: Callable[[], T], word: Word) -> T:
    try:
        return read()
    except Unreadable as unreadable:
        raise _Wrong(word, str(unreadable)) from None


def _subject(kind: Kind, word: Word) -> str:
    if not word.text.strip() or not word.text.isprintable():
        raise _Wrong(word, f"a {kind.about} can be read")
    if kind.about == OPERATION and word.text.lower() not in OPERATIONS:
        raise _Wrong(word, f"say one of {', '.join(OPERATIONS)}, or nothing for all of them")
    return word.text.lower() if kind.about == OPERATION else word.text


def _instead(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, first_words(), n=1)
    return f"did you mean {near[0]}?" if near else f"say one of {', '.join(first_words())}"
