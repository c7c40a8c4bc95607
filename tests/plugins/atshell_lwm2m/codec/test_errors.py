from __future__ import annotations

from atshell_lwm2m.codec.errors import Malformed


def test_says_what_and_where() -> None:
    error = Malformed("a length of 9", 4)
    assert str(error) == "a length of 9 at byte 4"
    assert (error.what, error.offset) == ("a length of 9", 4)
