"""When something must not have been skipped; and that the result is the same, however the devices live."""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import messages
from atshell_lwm2m.capture import reader, records
from atshell_lwm2m.capture.fast import Headed, grouped
from atshell_lwm2m.capture.frames import CapturedDatagram, turned
from atshell_lwm2m.capture.glance import Skip
from atshell_lwm2m.capture.reader import batches, datagrams
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import ReadAgain
from atshell_lwm2m.dissect.sifted import Wanted
from atshell_lwm2m.dissect.skipped import Skipped
from atshell_lwm2m.dissect.state import Client, Clients, Flow
from atshell_lwm2m.filter import compile_condition
from atshell_lwm2m.message import to_json

KEY, OTHER = bytes(range(12)), bytes(range(12, 24))
GET, POST, CREATED = b"\x40\x01\0\0", b"\x44\x02\0\0tokn\x81", b"\x64\x41\0\0tokn"
Say = Callable[..., bytes]
Talk = list[tuple[str, bytes]]


class Told:
    """``Skipped`` with who is where."""

    def __init__(self, skip: Skip | None = None) -> None:
        self.skip = skip or Skip()
        self.clients = Clients()
        self.flows: dict[bytes, Flow] = {}
        self.skipped = Skipped(self.skip, self.clients, self.flows.get, _path)

    def flow(self, key: bytes, client: Client | None = None) -> Flow:
        """From the client, whose it is now; a new one's without one."""
        flow = self.flows.setdefault(key, Flow("a", "server"))
        back = self.flows.setdefault(turned(key), Flow("server", "a"))
        if client is not None:
            flow.belongs(client, True)
            back.belongs(client, False)
        return flow

    def located(self, key: bytes, client: Client, location: str) -> None:
        """A Register and its answer."""
        self.settle(key, POST, client)
        self.clients.located(self.flow(key), client, location)
        self.settle(turned(key), CREATED)

    def settle(self, key: bytes, data: bytes, client: Client | None = None, *, away: bool = True) -> None:
        flow = self.flow(key, client) if client is not None else self.flows.get(key) or self.flow(key)
        self.skipped.settle(flow, _headed(key, data), away=away)

    def has(self, key: bytes, data: bytes) -> bool:
        return key in self.skipped.keys and self.skipped.has(_headed(key, data))


def _path(data: bytes, start: int) -> str | None:
    """Of ``POST``, it registers."""
    return None if data == POST else data[start:].decode("latin-1")


def _headed(key: bytes, data: bytes) -> Headed:
    ((headed,),) = grouped([(1, 0, key, data, 0)], 1)
    return headed


def test_either_direction_is_skipped_but_for_what_moves_clients() -> None:
    told = Told()
    assert not told.has(KEY, GET)
    told.settle(KEY, GET)
    for key in (KEY, turned(KEY)):
        assert [told.has(key, head + b"\0\0") for head in (b"\x40\x01", b"\x60\x45", b"\x70\0")] == [True] * 3
        needed = (POST, b"\x40\x04\0\0", CREATED, b"\x60\x42\0\0", b"\x60\x84\0\0", b"\x40", b"\x16\x03\0\0")
        assert [told.has(key, data) for data in needed] == [False] * len(needed)


def test_what_is_wanted_after_all() -> None:
    told = Told()
    told.settle(KEY, GET)
    with pytest.raises(ReadAgain):
        told.settle(KEY, POST, away=False)
    assert told.skip.kept == {KEY, turned(KEY)}
    again = Told(told.skip)
    again.settle(KEY, GET)
    assert not again.has(KEY, GET)


def test_a_client_that_comes_from_where_it_was_skipped() -> None:
    told, client = Told(), Client("dev")
    told.settle(KEY, POST, client)
    with pytest.raises(ReadAgain):
        told.settle(OTHER, POST, client, away=False)
    assert told.skip.kept == {KEY, turned(KEY), OTHER, turned(OTHER)}


def test_a_client_that_goes_where_nothing_is_wanted_takes_its_conversation_along() -> None:
    told, client = Told(), Client("dev")
    told.settle(KEY, POST, client, away=False)
    told.settle(OTHER, POST, client)
    assert not told.has(OTHER, GET)


UPDATE, LATER = b"\x44\x02\0\0tokn/rd/1", b"\x42\x02\0\1to/rd/1"


def test_an_update_of_who_is_there_is_skipped_until_another_takes_the_place() -> None:
    told = Told()
    told.located(KEY, Client("dev"), "/rd/1")
    assert not told.has(KEY, LATER)
    told.settle(KEY, UPDATE)
    assert told.has(KEY, LATER)
    told.located(KEY, Client("dev"), "/rd/1")  # The same anew.
    assert told.has(KEY, LATER)
    told.located(OTHER, Client("new"), "/rd/1")
    assert not told.has(KEY, LATER)


