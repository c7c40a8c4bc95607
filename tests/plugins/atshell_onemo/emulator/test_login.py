from __future__ import annotations

from scapy.contrib.coap import CoAP
from scapy.layers.inet import UDP
from scapy.utils import rdpcap

from atshell.emulator.saving import Granted


def test_an_update_without_an_answer_says_nothing(play):
    play(
        """
        ! network lost
        > AT+MIPLUPDATE=0,300,1
        < OK
        ~ 31
        > AT+MIPLOPEN?
        < OK
        < +MIPLEVENT: 0,6
        """,
        login=True,
    )


def test_a_logout_without_an_answer_leaves_the_module_on_line(play):
    play(
        """
        ! network lost
        > AT+MIPLCLOSE=0
        < OK
        > AT+MIPLCLOSE=0
        < +CIS ERROR: 602
        ~ 31
        > AT+MIPLOPEN?
        < OK
        < +MIPLEVENT: 0,6
        > AT+MIPLDELETE=0
        < OK
        """,
        login=True,
    )


def test_another_login_after_a_logout(play):
    """Objects stay, resources are to be told again (section 3.8). What the bootstrap gave serves for a month (5.2)."""
    play(
        """
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,15
        > AT+MIPLOPEN=0,3000
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{a},1,3200,0,-1
        < +MIPLDISCOVER: 0,{b},3200
        < +MIPLREAD: 0,{c},3,0,-1
        ? discover /3200
        < +MIPLDISCOVER: 0,{d},3200
        = code=2.05 links=['/3200','/3200/0']
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,15
        ~ 2592000
        > AT+MIPLOPEN=0,3000
        < OK
        < +MIPLEVENT: 0,2
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{e},1,3200,0,-1
        < +MIPLDISCOVER: 0,{f},3200
        < +MIPLREAD: 0,{g},3,0,-1
        """,
        login=True,
    )


def test_what_a_bootstrap_gave_is_not_tried_twice_in_vain(play):
    play(
        """
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,15
        ! network lost
        > AT+MIPLOPEN=0,300,30
        < OK
        ~ 30
        < +MIPLEVENT: 0,7
        ! network found
        ~ 1
        > AT+MIPLDEVINFO?
        < +MIPLDEVINFO: "nbiotbt.heclouds.com:5683",1,"cmiot"
        < OK
        > AT+MIPLOPEN=0,300,30
        < OK
        < +MIPLEVENT: 0,2
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{e},1,3200,0,-1
        < +MIPLDISCOVER: 0,{f},3200
        < +MIPLREAD: 0,{g},3,0,-1
        """,
        login=True,
    )


def test_resources_outlast_a_login_that_fails(play):
    play(
        """
        > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLADDOBJ=0,3200,1,"1",0,1
        < OK
        > AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"
        < OK
        ! network lost
        > AT+MIPLOPEN=0,300,5
        < OK
        ~ 5
        < +MIPLEVENT: 0,7
        ! network found
        ~ 1
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{a},1,3200,0,-1
        < +MIPLDISCOVER: 0,{b},3200
        < +MIPLREAD: 0,{c},3,0,-1
        ? discover /3200/0
        < +MIPLDISCOVER: 0,{d},3200
        = links=['/3200/0','/3200/0/5750']
        """
    )


def test_an_automatic_update_that_fails_ends_in_leaving(play):
    """Section 4.5: the module leaves when the lifetime is over."""
    play(
        """
        > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLUPDATESET=0,1
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLREAD: 0,{device},3,0,-1
        ! network lost
        ~ 299
        > AT+MIPLLTRDP
        < +MIPLLTRDP: 1
        < OK
        ~ 1
        < +MIPLEVENT: 0,15
        > AT+MIPLOPEN?
        < +CIS ERROR: 602
        > AT+MIPLLTRDP
        < +MIPLLTRDP: 0
        < OK
        """,
        model="MN318",
    )


def test_a_device_that_the_platform_has_deleted_cannot_log_out(play):
    play(
        """
        ~ 3001
        > AT+MIPLLTRDP
        < +MIPLLTRDP: 0
        < OK
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,31
        > AT+MIPLOPEN?
        < +CIS ERROR: 602
        """,
        login=True,
    )


def test_a_device_that_the_platform_deletes(play):
    """Section 3.20, event 31. The module learns of it when it next asks for anything, and may log in again."""
    play(
        """
        ? forget
        = ok=True operation=forget
        > AT+MIPLOPEN?
        < OK
        < +MIPLEVENT: 0,6
        > AT+MIPLUPDATE=0,300,0
        < OK
        < +MIPLEVENT: 0,31
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0
        < +CIS ERROR: 602
        > AT+MIPLOPEN=0,3000
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{a},1,3200,0,-1
        < +MIPLDISCOVER: 0,{b},3200
        < +MIPLREAD: 0,{c},3,0,-1
        """,
        login=True,
    )


