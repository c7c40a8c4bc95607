"""An emulated module for tests, driven by plain calls: what pytest's fixtures give (``atshell.fixtures``), and what
any other test runner can use.

    with Emulator("BC28") as module:
        session = module.session()
        assert session.send("AT+CSQ").ok

There is no thread and no waiting. Device time stands still, and goes on while a call waits for something, from one
event to the next: a day of updates takes milliseconds. Only ``listen``, for a program that talks to the module by
itself, runs the module in a thread, with time that passes.
"""

from atshell.testing.emulator import Emulator
from atshell.testing.platform import Answer, Asked, Platform
from atshell.testing.session import Reply, Session, Urc

__all__ = ["Answer", "Asked", "Emulator", "Platform", "Reply", "Session", "Urc"]
