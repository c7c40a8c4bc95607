"""``%quit``"""

from __future__ import annotations


def test_the_rest_of_the_cell_is_not_run(talk, collect) -> None:
    async def body(shell, module):
        results = await collect(shell, "AT\n%quit\nAT+CSQ")
        return len(results), shell.done, module.received

    assert talk(body) == (1, True, ["AT"])
