from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell.catalog.nearest import MAX_LENGTH, nearest

NAMES = ["MIPLOPEN", "MIPLOBSERVE", "MIPLREAD", "MIPLREADRSP", "MIPLNOTIFY", "CSQ", "CEREG", "S3", "E"]


def test_slips_beginnings_and_parts() -> None:
    assert nearest("MIPLOPNE", NAMES, limit=3) == ["MIPLOPEN"]
    assert nearest("MIPLREAD", NAMES, limit=3)[0] == "MIPLREAD"
    assert nearest("MIPLRE", NAMES, limit=2) == ["MIPLREAD", "MIPLREADRSP"]
    assert nearest("NOTIFY", NAMES, limit=3) == ["MIPLNOTIFY"]
    assert nearest("CREG", NAMES, limit=1) == ["CEREG"]


def test_what_is_like_nothing() -> None:
    assert nearest("XYZZY", NAMES, limit=3) == []
    assert nearest("", NAMES, limit=3) == []
    assert nearest("53", NAMES, limit=3) == []  # an error code is no S-register
    assert nearest("M" * (MAX_LENGTH + 1), NAMES, limit=3) == []


@given(st.sampled_from(NAMES[:6]), st.data())
def test_one_swap_of_neighbours_is_found_first(name: str, data: st.DataObject) -> None:
    if len(name) < 4:
        return
    at = data.draw(st.integers(0, len(name) - 2))
    slipped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert name in nearest(slipped, NAMES, limit=2)


@given(st.text(max_size=100), st.lists(st.text(max_size=20), max_size=10), st.integers(0, 5))
def test_any_text_gives_some_of_the_names(text: str, names: list[str], limit: int) -> None:
    found = nearest(text, names, limit=limit)
    assert len(found) <= limit
    assert set(found) <= set(names)
