"""What several processes show, laid over one another, is what one shows."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable
from itertools import chain, pairwise
from pathlib import Path
from zlib import crc32

import pytest

from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import LwM2mAnalyzer
from atshell_lwm2m.capture.fast import grouped
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.reader import batches
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import ReadAgain
from atshell_lwm2m.dissect.share import LEFT_OUT, Share, share_of
from atshell_lwm2m.message import to_json

Frames = list[CapturedDatagram]
CLIENT, MOVED = "10.8.0.7:40000", "10.9.9.9:41111"
"""The two addresses of ``frames_of``."""


def shared(frames: Frames, count: int) -> list[str]:
    """What so many processes give, laid over one another."""
    lists = [
        lines_of(Share(Dissector(), number, count).places(grouped(frames, 50 + number)), number)
        for number in range(count)
    ]
    assert len({len(lines) for lines in lists}) == 1
    for lines in zip(*lists, strict=True):
        assert sum(map(bool, lines)) == 1
    return ["".join(lines) for lines in zip(*lists, strict=True)]


def lines_of(places: Iterable[list[str]], number: int) -> list[str]:
    """Empty where others have one; after that all but the first say so in front of each that they have."""
    found = list(chain.from_iterable(places))
    for before, after in pairwise(found):
        assert number == 0 or before or not after.endswith("\n")
    assert number or LEFT_OUT not in found
    return ["" if line == LEFT_OUT else line.removesuffix("\n") for line in found]


def all_lines(frames: Frames) -> list[str]:
    return [to_json(message).decode() for message in Dissector().messages(frames)]


def test_every_recording(recordings: dict[Path, Frames]) -> None:
    for frames in recordings.values():
        assert shared(frames, 2) == shared(frames, 3) == all_lines(frames)


def test_traffic_that_went_wrong(
    traffic: Callable[[int, int], Frames], mutated: Callable[..., Frames], paused: Callable[..., Frames]
) -> None:
    whole, source = traffic(900, 4), random.Random(5)
    for _ in range(8):
        # Without datagrams in another order: a clock that goes back far is what shares can differ in.
        kinds = ("byte", "cut", "drop", "twice", "missing", "turned")
        frames = paused(mutated(whole, source, 120, kinds), source)
        assert shared(frames, 2) == all_lines(frames)


def from_file(path: Path, number: int, *, drop: bool) -> list[str]:
    keys: set[bytes] = set()
    share = Share(Dissector(), number, 2, keys if drop else None)
    return lines_of(share.places(batches(path, lambda _: None, elsewhere=keys)), number)


@pytest.mark.parametrize("suffix", ["pcap", "pcapng"])
def test_what_the_reader_drops_leaves_its_place(
    traffic_file: Path, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = traffic_file
    if suffix == "pcapng":
        path = tmp_path / "a.pcapng"
        path.write_bytes(as_pcapng(traffic_file.read_bytes()))
    read = 0
    uncommon = Share._uncommon

    def counted(*arguments: object, **named: object) -> object:
        nonlocal read
        read += named.get("shown") is False
        return uncommon(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Share, "_uncommon", counted)
    for number in (0, 1):
        assert from_file(path, number, drop=True) == from_file(path, number, drop=False)
    assert 0 < read < 3000


def as_pcapng(pcap: bytes) -> bytes:
    """The same packets, in the blocks that draft-ietf-opsawg-pcapng describes."""

    def block(kind: int, body: bytes) -> bytes:
        size = 12 + len(body)
        return struct.pack("<II", kind, size) + body + struct.pack("<I", size)

    made = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)), block(1, struct.pack("<HHI", 1, 0, 0))]
    at = 24
    while at < len(pcap):
        seconds, micro, size, whole = struct.unpack_from("<IIII", pcap, at)
        time, frame = seconds * 1_000_000 + micro, pcap[at + 16 : at + 16 + size]
        header = struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, size, whole)
        made.append(block(6, header + frame + bytes(-size % 4)))
        at += 16 + size
    return b"".join(made)


def test_an_update_from_a_new_address_that_is_sent_again(
    say: Callable[..., bytes], frames_of: Callable[..., Frames]
) -> None:
    """The first is shown by the process of the address, the second by the client's: it has the same answer."""
    asked = say("CON", "0.02", 1, b"r", b"</1/0>", uri_path=("rd",), uri_query=("ep=a",), content_format=40)
    update, answer = say("CON", "0.02", 5, b"u", uri_path=("rd", "x")), say("ACK", "2.04", 5, b"u")
    talk = [("}", asked), ("{", say("ACK", "2.01", 1, b"r", location_path=("rd", "x")))]
    talk += [(">", update), (">", update), ("<", answer)]
    frames = frames_of(talk, server_between())
    assert shared(frames, 2) == all_lines(frames)


@pytest.mark.parametrize("behind", [0, 1, 2])
def test_a_conversation_that_is_shown_after_all_is_read_again(
    say: Callable[..., bytes], frames_of: Callable[..., Frames], behind: int, tmp_path: Path
) -> None:
    """A client comes to an address where another one was, who is shown elsewhere: at once, since all that follows
    might be dropped."""

    def register(name: str, mid: int, location: str) -> list[tuple[str, bytes]]:
        asked = say("CON", "0.02", mid, b"r", b"</1/0>", uri_path=("rd",), uri_query=(f"ep={name}",), content_format=40)
        return [(">", asked), ("<", say("ACK", "2.01", mid, b"r", location_path=("rd", location)))]

    moved = [(where.translate({62: "}", 60: "{"}), data) for where, data in register("b", 2, "y")]
    update = say("CON", "0.02", 5, b"u", uri_path=("rd", "y"))
    read = say("CON", "0.01", 6, b"v", uri_path=("3", "0", "9"))
    talk = [*register("a", 1, "x"), *moved, (">", update), ("<", say("ACK", "2.04", 5, b"u")), ("<", read)]
    server = server_between()
    frames = frames_of(talk[: 5 + behind], server)
    ended = []
    for number in (0, 1):
        try:
            list(Share(Dissector(), number, 2, set()).places(grouped(frames, 1)))
        except ReadAgain:
            ended.append(number)
    assert ended == [share_with(MOVED, int(server[0].rpartition(".")[2]))]
    path = tmp_path / "moved.pcap"
    path.write_bytes(as_pcap(frames))
    by_one, by_two = (list(LwM2mAnalyzer().decode([path], DecodeOptions(jobs=jobs)).json()) for jobs in (1, 2))
    assert by_one == by_two == all_lines(frames)


def server_between() -> tuple[str, int]:
    """A server to which the two addresses are shown by different processes."""
    return next(
        (f"117.161.2.{last}", 5683) for last in range(1, 250) if share_with(CLIENT, last) != share_with(MOVED, last)
    )


def share_with(client: str, last: int) -> int:
    return share_of(crc32(" ".join(sorted([client, f"117.161.2.{last}:5683"])).encode()), 2)


def as_pcap(frames: Frames) -> bytes:
    """In raw IPv4 packets."""
    made = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)]
    for _, time, key, data, _ in frames:
        udp = key[8:] + struct.pack(">HH", 8 + len(data), 0) + data
        packet = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + key[:8] + udp
        made.append(struct.pack("<IIII", *divmod(time // 1000, 1_000_000), len(packet), len(packet)) + packet)
    return b"".join(made)


def test_shares_are_even_but_for_the_first() -> None:
    for count in (2, 3, 8):
        shares = [0] * count
        for number in range(10_000):
            shares[share_of(number, count)] += 1
        assert min(shares) == shares[0] > 0.75 * max(shares)
