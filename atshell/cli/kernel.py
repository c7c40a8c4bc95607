"""Install or remove the Jupyter kernel."""

from __future__ import annotations

import argparse
import sys

from atshell.errors import AtshellError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("install", "uninstall"))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="for this user (the default)")
    where.add_argument("--sys-prefix", action="store_true", help="in the environment that atshell is installed in")
    where.add_argument("--prefix", metavar="P", help="below the folder P")


def run(arguments: argparse.Namespace) -> int:
    try:
        from atshell.kernel import kernelspec
    except ModuleNotFoundError as error:
        hint = "install it with: pip install 'atshell[jupyter]'"
        raise AtshellError(f"the Jupyter kernel needs {error.name}", hint) from error
    prefix = sys.prefix if arguments.sys_prefix else arguments.prefix
    user = prefix is None
    act = kernelspec.install if arguments.action == "install" else kernelspec.uninstall
    place = act(user=user, prefix=prefix)
    print(f"{'installed in' if arguments.action == 'install' else 'removed from'} {place}")
    return 0
