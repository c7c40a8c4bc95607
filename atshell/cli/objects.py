"""``--objects``: what the user knows of LwM2M objects that the registry does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_objects_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--objects",
        metavar="FILE",
        action="append",
        default=[],
        help="your own LwM2M objects, as XML of the OMA registry's form or as TOML; may be given again",
    )


def know_objects(arguments: argparse.Namespace) -> None:
    """Before anything is decoded. Raises AtshellError."""
    if arguments.objects:
        from pathlib import Path

        from atshell.host import host

        host().analyzer.know_objects([Path(name) for name in arguments.objects])
