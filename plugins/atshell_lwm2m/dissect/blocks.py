"""Block-wise transfers put together (RFC 7959).

A transfer is known by who asks whom for what (flow, method, path, query), for each block may have a token of its own
(section 3). Blocks come in order or the transfer is given up: a body is whole or it is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from atshell_lwm2m.dissect.state import Flow, remember
from atshell_lwm2m.message import Block

MAX_BODY = 4 * 1024 * 1024
MAX_TRANSFERS = 256

Key = tuple[Flow, int, str | None, tuple[str, ...], bool]


@dataclass(slots=True)
class Transfer:
    operation: str | None
    content_format: int | None
    body: bytearray = field(default_factory=bytearray)


class Asked(Protocol):
    """What a request asks for: a Message, or its options."""

    @property
    def path(self) -> str | None: ...

    @property
    def query(self) -> list[str]: ...


class Transfers:
    def __init__(self) -> None:
        self._running: dict[Key, Transfer] = {}

    def running(self, flow: Flow, code: int, request: Asked) -> Transfer | None:
        """The body that is being fetched by requests like this one."""
        return self._running.get(_key(flow, code, request, response=True))

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
    ) -> Transfer | None:
        """Add a message's block. The whole transfer, when this was its last block and not its only one.

        ``flow`` and ``code`` are the request's; ``about`` is the message's operation and Content-Format; ``response``
        says whose body it is.
        """
        if block is None:
            return None
        key = _key(flow, code, request, response=response)
        transfer = self._transfer(key, block, about)
        if transfer is None:
            return None
        offset = block.num * block.size
        if offset > len(transfer.body) or offset + len(payload) > MAX_BODY:
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


def _key(flow: Flow, code: int, request: Asked, *, response: bool) -> Key:
    return flow, code, request.path, tuple(request.query), response
