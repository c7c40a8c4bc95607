"""Lines and results as bytes, in the form that ATV, S3 and S4 ask for (V.250 6.2.1, 6.2.2, 6.2.6)."""

from __future__ import annotations

from collections.abc import Mapping

TERMINATOR, FORMATTER = 3, 4
NUMERIC = {"OK": b"0", "ERROR": b"4"}
"""Result codes under ATV0 (V.250 table 1)."""


def framed(line: str, registers: Mapping[int, int], *, verbose: bool) -> bytes:
    """An information line, URC or result in words. A line stays one line whatever it carries: a line ending in it is
    written as a string constant's escape (V.250 5.4.2.2)."""
    end = bytes((registers[TERMINATOR], registers[FORMATTER]))
    text = _encoded(line.replace("\r", "\\0D").replace("\n", "\\0A"))
    return end + text + end if verbose else text + end


def final(result: str, registers: Mapping[int, int], *, verbose: bool) -> bytes:
    """A final result; only those that have a number get one under ATV0."""
    if verbose or result not in NUMERIC:
        return framed(result, registers, verbose=verbose)
    return NUMERIC[result] + bytes((registers[TERMINATOR],))


def _encoded(text: str) -> bytes:
    """UTF-8, with bytes that came in as something else going out as they came."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
