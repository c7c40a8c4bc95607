"""The kernel specification: what Jupyter must know to start the kernel, and where it stands."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

from atshell.errors import AtshellError

NAME = "atshell"


def specification() -> dict[str, object]:
    """``kernel.json``: this very Python, so that virtual environments work; interrupts as messages."""
    return {
        "argv": [sys.executable, "-m", "atshell.kernel", "-f", "{connection_file}"],
        "display_name": "AT shell",
        "language": "at",
        "interrupt_mode": "message",
        "metadata": {"debugger": False},
    }


def install(*, user: bool = False, prefix: str | None = None) -> Path:
    """Install for the user, below ``prefix``, or for the whole system; returns the folder.

    Raises AtshellError when the place cannot be written."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(specification(), indent=1), encoding="utf-8")
        try:
            manager = KernelSpecManager()
            return Path(manager.install_kernel_spec(folder, NAME, user=user, prefix=prefix))
        except OSError as error:
            raise AtshellError(f"cannot install the kernel: {error}", "try --user or --sys-prefix") from error


def uninstall(*, user: bool = False, prefix: str | None = None) -> Path:
    """Remove what ``install`` with the same arguments made. Raises AtshellError when there is none."""
    manager = KernelSpecManager()
    if user or prefix is not None:
        home = manager.user_kernel_dir if user else str(Path(prefix or "", "share", "jupyter", "kernels"))
        manager.kernel_dirs = [home]
    if NAME not in manager.find_kernel_specs():
        raise AtshellError("the kernel is not installed", f"looked in {', '.join(manager.kernel_dirs)}")
    try:
        return Path(manager.remove_kernel_spec(NAME))
    except OSError as error:
        raise AtshellError(f"cannot remove the kernel: {error}", "ask who installed it") from error
