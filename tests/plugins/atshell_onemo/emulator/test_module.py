from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scapy.contrib.coap import CoAP
from scapy.layers.inet import IP, UDP
from scapy.packet import Packet
from scapy.utils import rdpcap

CON, ACK = 0, 2

SESSION = """
    > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,147
    < OK
    < +MIPLEVENT: 0,26,147
    ? read /3200/0
    < +MIPLREAD: 0,{read},3200,0,-1
    > AT+MIPLREADRSP=0,{read},1,3200,0,5750,1,4,"abcd",0,0
    < OK
    = ok=True code=2.05 value=abcd path=/3200/0 mid={read}
    ? write /3200/0/5750 abcd
    < +MIPLWRITE: 0,{write},3200,0,5750,1,4,abcd,0
    > AT+MIPLWRITERSP=0,{write},2
    < OK
    = ok=True code=2.04 mid={write}
    ? execute /3200/0/5750 abcd
    < +MIPLEXECUTE: 0,{execute},3200,0,5750,4,abcd
    > AT+MIPLEXECUTERSP=0,{execute},2
    < OK
    = ok=True code=2.04 mid={execute}
    > AT+MIPLUPDATE=0,3000,0
    < OK
    < +MIPLEVENT: 0,11
    > AT+MIPLCLOSE=0
    < OK
    < +MIPLEVENT: 0,15
    > AT+MIPLDELETE=0
    < OK
"""


def test_the_session_of_section_5_1(play):
    play(SESSION, login=True)


def test_message_ids_are_those_on_the_wire(play, tmp_path):
    """scapy, which knows nothing of this project, sees the message IDs of the URCs in well-formed packets."""
    names: dict[str, str] = {}

    async def session(bench) -> None:
        await bench.log_in()
        await bench.play(SESSION)
        names.update(bench.names)

    capture = tmp_path / "session.pcap"
    play(session, capture=capture)
    seen = [_by_scapy(packet) for packet in rdpcap(str(capture))]
    platform, module = "192.0.2.2", "100.64.0.2"
    assert (platform, module, CON, 0x01, names["observe"], "/3200/0") in seen
    assert (platform, module, CON, 0x01, names["discover"], "/3200") in seen
    assert (platform, module, CON, 0x01, names["device"], "/3/0") in seen
    assert (platform, module, CON, 0x01, names["read"], "/3200/0") in seen
    assert (platform, module, CON, 0x03, names["write"], "/3200/0/5750") in seen
    assert (platform, module, CON, 0x02, names["execute"], "/3200/0/5750") in seen
    assert (module, platform, CON, 0x45, "147") in [row[:5] for row in seen]
    assert (platform, module, ACK, 0x00, "147") in [row[:5] for row in seen]
    assert ("192.0.2.1", module, CON, 0x03) in [row[:4] for row in seen]


def _by_scapy(packet: Packet) -> tuple[str, str, int, int, str, str]:
    """Source, destination, type, code, message ID and path; lengths and checksums are right."""
    again = IP(bytes(packet[IP]))
    del again.chksum, again.len, again[UDP].chksum, again[UDP].len
    assert bytes(again) == bytes(packet[IP])
    assert 5683 in (packet[UDP].sport, packet[UDP].dport)
    message = CoAP(bytes(packet[UDP].payload))
    path = "".join(f"/{value.decode()}" for name, value in message.options if name == "Uri-Path")
    return packet[IP].src, packet[IP].dst, message.type, message.code, str(message.msg_id), path


def test_login_state_is_asked(play):
    play(
        """
        > AT+MIPLOPEN?
        < OK
        < +MIPLEVENT: 0,6
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,15
        > AT+MIPLOPEN?
        < +CIS ERROR: 602
        """,
        login=True,
    )


@pytest.mark.parametrize(
    ("create", "event"),
    [
        ('"nbiotbt.heclouds.com",1', 3),
        ('"nbiotacc.heclouds.com",0', 7),
        ('"nobody.example",1', 3),
        ('"198.51.100.9:5683",0', 7),
        ('"nbiotbt.heclouds.com:5684",1', 3),
    ],
)
def test_nobody_answers(play, create, event):
    play(
        f"""
        > AT+MIPLCREATEEX={create}
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLOPEN=0,300,30
        < OK
        ~ 29
        > AT+MIPLOPEN?
        < +CIS ERROR: 602
        > AT+MIPLOPEN=0,300,30
        < +CIS ERROR: 602
        ~ 1
        < +MIPLEVENT: 0,{event}
        > AT+MIPLDELETE=0
        < OK
        """,
        platform="none",
    )


