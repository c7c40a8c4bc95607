"""A OneNET session in which everything happens once (OneMO LwM2M manual 4.4.0, section 5.1).

The lines are the manual's dialogue; what the manual does over the platform's HTTP interface is asked of the embedded
platform here. Message IDs come from the URCs, as a microcontroller would take them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from atshell.hooks import Demo

if TYPE_CHECKING:
    from atshell.emulator.device import Device
    from atshell.session.runner import Session

PLATFORM_URCS = ("+MIPLOBSERVE", "+MIPLDISCOVER", "+MIPLREAD")
"""What the platform asks by itself after a login."""


async def play(session: Session, device: Device) -> None:
    await _log_in(session)
    await session.send('AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,147')
    await session.urc("+MIPLEVENT")
    await _answer(session, device, "read /3200/0", "+MIPLREAD", 'AT+MIPLREADRSP=0,{mid},1,3200,0,5750,1,4,"abcd",0,0')
    await _answer(session, device, "write /3200/0/5750 abcd", "+MIPLWRITE", "AT+MIPLWRITERSP=0,{mid},2")
    await _answer(session, device, "execute /3200/0/5750 abcd", "+MIPLEXECUTE", "AT+MIPLEXECUTERSP=0,{mid},2")
    await session.send("AT+MIPLUPDATE=0,3000,0")
    await session.urc("+MIPLEVENT")
    await session.send("AT+MIPLCLOSE=0")
    await session.urc("+MIPLEVENT")
    await session.send("AT+MIPLDELETE=0")


async def _log_in(session: Session) -> None:
    for line in (
        "AT+CGMM",
        "AT+CEREG?",
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"cmiot"',
        'AT+MIPLADDOBJ=0,3200,1,"1",0,1',
        'AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"',
        "AT+MIPLOPEN=0,3000,30",
    ):
        await session.send(line)
    for _ in ("bootstrap done", "logged in"):
        await session.urc("+MIPLEVENT")
    for prefix in PLATFORM_URCS:
        await session.urc(prefix)


async def _answer(session: Session, device: Device, order: str, prefix: str, answer: str) -> None:
    """Let the platform ask, answer as its URC's message ID says, and wait until the platform has the answer."""
    asked = asyncio.create_task(device.operate(order))
    request = await session.urc(prefix)
    await session.send(answer.format(mid=request.information.values[1].text))
    await asked


DEMO = Demo("MN316", play)
