from __future__ import annotations

import pytest
from scapy.contrib.coap import CoAP
from scapy.layers.inet import UDP
from scapy.utils import rdpcap

COLLECT = """
    > AT+MIPLNOTIFY=0,0,3200,0,5500,5,1,"0",2,1
    < OK
    > AT+MIPLNOTIFY=0,0,3200,0,5501,3,3,"-12",1,2
    < OK
    > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"test",0,0,148
    < OK
    < +MIPLEVENT: 0,26,148
"""


def test_collected_values_go_in_one_message(play):
    async def session(bench) -> None:
        await bench.play(COLLECT)
        await bench.play(
            """
            > AT+MIPLNOTIFY=0,0,3200,0,5505,2,10,"E309C82FE6",0,0x400,278
            < OK
            < +MIPLEVENT: 0,26,278
            """
        )
        first, second = (await bench.device.operate("clients"))["clients"][0]["notifications"]
        assert first["mid"] == 148
        assert [(one["path"], one["value"]) for one in first["resources"]] == [
            ("/3200/0/5500", False),
            ("/3200/0/5501", -12),
            ("/3200/0/5750", "test"),
        ]
        assert [one["value"] for one in second["resources"]] == ["e309c82fe6"]

    play(session, login=True)


def test_json_and_text_on_request(play):
    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,300,4
            < OK
            < +MIPLEVENT: 0,26,300
            > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,1,,4
            < +CIS ERROR: 601
            > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,301,5
            < +CIS ERROR: 601
            ? observe /3200/0/5501
            < +MIPLOBSERVE: 0,{mid},1,3200,0,5501
            = ok=True
            > AT+MIPLNOTIFY=0,0,3200,0,5501,3,2,77,0,0,302,0
            < OK
            < +MIPLEVENT: 0,26,302
            """
        )
        seen = {one["mid"]: one for one in (await bench.device.operate("clients"))["clients"][0]["notifications"]}
        assert [one["value"] for one in seen[300]["resources"]] == ["abcd"]

    play(session, login=True)


def test_a_notification_that_is_not_acknowledged_yet_keeps_its_ackid(play):
    play(
        """
        ! network lost
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,147
        < OK
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"efgh",0,0,147
        < +CIS ERROR: 652
        """,
        login=True,
    )


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ('0,0,3200,0,5750,1,4,abcd,0,0', 601),
        ('0,0,3200,0,5750,7,4,"abcd",0,0', 601),
        ('0,0,3200,0,5750,1,4,"abcd",0,3', 601),
        ('0,0,3200,0,5750,1,4,"abcd",0', 601),
        ('0,0,3200,0,5750,3,4,"abcd",0,0', 601),
        ('0,0,3200,0,5750,2,3,"abc",0,0', 601),
        ('0,0,3200,0,5750,5,1,2,0,0', 601),
        ('0,0,3200,0,5750,4,3,1e999,0,0', 0),
        ('0,0,3200,0,5750,1,4,"abcd",0,0,65536', 601),
        ('0,0,3201,0,5750,1,4,"abcd",0,0', 653),
        ('0,0,3200,1,5750,1,4,"abcd",0,0', 653),
        ('1,0,3200,0,5750,1,4,"abcd",0,0', 653),
    ],
)  # fmt: skip
def test_notifications_that_cannot_be(play, values, error):
    play(f"> AT+MIPLNOTIFY={values}\n< {f'+CIS ERROR: {error}' if error else 'OK'}", login=True)


def test_release_indications_are_not_for_every_model(play):
    play(
        """
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0x200
        < +CIS ERROR: 651
        """,
        login=True,
        model="ML305A",
    )


def test_nothing_is_sent_before_the_login(play):
    play(
        """
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLADDOBJ=0,3200,1,"1",0,1
        < OK
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0
        < +CIS ERROR: 602
        > AT+MIPLREADRSP=0,1,1,3200,0,5750,1,4,"abcd",0,0
        < +CIS ERROR: 602
        """
    )


def test_without_an_observation_nothing_can_be_notified(play):
    play(
        """
        ? cancel /3200/0
        < +MIPLOBSERVE: 0,{cancel},0,3200,0,-1
        = ok=True
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0
        < +CIS ERROR: 651
        ? observe /3200/0/5750
        < +MIPLOBSERVE: 0,{again},1,3200,0,5750
        = ok=True
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,9
        < OK
        < +MIPLEVENT: 0,26,9
        """,
        login=True,
    )


def test_a_read_is_answered_in_pieces(play):
    async def session(bench) -> None:
        await bench.play(
            """
            ? read /3200/0
            < +MIPLREAD: 0,{mid},3200,0,-1
            > AT+MIPLREADRSP=0,{mid},1,3200,0,5500,5,1,"0",2,1
            < OK
            > AT+MIPLREADRSP=0,{mid},1,3200,0,5501,3,3,"-12",1,2
            < OK
            > AT+MIPLREADRSP=0,{mid},1,3200,0,5750,1,4,"test",0,0
            < OK
            """
        )
        answer = await bench._asked.popleft()
        assert [(one["path"], one["value"]) for one in answer["resources"]] == [
            ("/3200/0/5500", False),
            ("/3200/0/5501", -12),
            ("/3200/0/5750", "test"),
        ]

    play(session, login=True)


@pytest.mark.parametrize(("result", "code"), [(11, "4.00"), (12, "4.01"), (13, "4.04"), (14, "4.05"), (15, "4.06")])
def test_a_read_is_refused(play, result, code):
    play(
        f"""
        ? read /3200/0/5750
        < +MIPLREAD: 0,{{mid}},3200,0,5750
        > AT+MIPLREADRSP=0,{{mid}},{result}
        < OK
        = ok=False code={code}
        """,
        login=True,
    )


def test_answers_to_nothing(play):
    play(
        """
        ? read /3200/0/5750
        < +MIPLREAD: 0,{mid},3200,0,5750
        > AT+MIPLWRITERSP=0,{mid},2
        < +CIS ERROR: 653
        > AT+MIPLREADRSP=0,{mid},1,3200,0,5751,1,4,"abcd",0,0
        < +CIS ERROR: 653
        > AT+MIPLREADRSP=0,{mid},1
        < +CIS ERROR: 601
        > AT+MIPLREADRSP=0,{mid},2
        < +CIS ERROR: 601
        > AT+MIPLREADRSP=0,{mid},1,3200,0,5750,1,4,"abcd",0,0
        < OK
        = ok=True value=abcd
        > AT+MIPLREADRSP=0,{mid},1,3200,0,5750,1,4,"abcd",0,0
        < +CIS ERROR: 653
        > AT+MIPLEXECUTERSP=0,{mid},2
        < +CIS ERROR: 653
        """,
        login=True,
    )


def test_what_the_module_has_answered_may_be_answered_again(play):
    play(
        """
        > AT+MIPLOBSERVERSP=0,{observe},1
        < OK
        > AT+MIPLPARAMETERRSP=0,{observe},2
        < OK
        > AT+MIPLOBSERVERSP=0,1,3
        < +CIS ERROR: 601
        """,
        login=True,
    )


def test_sending_is_told_on_request(play):
    play(
        """
        > AT+MIPLNMI=0,0,1
        < OK
        > AT+MIPLNOTIFY=0,130,3200,0,5750,1,4,"test",0,0
        < OK
        < +MIPLNSMI: 0,1,2
        """,
        login=True,
    )


def test_what_is_too_long_for_one_message_goes_block_by_block(play):
    """Both ways: a notification and the answer to a read. The platform has them whole."""
    value = "x" * 1300

    async def session(bench) -> None:
        await bench.play(
            f"""
            > AT+MIPLNOTIFY=0,0,3200,0,5750,1,1300,"{value}",0,0,147
            < OK
            < +MIPLEVENT: 0,26,147
            ? read /3200/0/5750
            < +MIPLREAD: 0,{{mid}},3200,0,5750
            > AT+MIPLREADRSP=0,{{mid}},1,3200,0,5750,1,1300,"{value}",0,0
            < OK
            = ok=True code=2.05 value={value}
            """
        )
        (notification,) = (await bench.device.operate("clients"))["clients"][0]["notifications"]
        assert [one["value"] for one in notification["resources"]] == [value]

    play(session, login=True)


def test_what_is_too_long_for_the_buffer_is_refused(play):
    play(
        f"""
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,2049,"{"x" * 2049}",0,0
        < +CIS ERROR: 601
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,2000,"{"x" * 2000}",1,1
        < OK
        > AT+MIPLNOTIFY=0,0,3200,0,5751,1,49,"{"x" * 49}",0,0
        < +CIS ERROR: 651
        """,
        login=True,
    )


def test_sending_is_told_of_messages_and_not_of_what_is_collected(play):
    play(
        """
        > AT+MIPLNMI=0,0,1
        < OK
        > AT+MIPLNOTIFY=0,5,3200,0,5501,3,1,1,1,1
        < OK
        > AT+MIPLNOTIFY=0,255,3200,0,5750,1,4,"test",0,0
        < OK
        < +MIPLNSMI: 0,1,127
        ! network lost
        > AT+MIPLNOTIFY=0,256,3200,0,5750,1,4,"test",0,0
        < OK
        < +MIPLNSMI: 0,0,0
        """,
        login=True,
    )


def test_the_sequence_number_is_that_of_the_message_id(play):
    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLNMI=0,0,1
            < OK
            ? execute /3200/0/5750
            < +MIPLEXECUTE: 0,{mid},3200,0,5750
            > AT+MIPLEXECUTERSP=0,{mid},2
            < OK
            < +MIPLNSMI: 0,1,{number}
            = code=2.04
            """
        )
        assert int(bench.names["number"]) == int(bench.names["mid"]) % 128

    play(session, login=True)


