"""The fast way and the readable way give the same lines, byte for byte, whatever the capture."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.reader import datagrams
from atshell_lwm2m.dissect import dissector as dissectors
from atshell_lwm2m.dissect import state
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.fast import Lines
from atshell_lwm2m.message import to_json

ROOT = Path(__file__).parents[4]
CAPTURES = sorted([*(Path(__file__).parent.parent / "captures").glob("*.pcap"), *ROOT.glob("captures/*/*.pcap")])
FRAMES = {path: list(datagrams(path, lambda _: None, common=False)) for path in CAPTURES}


def _traffic() -> ModuleType:
    spec = util.spec_from_file_location("traffic", ROOT / "tests" / "benchmarks" / "traffic.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _generated(count: int, devices: int, folder: Path) -> list[CapturedDatagram]:
    _traffic().write_capture(folder / "generated.pcap", count, devices)
    return list(datagrams(folder / "generated.pcap", lambda _: None))


def same(frames: Iterable[CapturedDatagram], file: str | None = None) -> int:
    frames = list(frames)
    slow = [to_json(message).decode() for message in Dissector(file=file).messages(frames)]
    fast = list(Lines(Dissector(file=file)).lines(frames))
    assert fast == slow
    return len(fast)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_every_recording(path: Path) -> None:
    assert same(FRAMES[path])
    assert same(FRAMES[path], "a.pcap")


@pytest.mark.parametrize("devices", [1, 40])
def test_generated_traffic(tmp_path: Path, devices: int) -> None:
    assert same(_generated(6000, devices, tmp_path)) > 5000


def test_most_of_it_goes_the_fast_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = 0
    take = Dissector.take

    def counted(*arguments: object) -> object:
        nonlocal slow
        slow += 1
        return take(*arguments)  # type: ignore[arg-type]

    frames = _generated(6000, 20, tmp_path)
    monkeypatch.setattr(Dissector, "take", counted)
    assert slow < len(list(Lines(Dissector()).lines(frames))) / 10


def test_what_is_forgotten_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = _generated(6000, 40, tmp_path)
    monkeypatch.setattr(state, "MAX_SENT", 50)
    monkeypatch.setattr(state, "MAX_FLOWS", 30)
    monkeypatch.setattr(dissectors, "MAX_HELD", 20)
    monkeypatch.setattr(sys.modules[Lines.__module__], "MAX_HELD", 20)
    assert same(frames) > 5000


Mutation = tuple[str, int, int, int]
_MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["byte", "cut", "drop", "twice", "swap", "late", "missing", "turned"]),
        st.integers(0, 10_000),
        st.integers(0, 60),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=30,
)


def _mutated(frames: list[CapturedDatagram], mutations: list[Mutation]) -> list[CapturedDatagram]:
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


@given(st.sampled_from(CAPTURES), _MUTATIONS)
@settings(max_examples=120, deadline=None)
def test_mutated_recordings(path: Path, mutations: list[Mutation]) -> None:
    same(_mutated(FRAMES[path], mutations))


def test_mutated_traffic(tmp_path: Path) -> None:
    frames = _generated(1500, 3, tmp_path)
    source = random.Random(7)
    kinds = ("byte", "byte", "cut", "drop", "twice", "swap", "late", "missing", "turned")
    for _ in range(12):
        mutations = [
            (source.choice(kinds), source.randrange(1500), source.randrange(60), source.randrange(256))
            for _ in range(150)
        ]
        same(_mutated(frames, mutations))


def test_a_block_in_an_odd_answer(say: Callable[..., bytes]) -> None:
    """An acknowledgement with a request's code brings no block of the body."""
    there, back = b"\1\1\1\1\2\2\2\2\x16\x33\x9c\x40", b"\2\2\2\2\1\1\1\1\x9c\x40\x16\x33"
    frames: list[CapturedDatagram] = []
    for num, code in enumerate(("2.05", "0.05", "2.05", "2.05")):
        path = {"uri_path": ("3", "0")}
        asked = say("CON", "0.01", num, b"t", block2=(num, False, 0), **path)
        answer = say("ACK", code, num, b"t", b"x" * 16, block2=(num, num < 3, 0), content_format=42)
        frames += [(2 * num + 1, num, there, asked, 0), (2 * num + 2, num, back, answer, 0)]
    assert same(frames) == 8
