"""The command line: one module a subcommand, each imported only when it is called.

A subcommand's module has ``add_arguments(parser)`` and ``run(arguments) -> int``. What a user can mend is raised as
AtshellError and becomes one line and exit status 2.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

# name -> one line of help; the module is atshell.cli.<name>
SUBCOMMANDS: dict[str, str] = {
    "shell": "talk to a module (the default)",
    "emulate": "an emulated module as a pseudo-terminal or TCP port",
    "platform": "an IoT platform for modules to register with",
    "decode": "read CoAP and LwM2M from captures or pasted payloads",
    "correlate": "put a transcript and captures side by side",
    "doc": "what the manuals say about a command or error code",
    "models": "every model that is known",
    "kernel": "install or remove the Jupyter kernel",
    "demo": "the whole chain on an emulated module, unattended",
}


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"]):
        from atshell import __version__

        print(f"atshell {__version__}")
        return 0
    if not arguments:
        # The way to the default prompt, without argparse.
        from atshell.cli import shell
        from atshell.cli.guard import guarded

        return guarded(shell.run_default)
    from atshell.cli import entry

    return entry.run(arguments)
