"""One format under many inputs: what may come of an input, and what may not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PATIENCE = 2.0
"""Seconds of CPU for an input of a few thousand bytes. A good one takes less than a thousandth of it."""
FLOOR, FACTOR = 20_000, 150
"""What comes out may be so much longer than what went in: a record of two bytes has a path and a name. What grows with
the square of the input does not fit."""


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    samples: Callable[[], list[bytes]]
    run: Callable[[bytes], int]
    """Gives the length of what came out."""
    raises: tuple[type[Exception], ...] = ()
    """The one declared error."""
    words: tuple[bytes, ...] = ()
    """What has a meaning in the format."""
    grows: tuple[bytes, ...] = ()
    """What to repeat without end: ``head|piece|tail`` (see ``test_growth``)."""
    share: int = 1
    """Only one of so many inputs in every test run: of what takes long."""


class Fault(AssertionError):
    """An input that did what none may do."""


def trial(format_: Format, data: bytes) -> None:
    """Raises Fault."""
    begin = time.thread_time()
    try:
        size = format_.run(data)
    except format_.raises:
        size = 0
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise Fault(f"{format_.name}: {type(error).__name__}: {error}: {shown(data)}") from error
    taken = time.thread_time() - begin
    if taken > PATIENCE:
        raise Fault(f"{format_.name}: {taken:.1f} s for {len(data)} bytes: {shown(data)}")
    if size > FLOOR + FACTOR * len(data):
        raise Fault(f"{format_.name}: {size} bytes out of {len(data)}: {shown(data)}")


def shown(data: bytes) -> str:
    """To be pasted into a test."""
    return f"bytes.fromhex({data[:2000].hex()!r})"


def trials(format_: Format, inputs: Iterable[bytes]) -> None:
    for data in inputs:
        trial(format_, data)
