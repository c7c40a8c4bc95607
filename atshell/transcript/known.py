"""Whether a file is a transcript, without what it takes to read one."""

from __future__ import annotations

from pathlib import Path

FORMAT = "atshell-transcript"
_LOOKED_AT = 4096
"""Bytes; the header has less."""


def is_transcript(path: Path) -> bool:
    """By its header, or by its name. Only files are looked into: what a pipe gives can be read but once."""
    if path.name.endswith(".at.jsonl"):
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT).removeprefix(b"\xef\xbb\xbf")
    except OSError:
        return False
    return start.lstrip()[:1] == b"{" and FORMAT.encode() in start.partition(b"\n")[0]