def test_the_wrong_server_refuses_at_once(play):
    play(
        """
        > AT+MIPLCREATEEX="nbiotacc.heclouds.com",1
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,3
        > AT+MIPLDELETE=0
        < OK
        > AT+MIPLCREATEEX="nbiotbt.heclouds.com",0
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,7
        """
    )


def test_delete_in_the_middle_of_a_login(play):
    play(
        """
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        > AT+MIPLDELETE=0
        < OK
        > AT+MIPLDELETE=0
        < +CIS ERROR: 653
        """
    )


def test_a_restart_forgets_everything_and_says_no_goodbye(play):
    play(
        """
        ! power off
        ! power on
        ~ 1
        < +MATREADY
        > AT+MIPLOPEN?
        < +CIS ERROR: 602
        > AT+MIPLDELETE=0
        < +CIS ERROR: 653
        ? read /3200/0 @nobody
        = ok=False
        """,
        login=True,
    )


def test_the_reboot_command_answers_before_it_boots(play):
    """AT+MIPLNMI begins at 0 again (section 4.2)."""
    play(
        """
        > AT+MIPLNMI=0,1,1
        < OK
        > AT+MREBOOT
        < OK
        ~ 1
        < +MATREADY
        > AT+MREBOOT=0
        < OK
        ~ 1
        < +MATREADY
        > AT+MREBOOT=?
        < OK
        > AT+MREBOOT=2
        < +CIS ERROR: 601
        > AT+MIPLDEVINFO?
        < +CIS ERROR: 653
        """,
        login=True,
    )


def test_only_onenet_has_the_query_and_the_message_control(play):
    play(
        """
        > AT+MIPLCREATEEX="221.229.214.202:5683",0
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLNMI=0,1,1
        < OK
        > AT+MIPLCFG="platform",0,1
        < OK
        > AT+MIPLNMI=0,0,0
        < OK
        > AT+MIPLNMI=0,1,0
        < +CIS ERROR: 651
        > AT+MIPLNMI=0,0,1
        < +CIS ERROR: 651
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,6
        > AT+MIPLOPEN?
        < +CIS ERROR: 651
        """,
        platform="ctwing",
    )


def test_errors_as_cmee_says(play):
    async def session(bench) -> None:
        for cmee, answer in ((0, "ERROR"), (1, "+CIS ERROR: 653"), (2, "+CIS ERROR: 653")):
            bench.device.settings.cmee = cmee
            await bench.play(f"> AT+MIPLDELETE=0\n< {answer}")

    play(session)


def test_platforms_of_the_other_operators(play):
    play(
        """
        > AT+MIPLCREATEEX="221.229.214.202:5683",0
        < +MIPLCREATEEX: 0
        < OK
        > AT+MIPLCFG="platform",0,1
        < OK
        > AT+MIPLADDOBJ=0,19,2,"11",0,0
        < OK
        > AT+MIPLDISCOVERRSP=0,19,1,3,"1;0"
        < OK
        > AT+MIPLOPEN=0,3000,30
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{observe},1,19,0,0
        > AT+MIPLNOTIFY=0,18938,19,0,0,1,12,"003233343333",0,0,11
        < OK
        < +MIPLEVENT: 0,26,11
        ? write /19/1/0 34353637
        < +MIPLWRITE: 0,{write},19,1,0,2,8,34353637,0
        = ok=True code=2.04
        """,
        platform="ctwing",
    )


def test_the_module_gives_its_identity(play):
    async def session(bench) -> None:
        clients = (await bench.device.operate("clients"))["clients"]
        assert clients[0]["endpoint"] == "869975030000461;460001064826326"
        assert clients[0]["objects"] == ["/1/0", "/3/0", "/3200/0"]
        assert clients[0]["lifetime"] == 3000
        answer = await bench.device.operate("read /3/0")
        assert {one["name"]: one["value"] for one in answer["resources"]}["Serial Number"] == "869975030000461"
        await bench.expect("+MIPLREAD: 0,{again},3,0,-1")

    play(session, login=True)


