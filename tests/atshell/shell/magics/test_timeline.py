"""``%timeline``"""

from __future__ import annotations

import asyncio
from pathlib import Path

from atshell.host import host
from atshell.shell.engine import Shell
from atshell.shell.options import ShellOptions

LOGIN = """AT+MIPLCREATE
AT+MIPLADDOBJ=0,3200,1,"1",1,0
AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"
AT+MIPLOPEN=0,300,30
%wait +MIPLEVENT: 0,6 5
%timeline"""


def test_a_real_module_needs_a_capture(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%timeline\n%timeline /nonexistent.pcap")

    without, missing = talk(body)
    assert "%timeline FILE.pcap" in without.text
    assert (missing.stream, "/nonexistent.pcap" in missing.text) == ("error", True)


def test_commands_traffic_and_urcs_side_by_side(state: Path, collect) -> None:
    async def main():
        shell = Shell(host(), ShellOptions())
        await shell.open()
        try:
            return await asyncio.wait_for(collect(shell, LOGIN), 20)
        finally:
            await shell.close()

    timeline = asyncio.run(main())[-1]
    assert timeline.stream == "result"
    for shown in ("AT+MIPLOPEN=0,300,30", "Register", "+MIPLEVENT: 0,6"):
        assert shown in timeline.text
    kinds = {event["kind"] for event in timeline.data["events"]}
    assert kinds >= {"at", "urc", "operation"}
