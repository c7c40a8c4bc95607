"""Conversations for the dissector: messages are encoded by aiocoap, so that our decoder is not its own proof."""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Callable, Sequence
from importlib import util
from pathlib import Path
from typing import Any

import aiocoap
import pytest

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.reader import datagrams
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
    return list(Dissector().messages(frames_of(talk, server, step)))


def frames_of(talk: Talk, server: tuple[str, int] = SERVER, step: int = 1_000_000) -> list[CapturedDatagram]:
    pairs = {">": (CLIENT, server), "<": (server, CLIENT), "}": (MOVED, server), "{": (server, MOVED)}
    return [(n, n * step, key(*pairs[where]), data, 0) for n, (where, data) in enumerate(talk, 1)]


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


@pytest.fixture(name="frames_of")
def _frames_of() -> Callable[..., list[CapturedDatagram]]:
    return frames_of


ROOT = Path(__file__).parents[4]
CAPTURES = sorted([*(Path(__file__).parent.parent / "captures").glob("*.pcap"), *ROOT.glob("captures/*/*.pcap")])


@pytest.fixture(scope="session")
def recordings() -> dict[Path, list[CapturedDatagram]]:
    return {path: list(datagrams(path, lambda _: None, common=False)) for path in CAPTURES}


@pytest.fixture(scope="session")
def write_capture() -> Callable[[Path, int, int], None]:
    """As the benchmark makes it: so many packets of so many devices."""
    spec = util.spec_from_file_location("traffic", ROOT / "tests" / "benchmarks" / "traffic.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)

    return module.write_capture  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def traffic(
    tmp_path_factory: pytest.TempPathFactory, write_capture: Callable[[Path, int, int], None]
) -> Callable[[int, int], list[CapturedDatagram]]:
    def made(count: int, devices: int) -> list[CapturedDatagram]:
        path = tmp_path_factory.getbasetemp() / "generated.pcap"
        write_capture(path, count, devices)
        return list(datagrams(path, lambda _: None))

    return made


@pytest.fixture(scope="session")
def traffic_file(tmp_path_factory: pytest.TempPathFactory, write_capture: Callable[[Path, int, int], None]) -> Path:
    path = tmp_path_factory.getbasetemp() / "traffic.pcap"
    write_capture(path, 30_000, 50)
    return path


Mutation = tuple[str, int, int, int]
KINDS = ("byte", "cut", "drop", "twice", "swap", "late", "missing", "turned")


def mutate(frames: list[CapturedDatagram], mutations: list[Mutation]) -> list[CapturedDatagram]:
    frames = list(frames)
    for kind, where, at, value in mutations:
        index = where % len(frames)
        frame, time, key, data, missing = frames[index]
        if kind == "byte" and data:
            at %= len(data)
            data = data[:at] + bytes([value]) + data[at + 1 :]
        elif kind == "cut":
            data = data[: at % (len(data) + 1)]
        elif kind == "late":
            time += value * 2_000_000_000
        elif kind == "missing":
            missing = value
        elif kind == "turned" and len(key) == 12:
            key = key[4:8] + key[:4] + key[10:] + key[8:10]
        frames[index] = (frame, time, key, data, missing)
        if kind == "drop" and len(frames) > 1:
            del frames[index]
        elif kind == "twice":
            frames.insert(min(index + at % 8, len(frames)), frames[index])
        elif kind == "swap":
            other = (index + at) % len(frames)
            frames[index], frames[other] = frames[other], frames[index]
    return [(number, *frame[1:]) for number, frame in enumerate(frames, 1)]


def _mutated(
    frames: list[CapturedDatagram], source: random.Random, count: int, kinds: Sequence[str] = KINDS
) -> list[CapturedDatagram]:
    """Bytes changed, datagrams lost, late, twice, in another order, from the other side."""
    size = len(frames)
    return mutate(
        frames,
        [
            (source.choice(("byte", *kinds)), source.randrange(size), source.randrange(60), source.randrange(256))
            for _ in range(count)
        ],
    )


@pytest.fixture(name="mutate", scope="session")
def _mutate() -> Callable[..., list[CapturedDatagram]]:
    return mutate


@pytest.fixture(name="mutated", scope="session")
def _mutated_fixture() -> Callable[..., list[CapturedDatagram]]:
    return _mutated


def _paused(frames: list[CapturedDatagram], source: random.Random) -> list[CapturedDatagram]:
    """With pauses in which messages come to the end of their life. A clock that goes back by so much is another matter:
    what is written by then depends on who waited before it."""
    late, found = 0, []
    for frame, time, key, data, missing in frames:
        late += source.choice((0,) * 40 + (200_000_000_000,))
        found.append((frame, time + late, key, data, missing))
    return found


@pytest.fixture(name="paused", scope="session")
def _paused_fixture() -> Callable[..., list[CapturedDatagram]]:
    return _paused
