"""Segments of a connection on paper."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

SYN, ACK = 2, 16


class Wire:
    """Both directions of a connection; each piece becomes a segment with its head."""

    def __init__(self) -> None:
        self._sent = {">": 2**32 - 5, "<": 1000}

    def open(self) -> list[tuple[str, bytes]]:
        found = [(where, self._segment(where, SYN, b"")) for where in "><"]
        for where in "><":
            self._sent[where] += 1
        return found

    def say(self, where: str, data: bytes) -> tuple[str, bytes]:
        segment = self._segment(where, ACK, data)
        self._sent[where] += len(data)
        return where, segment

    def _segment(self, where: str, flags: int, data: bytes) -> bytes:
        other = "<" if where == ">" else ">"
        return struct.pack(">IIB", self._sent[where] % 2**32, self._sent[other] % 2**32, flags) + data


@pytest.fixture
def wire() -> Callable[[], Wire]:
    return Wire
