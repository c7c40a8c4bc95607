from __future__ import annotations

from atshell_lwm2m.dissect.about import about, piece
from atshell_lwm2m.message import Message


def test_pieces_begin_with_a_comma() -> None:
    assert piece(Message()) == ""
    assert piece(Message(endpoint='a"b')) == ',"endpoint":"a\\"b"'


def test_a_read() -> None:
    read = about("Read", "/3/0/9")
    assert (read.operation_text, read.target_text) == (',"operation":"Read"', ',"target":"/3/0/9"')
    assert (read.in_request, read.in_response, read.plain, read.notified) == (False, True, True, None)


def test_an_observe_is_notified_of() -> None:
    observe = about("Observe", "/3")
    assert not observe.plain
    assert observe.notified == about("Notify", "/3")


def test_nothing() -> None:
    assert about(None, None).operation_text == about(None, None).target_text == ""
