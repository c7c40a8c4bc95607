"""The fast way and the readable way give the same lines, byte for byte, whatever the capture."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.fast import grouped
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.segments import TCP
from atshell_lwm2m.dissect import dissector as dissectors
from atshell_lwm2m.dissect import state
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.fast import Lines
from atshell_lwm2m.dissect.heldlines import HeldLines
from atshell_lwm2m.dissect.state import LIFETIME, Flows
from atshell_lwm2m.dtls.front import Dtls
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.message import to_json

Frames = list[CapturedDatagram]
Traffic = Callable[[int, int], Frames]
Say = Callable[..., bytes]
START = 1_700_000_000_000_000_000
APPLICATION_DATA = 23
STREAM = TCP + bytes([10, 0, 0, 1, 10, 0, 0, 2]) + struct.pack(">HH", 40000, 5683)
FOREIGN = bytes([10, 0, 0, 1, 10, 0, 0, 2]) + struct.pack(">HH", 40000, 9)


def same(frames: Iterable[CapturedDatagram], file: str | None = None, *, live: bool = False) -> int:
    """How many lines there are, after the comparison."""
    frames = list(frames)
    told: list[str] = []
    slow = [to_json(message).decode() for message in dissector(file, told, live=live).messages(frames)]
    whole = "".join(f"{line}\n" for line in slow)
    for size in (1, 2, 7, 1000):
        too: list[str] = []
        batches = Lines(dissector(file, too, live=live)).batches(grouped(frames, size))
        assert "".join(batches) == whole
        assert too == told
    return len(slow)


def dissector(file: str | None, told: list[str], *, live: bool) -> Dissector:
    return Dissector(file=file, dtls=Dtls(Keys([(b"*", bytes(range(16)))])), warn=told.append, live=live)


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


@pytest.mark.parametrize("page", [1, 2, 25, 400])
def test_what_is_forgotten_is_the_same(traffic: Traffic, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    frames = traffic(2000, 40)
    monkeypatch.setattr(state, "PAGE", page)
    monkeypatch.setattr(state, "MAX_OPEN", 20)
    assert same(frames) > 1500
    monkeypatch.setattr(state, "MAX_FLOWS", 30)
    monkeypatch.setattr(dissectors, "MAX_HELD", 20)
    assert same(frames) > 1500


def test_of_what_is_live_nobody_waits(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "PAGE", 100)
    assert same(traffic(3000, 10), live=True) > 2500


def test_one_by_one_or_all_at_once(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = traffic(3000, 10)
    whole = "".join(Lines(Dissector()).batches(grouped(frames, 500)))
    monkeypatch.setattr(HeldLines, "room", lambda *_: False)
    assert "".join(Lines(Dissector()).batches(grouped(frames, 500))) == whole


def test_the_page_is_turned_after_the_same_datagram(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is none that is foreign; several messages in one count as so many."""
    monkeypatch.setattr(state, "PAGE", 7)
    frames = [(2 * frame, *rest) for frame, *rest in traffic(500, 3)]
    foreign = [(frame + 1, time, FOREIGN, b"no CoAP", 0) for frame, time, *_ in frames[::3]]
    segment = struct.pack(">IIB", 100, 200, 24) + b"\x00\xe1" + b"\x21\x01t\xb13" * 10
    both = sorted([*frames, *foreign, (501, frames[250][1], STREAM, segment, 0)])
    turns: list[int] = []
    turn = Flows.turn

    def noted(flows: Flows, now: int) -> None:
        turns.append(now)
        turn(flows, now)

    monkeypatch.setattr(Flows, "turn", noted)
    list(Dissector().messages(both))
    usual = list(turns)
    assert len(frames) // 7 - 2 <= len(usual) <= len(frames) // 7 + 2
    for size in (1, 2, 3, 5, 7, 8, 100):
        turns.clear()
        "".join(Lines(Dissector()).batches(grouped(both, size)))
        assert turns == usual


