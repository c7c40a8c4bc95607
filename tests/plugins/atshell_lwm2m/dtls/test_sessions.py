from __future__ import annotations

from atshell_lwm2m.dtls.hello import Hello
from atshell_lwm2m.dtls.sessions import MAX_SESSIONS, Sessions


def hello(session: bytes = b"", ticket: bytes = b"") -> Hello:
    return Hello(b"\xfe\xfd", bytes(32), session, ticket=ticket)


def test_by_id_and_by_ticket() -> None:
    sessions = Sessions()
    sessions.opened(hello(b"id"), [b"t1", b"t2"], b"master")
    assert sessions.resumed(hello(b"id"), hello(b"id")) == [b"master"]
    assert sessions.resumed(hello(b"x", b"t2"), hello(b"x")) == [b"master"]
    assert sessions.resumed(hello(b"id"), hello(b"new")) == []
    assert sessions.resumed(hello(), hello()) == []


def test_they_are_capped() -> None:
    sessions = Sessions()
    for number in range(MAX_SESSIONS + 1):
        sessions.opened(hello(str(number).encode()), [], b"m")
    assert sessions.resumed(hello(b"0"), hello(b"0")) == []
    assert sessions.resumed(hello(b"1"), hello(b"1")) == [b"m"]
