"""Arguments to a subcommand, errors to one line and an exit status."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from atshell import __version__
from atshell.cli import SUBCOMMANDS
from atshell.cli.guard import USAGE_ERROR, guarded
from atshell.styled import visible


class Parser(argparse.ArgumentParser):
    """One line on standard error says what and what to do."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(USAGE_ERROR, f"{self.prog}: {visible(message)}: see {self.prog} --help\n")


def run(arguments: Sequence[str]) -> int:
    """Run a subcommand; returns the exit status."""
    return guarded(lambda: _dispatch(list(arguments)))


def _dispatch(arguments: list[str]) -> int:
    if arguments and arguments[0] in ("-h", "--help"):
        _overview().print_help()
        return 0
    name = arguments[0] if arguments and arguments[0] in SUBCOMMANDS else None
    if name is None:
        if arguments and not arguments[0].startswith("-"):
            _overview().error(f"{arguments[0]!r} is no subcommand{_near(arguments[0])}")
        name, rest = "shell", arguments
    else:
        rest = arguments[1:]
    module = import_module(f"atshell.cli.{name}")
    parser = Parser(
        prog=f"atshell {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    status: int = module.run(parser.parse_args(rest))
    return status


def _overview() -> Parser:
    width = max(map(len, SUBCOMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {text}" for name, text in SUBCOMMANDS.items())
    parser = Parser(
        prog="atshell",
        usage="atshell [SUBCOMMAND] [ARGUMENTS]",
        description="An interactive AT shell and protocol analyzer for NB-IoT and LTE modules.",
        epilog=f"subcommands:\n{listing}\n\n'atshell SUBCOMMAND --help' tells more; 'atshell' alone opens the shell.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"atshell {__version__}")
    return parser


def _near(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, SUBCOMMANDS, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
