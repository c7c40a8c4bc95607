"""DTLS of the module: the dialogues of sections 5.2, 5.4 and 5.7, addresses that age (4.8), and failures."""

from __future__ import annotations

import socket

import pytest

from atshell_lwm2m.endpoint.dtls.keyring import Keyring, Keyrings
from atshell_lwm2m.endpoint.dtls.security import CBC_SHA256, CCM8
from atshell_lwm2m.endpoint.platform import Platform
from atshell_onemo.emulator.model import LwDevice
from atshell_onemo.emulator.secrecy import credentials, shown, suites
from atshell_onemo.platforms import HABITS

LOGIN = """
    > AT+MIPLCREATEEX="nbiotbt.heclouds.com:5684",1,,"1234abcd"
    < +MIPLCREATEEX: 0
    < OK
    > AT+MIPLADDOBJ=0,3200,1,"1",0,1
    < OK
    > AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"
    < OK
    > AT+MIPLOPEN=0,3000,60
    < OK
    < +MIPLEVENT: 0,2
    < +MIPLEVENT: 0,6
    < +MIPLOBSERVE: 0,{observe},1,3200,0,-1
    < +MIPLDISCOVER: 0,{discover},3200
    < +MIPLREAD: 0,{device},3,0,-1
"""


def _notify(value: str, ackid: int) -> str:
    return f'AT+MIPLNOTIFY=0,0,3200,0,5750,1,{len(value)},"{value}",0,0,{ackid}'


def test_the_suites_of_the_models():
    assert suites("MN316") == (CBC_SHA256,)
    assert suites("MN319") == (CBC_SHA256, CCM8)


def test_identity_and_key():
    device = LwDevice("h", 5684, bootstrap=False, flag=0, psk="abcd1234")
    made = credentials(device, "the name")
    assert (made.identity, made.key) == (b"the name", b"abcd1234")
    device.psk_hex, device.psk_id = True, "own"
    made = credentials(device, "the name")
    assert (made.identity, made.key) == (b"own", bytes.fromhex("abcd1234"))
    assert "own" not in repr(made)


@pytest.mark.parametrize(("key", "text"), [(b"abc", "abc"), (b'a"b', "612262"), (b"\xff\0", "ff00"), (b"\n", "0a")])
def test_keys_are_shown_on_one_line(key, text):
    assert shown(key) == text


@pytest.mark.parametrize("model", ["MN316", "MN319"])
def test_bootstrap_gives_another_key_that_serves_without_bootstrap(play, model):
    """Section 5.2."""

    async def session(bench) -> None:
        await bench.play(LOGIN)
        await bench.send("AT+MIPLDEVINFO?")
        told = await bench.line()
        prefix, key = told[: -len('"0123456789abcdef"')], told[-17:-1]
        assert prefix == '+MIPLDEVINFO: "192.0.2.2:5684",0,,'
        assert key.isalnum()
        await bench.play(
            f"""
            < OK
            > {_notify("warm", 77)}
            < OK
            < +MIPLEVENT: 0,26,77
            > AT+MIPLDELETE=0
            < OK
            > AT+MIPLCREATEEX="183.230.40.40:5684",0,,"{key}"
            < +MIPLCREATEEX: 0
            < OK
            > AT+MIPLOPEN=0,3000,60
            < OK
            < +MIPLEVENT: 0,6
            < +MIPLREAD: 0,{{again}},3,0,-1
            """
        )

    play(session, model=model)


@pytest.mark.parametrize(
    ("platform", "create", "number"),
    [
        ("ctwing", '"221.229.214.202:5684",0,,abcdefgh,,0', 1),
        ("ctwing", '"221.229.214.202:5684",0,,abcd1234,,1', 1),
        ("huawei", '"iot-coaps.cn-north-4.myhuaweicloud.com:5684",0,,abcd1234,"id",1', 3),
    ],
)
def test_platforms_without_bootstrap(play, platform, create, number):
    """Sections 5.4 and 5.7."""
    play(
        f"""
        > AT+MIPLCREATEEX={create}
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLCFG="platform",0,{number}
        < OK
        > AT+MIPLADDOBJ=0,19,2,"11",0,0
        < OK
        > AT+MIPLDISCOVERRSP=0,19,1,3,"1;0"
        < OK
        > AT+MIPLOPEN=0,3000,30
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{{observe}},1,19,0,0
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,15
        """,
        platform=platform,
    )


def test_without_a_key_there_is_no_login(play):
    play(
        """
        > AT+MIPLCREATEEX="nbiotbt.heclouds.com:5684",1
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLOPEN=0,3000,30
        < OK
        < +MIPLEVENT: 0,3
        """
    )


