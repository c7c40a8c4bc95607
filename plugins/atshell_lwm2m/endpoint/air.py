"""What lies between a module's sockets and the network, as far as it matters here: the radio, and faults.

The emulated module's own is ``atshell.emulator.air``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from atshell.emulator.faults.faults import Reaction


class Air(Protocol):
    def carry(self, up: bool, data: bytes, deliver: Callable[[bytes], None]) -> None:
        """Bring a datagram over, ``up`` when it is the module's: ``deliver`` is called for each time that it arrives,
        at once, later, or never."""
        ...

    def rebinds(self, data: bytes) -> bool:
        """Whether the NAT gives the module another address, from this datagram of its on."""
        ...

    def reaction(self, operation: str) -> Reaction | None:
        """What the platform does with a request (``register``, ``update`` …), when not what it should."""
        ...

    def later(self, delay: float, callback: Callable[[], None]) -> object:
        """Call back after so many seconds of the module's clock."""
        ...


class ClearAir:
    """Everything arrives."""

    def carry(self, up: bool, data: bytes, deliver: Callable[[bytes], None]) -> None:
        deliver(data)

    def rebinds(self, data: bytes) -> bool:
        return False

    def reaction(self, operation: str) -> Reaction | None:
        return None

    def later(self, delay: float, callback: Callable[[], None]) -> None:
        callback()


CLEAR = ClearAir()