def test_an_update_of_who_is_not_known_is_skipped_until_somebody_is_there() -> None:
    told = Told()
    told.settle(KEY, UPDATE)
    assert told.has(KEY, LATER)
    assert not told.has(KEY, b"\x42\x02\0\1to/rd/2")
    told.located(OTHER, Client("new"), "/rd/1")
    assert not told.has(KEY, LATER)


def test_an_update_that_moves_is_not_skipped() -> None:
    told = Told()
    told.located(KEY, Client("dev"), "/rd/1")
    told.flow(OTHER, Client("new"))
    told.settle(OTHER, UPDATE)
    assert not told.has(OTHER, LATER)


def test_what_the_reader_skipped_meanwhile_is_read_again() -> None:
    told = Told()
    told.settle(KEY, UPDATE)
    told.skip.used.add(KEY)
    with pytest.raises(ReadAgain):
        told.located(OTHER, Client("new"), "/rd/1")
    assert told.skip.kept == {KEY, turned(KEY)}


def test_payloads_are_not_remembered() -> None:
    told = Told()
    for number in range(20):
        told.settle(KEY, b"\x40\x02\0\0/dp\xff" + bytes([number])) if number else told.settle(KEY, UPDATE)
    assert told.has(KEY, LATER)


def test_it_is_read_again_when_a_device_moves_to_what_is_wanted(
    say: Say, registered: Talk, frames_of: Callable[..., list[CapturedDatagram]]
) -> None:
    talk = [*registered, ("}", say("CON", "0.02", 8, b"u", uri_path=("rd", "5a3f")))]
    skip = Skip()
    wanted = Wanted(Dissector(), compile_condition("addr == 10.9.9.9"), skip)
    with pytest.raises(ReadAgain):
        list(wanted.messages(grouped(frames_of(talk), 1)))
    again = Wanted(Dissector(), compile_condition("addr == 10.9.9.9"), skip)
    assert [one.endpoint for one in again.messages(grouped(frames_of(talk), 1))] == ["dev-1"]


# Devices that live in files

End = tuple[str, int]
Sent = tuple[int, End, End, bytes]
"""Microseconds, from where to where, and what."""
HOMES: list[End] = [(f"100.64.0.{number}", 40_000 + number) for number in range(1, 5)]
SERVERS: list[End] = [("10.0.0.1", 5683), ("10.0.0.2", 5683)]
LOCATIONS = ["aa", "bb", "cc", "dd"]


class Life:
    """Of some devices that change address, registration, location and server, take one another's, and are lost."""

    def __init__(self, say: Say, source: random.Random) -> None:
        self._say = say
        self._source = source
        self._devices = [_Device(f"dev-{number}", home) for number, home in enumerate(HOMES)]
        self._time, self._mid = 1_700_000_000_000_000, 1000
        self.sent: list[Sent] = []

    def go_on(self, count: int) -> None:
        doings = [self._register, self._update, self._observe, self._notify, self._execute, self._move, self._leave]
        while len(self.sent) < count:
            (doing,) = self._source.choices(doings, (6, 10, 4, 12, 8, 3, 1))
            self._mid += 1
            doing(self._source.choice(self._devices))

    def _put(self, src: End, dst: End, data: bytes) -> None:
        chance = self._source.random()
        self._time += self._source.choice((1000, 50_000, 900_000, 3_000_000)) if chance > 0.004 else 260_000_000
        for _ in range(0 if chance < 0.02 else 2 if chance < 0.04 else 1):
            self.sent.append((self._time, src, dst, data))

    def _exchange(self, src: End, dst: End, ask: bytes, *answers: bytes) -> None:
        self._put(src, dst, ask)
        for answer in answers:
            self._put(dst, src, answer)

    def _ack(self, code: str, token: bytes = b"", payload: bytes = b"", **options: object) -> bytes:
        return self._say("ACK", code, self._mid, token, payload, **options)

    def _register(self, one: _Device) -> None:
        token, chance = self._source.randbytes(2), self._source.random()
        if self._source.random() < 0.2:
            one.lifetime = self._source.choice((300, 600))
        if not one.location or self._source.random() < 0.15:
            one.location = self._source.choice(LOCATIONS)
        query = (f"ep={one.name}", f"lt={one.lifetime}", "lwm2m=1.0")
        ask = self._say("CON", "0.02", self._mid, token, b"</1/0>", uri_path=("rd",), uri_query=query)
        self._put(one.home, one.server, ask)
        if self._source.random() < 0.15:
            path = ("rd", self._source.choice(LOCATIONS))
            self._put(one.home, one.server, self._say("CON", "0.02", self._mid + 20_000, b"x", uri_path=path))
        back = ("rd", one.location)
        if chance < 0.8:
            self._put(one.server, one.home, self._ack("2.01", token, location_path=back))
        elif chance < 0.88:
            self._put(one.server, one.home, self._ack("4.03", token))
        elif chance < 0.94:
            self._put(one.server, one.home, self._ack("0.00"))
            self._put(one.server, one.home, self._say("CON", "2.01", self._mid + 30_000, token, location_path=back))

    def _update(self, one: _Device) -> None:
        location = one.location if one.location and self._source.random() < 0.9 else self._source.choice(LOCATIONS)
        ask = self._say("CON", "0.02", self._mid, b"u", uri_path=("rd", location))
        self._exchange(one.home, one.server, ask, self._ack(self._source.choice(("2.04", "2.04", "4.04")), b"u"))

    def _observe(self, one: _Device) -> None:
        one.token = self._source.randbytes(4)
        ask = self._say("CON", "0.01", self._mid, one.token, uri_path=("3303", "0"), observe=0)
        self._exchange(one.server, one.home, ask, self._ack("2.05", one.token, b"1", observe=self._mid))

    def _notify(self, one: _Device) -> None:
        told = self._say("CON", "2.05", self._mid, one.token, b"2", observe=self._mid)
        self._exchange(one.home, one.server, told, self._say("ACK", "0.00", self._mid))

    def _execute(self, one: _Device) -> None:
        ask = self._say("CON", "0.02", self._mid, b"e", uri_path=("1", "0", "8"))
        self._exchange(one.server, one.home, ask, self._ack("2.04", b"e"))

    def _move(self, one: _Device) -> None:
        if self._source.random() < 0.2:
            one.server = self._source.choice(SERVERS)
        else:
            one.home = self._source.choice(HOMES)

    def _leave(self, one: _Device) -> None:
        ask = self._say("CON", "0.04", self._mid, b"d", uri_path=("rd", one.location or "aa"))
        self._exchange(one.home, one.server, ask, self._ack("2.02", b"d"))


