from __future__ import annotations

import pytest

from atshell_lwm2m.endpoint import formats


@pytest.mark.parametrize(
    ("version", "known", "write", "accept", "composite"),
    [
        ("1.0", (), 11542, None, 112),
        ("1.0", (11543, 110), 11542, None, 110),
        ("1.1", (), 11542, None, 112),
        ("1.1", (60, 110, 112, 11542, 11543), 112, 112, 112),
        ("1.1", (110,), 110, 110, 110),
        ("1.1", (11542, 110), 11542, 11542, 110),
        ("1.1", (11543,), 11543, 11543, 112),
        ("1.1", (0, 999), 11542, None, 112),
    ],
)
def test_what_is_spoken_with_a_client(version, known, write, accept, composite):
    assert formats.to_write(version, known) == write
    assert formats.to_accept(version, known) == accept
    assert formats.composite(known) == composite


@pytest.mark.parametrize(
    ("word", "number"),
    [("#tlv", 11542), ("#SenML-JSON", 110), ("#112", 112), ("#1542", 1542), ("#999", None), ("#", None), ("tlv", None)],
)
def test_what_is_asked_for(word, number):
    assert formats.asked(word) == number
