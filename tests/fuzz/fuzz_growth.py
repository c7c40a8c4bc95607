"""How the work grows with an input: ten times the same piece, then forty times."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from fuzz_run import FACTOR, FLOOR, Fault, Format

SIZE = 60_000
"""Bytes of the longer input; no datagram has more."""
TIMES = 4
FREE = 0.4
"""Seconds of CPU that a long input may take, however it grows."""
MOST = 2.5
"""Times what is linear: between it and the square, with room for a busy machine."""


@dataclass(frozen=True, slots=True)
class Shape:
    """``head`` and ``tail`` once, ``piece`` as often as it takes."""

    piece: bytes
    head: bytes = b""
    tail: bytes = b""

    def __str__(self) -> str:
        return f"{self.head[-20:]!r} + N * {self.piece[:20]!r} + {self.tail[:20]!r}"

    def of(self, size: int) -> bytes:
        return self.head + self.piece * (size // len(self.piece)) + self.tail


def grown(format_: Format, shape: Shape, size: int = SIZE) -> None:
    """Raises Fault when the work, or what comes out, grows faster than what goes in."""
    taken, out = _cost(format_, shape.of(size))
    if out > FLOOR + FACTOR * size:
        raise Fault(f"{format_.name}: {shape}: {out} bytes out of {size}")
    if taken < FREE:
        return
    shorter = max(_cost(format_, shape.of(size // TIMES))[0] for _ in range(2))
    if taken > TIMES * MOST * shorter:
        raise Fault(f"{format_.name}: {shape}: {shorter:.3f} s for {size // TIMES} bytes, {taken:.3f} s for {size}")


def _cost(format_: Format, data: bytes) -> tuple[float, int]:
    """Without the garbage collector, whose work grows as it likes."""
    gc.disable()
    begin, size = time.thread_time(), 0
    try:
        size = format_.run(data)
    except format_.raises:
        pass
    finally:
        gc.enable()
    return time.thread_time() - begin, size


def shapes(samples: list[bytes], words: tuple[bytes, ...], seed: int) -> Iterator[Shape]:
    """A piece of a sample, or of what means something, again and again in its place."""
    chance = random.Random(seed)
    while True:
        data = chance.choice(samples)
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 1, 2, 3, 5, 9, 17, 40)))
        piece = data[start:end]
        if chance.random() < 0.5:
            piece = b"".join(chance.choices((*words, b"\0", b" "), k=chance.randrange(1, 4)))
        if piece:
            yield Shape(piece, data[:end], chance.choice((data[end:], b"", b"\0", b"x", b"\xff")))
