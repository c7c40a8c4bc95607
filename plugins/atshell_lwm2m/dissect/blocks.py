"""Block-wise transfers put together (RFC 7959, and RFC 9177 with Q-Block).

A transfer is known by who asks whom for what (flow, method, path, query, Request-Tag), for each block may have a token
of its own (section 3 of RFC 7959; RFC 9175 section 3). Blocks come in order, or the transfer is given up and the gap
told: a body is whole or it is not there. With Q-Block they come in any order, and what is lost is sent again later:
those are laid beside each other until none is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from atshell_lwm2m.codec.options import REQUEST_TAG
from atshell_lwm2m.dissect.state import Flow, remember
from atshell_lwm2m.message import Block, Expert, OptionValue

MAX_BODY = 4 * 1024 * 1024
MAX_TRANSFERS = 256

Key = tuple[Flow, int, str | None, tuple[str, ...], bool, OptionValue | None]


@dataclass(slots=True)
class Transfer:
    operation: str | None
    content_format: int | None
    body: bytearray = field(default_factory=bytearray)
    broken: bool = False
    """A block is missing: nothing will come of it, and that was told."""
    apart: dict[int, bytes] = field(default_factory=dict)
    """Blocks that may come in any order, by number."""
    size: int = 0
    last: int | None = None
    """The number of the last of them."""


ODD = Transfer(None, None)


class Asked(Protocol):
    """What a request asks for: a Message, or its options."""

    @property
    def path(self) -> str | None: ...

    @property
    def query(self) -> list[str]: ...

    @property
    def options(self) -> list[tuple[int, str, OptionValue]]: ...


class Transfers:
    def __init__(self) -> None:
        self._running: dict[Key, Transfer] = {}

    def running(self, flow: Flow, code: int, request: Asked) -> Transfer | None:
        """The body that is being fetched by requests like this one."""
        return self._running.get(_key(flow, code, request, response=True))

    def follows(self, flow: Flow, code: int, request: Asked, block: Block, *, response: bool) -> bool:
        """Whether a block is the first, or comes where its transfer has come to, so that there is nothing to tell."""
        return self._is_next(_key(flow, code, request, response=response), block)

    def _is_next(self, key: Key, block: Block) -> bool:
        transfer = self._running.get(key)
        if not block.num:
            return transfer is None or not transfer.apart
        return transfer is not None and not transfer.broken and block.num * block.size <= len(transfer.body)

    def missing(self, flow: Flow, code: int, request: Asked, block: Block, *, response: bool) -> Expert | None:
        """What is to be told of the blocks before this one, once a transfer."""
        if self.follows(flow, code, request, block, response=response):
            return None
        key = _key(flow, code, request, response=response)
        transfer = self._running.get(key)
        if transfer is None:
            transfer = Transfer(None, None)
            remember(self._running, key, transfer, MAX_TRANSFERS)
        elif transfer.broken or transfer.apart:
            return None
        transfer.broken = True
        first = len(transfer.body) // block.size
        which = f"block {first} is" if block.num - first == 1 else f"blocks {first} to {block.num - 1} are"
        return Expert("warning", "block-missing", f"{which} not in the capture: the body can't be put together")

    def take(
        self,
        flow: Flow,
        code: int,
        request: Asked,
        block: Block | None,
        about: tuple[str | None, int | None],
        payload: bytes,
        *,
        response: bool,
        apart: bool = False,
        plain: bool = False,
    ) -> Transfer | None:
        """Add a message's block. The whole transfer, when this was its last block and not its only one.

        ``flow`` and ``code`` are the request's; ``about`` is the message's operation and Content-Format; ``response``
        says whose body it is; ``apart`` is a Q-Block. ``plain`` is a block without a Request-Tag: the answer is
        ``ODD``, and nothing was changed, if there is something to tell (``missing``).
        """
        if block is None:
            return None
        key = _key(flow, code, request, response=response, plain=plain)
        if plain and not self._is_next(key, block):
            return ODD
        if apart:
            return self._lay(key, block, about, payload)
        transfer = self._transfer(key, block, about)
        if transfer is None:
            return None
        offset = block.num * block.size
        if transfer.broken or offset > len(transfer.body) or offset + len(payload) > MAX_BODY:
            transfer.broken = True
            if not block.more:
                del self._running[key]
            return None
        if offset == len(transfer.body):
            transfer.body += payload
        if block.more:
            return None
        del self._running[key]
        return transfer

    def _transfer(self, key: Key, block: Block, about: tuple[str | None, int | None]) -> Transfer | None:
        if block.num:
            return self._running.get(key)
        self._running.pop(key, None)
        if not block.more:
            return None
        transfer = Transfer(*about)
        remember(self._running, key, transfer, MAX_TRANSFERS)
        return transfer

    def _lay(self, key: Key, block: Block, about: tuple[str | None, int | None], payload: bytes) -> Transfer | None:
        """Beside the others, whichever is missing (RFC 9177 section 3)."""
        transfer = self._running.get(key)
        if transfer is None or not transfer.apart:
            transfer = Transfer(*about)
            remember(self._running, key, transfer, MAX_TRANSFERS)
        if block.num not in transfer.apart and transfer.size + len(payload) <= MAX_BODY:
            transfer.apart[block.num] = payload
            transfer.size += len(payload)
        if not block.more:
            transfer.last = block.num
        if transfer.last is None or len(transfer.apart) <= transfer.last:
            return None
        del self._running[key]
        for number in range(transfer.last + 1):
            transfer.body += transfer.apart.get(number, b"")
        return transfer if transfer.last else None


def _key(flow: Flow, code: int, request: Asked, *, response: bool, plain: bool = False) -> Key:
    tag = None
    for option in () if plain else request.options:
        if option[0] == REQUEST_TAG:
            tag = option[2]
    return flow, code, request.path, tuple(request.query), response, tag
