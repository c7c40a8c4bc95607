"""A message that is known by the pieces of its line: a ``Message`` is made of it only when somebody asks."""

from __future__ import annotations

import msgspec

from atshell_lwm2m.codec.coap import read
from atshell_lwm2m.dissect.about import About
from atshell_lwm2m.dissect.jsonvalues import Short
from atshell_lwm2m.dissect.meaning import decode_values
from atshell_lwm2m.dissect.message import from_datagram, seconds
from atshell_lwm2m.dissect.registrations import announced, from_query
from atshell_lwm2m.dissect.state import Sent
from atshell_lwm2m.message import Message

CONTENT = 0x45


class Pushed(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What the notifications of one observation have in common: the pieces of their lines."""

    lead: bytes
    """The options behind Observe, and the payload marker."""
    token: str
    """Up to the first value of Observe."""
    middle: str
    last: str
    """Behind its second value."""
    request: str
    """The Observe."""
    tail: str
    """Operation, endpoint and target."""
    named: bool
    """Whether there is an endpoint."""
    about: About
    content_format: int | None
    short: Short
    """For the payload."""


class Light(Sent, eq=False, gc=False):
    def build(self) -> Message:
        decoded = read(self.data)
        flow, origin = self.flow, self.origin
        message = from_datagram(
            self.data, decoded, self.frame, seconds(self.time), flow.src, flow.dst, "udp", flow.file
        )
        message.operation, message.target = self.about.operation, self.about.target
        message.endpoint = self.endpoint
        message.request, message.response = None if origin is None else origin.frame, self.response
        if self.body is not None:
            message.body = self.body.hex()
        if message.operation == "Register":
            message.registration = announced(message.query, decoded[5])
        elif message.operation == "Update" and origin is None:
            message.registration = from_query(message.query, message.path)
        elif values := self._values(decoded[5]):
            decode_values(message, values, message.content_format, self.about.target or "")
        return message

    def _values(self, payload: bytes) -> bytes:
        """What holds the values."""
        if self.origin is not None:
            return payload if self.code == CONTENT and self.about.in_response else b""
        if not self.about.in_request:
            return b""
        block = self.options.block1
        part = b"" if block is not None and (block.more or block.num) else payload
        return part if self.body is None else self.body
