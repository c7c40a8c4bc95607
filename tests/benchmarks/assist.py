"""How long completion and check take at a keystroke: ``python tests/benchmarks/assist.py [ROUNDS]``.

The lines are every example of every manual and every prefix of these, each for the model of its manual. Beside them
prompt-toolkit's WordCompleter completes the same lines from as many words as there are commands, in turn with ours.
The target: less than 5 ms at the 99th percentile for a line's completion and check together. Ends with 1 when it is
missed.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from prompt_toolkit.completion import CompleteEvent, WordCompleter
from prompt_toolkit.document import Document

from atshell.assist.check import check
from atshell.assist.complete import complete
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.host import host

ROUNDS = 5
TARGET = 5.0
"""Milliseconds at the 99th percentile."""
Line = tuple[Profile, str]


def lines(catalog: Catalog) -> list[Line]:
    """Every example and its prefixes, each once for a model."""
    found: dict[Line, None] = {}
    for manual in catalog.manuals:
        standard = Profile("MN316")
        for command in manual.commands:
            for example in command.examples:
                names = example.models or command.models or [model.model for model in manual.models]
                profile = Profile(names[0]) if names else standard
                for text in example.send:
                    found.update({(profile, text[:end]): None for end in range(len(text) + 1)})
    return list(found)


def best(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds; of several rounds the shortest, since what else the machine does makes one longer only."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def report(name: str, times: list[float]) -> None:
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    print(f"{name:<22} p50 {p50:7.3f} ms   p99 {p99:7.3f} ms   longest {max(times):7.3f} ms")


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    catalog = host().catalog
    everything = lines(catalog)
    words = [entry.command.command for entry in catalog.entries(Profile("MN316"))]
    completer, event = WordCompleter(words, ignore_case=True, sentence=True), CompleteEvent()
    for profile, line in everything:  # what is read once a session is read before
        complete(catalog, profile, line, len(line))
    completing: list[float] = []
    checking: list[float] = []
    theirs: list[float] = []
    for profile, line in everything:
        document = Document(line, len(line))
        completing.append(best(lambda: complete(catalog, profile, line, len(line)), rounds))  # noqa: B023
        checking.append(best(lambda: check(catalog, profile, line), rounds))  # noqa: B023
        theirs.append(best(lambda: list(completer.get_completions(document, event)), rounds))  # noqa: B023
    ours = [one + other for one, other in zip(completing, checking, strict=True)]
    print(f"{len(everything)} lines, {len(words)} commands, {rounds} rounds")
    report("complete", completing)
    report("check", checking)
    report("complete and check", ours)
    report(f"WordCompleter, {len(words)}", theirs)
    print(f"ratio of the medians   {statistics.median(ours) / statistics.median(theirs):7.2f}")
    print(f"ratio at p99           {percentile(ours, 0.99) / percentile(theirs, 0.99):7.2f}")
    return 0 if percentile(ours, 0.99) < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
