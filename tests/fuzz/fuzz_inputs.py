"""Hostile inputs without end, the same for the same seed: real samples, a little or badly broken.

Most inputs are a sample with one to four changes, for a decoder's depths are behind headers that chance alone never
writes; one of ten is noise.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

EDGES = (0, 1, 2, 7, 8, 11, 12, 13, 14, 15, 31, 32, 63, 64, 127, 128, 254, 255)
WIDE = (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
LONGEST = 4096
"""Bytes; larger ones are the business of ``test_growth``."""

Change = Callable[[random.Random, bytes, Sequence[bytes], Sequence[bytes]], bytes]
"""Of a text, with samples to borrow from and words that mean something in it."""


def inputs(samples: Sequence[bytes], words: Sequence[bytes], seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    while True:
        if chance.random() < 0.1:
            yield chance.randbytes(chance.randrange(64))
            continue
        data = chance.choice(samples)
        for _ in range(chance.choice((1, 1, 2, 3, 4))):
            data = chance.choice(CHANGES)(chance, data, samples, words)
        yield data[:LONGEST]


def _place(chance: random.Random, data: bytes) -> int:
    """Headers stand in front: one of three changes is there."""
    near = min(len(data), 16) if chance.random() < 0.33 else len(data)
    return chance.randrange(near + 1)


def _slice(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = _place(chance, data)
    return start, min(len(data), start + chance.choice((1, 1, 2, 3, 4, 8, 16, 64)))


def _bit(chance: random.Random, data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    at = _place(chance, data)
    return data[:at] + bytes(one ^ 1 << chance.randrange(8) for one in data[at : at + 1]) + data[at + 1 :]


def _byte(chance: random.Random, data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    at = _place(chance, data)
    return data[:at] + bytes([chance.choice(EDGES)]) + data[at + 1 :]


def _number(chance: random.Random, data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    at, width = _place(chance, data), chance.choice((2, 3, 4, 8))
    number = chance.choice(WIDE) & (1 << 8 * width) - 1
    return data[:at] + number.to_bytes(width, chance.choice(("big", "little"))) + data[at + width :]


def _without(chance: random.Random, data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, data)
    return data[:start] + data[end:]


def _cut(chance: random.Random, data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    return data[: _place(chance, data)]


def _again(chance: random.Random, data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 5, 40)) + data[end:]


def _noise(chance: random.Random, data: bytes, _samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    at = _place(chance, data)
    return data[:at] + chance.randbytes(chance.choice((1, 2, 4, 16))) + data[at:]


def _spliced(chance: random.Random, data: bytes, samples: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    other = chance.choice(samples)
    return data[: _place(chance, data)] + other[_place(chance, other) :]


def _word(chance: random.Random, data: bytes, _samples: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, data)
    return data[:start] + chance.choice(words or (b"\0",)) + data[chance.choice((start, end)) :]


CHANGES: tuple[Change, ...] = (_bit, _byte, _number, _without, _cut, _again, _noise, _spliced, _word, _word)
