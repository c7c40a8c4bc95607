"""The fast way and the readable way give the same lines, byte for byte, whatever the capture."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.fast import grouped
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.dissect import dissector as dissectors
from atshell_lwm2m.dissect import state
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.fast import Lines
from atshell_lwm2m.message import to_json

Frames = list[CapturedDatagram]
Traffic = Callable[[int, int], Frames]


def same(frames: Iterable[CapturedDatagram], file: str | None = None) -> int:
    frames = list(frames)
    slow = [to_json(message).decode() for message in Dissector(file=file).messages(frames)]
    whole = "".join(f"{line}\n" for line in slow)
    for size in (1, 7, 1000):
        batches = Lines(Dissector(file=file)).batches(grouped(frames, size))
        assert "".join(batches) == whole
    return len(slow)


def test_every_recording(recordings: dict[Path, Frames]) -> None:
    for frames in recordings.values():
        assert same(frames)
        assert same(frames, "a.pcap")


@pytest.mark.parametrize("devices", [1, 40])
def test_generated_traffic(traffic: Traffic, devices: int) -> None:
    assert same(traffic(6000, devices)) > 5000


def test_most_of_it_goes_the_fast_way(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = 0
    take = Dissector.take

    def counted(*arguments: object) -> object:
        nonlocal slow
        slow += 1
        return take(*arguments)  # type: ignore[arg-type]

    frames = traffic(6000, 20)
    monkeypatch.setattr(Dissector, "take", counted)
    assert slow < "".join(Lines(Dissector()).batches(grouped(frames, 256))).count("\n") / 10


def test_what_is_forgotten_is_the_same(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = traffic(6000, 40)
    monkeypatch.setattr(state, "MAX_SENT", 50)
    monkeypatch.setattr(state, "MAX_FLOWS", 30)
    monkeypatch.setattr(dissectors, "MAX_HELD", 20)
    assert same(frames) > 5000


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


@given(st.data(), _MUTATIONS)
@settings(max_examples=100, deadline=None)
def test_mutated_recordings(
    recordings: dict[Path, Frames], mutate: Callable[..., Frames], data: st.DataObject, mutations: list[object]
) -> None:
    same(mutate(recordings[data.draw(st.sampled_from(sorted(recordings)))], mutations))


def test_mutated_traffic(traffic: Traffic, mutated: Callable[..., Frames]) -> None:
    frames, source = traffic(1500, 3), random.Random(7)
    for _ in range(12):
        same(mutated(frames, source, 150))
