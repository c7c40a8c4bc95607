"""What every subcommand shares about showing: colour, language, warnings, writing to a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TextIO

from atshell.errors import AtshellError
from atshell.styled import Fragments, to_ansi, to_plain, visible

if TYPE_CHECKING:
    import argparse


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """``--color`` and ``--lang``."""
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colours (default: on a terminal)"
    )
    parser.add_argument("--lang", choices=("en", "zh"), help="language of manual texts (default: the locale's)")


def language(arguments: object) -> str:
    """``en`` or ``zh``: as asked for, else as the locale says."""
    asked: str | None = getattr(arguments, "lang", None)
    if asked:
        return asked
    import locale

    named = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "")
    return "zh" if (named or locale.getlocale()[0] or "").lower().startswith("zh") else "en"


def wants_color(arguments: object, stream: TextIO) -> bool:
    """``--color``, then NO_COLOR (https://no-color.org), then whether ``stream`` is a terminal that can."""
    asked = getattr(arguments, "color", "auto")
    if asked != "auto":
        return bool(asked == "always")
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write_lines(lines: Iterable[Fragments], arguments: argparse.Namespace, stream: TextIO | None = None) -> None:
    """Write lines of fragments, coloured where wanted, to ``stream`` (standard output)."""
    stream = sys.stdout if stream is None else stream
    render = to_ansi if wants_color(arguments, stream) else to_plain
    for line in lines:
        stream.write(render(line) + "\n")


def warn(text: str) -> None:
    """A warning on standard error."""
    print(f"atshell: warning: {visible(text)}", file=sys.stderr)


@contextmanager
def destination(path: str | None) -> Iterator[TextIO]:
    """The file that ``-o`` names, else standard output. Raises AtshellError when it cannot be written."""
    if path is None or path == "-":
        yield sys.stdout
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "w", encoding="utf-8", newline="\n"))
        except OSError as error:
            raise AtshellError(f"cannot write {path}: {error.strerror}", "name another file with -o") from error
        yield file