@pytest.mark.parametrize(
    ("model", "payload"), [("MN316", '{"bn":"/3200/0/","e":[{"n":"5750","sv":"[1]"}]}'), ("MN319", "[1]")]
)
def test_a_content_type_is_a_name_alone_on_some_models(play, tmp_path, model, payload):
    """Section 3.9, footnote 4. By scapy."""
    capture = tmp_path / "session.pcap"
    play(
        """
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,3,"[1]",0,0,300,4
        < OK
        < +MIPLEVENT: 0,26,300
        """,
        login=True,
        model=model,
        capture=capture,
    )
    messages = [CoAP(bytes(packet[UDP].payload)) for packet in rdpcap(str(capture))]
    (sent,) = [message for message in messages if message.msg_id == 300 and message.code == 0x45]
    assert bytes(sent.payload).removeprefix(b"\xff").decode() == payload
    assert ("Content-Format", (11543).to_bytes(2)) in sent.options


@pytest.mark.parametrize(("model", "connected"), [("MN316", False), ("MN319", True)])
def test_the_radio_rests_after_the_acknowledgement(play, model, connected):
    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLNOTIFY=0,0,3200,0,5505,2,10,"E309C82FE6",0,0x400,278
            < OK
            < +MIPLEVENT: 0,26,278
            """
        )
        assert bench.device.radio.connected is connected

    play(session, login=True, model=model)


def test_an_object_that_is_deleted_while_on_line(play):
    play(
        """
        ? read /3200/0
        < +MIPLREAD: 0,{mid},3200,0,-1
        > AT+MIPLDELOBJ=0,3200
        < OK
        = ok=False code=4.04
        > AT+MIPLREADRSP=0,{mid},1,3200,0,5750,1,4,"abcd",0,0
        < +CIS ERROR: 653
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0
        < +CIS ERROR: 653
        ? read /3200/0
        = ok=False code=4.04
        """,
        login=True,
    )
