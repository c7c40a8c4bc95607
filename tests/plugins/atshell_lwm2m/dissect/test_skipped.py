"""When something must not have been skipped; that the result is the same is shown by test_sifted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell_lwm2m.capture.fast import grouped
from atshell_lwm2m.capture.frames import CapturedDatagram, turned
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.sifted import Wanted
from atshell_lwm2m.dissect.skipped import ReadAgain, Skipped
from atshell_lwm2m.dissect.state import Client, Flow
from atshell_lwm2m.filter import compile_condition

KEY, OTHER = bytes(range(12)), bytes(range(12, 24))
GET, POST, CREATED = 0x4001, 0x4402, 0x6441


def flow(client: Client | None = None) -> Flow:
    made = Flow("a", "server")
    if client is not None:
        made.belongs(client, True)
    return made


def test_either_direction_is_skipped_but_for_what_moves_clients() -> None:
    skipped = Skipped(set())
    assert not skipped.has(KEY, GET, b"")
    skipped.settle(KEY, flow(), GET, away=True)
    for key in (KEY, turned(KEY)):
        assert [skipped.has(key, head, b"\x44\x02\0\0tokn\x81") for head in (GET, 0x6045, 0x7000)] == [True] * 3
        assert [skipped.has(key, head, b"\x44\x02\0\0tokn\x81") for head in (POST, 0x4004, CREATED, -1, 0x1603)] == [
            False
        ] * 5


def test_what_is_wanted_after_all() -> None:
    kept: set[bytes] = set()
    skipped = Skipped(kept)
    skipped.settle(KEY, flow(), GET, away=True)
    with pytest.raises(ReadAgain):
        skipped.settle(KEY, flow(), POST, away=False)
    assert kept == {KEY, turned(KEY)}
    again = Skipped(kept)
    again.settle(KEY, flow(), GET, away=True)
    assert not again.has(KEY, GET, b"")


def test_a_client_that_comes_from_where_it_was_skipped() -> None:
    kept: set[bytes] = set()
    skipped, client = Skipped(kept), Client("dev")
    skipped.settle(KEY, flow(client), POST, away=True)
    with pytest.raises(ReadAgain):
        skipped.settle(OTHER, flow(client), POST, away=False)
    assert kept == {KEY, turned(KEY), OTHER, turned(OTHER)}


def test_a_client_that_goes_where_nothing_is_wanted_takes_its_conversation_along() -> None:
    skipped, client = Skipped(set()), Client("dev")
    skipped.settle(KEY, flow(client), POST, away=False)
    skipped.settle(OTHER, flow(client), POST, away=True)
    assert not skipped.has(OTHER, GET, b"")


def test_an_update_of_who_is_there_is_skipped_until_another_takes_the_place() -> None:
    skipped, client, update = Skipped(set()), Client("dev", location="/rd/1"), b"\x44\x02\0\0toknREST"
    back = flow(client)
    back.src = "server"
    skipped.settle(KEY, flow(client), POST, away=True)
    skipped.stays(KEY, flow(client), "/rd/1", b"REST")
    assert not skipped.has(KEY, POST, update)  # Its location is not known.
    skipped.settle(turned(KEY), back, CREATED, away=True)
    skipped.stays(KEY, flow(client), "/rd/1", b"REST")
    assert skipped.has(KEY, POST, update)
    new = Client("new", location="/rd/1")
    taken = flow(new)
    taken.src = "server"
    skipped.settle(OTHER, taken, CREATED, away=True)
    assert not skipped.has(KEY, POST, update)


def test_it_is_read_again_when_a_device_moves_to_what_is_wanted(
    say: Callable[..., bytes],
    registered: list[tuple[str, bytes]],
    frames_of: Callable[..., list[CapturedDatagram]],
) -> None:
    talk = [*registered, ("}", say("CON", "0.02", 8, b"u", uri_path=("rd", "5a3f")))]
    kept: set[bytes] = set()
    wanted = Wanted(Dissector(), compile_condition("addr == 10.9.9.9"), Skipped(kept))
    with pytest.raises(ReadAgain):
        list(wanted.messages(grouped(frames_of(talk), 1)))
    again = Wanted(Dissector(), compile_condition("addr == 10.9.9.9"), Skipped(kept))
    assert [one.endpoint for one in again.messages(grouped(frames_of(talk), 1))] == ["dev-1"]
