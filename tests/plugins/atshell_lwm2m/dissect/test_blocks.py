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


def missing(transfers: Transfers, num: int, *, more: bool = True) -> str | None:
    note = transfers.missing(FLOW, 3, REQUEST, Block(num, more, 16), response=False)
    return note.text if note is not None else None


def test_what_is_missing_is_told_once() -> None:
    transfers = Transfers()
    assert missing(transfers, 0) is None
    put(transfers, 0, b"a" * 16)
    assert missing(transfers, 1) is None
    put(transfers, 1, b"b" * 16)
    assert missing(transfers, 4) == "blocks 2 to 3 are not in the capture: the body can't be put together"
    assert put(transfers, 4, b"e" * 16) is None
    assert missing(transfers, 5) is None
    assert put(transfers, 5, b"f", more=False) is None
    assert missing(transfers, 0) is None
    put(transfers, 0, b"a" * 16)
    assert missing(transfers, 2) == "block 1 is not in the capture: the body can't be put together"


def test_without_a_beginning() -> None:
    transfers = Transfers()
    assert missing(transfers, 3) == "blocks 0 to 2 are not in the capture: the body can't be put together"
    assert missing(transfers, 4) is None


def test_a_block_at_the_end_of_its_range() -> None:
    transfers = Transfers()
    last = (1 << 20) - 1
    put(transfers, 0, b"a" * 16)
    assert missing(transfers, last) == f"blocks 1 to {last - 1} are not in the capture: the body can't be put together"
    assert put(transfers, last, b"x", more=False) is None


def lay(transfers: Transfers, num: int, payload: bytes, *, more: bool = True) -> bytes | None:
    about = "Write", 42
    transfer = transfers.take(FLOW, 3, REQUEST, Block(num, more, 16), about, payload, response=False, apart=True)
    return bytes(transfer.body) if transfer is not None else None


def test_q_blocks_come_in_any_order() -> None:
    transfers = Transfers()
    assert lay(transfers, 3, b"d", more=False) is None
    assert lay(transfers, 0, b"a" * 16) is None
    assert lay(transfers, 2, b"c" * 16) is None
    assert lay(transfers, 2, b"c" * 16) is None
    assert lay(transfers, 1, b"b" * 16) == b"a" * 16 + b"b" * 16 + b"c" * 16 + b"d"


def test_hostile_q_blocks() -> None:
    transfers = Transfers()
    for number in range(0, 1 << 20, 64):
        lay(transfers, number, bytes(1024))
    (running,) = transfers._running.values()
    assert running.size <= MAX_BODY


def test_request_tags_keep_transfers_apart() -> None:
    transfers, whole = Transfers(), list[bytes]()
    for num, more in ((0, True), (1, False)):
        for tag in ("aa", "bb"):
            request = Message(path="/5/0/0", options=[(292, "Request-Tag", tag)])
            payload = tag.encode() * 8
            found = transfers.take(FLOW, 3, request, Block(num, more, 16), ("Write", 42), payload, response=False)
            whole += [bytes(found.body)] if found is not None else []
    assert whole == [b"a" * 32, b"b" * 32]
