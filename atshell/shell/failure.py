"""Errors as results."""

from __future__ import annotations

import os

from atshell.errors import AtshellError
from atshell.shell.result import Result
from atshell.styled import Fragments


def fault(error: Exception) -> AtshellError:
    """An error that nobody expected, with the place it comes from."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""
    return AtshellError(f"a fault in atshell or a plugin: {type(error).__name__}: {error}{where}", "please report it")


def failure(error: Exception) -> Result:
    """What went wrong and what to do, as a result."""
    told = error if isinstance(error, AtshellError) else fault(error)
    fragments: Fragments = [("error", told.what)]
    if told.hint:
        fragments.append(("dim", f": {told.hint}"))
    return Result(fragments, "error", {"error": told.what, "hint": told.hint})
