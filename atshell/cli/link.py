"""``LINK``: which module to talk to, for every subcommand that talks to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

BAUD = 115200


def add_link_arguments(parser: argparse.ArgumentParser) -> None:
    """``--port`` (with ``--baud``), ``--emulator``, ``--replay``: one of them, or none for the emulated MN316."""
    group = parser.add_argument_group("link", "which module to talk to; without one, an emulated MN316")
    one = group.add_mutually_exclusive_group()
    one.add_argument("--port", metavar="DEVICE", help="serial port, or socket://HOST:PORT, or rfc2217://HOST:PORT")
    one.add_argument("--emulator", metavar="MODEL", help="emulate this model ('atshell models' lists them)")
    one.add_argument("--replay", metavar="TRANSCRIPT", help="answer as the module did in a transcript")
    group.add_argument("--baud", type=_baud, default=BAUD, help=f"speed of the serial port (default: {BAUD})")


def _baud(text: str) -> int:
    from argparse import ArgumentTypeError

    if not text.isdecimal() or not 0 < int(text) <= 10_000_000:
        raise ArgumentTypeError(f"{text!r} is no speed such as 9600 or 115200")
    return int(text)
