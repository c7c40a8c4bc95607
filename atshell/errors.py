"""The one error that reaches a user.

Everything that a user can mend (a file that is not there, a port that is taken, an unknown model) is raised as
AtshellError: what happened, and what to do. The front doors show it as one line; the command line ends with 2.
"""

from __future__ import annotations


class AtshellError(Exception):
    """What happened, and what to do about it.

    ``what`` and ``hint`` are phrases without a full stop; the text is ``what: hint`` when there is a hint.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(f"{what}: {hint}" if hint else what)
        self.what = what
        self.hint = hint
