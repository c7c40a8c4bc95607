"""Time to a usable prompt, over a pseudo-terminal, pair by pair with ptpython: ``python tests/benchmarks/startup.py``.

Both programs are started in turn, so that whatever else the machine does falls on both alike; what counts is the
median of the pairs' ratios. A prompt is there when its text is, and usable when a character typed then is echoed.
The targets: half of ptpython's time to the prompt, and ``atshell --version`` within 30 ms of an empty Python.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pexpect

BIN = Path(sys.executable).parent
PAIRS = 15
KEY = "z"


def time_to_prompt(command: Sequence[str], prompt: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until the prompt is on the screen, and until a typed character is."""
    start = time.perf_counter()
    child = pexpect.spawn(
        command[0], list(command[1:]), dimensions=(24, 100), timeout=30, encoding="utf-8", env=environment
    )
    child.delaybeforesend = None
    child.expect_exact(prompt)
    shown = time.perf_counter() - start
    child.send(KEY)
    child.expect_exact(KEY)
    usable = time.perf_counter() - start
    child.close(force=True)
    return shown, usable


def time_to_end(command: Sequence[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def report(name: str, ours: Sequence[float], theirs: Sequence[float], other: str) -> float:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"{name:<24} atshell {statistics.median(ours) * 1000:6.1f} ms"
        f"   {other} {statistics.median(theirs) * 1000:6.1f} ms   ratio {ratio:.3f}"
    )
    return ratio


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory() as home:
        # With compiled modules, as an installed program has them: both programs write theirs in the first pair.
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": f"{home}/pycache",
            "TERM": "xterm-256color",
            "HOME": home,
            "XDG_STATE_HOME": f"{home}/state",
            "TMPDIR": home,
        }
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        for _ in range(pairs + 1):
            ours.append(time_to_prompt([str(BIN / "atshell")], "▸", environment))
            theirs.append(time_to_prompt([str(BIN / "ptpython")], ">>>", environment))
        version, empty = [], []
        for _ in range(pairs + 1):
            version.append(time_to_end([str(BIN / "atshell"), "--version"], environment))
            empty.append(time_to_end([sys.executable, "-c", "pass"], environment))
    for index, name in enumerate(("prompt on the screen", "first character echoed")):
        report(name, [pair[index] for pair in ours[1:]], [pair[index] for pair in theirs[1:]], "ptpython")
    report("--version", version[1:], empty[1:], "python -c pass")


if __name__ == "__main__":
    main()
