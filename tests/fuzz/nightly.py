"""A million inputs a format, from another seed each night.

    python tests/fuzz/nightly.py --inputs 1000000
    python tests/fuzz/nightly.py --inputs 50000 --format tlv --format pcapng --seed 20261121
    python tests/fuzz/nightly.py --atheris --format cbor

Prints a line a format. What is found is written to ``--found`` (a folder), each input to a file of its own, to be given
back with ``--again FILE --format NAME``; and the exit status is 1. ``--jobs`` runs formats side by side. ``--atheris``
lets atheris guide the inputs by what code they reach (``pip install atheris``; one format at a time).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from fuzz_formats import FORMATS
from fuzz_growth import grown, shapes
from fuzz_inputs import inputs
from fuzz_run import Fault, Format, trial

BY_NAME = {one.name: one for one in FORMATS}
MAX_FAULTS = 20
"""Of a format; further ones are most often the same."""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    names = asked.format or list(BY_NAME)
    if asked.again is not None:
        trial(BY_NAME[names[0]], asked.again.read_bytes())
        return 0
    if asked.atheris:
        return _guided(BY_NAME[names[0]], asked.inputs)
    count = len(names)
    columns = (names, [asked.inputs] * count, [asked.grow] * count, [asked.seed] * count, [asked.found] * count)
    if asked.jobs == 1:
        return int(sum(map(_night, *columns)) > 0)
    with ProcessPoolExecutor(asked.jobs) as pool:
        return int(sum(pool.map(_night, *columns)) > 0)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=1_000_000, help="for each format (default: a million)")
    parser.add_argument("--grow", type=int, default=200, help="shapes that are made long, for each format")
    parser.add_argument("--format", action="append", choices=list(BY_NAME), metavar="NAME", help="only this one")
    parser.add_argument("--seed", type=int, default=int(datetime.now(UTC).strftime("%Y%m%d")), help="default: the day")
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"), help="folder for what was found")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--again", type=Path, metavar="FILE", help="one input that was found")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage; needs atheris")
    return parser.parse_args(arguments)


def _night(name: str, count: int, longer: int, seed: int, found: Path) -> int:
    """How many faults one format has."""
    one, begin, faults = BY_NAME[name], time.monotonic(), 0
    tried = 0
    for data in islice(inputs(one.samples(), one.words, seed), count):
        tried += 1
        try:
            trial(one, data)
        except Fault as fault:
            faults += 1
            _keep(found, name, data, fault)
            if faults == MAX_FAULTS:
                break
    for shape in islice(shapes(one.samples(), one.words, seed), longer):
        try:
            grown(one, shape)
        except Exception as error:  # whatever it is, it is told, and the night goes on
            faults += 1
            print(f"{name}: {shape}: {error!r}"[:500], file=sys.stderr)
    print(f"{name:20} {tried:9} inputs {time.monotonic() - begin:8.1f} s  {faults or 'no'} faults", flush=True)
    return faults


def _keep(folder: Path, name: str, data: bytes, fault: Fault) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    print(f"{str(fault)[:500]}\n  again: --format {name} --again {path}", file=sys.stderr)


def _guided(one: Format, count: int) -> int:
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: pip install atheris", file=sys.stderr)
        return 2
    one.samples()
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-runs={count}", "-max_len=4096"], lambda data: trial(one, data))
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
