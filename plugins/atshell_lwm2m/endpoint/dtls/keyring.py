"""The keys that a server knows: those it was started with, those it is told, and those that a bootstrap has made."""

from __future__ import annotations

import secrets
import string
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_TOLD = 4096
LENGTH = 16
"""Letters and digits of a key that is made; the one that the OneMO manual shows (section 5.2) has as many."""
_LETTERS = string.ascii_letters + string.digits


class Keyring:
    """``known`` gives the keys that it was started with, which nothing replaces."""

    def __init__(self, known: Callable[[bytes], bytes | None] = lambda identity: None) -> None:
        self._known = known
        self._told: OrderedDict[bytes, bytes] = OrderedDict()

    def find(self, identity: bytes, /) -> bytes | None:
        return self._known(identity) or self._told.get(identity)

    def tell(self, identity: bytes, key: bytes) -> None:
        """That key from now on; what was told longest ago is forgotten when there is too much."""
        self._told[identity] = key
        self._told.move_to_end(identity)
        if len(self._told) > MAX_TOLD:
            self._told.popitem(last=False)

    def issue(self, identity: bytes) -> bytes:
        """What a bootstrap server writes for an identity: the known key; where there is none, a new one each time."""
        known = self._known(identity)
        if known is not None:
            return known
        made = "".join(secrets.choice(_LETTERS) for _ in range(LENGTH)).encode()
        self.tell(identity, made)
        return made

    def __repr__(self) -> str:
        return f"Keyring({len(self._told)} told)"


@dataclass(frozen=True, slots=True)
class Keyrings:
    """The two servers of a platform do not have the same keys (OneMO manual, section 4.6), unless they are one."""

    bootstrap: Keyring
    server: Keyring
