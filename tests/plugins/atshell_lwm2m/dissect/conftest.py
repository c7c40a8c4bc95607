"""Conversations for the dissector: messages are encoded by aiocoap, so that our decoder is not its own proof."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

import aiocoap
import pytest

from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.message import Message

CLIENT, SERVER, MOVED = ("10.8.0.7", 40000), ("117.161.2.7", 5683), ("10.9.9.9", 41111)
Talk = Sequence[tuple[str, bytes]]
"""Direction (``>`` to the server, ``<`` from it, ``}`` and ``{`` the same from the client's new address) and bytes."""


def say(kind: str, code: str, mid: int, token: bytes = b"", payload: bytes = b"", **options: Any) -> bytes:
    number = int(code[0]) << 5 | int(code[2:])
    message = aiocoap.Message(
        _mtype=aiocoap.Type[kind], code=aiocoap.Code(number), _mid=mid, _token=token, payload=payload
    )
    for name, value in options.items():
        setattr(message.opt, name, value)
    return bytes(message.encode())


def key(src: tuple[str, int], dst: tuple[str, int]) -> bytes:
    return socket.inet_aton(src[0]) + socket.inet_aton(dst[0]) + struct.pack(">HH", src[1], dst[1])


def listen(talk: Talk, server: tuple[str, int] = SERVER, step: int = 1_000_000) -> list[Message]:
    """The messages of a talk in which something is said every millisecond."""
    pairs = {">": (CLIENT, server), "<": (server, CLIENT), "}": (MOVED, server), "{": (server, MOVED)}
    frames = [(n, n * step, key(*pairs[where]), data, 0) for n, (where, data) in enumerate(talk, 1)]
    return list(Dissector().messages(frames))


@pytest.fixture(name="say")
def _say() -> Callable[..., bytes]:
    return say


@pytest.fixture(name="listen")
def _listen() -> Callable[..., list[Message]]:
    return listen


@pytest.fixture
def registered() -> Talk:
    """Frames 1 and 2."""
    links = b'</lwm2m>;rt="oma.lwm2m",</lwm2m/1/0>,</lwm2m/3200/0>'
    query = ("ep=dev-1", "lt=300", "lwm2m=1.0", "b=U")
    return [
        (">", say("CON", "0.02", 1, b"r", links, uri_path=("rd",), uri_query=query, content_format=40)),
        ("<", say("ACK", "2.01", 1, b"r", location_path=("rd", "5a3f"))),
    ]
