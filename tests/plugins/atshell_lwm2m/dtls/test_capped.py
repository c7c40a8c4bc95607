from __future__ import annotations

from atshell_lwm2m.dtls.capped import keep


def test_the_oldest_goes() -> None:
    table: dict[int, str] = {}
    for number in (1, 2, 1, 3):
        keep(table, number, "x", 2)
    assert list(table) == [1, 3]
