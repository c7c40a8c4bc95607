"""What comes of a stream."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """A CoAP message, or what can not be one."""

    data: bytes
    error: str | None = None
    """What is wrong with it as a piece of the stream."""
    whole: bool = True
    """Whether ``data`` is a message from its beginning to its end."""
    framed: bool = True
    """Whether its length is in front, as over TCP; not so in a WebSocket frame."""
