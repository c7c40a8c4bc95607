"""Block-wise transfer as a server (RFC 7959): bodies that arrive in blocks, bodies that leave in blocks.

Both halves keep a bounded number of bodies of a bounded size, the oldest go first: a stranger who begins transfers and
never ends them costs a fixed amount of memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

Block = tuple[int, bool, int]
"""Number, more, size exponent: the size is ``2 ** (exponent + 4)``."""

LARGEST = 6
"""The exponent of 1024 bytes, which LwM2M clients take at most in one message."""
MAX_BODY = 65536
MAX_BODIES = 16


@dataclass(frozen=True, slots=True)
class Refused:
    """What to answer instead of going on: 2.31 is the friendly one."""

    code: str


def size_of(block: Block) -> int:
    return int(1 << (min(block[2], LARGEST) + 4))


class Arriving:
    """Block1: collects requests' bodies."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[Hashable, bytearray] = OrderedDict()

    def feed(self, key: Hashable, block: Block, payload: bytes) -> bytes | Refused:
        number, more, _ = block
        if number == 0:
            self._bodies[key] = bytearray()
            self._bodies.move_to_end(key)
        body = self._bodies.get(key)
        if body is None or len(body) != number * size_of(block):
            self._bodies.pop(key, None)
            return Refused("4.08")
        if len(body) + len(payload) > MAX_BODY:
            del self._bodies[key]
            return Refused("4.13")
        body += payload
        while len(self._bodies) > MAX_BODIES:
            self._bodies.popitem(last=False)
        if more:
            return Refused("2.31") if len(payload) == size_of(block) else Refused("4.00")
        del self._bodies[key]
        return bytes(body)


class Leaving:
    """Block2: keeps what did not fit into one message for the requests that fetch the rest."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[Hashable, tuple[str, int | None, bytes]] = OrderedDict()

    def keep(self, key: Hashable, code: str, content_format: int | None, body: bytes) -> None:
        self._bodies[key] = (code, content_format, body)
        self._bodies.move_to_end(key)
        while len(self._bodies) > MAX_BODIES:
            self._bodies.popitem(last=False)

    def get(self, key: Hashable) -> tuple[str, int | None, bytes] | None:
        """Code, content format and the whole body."""
        return self._bodies.get(key)


def cut(body: bytes, asked: Block | None) -> tuple[bytes, Block] | None:
    """The part of the body that answers ``asked``; None when the whole goes into one message."""
    if asked is None and len(body) <= 1 << (LARGEST + 4):
        return None
    number, _, exponent = asked or (0, False, LARGEST)
    block = (number, False, min(exponent, LARGEST))
    start = number * size_of(block)
    part = body[start : start + size_of(block)]
    if number == 0 and len(part) == len(body):
        return None
    return part, (number, start + len(part) < len(body), block[2])