def test_a_deletion_is_noticed_by_the_automatic_update_too(play):
    play(
        """
        > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLUPDATESET=0,1
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLREAD: 0,{device},3,0,-1
        ? forget
        = ok=True
        ~ 270
        < +MIPLEVENT: 0,31
        """,
        model="MN318",
    )


def test_an_update_by_hand_puts_the_automatic_one_off(play):
    play(
        """
        > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLUPDATESET=0,1
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLREAD: 0,{device},3,0,-1
        ~ 200
        > AT+MIPLUPDATE=0,300,0
        < OK
        < +MIPLEVENT: 0,11
        ~ 269
        > AT+MIPLLTRDP
        < +MIPLLTRDP: 31
        < OK
        ~ 1
        < +MIPLEVENT: 0,11
        > AT+MIPLUPDATE=0,59,0
        < OK
        < +MIPLEVENT: 0,11
        ~ 58
        > AT+MIPLLTRDP
        < +MIPLLTRDP: 1
        < OK
        """,
        model="MN318",
    )


def test_the_authentication_code_is_an_option_of_bootstrap_and_register(play, tmp_path):
    """By scapy: option 63 stands in two requests, and in no other message."""

    async def session(bench) -> None:
        await bench.log_in()
        await bench.play("> AT+MIPLUPDATE=0,300,0\n< OK\n< +MIPLEVENT: 0,11")

    capture = tmp_path / "session.pcap"
    play(session, capture=capture)
    messages = [CoAP(bytes(packet[UDP].payload)) for packet in rdpcap(str(capture))]
    told = [message for message in messages if (63, b"cmiot") in message.options]
    paths = [[value for name, value in message.options if name == "Uri-Path"] for message in told]
    assert paths == [[b"bs"], [b"rd"]]


def test_deep_sleep_leaves_the_login_alone(play):
    """The registration goes on, and the automatic update wakes the module."""

    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
            < +MIPLCREATEEX: 0
            < OK
            > AT+MIPLUPDATESET=0,1
            < OK
            > AT+MIPLOPEN=0,300
            < OK
            < +MIPLEVENT: 0,6
            < +MIPLREAD: 0,{device},3,0,-1
            """
        )
        bench.device.saving.grant(Granted(active=2.0))
        await bench.wait("60")
        assert bench.device.asleep
        await bench.wait("210")
        await bench.play("< +MIPLEVENT: 0,11")
        assert not bench.device.asleep
        assert bench.module.login.remaining == 300

    play(session, model="MN318")


def test_a_lost_network_is_found_in_time(play):
    """What the module sends again (RFC 7252 section 4.2: the third time 14 to 21 s after the first) reaches the
    platform: the login ends well."""
    play(
        """
        > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
        < +MIPLCREATEEX: 0
        < OK
        ! network lost
        > AT+MIPLOPEN=0,300
        < OK
        ~ 10
        ! network found
        ~ 11
        < +MIPLEVENT: 0,6
        < +MIPLREAD: 0,{device},3,0,-1
        """
    )


def test_the_lifetime_of_an_update_reaches_the_platform(play):
    async def session(bench) -> None:
        await bench.play("> AT+MIPLUPDATE=0,0,1\n< OK\n< +MIPLEVENT: 0,11")
        assert (await bench.device.operate("clients"))["clients"][0]["lifetime"] == 86400
        await bench.play("> AT+MIPLUPDATE=0,600,0\n< OK\n< +MIPLEVENT: 0,11")
        assert (await bench.device.operate("clients"))["clients"][0]["lifetime"] == 600

    play(session, login=True)


def test_a_whole_object_is_read_by_instances(play):
    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
            < +MIPLCREATEEX: 0
            < OK
            > AT+MIPLADDOBJ=0,3303,2,"11",0,1
            < OK
            > AT+MIPLOPEN=0,300
            < OK
            < +MIPLEVENT: 0,6
            < +MIPLOBSERVE: 0,{a},1,3303,0,-1
            < +MIPLOBSERVE: 0,{b},1,3303,1,-1
            ? read /3303
            < +MIPLREAD: 0,{mid},3303,-1,-1
            > AT+MIPLREADRSP=0,{mid},1,3303,0,5700,4,4,20.5,1,1
            < OK
            > AT+MIPLREADRSP=0,{mid},1,3303,1,5700,4,4,21.5,0,0
            < OK
            """
        )
        answer = await bench._asked.popleft()
        assert [(one["path"], one["value"]) for one in answer["resources"]] == [
            ("/3303/0/5700", 20.5),
            ("/3303/1/5700", 21.5),
        ]

    play(session, platform="yanfei")
