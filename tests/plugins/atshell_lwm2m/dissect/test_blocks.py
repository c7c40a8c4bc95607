from __future__ import annotations

from atshell_lwm2m.dissect.blocks import MAX_BODY, Transfers
from atshell_lwm2m.dissect.state import Flow
from atshell_lwm2m.message import Block, Message

FLOW = Flow("a", "b")
REQUEST = Message(path="/5/0/0")


def put(transfers: Transfers, num: int, payload: bytes, *, more: bool = True, size: int = 16) -> bytes | None:
    transfer = transfers.take(FLOW, 3, REQUEST, Block(num, more, size), ("Write", 42), payload, response=False)
    return bytes(transfer.body) if transfer is not None else None


def test_in_order() -> None:
    transfers = Transfers()
    assert put(transfers, 0, b"a" * 16) is None
    assert put(transfers, 1, b"b" * 16) is None
    assert put(transfers, 1, b"b" * 16) is None
    assert put(transfers, 2, b"c", more=False) == b"a" * 16 + b"b" * 16 + b"c"
    assert put(transfers, 2, b"c", more=False) is None


def test_a_gap_gives_it_up() -> None:
    transfers = Transfers()
    put(transfers, 0, b"a" * 16)
    assert put(transfers, 2, b"c" * 16) is None
    assert put(transfers, 1, b"b", more=False) is None


def test_one_block_is_no_transfer() -> None:
    assert put(Transfers(), 0, b"a", more=False) is None


def test_a_body_has_a_cap() -> None:
    transfers = Transfers()
    size = 1024
    for num in range(MAX_BODY // size):
        put(transfers, num, bytes(size), size=size)
    assert put(transfers, MAX_BODY // size, b"x", more=False, size=size) is None


def test_many_transfers_forget_the_oldest() -> None:
    transfers = Transfers()
    for number in range(300):
        request = Message(path=f"/{number}")
        transfers.take(FLOW, 1, request, Block(0, True, 16), ("Read", 42), b"x" * 16, response=True)
    assert transfers.running(FLOW, 1, Message(path="/0")) is None
    assert transfers.running(FLOW, 1, Message(path="/299")) is not None
