"""A message that is known by the pieces of its line: a ``Message`` is made of it only when somebody asks."""

from __future__ import annotations

from atshell_lwm2m.codec.coap import read
from atshell_lwm2m.codec.options import NO_OPTIONS, OptionList
from atshell_lwm2m.dissect.about import About, about
from atshell_lwm2m.dissect.jsontext import Shape
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
    named: str = ""
    """The piece with the endpoint."""
    endpoint: str | None = None
    """Never empty."""
    token: bytes = b""
    """Of a request."""
    valued: bool = False
    """Whether the payload, or the body, holds values."""
    body: bytes | None = None
    """On the request that completes a block-wise transfer."""
    request: int | None = None
    text: str = ""
    """The line up to where ``response`` stands."""
    more: str = ""
    """Behind the target."""
    pushed: tuple[bytes, Shape] | None = None
    """Of what observes: the options behind Observe that its last notification had, up to and with the payload
    marker."""

    def build(self) -> Message:
        decoded = read(self.data)
        flow = self.flow
        message = from_datagram(
            self.data, decoded, self.frame, seconds(self.time), flow.src, flow.dst, "udp", flow.file
        )
        message.operation, message.target, message.endpoint = self.about.operation, self.about.target, self.endpoint
        message.request, message.response = self.request, self.response
        values = decoded[5]
        if self.body is not None:
            values = self.body
            message.body = values.hex()
        if message.operation == "Update" and self.code < 32:
            message.registration = from_query(message.query, message.path)
        elif self.valued and values:
            decode_values(message, values, message.content_format, self.about.target or "")
        return message

    def line(self) -> str:
        """Said once: the pieces are dropped."""
        if self.whole is not None:
            return to_json(self.whole).decode()
        about, answered = self.about, "" if self.response is None else f',"response":{self.response}'
        text = f"{self.text}{answered}{about.operation_text}{self.named}{about.target_text}{self.more}}}"
        self.text = self.more = ""
        return text
