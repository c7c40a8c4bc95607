"""The decoded message, field by field: a line of ``atshell decode --format json``.

``dissect`` makes and fills these; everyone else only reads them. A field that is unknown or not there is left at its
default and is absent from the JSON.
"""

from __future__ import annotations

from typing import Literal

import msgspec

MessageType = Literal["CON", "NON", "ACK", "RST"]
OptionValue = str | int


class Seconds(float):
    """A time that is finer than a float can hold: a number to calculate with, and all of its digits for the JSON."""

    __slots__ = ("digits",)
    digits: str

    @classmethod
    def of(cls, nanoseconds: int) -> Seconds:
        seconds = cls(nanoseconds / 1_000_000_000)
        whole, fraction = divmod(nanoseconds, 1_000_000_000)
        seconds.digits = f"{whole}.{fraction:09}"
        return seconds


# Of a message that was pasted, or whose capture does not tell it. A default is told from a value by identity, so this
# very object is to be given.
NO_TIME = 0.0


class Block(msgspec.Struct, frozen=True, gc=False):
    num: int
    more: bool
    size: int


class Expert(msgspec.Struct, frozen=True, gc=False):
    severity: Literal["error", "warning", "note"]
    id: str
    text: str


class Registration(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """As far as the message gives it."""

    ep: str | None = None
    lt: int | None = None
    lwm2m: str | None = None
    b: str | None = None
    location: str | None = None
    objects: list[str] = []
    queue: bool | None = None
    """It asks for queue mode as 1.1 does, by ``Q`` beside the binding; 1.0 has it in the binding (``UQ``)."""


class Resource(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    path: str
    name: str | None = None
    type: str | None = None
    value: str | int | float | bool | None = None
    unit: str | None = None
    time: int | float | None = None
    """When it was measured, as SenML says it: seconds since 1970, or from now where it is less than 2^28."""


class Message(msgspec.Struct, omit_defaults=True, gc=False):
    frame: int = 0
    time: float = NO_TIME
    """Seconds since 1970."""
    src: str = ""
    dst: str = ""
    transport: str = ""
    file: str | None = None
    kind: str | None = None
    """Of a pasted payload."""
    type: MessageType | None = None
    code: str | None = None
    mid: int | None = None
    token: str | None = None
    options: list[tuple[int, str, OptionValue]] = []
    path: str | None = None
    query: list[str] = []
    observe: int | None = None
    content_format: int | None = None
    accept: int | None = None
    block1: Block | None = None
    block2: Block | None = None
    payload: str | None = None
    body: str | None = None
    error: str | None = None
    expert: list[Expert] = []
    request: int | None = None
    response: int | None = None
    rtt: float | None = None
    """Seconds."""
    retransmission_of: int | None = None
    operation: str | None = None
    endpoint: str | None = None
    target: str | None = None
    registration: Registration | None = None
    resources: list[Resource] = []
    at: str | None = None
    """Of a payload in a session: the command or URC that carries it."""


def _encode_other(value: object) -> object:
    if isinstance(value, Seconds):
        return msgspec.Raw(value.digits.encode())
    raise TypeError(type(value).__name__)


_encoder = msgspec.json.Encoder(enc_hook=_encode_other)


def to_json(message: Message) -> bytes:
    """The message as one line of JSON, without its line feed."""
    return _encoder.encode(message)
