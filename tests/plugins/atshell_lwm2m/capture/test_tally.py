from __future__ import annotations

from atshell_lwm2m.capture.tally import Tally


def test_one_warning_a_kind() -> None:
    told: list[str] = []
    tally = Tally(told.append)
    for number in range(1000):
        tally.note("a", f"frame {number}: a")
    tally.note("b", "frame 5: b")
    assert told == []
    tally.tell()
    tally.tell()
    assert told == ["frame 0: a (and 999 more like it)", "frame 5: b"]
