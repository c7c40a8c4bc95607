"""atshell: an interactive AT shell and protocol analyzer for NB-IoT and LTE modules.

The names below are the Python interface. They are loaded at first use, so that importing the package costs nothing:

    import asyncio, atshell

    async def main():
        async with atshell.Session(atshell.open_link(emulator="MN316")) as at:
            print((await at.send("AT+CSQ")).text)

    asyncio.run(main())
"""

from __future__ import annotations

# Type checkers take this name for true. Importing typing for it would double the time of ``atshell --version``.
TYPE_CHECKING = False

__version__ = "0.1.0"
__all__ = ["Catalog", "Session", "Transcript", "__version__", "correlate", "decode", "open_link"]

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog
    from atshell.host import correlate, decode, open_link
    from atshell.session.runner import Session
    from atshell.transcript.file import Transcript

_HOMES = {
    "Catalog": "atshell.catalog.lookup",
    "Session": "atshell.session.runner",
    "Transcript": "atshell.transcript.file",
    "correlate": "atshell.host",
    "decode": "atshell.host",
    "open_link": "atshell.host",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'atshell' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