def test_what_the_platform_forgot_is_told(play):
    """The lifetime runs out; the update is answered 4.04."""
    play(
        """
        ~ 3001
        > AT+MIPLUPDATE=0,300,0
        < OK
        < +MIPLEVENT: 0,31
        > AT+MIPLOPEN?
        < +CIS ERROR: 602
        """,
        login=True,
    )


def test_without_a_platform_there_is_nothing_to_operate(play):
    play("? read /3200/0\n= ok=False operation=read", platform="none")


def test_words_of_others_are_left_to_them(play):
    async def session(bench) -> None:
        assert await bench.module.operate(["power", "off"]) is None
        assert await bench.module.operate([]) is None

    play(session)


LINES = [
    "AT+MIPLCREATE=8,0011,1,4,1",
    'AT+MIPLCREATEEX="nbiotacc.heclouds.com:5683",0,"code","abcd1234","id",0',
    'AT+MIPLADDOBJ=0,3200,5,"10010",0,0',
    "AT+MIPLDELOBJ=0,3200",
    'AT+MIPLDISCOVERRSP=0,3200,1,14,"5500;5501;5750"',
    "AT+MIPLOPEN=0,300,30",
    "AT+MIPLUPDATE=0,0,1",
    "AT+MIPLCLOSE=0",
    "AT+MIPLDELETE=0",
    'AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"test",0,0x400,278,3',
    'AT+MIPLREADRSP=0,18172,1,3200,0,5501,3,3,"-12",1,2',
    "AT+MIPLWRITERSP=0,18173,2",
    "AT+MIPLEXECUTERSP=0,18174,2",
    "AT+MIPLPARAMETERRSP=0,18174,1",
    "AT+MIPLOBSERVERSP=0,18175,1",
    'AT+MIPLCFG="platform",0,1,3',
    'AT+MIPLCFG="binding",0,2',
    "AT+MIPLNMI=0,1,1",
    "AT+MIPLMGR=0",
    "AT+MIPLQMGR=0",
    "AT+MIPLUPDATESET=0,1",
    "AT+MIPLDEVINFO?",
    "AT+MIPLDTLSNAT=0,120",
    "AT+MIPLLTRDP",
    "AT+MREBOOT=0",
]
"""Every command, as it is meant."""
WILD = st.one_of(
    st.sampled_from(
        ["", "0", "1", "-1", "65535", "65536", "0x400", "1e9", '"', '""', '"a', 'a"b', '"1" ', ";", "99999999999"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x08\x7f"), max_size=6),
    st.integers(250, 9000).map(lambda size: "1" * size),
    st.integers(250, 9000).map(lambda size: f'"{"a" * size}"'),
)


@st.composite
def odd_lines(draw: st.DrawFn) -> bytes:
    """A command with something wrong in it, or nothing, or no command at all."""
    line = draw(st.sampled_from(LINES))
    name, sign, values = line.partition("=")
    parts = values.split(",") if sign else []
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(parts)))
        parts[place : place + draw(st.integers(0, 2))] = draw(st.lists(WILD, max_size=2))
    sign = draw(st.sampled_from(["=", "=", "=", "=?", "?", "", "==", "= "]))
    text = name + sign + ",".join(parts)
    return draw(st.one_of(st.just(text.encode()), st.just(line.encode()), st.binary(max_size=40)))


ANSWERS = re.compile(r"OK|ERROR|\+CIS ERROR: (100|60[12]|65[123])|\+CME ERROR: .*|\+(MIPL[A-Z]+|MREBOOT|MATREADY)\b.*")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(odd_lines(), max_size=12), logged_in=st.booleans())
def test_any_line_is_answered(play, caplog, lines, logged_in):
    async def session(bench) -> None:
        if logged_in:
            await bench.log_in()
        for line in lines:
            bench.device.feed(line + b"\r")
            await bench.wait("0.1")
        bench.device.feed(b"AT+MIPLDELETE=x\r")
        said = bench.rest()
        assert said[-1] in ("+CIS ERROR: 601", "ERROR")
        assert [line for line in said if not ANSWERS.fullmatch(line)] == []
        assert not caplog.records

    play(session)
