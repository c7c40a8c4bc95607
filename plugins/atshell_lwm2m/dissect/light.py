"""A message that is known by the pieces of its line: a ``Message`` is made of it only when somebody asks."""

from __future__ import annotations

from atshell_lwm2m.codec.coap import read
from atshell_lwm2m.codec.options import NO_OPTIONS, OptionList
from atshell_lwm2m.dissect.about import About, about
from atshell_lwm2m.dissect.meaning import decode_values
from atshell_lwm2m.dissect.message import from_datagram, seconds
from atshell_lwm2m.dissect.registrations import from_query
from atshell_lwm2m.dissect.state import Sent
from atshell_lwm2m.message import Message, to_json

CONTENT = 0x45
NOTHING = about(None, None)


class Light(Sent, eq=False):
    options: OptionList = NO_OPTIONS
    about: About = NOTHING
    endpoint: str | None = None
    """Never empty."""
    token: bytes = b""
    whose: str = ""
    """The pieces of operation, endpoint and target."""
    of_notifications: str = ""
    """The same for notifications, once there is one."""
    values: bytes = b""
    """What holds values: the payload, or the body."""
    body: bytes | None = None
    """On the request that completes a block-wise transfer."""
    request: int | None = None
    text: str = ""
    """The line up to where ``response`` stands."""
    tail: str = ""
    """Behind it."""

    def build(self) -> Message:
        decoded = read(self.data)
        flow = self.flow
        message = from_datagram(
            self.data, decoded, self.frame, seconds(self.time), flow.src, flow.dst, "udp", flow.file
        )
        message.operation, message.target, message.endpoint = self.about.operation, self.about.target, self.endpoint
        message.request, message.response = self.request, self.response
        if self.body is not None:
            message.body = self.body.hex()
        payload = self.values
        if message.operation == "Update" and self.code < 32:
            message.registration = from_query(message.query, message.path)
        elif payload:
            decode_values(message, payload, message.content_format, self.about.target or "")
        return message

    def line(self) -> str:
        """Said once: the pieces are dropped."""
        if self.whole is not None:
            return to_json(self.whole).decode()
        text = (
            f"{self.text}{self.tail}" if self.response is None else f'{self.text},"response":{self.response}{self.tail}'
        )
        self.text = self.tail = ""
        return text
