"""A module with its operator's platform in one loop, from AT command to the platform's list and back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from atshell.emulator.device import Device, EmulatorOptions
from atshell.emulator.pace import DeviceLoop, device_loop
from atshell.emulator.place import Place
from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions
from atshell.host import host
from atshell_quectel.emulator.surroundings import Surroundings

DAY = 86400.0


class Emulator:
    def __init__(self, place: Place, options: EmulatorOptions) -> None:
        self.device: Device = host().emulate(options, place)
        self.device.settings.echo = False
        self._said = bytearray()
        self.device.connect(self._said.extend)

    def ask(self, line: str) -> list[str]:
        self._said.clear()  # what it said when it had booted
        self.device.feed(line.encode() + b"\r")
        said, self._said[:] = self._said.decode(), b""
        return [one for one in said.split("\r\n") if one]


def play(talk: Callable[[Emulator], Awaitable[None]], model: str, **options: object) -> None:
    async def run() -> None:
        loop = device_loop()
        place = Place(loop.clock)
        emulator = Emulator(place, EmulatorOptions(model, **options))  # type: ignore[arg-type]
        try:
            await loop.turn(1)
            await talk(emulator)
        finally:
            await emulator.device.close()
            await place.close()

    with asyncio.Runner(loop_factory=DeviceLoop) as runner:
        runner.run(run())


def test_a_module_of_china_mobile_and_its_platform(tmp_path: Path) -> None:
    async def talk(emulator: Emulator) -> None:
        turn, operate = device_loop().turn, emulator.device.operate
        assert emulator.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,6", "OK"]
        emulator.ask('AT+QDMPCFG=2,"M100000089","77GaaTUi33nUK05ha528888QFbk0Y38M",2,863703030822519')
        emulator.ask('AT+QDMPCFGEX=3,0,"V7.1","Meter"')
        emulator.ask('AT+QDMPCFGEX=1,0,"00-01-6C-06-A6-29"')
        assert (await operate("read /3/0/2"))["value"] == "869975030000461"  # settings act after a reboot
        emulator.ask("AT+QRST=1")
        await turn(1)
        for path, value in (
            ("/3/0/0", "Quectel"),
            ("/3/0/1", "BC26"),
            ("/3/0/2", "863703030822519"),
            ("/3/0/17", "Android"),
            ("/3/0/19", "V7.1"),
            ("/42769/0/0", "M100000089"),
            ("/42769/0/20", "00-01-6C-06-A6-29"),
            ("/42769/0/41", "Meter"),
        ):
            assert (await operate(f"read {path}"))["value"] == value, path
        assert (await operate("observe /3/0"))["ok"]
        assert (await operate("cancel /3/0"))["ok"]
        assert (await operate("discover /42769"))["ok"]
        await turn(DAY)
        assert emulator.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,11", "OK"]
        listed = await operate("clients")
        (client,) = listed["clients"]  # type: ignore[misc]
        assert (client["endpoint"], client["lifetime"]) == ("urn:imei:869975030000461", 86700)
        assert (await operate("execute /3/0/4"))["code"] == "2.04"
        await turn(1)
        assert emulator.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,6", "OK"]
        await operate("network lost")
        await turn(2 * DAY + 100)
        assert emulator.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,8", "OK"]
        assert (await operate("clients"))["clients"] == []

    capture = tmp_path / "net.pcap"
    play(talk, "BC26", platform="cmdmp", capture=capture)
    messages = list(host().analyzer.decode([capture], DecodeOptions()).records())
    assert {message.operation for message in messages if message.operation} >= {  # type: ignore[attr-defined]
        "Register",
        "Update",
        "Read",
        "Observe",
        "Cancel-Observation",
        "Discover",
        "Execute",
    }


@pytest.mark.parametrize("operator", ["ctcc", "cucc"])
def test_a_module_and_a_platform_that_takes_reports(operator: str) -> None:
    async def talk(emulator: Emulator) -> None:
        turn, operate = device_loop().turn, emulator.device.operate
        await turn(60 * DAY)
        listed = await operate("clients")
        (client,) = listed["clients"]  # type: ignore[misc]
        reasons = [one["reason"] for one in client["reports"]]
        assert reasons == (["register"] if operator == "ctcc" else ["register", "update", "update"])
        assert client["reports"][0]["model"] == "BC25"
        assert (await operate("read /3/0"))["ok"] is False
        assert "error" in await operate("dance")
        assert await operate("card 89860300000000000001") == {"card": "89860300000000000001"}
        assert "error" in await operate("card 1")
        emulator.ask("AT+QRST=1")
        await turn(1)
        (client,) = (await operate("clients"))["clients"]  # type: ignore[misc]
        assert client["reports"][-1]["iccid"] == "89860300000000000001"

    play(talk, "BC25", platform=operator, operator=operator, firmware="BC25PAR01A04")


@pytest.mark.parametrize(
    ("operator", "platform"),
    [("cmcc", "ctcc"), ("cmcc", "onenet"), ("ctcc", "cmdmp"), ("ctcc", "cucc"), ("cmcc", "none")],
)
def test_another_platform_is_nobody(operator: str, platform: str) -> None:
    async def talk(emulator: Emulator) -> None:
        await device_loop().turn(100)
        operated = await emulator.device.operate("clients")
        own = "cmdmp" if operator == "cmcc" else operator
        looks = f"with {operator}'s SIM card it looks for {own} alone"
        why = "no platform is embedded" if platform == "none" else looks
        assert (operated["ok"], operated["error"]) == (False, f"{why}: start it with --platform {own}")
        if operator == "cmcc":
            assert emulator.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,8", "OK"]

    play(talk, "BC25", platform=platform, operator=operator, firmware="BC25PAR01A04")


@pytest.mark.parametrize("platform", ["coaps://127.0.0.1:5684", "coap://", "http://127.0.0.1"])
def test_a_platform_that_cannot_be_used(platform: str) -> None:
    with pytest.raises(AtshellError):
        play(lambda emulator: asyncio.sleep(0), "BC28", platform=platform)


@pytest.mark.parametrize(("model", "firmware", "state"), [("BC25", "BC25PAR01A04", 9), ("BC260Y-CN", "", 11)])
def test_an_update_that_falls_into_psm(model: str, firmware: str, state: int) -> None:
    """It is left out by the one (BC25 manual 2.3.2) and wakes the other (BC260Y-CN manual 2.2.4)."""

    async def talk(emulator: Emulator) -> None:
        # The tracking area update is a matter of days (T3412 of 320 hours), the active time one of seconds.
        assert emulator.ask('AT+CPSMS=1,,,"11000001","00000101"') == ["OK"]
        await device_loop().turn(1.5 * DAY)
        assert not emulator.device.running
        emulator.device.feed(b"AT\r")  # what wakes it is lost
        await device_loop().turn(1)
        assert emulator.ask("AT+QDMPCFG=6") == [f"+QDMPCFG: 6,{state}", "OK"]

    play(talk, model, platform="cmdmp", firmware=firmware)


def test_modules_in_one_place_have_one_platform() -> None:
    async def run() -> None:
        loop = device_loop()
        place = Place(loop.clock)
        options = EmulatorOptions("BC25", firmware="BC25PAR01A04", operator="ctcc", platform="ctcc")
        modules = [Emulator(place, options) for _ in range(3)]
        await loop.turn(1)
        (client,) = (await modules[0].device.operate("clients"))["clients"]  # type: ignore[misc]
        assert client["count"] == 3
        surroundings = Surroundings(modules[0].device)
        assert await surroundings.operate(["dance"]) is None
        for module in modules:
            await module.device.close()
        await place.close()

    with asyncio.Runner(loop_factory=DeviceLoop) as runner:
        runner.run(run())
