from __future__ import annotations

import pytest

from atshell_lwm2m.endpoint import order
from atshell_lwm2m.endpoint.order import Order, read_path
from atshell_lwm2m.endpoint.registration import Registration


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/3/0/14", (3, 0, 14)),
        ("/03//0/", (3, 0)),
        ("/", ()),
        ("3", None),
        ("", None),
        ("/x", None),
        ("/65535", None),
        ("/1/2/3/4/5", None),
        ("/-1", None),
    ],
)
def test_paths(text, path):
    assert read_path(text) == path


def test_several_paths_are_bounded(monkeypatch):
    monkeypatch.setattr(order, "MAX_PATHS", 2)
    client = Registration("one", "a", ("h", 1))
    assert Order("read", ["/3/0", "/4"], client, None).paths() == [(3, 0), (4,)]
    for words in (["/3", "/4", "/5"], ["/3", "x"], ["/3", "/"]):
        with pytest.raises(ValueError, match="up to 2 paths"):
            Order("read", words, client, None).paths()


def test_a_format_that_is_none_is_named():
    client = Registration("one", "a", ("h", 1))
    with pytest.raises(ValueError, match=r"'#tvl' is no format: say #text #opaque .*#tlv"):
        Order("read", ["/3/0", "#tvl"], client, None).paths()