def test_many_messages_in_one_segment(
    say: Say, frames_of: Callable[..., Frames], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They push out who waits, and turn the page, before the next datagram comes."""
    read, answer = say("CON", "0.01", 7, b"a", uri_path=("3", "0")), say("ACK", "2.05", 7, b"a", b"1", content_format=0)
    others = [("<", say("CON", "0.01", 50 + number, bytes([number]), uri_path=("3",))) for number in range(7)]
    segment = struct.pack(">IIB", 100, 200, 24) + b"\x00\xe1" + b"\x21\x01t\xb13" * 10

    def frames(between: list[tuple[str, bytes]]) -> Frames:
        found = frames_of([("<", read), *between, (">", segment), (">", answer)])
        there = len(found) - 2
        found[there] = (*found[there][:2], STREAM, *found[there][3:])
        return [(frame, START + time, *rest) for frame, time, *rest in found]

    assert same(frames([])) == 13
    monkeypatch.setattr(dissectors, "MAX_HELD", 8)
    assert same(frames([])) == 13
    monkeypatch.setattr(dissectors, "MAX_HELD", 20_000)
    monkeypatch.setattr(state, "PAGE", 6)
    assert same(frames(others)) == 20


def test_many_messages_in_one_datagram(recordings: dict[Path, Frames], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose records are those of several."""
    (frames,) = (found for path, found in recordings.items() if path.stem == "openssl_dtls12_psk_ccm8")
    before = [one for one in frames if one[3][0] != APPLICATION_DATA]
    for key in sorted({one[2] for one in frames}):
        data = b"".join(one[3] for one in frames if one[2] == key and one[3][0] == APPLICATION_DATA)
        before.append((len(before) + 1, before[-1][1] + 1000, key, data, 0))
    lines = same(before)
    assert lines > len(before) + 2
    for held, page in ((2, 1000), (1000, 2), (1000, 7), (4, 3)):
        monkeypatch.setattr(dissectors, "MAX_HELD", held)
        monkeypatch.setattr(state, "PAGE", page)
        assert same(before * 2) > lines


@pytest.mark.parametrize("size", [1, 2, 3, 6])
@pytest.mark.parametrize("ways", [1, 2])
def test_who_was_given_up_is_sent_again_and_answered(
    say: Say, frames_of: Callable[..., Frames], size: int, ways: int
) -> None:
    """The capture's clock is set back. What stood behind others is said when those have stopped waiting, and shows no
    answer that came later."""
    one, two = (say("CON", "0.01", mid, b"a", uri_path=("3", "0")) for mid in (7, 8))
    late = say("NON", "2.05", 9, b"o", b"1")
    talk = [("<", one), ("}", late), ("<", two), ("<", one), (">", say("ACK", "2.05", 8, b"a", b"1"))]
    talk += [(">", say("ACK", "2.05", 7, b"a", b"1"))]
    seconds = (0, 300, 1, 1, 2, 3)
    frames = [
        (frame, START + second * 1_000_000_000, *rest)
        for (frame, _, *rest), second in zip(frames_of(talk), seconds, strict=True)
    ]
    if ways == 2:
        del frames[2], frames[3]
    slow = "".join(f"{to_json(message).decode()}\n" for message in Dissector().messages(frames))
    assert "".join(Lines(Dissector()).batches(grouped(frames, size))) == slow
    (again,) = (line for line in slow.splitlines() if "retransmission_of" in line)
    assert '"response"' not in again


@pytest.mark.parametrize(
    "took",
    [
        *(0, 1, 999, 1_000, 2_500, 9_000, 9_999, 10_000, 10_001, 99_000, 100_000, 999_000, 1_000_000, 1_001_000),
        *(10_000_000, 123_456_000, 500_000_000, 999_999_000, 999_999_999, 10**9 - 1, 10**9, 10**9 + 1000),
        *(246_999_999_000, 246_999_999_999, LIFETIME - 1, LIFETIME, LIFETIME + 1, -1, -1000, -1_000_000, -(10**9)),
    ],
)
def test_round_trips(say: Say, frames_of: Callable[..., Frames], took: int) -> None:
    path = {"uri_path": ("3", "0", "9")}
    talk = [("<", say("CON", "0.01", 7, b"a", observe=0, **path))]
    talk += [(">", say("ACK", "2.05", 7, b"a", b"1", observe=1)), (">", say("CON", "2.05", 8, b"a", b"1", observe=2))]
    talk += [("<", say("ACK", "0.00", 8)), ("<", say("CON", "0.03", 9, b"b", b"1", **path))]
    talk += [(">", say("ACK", "2.04", 9, b"b"))]
    frames = [
        (frame, START + number // 2 * 10**12 + number % 2 * took, *rest)
        for number, (frame, _, *rest) in enumerate(frames_of(talk))
    ]
    assert same(frames) == 6


def test_every_round_trip_below_a_thousandth(say: Say, frames_of: Callable[..., Frames]) -> None:
    asked, answer = (">", say("CON", "0.01", 7, b"a", uri_path=("3",))), ("<", say("ACK", "2.05", 7, b"a"))
    frames = [
        (2 * took + number, START + took * 10**12 + number * took * 1000, *rest)
        for took in range(1, 1001)
        for number, (_, _, *rest) in enumerate(frames_of([asked, answer]))
    ]
    assert same(frames) == 2000


@pytest.mark.parametrize("size", range(9))
def test_tokens_and_values_of_observe(say: Say, frames_of: Callable[..., Frames], size: int) -> None:
    """Observe is written in as few bytes as it takes, or in more, and is seldom missing."""
    token = bytes(range(size))
    talk = [("<", say("CON", "0.01", 7, token, observe=0, uri_path=("3", "0", "9")))]
    talk += [(">", say("ACK", "2.05", 7, token, b"1", observe=0))]
    values = ("6101", "60", "6102", "620003", "63000004", "620100", "63010000", "6400020000", "63800000")
    for mid, observe in enumerate((*values, "", "650102030405"), 20):
        for kind, more in (("4", "ff31"), ("4", "112aff31"), ("5", "612aff31"), ("5", "")):
            head = f"{kind}{size:x}45{mid:02x}{kind}{len(more):x}{token.hex()}"
            talk.append((">", bytes.fromhex(f"{head}{observe}{more}")))
            talk.append(("<", bytes.fromhex(f"6000{mid:02x}{kind}{len(more):x}")))
    frames = [(frame, START + time, *rest) for frame, time, *rest in frames_of(talk)]
    assert same(frames) == len(talk)


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
