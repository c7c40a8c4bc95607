from __future__ import annotations

import pytest

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.lwm2mcbor import decode


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ("a103a100a2006141091864", [("/3/0/0", "A"), ("/3/0/9", 100)]),
        ("a1830300091864", [("/3/0/9", 100)]),
        ("a1820300a106a20001 0105", [("/3/0/6/0", 1), ("/3/0/6/1", 5)]),
        # What a composite request names has no value.
        ("a1830300 09f6", [("/3/0/9", None)]),
        ("8283030009 820300", [("/3/0/9", None), ("/3/0", None)]),
    ],
)
def test_nested_and_flat(data: str, values: list[tuple[str, object]]) -> None:
    assert [(one.path, one.value) for one in decode(bytes.fromhex(data))] == values


@pytest.mark.parametrize("data", ["05", "a1616105", "a12005", "a1850102030405 01", "a11a0001000001"])
def test_malformed(data: str) -> None:
    with pytest.raises(Malformed):
        decode(bytes.fromhex(data))
