from __future__ import annotations

import pytest

from .conftest import Bench


def test_each_command_reports_for_itself(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CREG=1;+CGREG=0;+CEREG=2
        < OK
        ! network lost
        < +CREG: 2
        < +CEREG: 2
        ! network found
        ~ 0.1
        < +CREG: 1
        < +CEREG: 1,"1AF4","05F2B1C3",9
        > AT+CREG?;+CGREG?;+CEREG?
        < +CREG: 1,1
        < +CGREG: 0,1
        < +CEREG: 2,1,"1AF4","05F2B1C3",9
        < OK
        """
    )


@pytest.mark.parametrize(("name", "most"), [("+CREG", 3), ("+CGREG", 5), ("+CEREG", 5)])
def test_what_each_has(bench: Bench, name: str, most: int) -> None:
    assert bench.ask(f"AT{name}=?") == [f"{name}: (0-{most})", "OK"]
    assert bench.ask(f"AT{name}={most}") == ["OK"]
    assert bench.ask(f"AT{name}={most + 1}") == ["+CME ERROR: 50"]
    assert bench.ask(f"AT{name}?") == [f'{name}: {most},1,"1AF4","05F2B1C3",9', "OK"]
    assert bench.ask(f"AT{name}=") == ["OK"]
    assert bench.ask(f"AT{name}?") == [f"{name}: 0,1", "OK"]
