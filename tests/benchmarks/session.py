"""How long a keystroke takes in a long session: ``python tests/benchmarks/session.py``.

Completion, signature and check over prefixes of every line of every manual, for every model, with what a session of
10,000 happenings knows.

The target: 5 ms at the 99th percentile for each of the three.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

from atshell.assist.check import check
from atshell.assist.complete import complete
from atshell.assist.explain import signature
from atshell.assist.situation import Situation
from atshell.at.reply import parse_final, parse_information
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.session.exchange import Exchange, Happening, Unsolicited

TARGET = 5.0
"""Milliseconds"""
STEP = 3
"""Every third prefix: more would only take longer."""


def example_lines() -> list[str]:
    found: dict[str, None] = {}
    for manual in host().catalog.manuals:
        examples = [one for command in manual.commands for one in command.examples]
        examples += [one for topic in manual.topics for one in topic.examples]
        for example in examples:
            found |= dict.fromkeys((*example.send, *example.receive))
    return list(found)


def session(count: int) -> list[Happening]:
    lines = ['AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1', 'AT+MIPLADDOBJ=0,3200,1,"1",0,1', "AT+MIPLOPEN=0,300"]
    lines += [f'AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"ab{n}",0,0,{n}' for n in range(count // 2)]
    found: list[Happening] = []
    for number, line in enumerate(lines):
        answer = (parse_information("+MIPLCREATEEX: 0"),) if "CREATEEX" in line else ()
        found.append(Exchange(line, float(number), number + 0.1, answer, parse_final("OK")))
        found.append(Unsolicited(number + 0.2, parse_information(f"+MIPLREAD: 0,{number},3200,0,5750")))
    return found


def keystrokes(models: list[str]) -> Iterator[tuple[Profile, str]]:
    lines = example_lines()
    for model in models:
        for line in lines:
            for end in range(0, len(line) + 1, STEP):
                yield Profile(model), line[:end]


def report(name: str, milliseconds: list[float]) -> float:
    milliseconds.sort()
    p50, p99 = (milliseconds[int(len(milliseconds) * share)] for share in (0.5, 0.99))
    print(f"{name:<24} p50 {p50:6.3f} ms   p99 {p99:6.3f} ms   max {milliseconds[-1]:7.3f} ms   {len(milliseconds)}")
    return p99


def measured(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def main() -> int:
    catalog = host().catalog
    models = ["", *(model.model for model in catalog.models())]
    happenings = session(10_000)
    first = measured(lambda: host().situation(happenings, Profile("MN316")))
    happenings.append(Unsolicited(9e9, parse_information("+MIPLEVENT: 0,6")))
    again = measured(lambda: host().situation(happenings, Profile("MN316")))
    print(f"situation of {len(happenings)} happenings: {first:.1f} ms, after one more {again:.3f} ms")
    situations: dict[str, Situation] = {model: host().situation(happenings, Profile(model)) for model in models}
    for model in models:  # a model's view is made at its first question
        complete(catalog, Profile(model), "AT", 2)
    taken: dict[str, list[float]] = {"complete": [], "signature": [], "check": []}
    for profile, line in keystrokes(models):
        known = situations[profile.model]
        taken["complete"].append(measured(lambda: complete(catalog, profile, line, len(line), known)))  # noqa: B023
        taken["signature"].append(measured(lambda: signature(catalog, profile, line, len(line))))  # noqa: B023
        taken["check"].append(measured(lambda: check(catalog, profile, line, known, 0.0)))  # noqa: B023
    worst = max([report(name, times) for name, times in taken.items()])
    return int(worst > TARGET or again > TARGET)


if __name__ == "__main__":
    sys.exit(main())
