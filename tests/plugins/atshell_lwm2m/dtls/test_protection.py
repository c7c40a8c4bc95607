from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.dtls.protection import openers
from atshell_lwm2m.dtls.records import Record, split
from atshell_lwm2m.dtls.suites import SUITES

KINDS = [(0xC0A8, True), (0x00A8, True), (0x00AE, True), (0x00AE, False)]


def record(data: bytes, cid: int = 0) -> Record:
    (found,) = split(data, lambda _rest: cid)
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize("cids", [None, (b"client", b"srv")])
@pytest.mark.parametrize(("suite", "outside"), KINDS)
@pytest.mark.parametrize("length", [0, 1, 15, 16, 40])
def test_both_directions(
    peers: Callable[..., Any], suite: int, outside: bool, cids: tuple[bytes, bytes] | None, length: int
) -> None:
    both = peers(suite, outside=outside, cids=cids).handshake()
    client, server = openers(SUITES[suite], outside, both.master, both.client_random, both.server_random)
    body = bytes(range(length))
    ours = record(both.say(">", 23, body), len(cids[1]) if cids else 0)
    theirs = record(both.say("<", 23, body), len(cids[0]) if cids else 0)
    inner = body + b"\x17\0\0\0" if cids else body
    assert client(ours) == server(theirs) == inner
    assert client(theirs) is None
    for at in range(len(ours.body)):
        bent = ours.body[:at] + bytes([ours.body[at] ^ 1]) + ours.body[at + 1 :]
        assert client(Record(ours.content, ours.version, ours.number, ours.cid, bent)) is None
    assert client(Record(ours.content, ours.version, bytes(8), ours.cid, ours.body)) is None


@pytest.mark.parametrize("suite", [0xC0A8, 0x00A9, 0x00AE, 0x008C, 0xCCAB])
@pytest.mark.parametrize("outside", [True, False])
@given(body=st.binary(max_size=100))
def test_any_bytes(suite: int, outside: bool, body: bytes) -> None:
    client, _ = openers(SUITES[suite], outside, bytes(48), bytes(32), bytes(32))
    assert client(Record(23, b"\xfe\xfd", bytes(8), b"", body)) is None
