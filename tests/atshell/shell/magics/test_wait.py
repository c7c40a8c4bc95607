"""``%wait``"""

from __future__ import annotations

import asyncio

import pytest

from atshell.errors import AtshellError
from atshell.shell.magics.wait import SECONDS, _read


@pytest.mark.parametrize(
    ("argument", "wanted"),
    [
        ("+MIPLEVENT", ("+MIPLEVENT", SECONDS)),
        ("+MIPLEVENT: 0,6", ("+MIPLEVENT: 0,6", SECONDS)),
        ("+MIPLEVENT: 0,6 2.5", ("+MIPLEVENT: 0,6", 2.5)),
        ("+MIPLEVENT: 0", ("+MIPLEVENT: 0", SECONDS)),
        ("+MIPLEVENT 5", ("+MIPLEVENT", 5.0)),
        ("+X -1", ("+X -1", SECONDS)),
    ],
)
def test_what_and_how_long(argument: str, wanted: tuple[str, float]) -> None:
    assert _read(argument) == wanted


@pytest.mark.parametrize("argument", ["", "5", "MIPLEVENT"])
def test_what_is_no_urc_is_refused(argument: str) -> None:
    with pytest.raises(AtshellError, match="%wait"):
        _read(argument)


def test_it_ends_with_the_urc_that_is_meant(talk, collect) -> None:
    async def body(shell, module):
        waiting = asyncio.ensure_future(collect(shell, "AT\n%wait +MIPLEVENT: 0,6 9\n%wait +MIPLEVENT: 0,7 0.01"))
        await module.heard("AT")
        module.say("\r\n+MIPLEVENT: 0,2\r\n\r\n+MIPLEVENT:0,6\r\n")
        return await waiting

    ok, never = talk(body)
    assert ok.text.startswith("OK")
    assert never.text == "no +MIPLEVENT: 0,7 within 0.01 s"
