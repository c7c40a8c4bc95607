"""prompt-toolkit without what a first prompt does not need.

The packages ``prompt_toolkit`` and ``prompt_toolkit.shortcuts`` import dialogs and progress bars before a submodule
gets its turn, and ``wcwidth`` imports its tables and OpenSSL for text that a first prompt does not have. ``defer``
puts the three into ``sys.modules`` with no more than their path (and a width for plain characters), so that
submodules can be imported; ``complete`` runs their own code once the prompt stands, and from then on nothing is
different. That is a seventh of the time to the prompt. Where a release of these packages does not agree to it,
they are imported as always.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType

TOOLKIT = "prompt_toolkit"
WIDTHS = "wcwidth"
PACKAGES = (WIDTHS, TOOLKIT, f"{TOOLKIT}.shortcuts")
MARK = "▸"

_waiting: list[ModuleType] = []
_lock = RLock()


def defer() -> None:
    """To be called before anything of prompt-toolkit is imported; otherwise it does nothing."""
    if TOOLKIT in sys.modules or WIDTHS in sys.modules:
        return
    try:
        for name in PACKAGES:
            _stand_in(name)
        # The package's own order: its submodules import one another in circles.
        import_module(f"{TOOLKIT}.application")
    except (ImportError, AttributeError):
        _waiting.clear()
        for name in [name for name in sys.modules if name.partition(".")[0] in (TOOLKIT, WIDTHS)]:
            del sys.modules[name]


def complete() -> None:
    """Run what was deferred, the innermost first, for the others import from it."""
    with _lock:
        while _waiting:
            module = _waiting.pop()
            if module.__name__ == WIDTHS:
                del module.__dict__[WIDTHS]  # its own code tells by the name whether it runs for the first time
            if module.__spec__ is not None and module.__spec__.loader is not None:
                module.__spec__.loader.exec_module(module)
            if module.__name__ == WIDTHS:
                sys.modules[f"{TOOLKIT}.utils"].__dict__[WIDTHS] = module.__dict__[WIDTHS]


def _stand_in(name: str) -> None:
    spec = find_spec(name)
    if spec is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    if name == WIDTHS:
        module.__dict__[WIDTHS] = _width
    sys.modules[name] = module
    _waiting.append(module)


def _width(char: str) -> int:
    """Columns of a character: one of a plain one, else what the package says."""
    if " " <= char <= "~" or char == MARK:
        return 1
    complete()
    width: int = sys.modules[WIDTHS].__dict__[WIDTHS](char)
    return width
