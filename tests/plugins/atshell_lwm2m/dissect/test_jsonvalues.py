from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import NAMES
from atshell_lwm2m.dissect.about import piece
from atshell_lwm2m.dissect.jsonvalues import Values
from atshell_lwm2m.message import Message
from atshell_lwm2m.payload import decode

VALUES = Values()


@given(
    st.one_of(st.binary(max_size=40), st.sampled_from([b"\xc1\x09\x64", b"\xc1\x09", b"100", b"x" * 300])),
    st.sampled_from([None, *NAMES]),
    st.sampled_from([None, "/", "/3", "/3/0", "/3/0/9", "/3303/0"]),
)
@settings(max_examples=300)
def test_as_a_message_shows_them(data: bytes, content_format: int | None, target: str | None) -> None:
    decoded = decode(data, content_format, target or "")
    before, behind = VALUES.pieces(data, content_format, target)
    assert before == piece(Message(error=decoded.error, expert=decoded.expert))
    assert behind == piece(Message(resources=decoded.resources))
    for _ in range(2):
        assert VALUES.all(data, content_format, target) == (before, behind)
