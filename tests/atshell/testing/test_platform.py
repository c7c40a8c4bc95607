from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from atshell.testing import Emulator, Platform, Session

NOTIFY = 'AT+MIPLNOTIFY=0,0,3303,0,5700,4,4,"{}",0,0'


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator("MN316") as emulator:
        yield emulator


@pytest.fixture
def session(emulator: Emulator) -> Session:
    session = emulator.session()
    for line in (
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"cmiot"',
        'AT+MIPLADDOBJ=0,3303,1,"1",0,1',
        'AT+MIPLDISCOVERRSP=0,3303,1,4,"5700"',
        "AT+MIPLOPEN=0,3000,30",
    ):
        assert session.send(line).ok
    session.expect("+MIPLEVENT: 0,6")
    return session


@pytest.fixture
def platform(emulator: Emulator, session: Session) -> Platform:
    return emulator.platform


def test_reading(platform: Platform) -> None:
    answer = platform.read("/3/0/0")
    assert (answer.ok, answer.code, answer.value, answer.error) == (True, "2.05", "China Mobile IoT", "")
    assert platform.read("/3/0").resources["/3/0/1"] == "MN316"
    assert platform.discover("/3303").ok
    assert repr(answer) == "<read /3/0/0: 2.05>"


def test_an_operation_that_fails_says_why(platform: Platform, emulator: Emulator) -> None:
    answer = platform.read("/3303/0/5700")  # nobody answers the module's +MIPLREAD
    assert (answer.ok, answer.code) == (False, "")
    assert emulator.now == 5
    with pytest.raises(AssertionError, match="read /3303/0/5700: no answer within 5 s"):
        _ = answer.value
    with pytest.raises(AssertionError, match="a path is missing"):
        platform.discover("nowhere").check()


def test_what_the_test_answers_itself(platform: Platform, session: Session) -> None:
    asked = platform.ask("read /3303/0/5700")
    assert not asked.done
    mid = session.expect(re.compile(r"\+MIPLREAD: 0,\d+,3303,0,5700"), timeout=0).values[1]
    assert session.send(f'AT+MIPLREADRSP=0,{mid},1,3303,0,5700,4,4,"21.5",0,0').ok
    assert asked.done
    assert asked.answer().value == 21.5


def test_notifications(platform: Platform, session: Session) -> None:
    for value in (20.5, 21.5):
        assert session.send(NOTIFY.format(value)).ok
    assert platform.notifications("/3303") == [("/3303/0/5700", 20.5), ("/3303/0/5700", 21.5)]
    assert platform.notifications("/33") == []
    assert platform.cancel("/3303/0").ok
    assert platform.observe("/3303/0").operation == "observe /3303/0"


def test_clients_and_their_lifetime(platform: Platform, emulator: Emulator) -> None:
    (client,) = platform.clients()
    assert client["lifetime"] == 3000
    emulator.power(False)
    emulator.advance(3001)
    assert platform.clients() == []


def test_waiting_for_a_condition(platform: Platform, emulator: Emulator) -> None:
    platform.until(lambda platform: platform.clients())
    with pytest.raises(AssertionError, match="after 20 s the condition does not hold; registered: "):
        platform.until(lambda platform: platform.notifications(), timeout=20)
    assert emulator.now == pytest.approx(20, abs=0.2)


@pytest.mark.parametrize(
    ("value", "line"),
    [("on", '"on"'), ('a"b', 'a"b'), (b"\x01\xff", "0x01ff"), (True, "true"), (21.5, "21.5"), (7, "7")],
)
def test_values_as_an_operator_types_them(value: str | bytes | float, line: str) -> None:
    said: list[str] = []

    async def operate(text: str) -> dict[str, object]:
        said.append(text)
        return {"ok": True, "code": "2.04"}

    with Emulator("MN316", platform="none") as emulator:
        platform = Platform("fake", emulator._driver, operate)
        assert platform.write("/3200/0/5750", value).ok
        assert platform.attributes("/3200/0", pmin=10, gt=1.5).ok
        assert platform.execute("/3200/0/1").ok
    assert said == [f"write /3200/0/5750 {line}", "attributes /3200/0 pmin=10 gt=1.5", "execute /3200/0/1 "]
