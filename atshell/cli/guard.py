"""What ends a subcommand early: errors to one line and an exit status."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from atshell.errors import AtshellError
from atshell.styled import visible

USAGE_ERROR = 2
INTERRUPTED = 130


def guarded(body: Callable[[], int]) -> int:
    """Run ``body``; returns the exit status."""
    try:
        return body()
    except AtshellError as error:
        print(f"atshell: {visible(str(error))}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (``| head``). Standard output is pointed elsewhere, so that closing it is quiet too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE if hasattr(signal, "SIGPIPE") else 1
