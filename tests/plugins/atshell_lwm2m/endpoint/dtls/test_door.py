from __future__ import annotations

import asyncio

import pytest

from atshell.emulator.clock import ManualClock
from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.dtls.door import open_door
from atshell_lwm2m.endpoint.dtls.keyring import Keyring
from atshell_lwm2m.endpoint.switchboard import Switchboard

HOST = "192.0.2.2"


def test_one_way_or_two():
    async def session() -> None:
        board, clock = Switchboard(), ManualClock()
        plain = await open_door(board.open, HOST, (1, 2), None, clock)
        assert (plain.address, plain.secure) == ((HOST, 1), None)
        both = await open_door(board.open, HOST, (3, 4), Keyring(), clock)
        assert (both.address, both.secure) == ((HOST, 3), (HOST, 4))
        both.wire.close()
        await both.wire.closed()
        plain.wire.close()

    asyncio.run(session())


def test_none_stays_open_when_the_other_cannot_be_had():
    async def session() -> None:
        board, clock = Switchboard(), ManualClock()
        taken = await board.open(HOST, 2)
        with pytest.raises(AtshellError):
            await open_door(board.open, HOST, (1, 2), Keyring(), clock)
        taken.close()
        (await open_door(board.open, HOST, (1, 2), Keyring(), clock)).wire.close()

    asyncio.run(session())
