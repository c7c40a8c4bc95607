"""Conversations that another process shows, from first to last.

Whose a conversation is follows the client: one that comes back from another address is shown by the process that has
shown it so far, which has its observations and all else. So only what says where clients are is to be known here:
registrations, updates from other addresses, their ends and the answers. Everything else goes by, unless its message ID
or token is that of something that does not. Most of that the reader does not even hand on. (Two clients that speak from
one address at the same time would be one too many.)
"""

from __future__ import annotations

from collections.abc import Callable

from atshell_lwm2m.capture.frames import turned
from atshell_lwm2m.codec.coap import DELETE, POST
from atshell_lwm2m.codec.options import read_options
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.state import MAX_FLOWS, Flow

_MAX_KNOWN = 4096
_IPV4 = 12
"""Bytes of a key."""


class ReadAgain(Exception):
    """Something was dropped that may be wanted."""


class Elsewhere:
    def __init__(self, dissector: Dissector, judge: Callable[[Flow], bool], keys: set[bytes] | None = None) -> None:
        """``judge`` says whether a conversation is shown by another process. ``keys`` is filled with theirs: the reader
        drops what nobody wants to know of them."""
        self._judge = judge
        self._keys = keys
        self._clients = dissector.meaning.clients
        self._flows = dissector.flows
        self._paths: dict[bytes, str | None] = {}
        """By the options of a POST: its path, if it may neither register nor bootstrap."""

    def judged(self, flow: Flow, key: bytes) -> bool:
        """Raises ReadAgain when something was dropped that is to be shown after all."""
        flow.aside = flow.peer.aside = self._judge(flow)
        keys = self._keys
        if keys is not None and not flow.aside and key in keys:
            raise ReadAgain
        if keys is not None and flow.aside and len(key) == _IPV4 and len(keys) < MAX_FLOWS:
            keys.update((key, turned(key)))
        return flow.aside

    def take(self, flow: Flow, _frame: int, _time: int, head: int, mid: int, data: bytes) -> bool:
        """Whether nothing is to be done about this message. ``head`` are its first two bytes, of a message that is no
        error in itself."""
        code = head & 0xFF
        if head >= 0x6000:
            return self._flows.find(flow.back + mid) is None
        if self._flows.find(flow.base + mid) is not None:
            return False
        token = data[4 : 4 + (head >> 8 & 15)]
        if code >= 32:
            return token not in flow.peer.requests
        if token in flow.requests or code == DELETE:
            return False
        return code != POST or self._stays(flow, data, len(token) + 4)

    def _stays(self, flow: Flow, data: bytes, start: int) -> bool:
        """Whether a POST leaves it as it is who is where."""
        marker = data.find(b"\xff", start)
        raw = data[start:] if marker < 0 else data[start:marker]
        try:
            path = self._paths[raw]
        except KeyError:
            path = self._learn(raw)
        if path is None:
            return False
        owner = self._clients.find(flow, path)
        return owner is None or owner is flow.client

    def _learn(self, raw: bytes) -> str | None:
        options = read_options(raw, 0)
        path = options.path or ""
        moves = options.error is not None or options.end != len(raw) or path.endswith(("/rd", "/bs"))
        if len(self._paths) >= _MAX_KNOWN:
            self._paths.clear()
        self._paths[raw] = None if moves else path
        return self._paths[raw]
