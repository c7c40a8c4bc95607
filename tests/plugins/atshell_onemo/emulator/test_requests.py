from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.exchange import Incoming, Reply
from atshell_onemo.emulator.model import LwDevice, Object, Value
from atshell_onemo.emulator.requests import MAX_WAITING, Requests


def test_declared_types_decide_how_a_write_is_shown(play):
    play(
        """
        ? write /3200/0 5501=77 5750=abcd
        < +MIPLWRITE: 0,{first},3200,0,5501,6,2,4D,1
        < +MIPLWRITE: 0,{first},3200,0,5750,6,8,61626364,0
        > AT+MIPLWRITERSP=0,{first},11
        < OK
        = ok=False code=4.00
        > AT+MIPLNOTIFY=0,0,3200,0,5501,3,1,1,2,1
        < OK
        > AT+MIPLNOTIFY=0,0,3200,0,5500,5,1,1,2,2
        < OK
        > AT+MIPLNOTIFY=0,0,3200,0,5700,4,1,1.5,1,2
        < OK
        > AT+MIPLNOTIFY=0,0,3200,0,5505,2,2,"00",1,2
        < OK
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0
        < OK
        ? write /3200/0 5501=1860 5500=true 5700=0x41C26666 5505=0xabcd 5750="a,b"
        < +MIPLWRITE: 0,{second},3200,0,5501,3,4,1860,1
        < +MIPLWRITE: 0,{second},3200,0,5500,5,1,1,2
        < +MIPLWRITE: 0,{second},3200,0,5700,4,4,24.3,2
        < +MIPLWRITE: 0,{second},3200,0,5505,2,4,ABCD,2
        < +MIPLWRITE: 0,{second},3200,0,5750,1,3,a,b,0
        > AT+MIPLWRITERSP=0,{second},2
        < OK
        = ok=True code=2.04
        ? write /3200/0/5750 0x0d0a4f4b
        < +MIPLWRITE: 0,{third},3200,0,5750,6,8,0D0A4F4B,0
        > AT+MIPLWRITERSP=0,{third},2
        < OK
        = ok=True
        """,
        login=True,
    )


def test_strategies_and_observations(play):
    play(
        """
        ? attributes /3200/0/5750 pmin=18 pmax=90 st=2.0
        < +MIPLPARAMETER: 0,{parameter},3200,0,5750,22,"pmin=18;pmax=90;st=2.0"
        = ok=True code=2.04
        ? observe /3200/0/5750
        < +MIPLOBSERVE: 0,{one},1,3200,0,5750
        = ok=True code=2.05
        ? cancel /3200/0/5750
        < +MIPLOBSERVE: 0,{two},0,3200,0,5750
        = ok=True code=2.05
        ? cancel /3200/0/5750
        = ok=False
        ? discover /3200/0
        < +MIPLDISCOVER: 0,{three},3200
        = ok=True code=2.05
        """,
        login=True,
    )


def test_what_is_not_there_is_refused_without_a_word(play):
    play(
        """
        ? read /3201/0
        = ok=False code=4.04
        ? read /3200/1
        = ok=False code=4.04
        ? execute /3/0/4
        = ok=False code=4.05
        ? read /0/0
        = ok=False code=4.01
        ? read /1/0/1
        = ok=True value=86400
        """,
        login=True,
    )


def test_execution_without_arguments_has_five_fields(play):
    play(
        """
        ? execute /3200/0/5750
        < +MIPLEXECUTE: 0,{mid},3200,0,5750
        > AT+MIPLEXECUTERSP=0,{mid},14
        < OK
        = ok=False code=4.05
        """,
        login=True,
    )


def test_a_body_that_is_too_long_is_dropped_with_an_event(play):
    play(
        f"""
        ? write /3200/0/5750 {"x" * 1600}
        < +MIPLEVENT: 0,33
        = ok=False code=4.13
        ? execute /3200/0/5750 {"x" * 1600}
        < +MIPLEVENT: 0,33
        = ok=False code=4.13
        """,
        login=True,
    )