class _Device:
    def __init__(self, name: str, home: End) -> None:
        self.name, self.home, self.server = name, home, SERVERS[0]
        self.location, self.token, self.lifetime = "", b"none", 300


def _written(path: Path, sent: Iterable[Sent]) -> None:
    """Ethernet frames, the short ones with its padding."""
    parts = [b"\xd4\xc3\xb2\xa1" + struct.pack("<HHiIII", 2, 4, 0, 0, 262144, 1)]
    for time, src, dst, data in sent:
        packet = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(data), 0, 0x4000, 64, 17, 0)
        packet += socket.inet_aton(src[0]) + socket.inet_aton(dst[0])
        packet += struct.pack(">HHHH", src[1], dst[1], 8 + len(data), 0) + data
        frame = bytes(12) + b"\x08\0" + packet.ljust(46, b"\0")
        parts.append(struct.pack("<IIII", *divmod(time, 1_000_000), len(frame), len(frame)) + frame)
    path.write_bytes(b"".join(parts))


FILTERS = [
    "addr == 100.64.0.2",
    "addr == 10.0.0.2",
    "not (addr == 10.0.0.1)",
    'ep == "dev-1"',
    'src == 100.64.0.1 or ep == "dev-0"',
    'addr == 100.64.0.3 and op == "Notify"',
]


@pytest.mark.parametrize("seed", range(24))
def test_however_they_live(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Say, mutated: Callable[..., list[CapturedDatagram]]
) -> None:
    """The reader hands on a few messages at once, so that what is skipped changes in the middle of it."""
    monkeypatch.setattr(reader, "PIECE", 700)
    monkeypatch.setattr(records, "MOST", 200)
    monkeypatch.setattr("atshell_lwm2m.analyzer._ATTEMPTS", 12)
    life, path = Life(say, random.Random(seed)), tmp_path / "life.pcap"
    life.go_on(250)
    _written(path, life.sent)
    every = list(Dissector().messages(datagrams(path, lambda _: None, common=False)))
    for text in FILTERS:
        holds = compile_condition(text).holds
        found = [to_json(message) for message in messages([path], DecodeOptions(filter=text))]
        assert found == [to_json(message) for message in every if holds(message)]


def test_most_of_it_is_skipped(traffic_file: Path) -> None:
    """Also that devices register again."""
    skip = Skip()
    handed = 0

    def counted(found: Iterable[list[Headed]]) -> Iterable[list[Headed]]:
        nonlocal handed
        for batch in found:
            handed += sum(key != b"" for _, _, _, _, key, _, _, _, _ in batch)
            yield batch

    wanted = Wanted(Dissector(), compile_condition("addr == 100.64.0.7"), skip)
    found = list(wanted.messages(counted(batches(traffic_file, lambda _: None, skip=skip))))
    assert found
    assert handed < 4000
