"""``--psk`` and ``--keylog``: the secrets that decode and correlate open DTLS with."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_key_arguments(parser: argparse.ArgumentParser) -> None:
    """They are taken as they are: whoever reads them says what is wrong, without showing a key."""
    parser.add_argument(
        "--psk",
        metavar="IDENTITY:KEY",
        action="append",
        default=[],
        help="a pre-shared key to open DTLS with, text or 0xHEX; identity * for any; may be given again",
    )
    parser.add_argument(
        "--keylog",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a key log file (SSLKEYLOGFILE) to open DTLS with; may be given again",
    )