def test_a_handshake_goes_on_when_the_network_is_back(play):
    play(
        """
        > AT+MIPLCREATEEX="nbiotacc.heclouds.com:5684",0,,"abcdefge"
        < +MIPLCREATEEX: 0
        < OK
        ! network lost
        > AT+MIPLOPEN=0,3000,60
        < OK
        ~ 2
        ! network found
        ~ 2
        < +MIPLEVENT: 0,6
        < +MIPLREAD: 0,{device},3,0,-1
        """
    )


def test_an_address_ages_and_what_waits_is_sent_after_the_handshake(play):
    async def session(bench) -> None:
        await bench.play(LOGIN)
        await bench.play(
            f"""
            ~ 119
            > {_notify("young", 100)}
            < OK
            < +MIPLEVENT: 0,26,100
            ~ 121
            > {_notify("aged", 101)}
            < OK
            < +MIPLEVENT: 0,32
            < +MIPLEVENT: 0,26,101
            > AT+MIPLDTLSNAT=0,0
            < OK
            ~ 1000
            > {_notify("never", 102)}
            < OK
            < +MIPLEVENT: 0,26,102
            > AT+MIPLDTLSNAT=0,60
            < OK
            > AT+MIPLDTLSNAT=0,59
            < +CIS ERROR: 601
            ~ 60
            > {_notify("soon", 103)}
            < OK
            < +MIPLEVENT: 0,32
            < +MIPLEVENT: 0,26,103
            """
        )

    play(session)


def test_a_notification_from_a_new_address_is_taken_for_the_same_module(play):
    """Section 4.8: the address has changed, and what waited is sent after the handshake."""

    async def session(bench) -> None:
        await bench.play(LOGIN)
        await bench.play(
            f"""
            ! fault rebind
            ~ 121
            > {_notify("moved", 400)}
            < OK
            < +MIPLEVENT: 0,32
            < +MIPLEVENT: 0,26,400
            ? write /3200/0/5750 "x"
            """
        )
        assert (await bench.line()).startswith("+MIPLWRITE: 0,")  # it is asked at its new address, too

    play(session)


def test_ten_may_wait_for_the_handshake(play):
    async def session(bench) -> None:
        await bench.play(LOGIN)
        await bench.play("~ 121\n! network lost")
        for number in range(10):
            await bench.play(f"> {_notify('x', 200 + number)}\n< OK" + ("\n< +MIPLEVENT: 0,32" if not number else ""))
        await bench.play(f"> {_notify('x', 210)}\n< +CIS ERROR: 652\n< +MIPLEVENT: 0,32")
        await bench.play("! network found\n~ 2\n" + "\n".join(f"< +MIPLEVENT: 0,26,{200 + one}" for one in range(10)))

    play(session)


def test_a_logout_takes_the_place_of_what_waits(play):
    async def session(bench) -> None:
        await bench.play(LOGIN)
        await bench.play(
            f"""
            ~ 121
            ! network lost
            > {_notify("x", 300)}
            < OK
            < +MIPLEVENT: 0,32
            > AT+MIPLCLOSE=0
            < OK
            ! network found
            ~ 2
            < +MIPLEVENT: 0,15
            """
        )

    play(session)


@pytest.fixture
def elsewhere(play):
    """Log in at a platform of its own sockets, where the name ``dev`` has the key ``rightkey1``."""

    def run(key: str, model: str, expected: str, where: str = "nbiotbt.heclouds.com:5684", flag: int = 1) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]

        async def session(bench) -> None:
            keys = Keyring({b"dev": b"rightkey1"}.get)
            platform = await Platform.start(HABITS["onenet"], secure_port=port, keys=Keyrings(keys, keys))
            try:
                await bench.play(
                    f"""
                    > AT+MIPLCREATEEX="{where.format(port)}",{flag},,"{key}","dev"
                    < +MIPLCREATEEX: 0
                    < OK
                    > AT+MIPLOPEN=0,3000,60
                    < OK
                    """
                )
                for line in expected.split("|"):
                    await bench.expect(line)
            finally:
                await platform.close()

        play(session, model=model, platform=f"coaps://127.0.0.1:{port}")

    return run


def test_a_platform_elsewhere(elsewhere):
    elsewhere("rightkey1", "MN316", "+MIPLEVENT: 0,2|+MIPLEVENT: 0,6|+MIPLREAD: 0,{mid},3,0,-1")


def test_a_platform_elsewhere_by_its_address(elsewhere):
    elsewhere("rightkey1", "MN316", "+MIPLEVENT: 0,6|+MIPLREAD: 0,{mid},3,0,-1", "127.0.0.1:{}", 0)


@pytest.mark.parametrize("model", ["MN316", "MN319"])
def test_a_wrong_key_fails_the_bootstrap(elsewhere, model):
    elsewhere("wrongkey1", model, "+MIPLEVENT: 0,3")


def test_nobody_there(play):
    play(
        """
        > AT+MIPLCREATEEX="198.51.100.9:5684",0,,"abcdefge"
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLOPEN=0,3000,30
        < OK
        ~ 31
        < +MIPLEVENT: 0,7
        """
    )
