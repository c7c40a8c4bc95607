"""When a fault acts: on a share of its occasions, on one of them, on some packets, from one moment to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from atshell.emulator.faults.fault import Fault
from atshell.emulator.faults.values import read_bytes, read_count, read_number, read_share, read_time


@dataclass(frozen=True, slots=True)
class Condition:
    """``name`` is the word that begins it, or the sign that a word of it has."""

    name: str
    usage: str
    apply: Callable[[Fault, str], Fault]
    """Raises Unreadable for a text that is no such value."""
    en: str
    zh: str
    packets: bool = False
    """Of packets alone."""
    excludes: tuple[str, ...] = ()
    """Other conditions, which say the same thing otherwise."""

    @property
    def value(self) -> str:
        """What stands behind ``name`` as a word of its own."""
        return self.usage.partition(" ")[2]


CONDITIONS: Mapping[str, Condition] = {
    condition.name: condition
    for condition in (
        Condition(
            "%",
            "N%",
            lambda fault, text: replace(fault, share=read_share(text)),
            "a share of them, by chance",
            "按概率取一部分",
            excludes=("#",),
        ),
        Condition(
            "#",
            "#N",
            lambda fault, text: replace(fault, nth=read_count(text)),
            "the Nth alone",
            "仅第 N 个",
            excludes=("%", "once", "times"),
        ),
        Condition(
            "with",
            "with BYTES",
            lambda fault, text: replace(fault, holding=read_bytes(text)),
            "packets that hold this text, or 0x and hexadecimal digits",
            "含此文本或 0x 十六进制字节的包",
            packets=True,
        ),
        Condition(
            "over",
            "over N",
            lambda fault, text: replace(fault, over=read_number(text)),
            "packets of more than N bytes",
            "超过 N 字节的包",
            packets=True,
        ),
        Condition(
            "after",
            "after TIME",
            lambda fault, text: replace(fault, after=read_time(text)),
            "from then on: 200ms, 5s, 2m, 1h",
            "此时间之后: 200ms, 5s, 2m, 1h",
        ),
        Condition(
            "for",
            "for TIME",
            lambda fault, text: replace(fault, lasting=read_time(text)),
            "no longer than that",
            "最长持续时间",
        ),
        Condition(
            "once",
            "once",
            lambda fault, text: replace(fault, times=1),
            "one time",
            "仅一次",
            excludes=("#", "times"),
        ),
        Condition(
            "times",
            "times N",
            lambda fault, text: replace(fault, times=read_count(text)),
            "N times",
            "N 次",
            excludes=("#", "once"),
        ),
    )
}


def condition_of(word: str) -> Condition | None:
    """Which one a word begins."""
    lower = word.lower()
    if lower.startswith("#"):
        return CONDITIONS["#"]
    if lower.endswith("%"):
        return CONDITIONS["%"]
    return CONDITIONS.get(lower)
