"""Talk to a module: AT commands with completion, explanations, and the traffic beside them.

Without a terminal on standard input, lines are read from it and their results written plainly:
    echo 'AT+CSQ' | atshell
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from atshell.cli.output import add_output_arguments, language, wants_color

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from atshell.shell.options import ShellOptions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from atshell.cli.link import add_link_arguments
    from atshell.cli.objects import add_objects_argument

    add_link_arguments(parser)
    parser.add_argument("--model", default="", help="the module's model, where it is not asked or not emulated so")
    parser.add_argument("--firmware", default="", metavar="V", help="its firmware, which some facts depend on")
    recording = parser.add_mutually_exclusive_group()
    recording.add_argument("--record", metavar="FILE", help="where to record (default: a state directory)")
    recording.add_argument("--no-record", action="store_true", help="record nothing")
    parser.add_argument("--capture", metavar="FILE", help="keep the emulated network's traffic in a pcap file")
    add_objects_argument(parser)
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from atshell.cli.objects import know_objects

    know_objects(arguments)
    return _run(options_of(arguments), color=wants_color(arguments, sys.stdout))


def _run(options: ShellOptions, *, color: bool) -> int:
    # Imports make many objects that stay: collecting among them costs a tenth of the time to the prompt.
    gc.disable()
    if sys.stdin.isatty() and sys.stdout.isatty():
        from atshell.repl import toolkit

        toolkit.defer()
        from atshell.repl import app

        return app.run(options, color=color)
    gc.enable()
    from atshell.repl import batch

    return batch.run(options, color=color)


def options_of(arguments: argparse.Namespace) -> ShellOptions:
    from atshell.shell.options import ShellOptions

    return ShellOptions(
        port=arguments.port,
        baud=arguments.baud,
        emulator=arguments.emulator,
        replay=_path(arguments.replay),
        model=arguments.model,
        firmware=arguments.firmware,
        language=language(arguments),
        record=_path(arguments.record),
        no_record=arguments.no_record,
        capture=_path(arguments.capture),
    )


def _path(name: str | None) -> Path | None:
    if name is None:
        return None
    from pathlib import Path  # not on the way to a default prompt

    return Path(name)


def run_default() -> int:
    """``atshell`` alone."""
    from types import SimpleNamespace

    from atshell.shell.options import ShellOptions

    return _run(ShellOptions(language=language(SimpleNamespace())), color=wants_color(SimpleNamespace(), sys.stdout))