def test_a_body_in_blocks_arrives_whole(play):
    play(
        f"""
        > AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0
        < OK
        ? write /3200/0/5750 {"x" * 1200}
        < +MIPLWRITE: 0,{{mid}},3200,0,5750,1,1200,{"x" * 1200},0
        > AT+MIPLWRITERSP=0,{{mid}},2
        < OK
        = ok=True code=2.04 mid={{mid}}
        """,
        login=True,
    )


class FakeClient:
    def __init__(self) -> None:
        self.accounts: dict[tuple[int, int], dict[int, bytes]] = {}

    def observe(self, incoming: Incoming, reply: Reply) -> None:
        incoming.notify(reply)

    def cancel(self, target: str) -> bool:
        return True


def _requests() -> tuple[Requests, list[str]]:
    device = LwDevice("host", 5683, bootstrap=False, flag=0, objects={3200: Object(3200, (0,))})
    said: list[str] = []
    about = [Value(0, 2, 1, b"imei")]
    return Requests(device, FakeClient(), lambda: about, said.append), said


def _incoming(mid: int, replies: list[Reply], **fields: object) -> Incoming:
    return Incoming(
        peer=("192.0.2.2", 5683),
        mid=mid,
        confirmable=True,
        method="PUT",
        send=lambda reply, last: replies.append(reply),
        **fields,
    )


def test_the_oldest_request_is_lost_first():
    requests, said = _requests()
    for mid in range(MAX_WAITING + 2):
        requests.requested("Read", _incoming(mid, [], path=("3200", "0")))
    assert list(requests.waiting) == list(range(2, MAX_WAITING + 2))
    assert requests.dropped == 2
    assert len(said) == MAX_WAITING + 2


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    payload=st.binary(max_size=64),
    content_format=st.sampled_from([None, 0, 42, 11542, 11543, 1542, 60]),
    path=st.lists(st.sampled_from(["3200", "0", "3", "1", "5750"]), min_size=2, max_size=3),
    kind=st.integers(1, 6),
)
def test_any_write_is_answered_or_shown_on_one_line_each(payload, content_format, path, kind):
    requests, said = _requests()
    requests._device.objects[3200].types = {(0, number): kind for number in range(256)}
    replies: list[Reply] = []
    requests.requested("Write", _incoming(7, replies, path=tuple(path), payload=payload, content_format=content_format))
    assert len(replies) == 1 or (7 in requests.waiting and said)
    assert all(line.startswith("+MIPLWRITE: 0,7,3200,0,") for line in said)
    assert not any(char < " " for line in said for char in line)


def test_a_strategy_is_passed_on_checked_and_shown(play):
    """Section 3.16: carrying it out is the MCU's."""
    play(
        """
        ? attributes /3200/0/5750 pmin=90 pmax=18
        = ok=False code=4.00
        ? attributes /3200/0 gt=5
        = ok=False code=4.00
        ? attributes /3200/0/5750 pmin=18 pmax=90
        < +MIPLPARAMETER: 0,{one},3200,0,5750,15,"pmin=18;pmax=90"
        = ok=True code=2.04
        ~ 200
        """,
        login=True,
    )
    requests, _ = _requests()
    requests._device.objects[3200].resources = [5750]
    replies: list[Reply] = []
    query = ("pmin=18", "pmax=90")
    requests.requested("Write-Attributes", _incoming(1, replies, path=("3200", "0", "5750"), query=query))
    requests.requested("Discover", _incoming(2, replies, path=("3200",)))
    assert replies[1].payload == b"</3200>,</3200/0>,</3200/0/5750>;pmin=18;pmax=90"


def test_floats_are_written_with_at_most_nine_decimals(play):
    play(
        """
        > AT+MIPLNOTIFY=0,0,3200,0,5700,4,1,1.5,0,0
        < OK
        ? write /3200/0/5700 0x3fd5555555555555
        < +MIPLWRITE: 0,{one},3200,0,5700,4,11,0.333333333,0
        > AT+MIPLWRITERSP=0,{one},2
        < OK
        = ok=True
        ? write /3200/0/5700 0x42374876E8000000
        < +MIPLWRITE: 0,{two},3200,0,5700,6,16,42374876E8000000,0
        > AT+MIPLWRITERSP=0,{two},2
        < OK
        = ok=True
        """,
        login=True,
    )
