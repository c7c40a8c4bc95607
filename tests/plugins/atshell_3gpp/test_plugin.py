from __future__ import annotations

import asyncio

import pytest

from atshell.emulator.device import Device, EmulatorOptions
from atshell.host import host
from atshell_3gpp import plugin


def test_the_manuals_are_there() -> None:
    assert [path.suffix for path in plugin.atshell_manuals() if path.is_file()] == [".toml"] * 3


@pytest.mark.parametrize("model", ["MN316", "ML307A"])
def test_an_emulated_module_has_the_standard_commands(model: str) -> None:
    async def scenario() -> Device:
        device = host().emulate(EmulatorOptions(model))
        said = bytearray()
        device.connect(said.extend)
        device.feed(b"ATE0\r")
        said.clear()
        device.feed(b"AT+CGMM;+CMEE=2;+CGATT=7\r")
        assert said == f"\r\n{model}\r\n\r\n+CME ERROR: Incorrect parameters\r\n".encode()
        await device.close()
        return device

    device = asyncio.run(scenario())
    assert not device.running
