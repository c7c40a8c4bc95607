from __future__ import annotations

import pytest

from atshell.session.carried import Carried
from atshell_lwm2m.explain.lines import of_line


def ids(
    data: bytes = b"1", *, declared: str = "", path: str = "", length: int | None = None, kind: str = "text"
) -> list[str]:
    carried = Carried(data, "client", kind, path, "Notify", declared, length)
    return [one.id for one in of_line(carried)]


@pytest.mark.parametrize(
    ("path", "declared", "mistakes"),
    [
        ("/3303/0/5700", "float", []),
        ("/3303/0/5700", "string", ["declared-type"]),
        ("/3303/0/5700", "integer", ["declared-type"]),
        ("/3/0/9", "integer", []),
        ("/3/0/13", "integer", []),  # a time
        ("/3/0/9", "float", ["declared-type"]),
        ("/3311/0/5850", "boolean", []),
        ("/3311/0/5850", "integer", []),  # the same byte
        ("/3200/0/5750", "string", []),
        ("/3200/0/5750", "integer", ["declared-type"]),
        ("/65000/0/1", "integer", []),
    ],
)
def test_declared_types(path: str, declared: str, mistakes: list[str]) -> None:
    assert ids(declared=declared, path=path) == mistakes


@pytest.mark.parametrize(
    ("length", "mistakes"), [(4, []), (None, []), (8, ["length-in-digits"]), (3, ["length-of-line"])]
)
def test_lengths(length: int | None, mistakes: list[str]) -> None:
    assert ids(b"\1\2\3\4", length=length) == mistakes


def test_opaque_values_are_hexadecimal() -> None:
    assert ids(b"hello", declared="opaque", path="/19/0/0") == ["opaque-not-hex"]
    assert ids(b"hello", declared="opaque", path="/19/0/0", kind="opaque") == []
