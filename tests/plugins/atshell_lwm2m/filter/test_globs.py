from __future__ import annotations

import pytest

from atshell_lwm2m.filter.globs import matcher


@pytest.mark.parametrize(
    ("pattern", "text", "like"),
    [
        ("/3200/*", "/3200/0/5750", True),
        ("/3200/*", "/3200", False),
        ("/3200/?/5750", "/3200/0/5750", True),
        ("*imei*", "urn:IMEI:8699", True),
        ("[::1]:*", "[::1]:5683", True),
        ("[ab]", "a", False),
        ("a.c", "abc", False),
        ("*", "a\nb", True),
        ("", "", True),
    ],
)
def test_patterns(pattern: str, text: str, like: bool) -> None:
    assert bool(matcher(pattern)(text)) is like


def test_many_stars_are_no_work() -> None:
    assert not matcher("*a" * 200 + "b")("a" * 5000)
