"""The decisions, one kind after the other, without anything that sends or waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.faults.faults import (
    AS_SAID,
    AS_TOLD,
    AS_USUAL,
    MAX_COPIES,
    MAX_FAULTS,
    Answering,
    Faults,
    Passage,
    Reaction,
    Telling,
)
from atshell.errors import AtshellError

LOST = Passage(())


def test_without_faults_all_is_as_usual() -> None:
    faults = Faults()
    assert faults.datagram(True, b"x", 0) is AS_USUAL
    assert faults.urc("+X", 0) is AS_TOLD
    assert faults.command("AT", 0) is AS_SAID
    assert faults.platform("register", 0) is None
    assert not faults.rebinds(b"x", 0)
    assert faults.said(b"OK", 0) == faults.heard(b"OK", 0) == b"OK"


# -- The list


def test_the_list() -> None:
    faults = Faults(["lose up", "seed 3", "delay 2s"])
    assert [str(active.fault) for active in faults] == ["lose up", "delay 2s"]
    assert (len(faults), faults.seed) == (2, 3)
    faults.datagram(True, b"", 0)
    assert faults.described(0) == [
        {"number": 1, "fault": "lose up", "acted": 1, "over": False},
        {"number": 2, "fault": "delay 2s", "acted": 0, "over": False},
    ]
    assert [str(fault) for fault in faults.remove(1)] == ["lose up"]
    with pytest.raises(AtshellError, match="there is no fault 2: 1 to 1"):
        faults.remove(2)
    assert len(faults.remove()) == 1
    with pytest.raises(AtshellError, match="none is active"):
        faults.remove(1)


def test_there_are_only_so_many() -> None:
    faults = Faults(["lose"] * MAX_FAULTS)
    with pytest.raises(AtshellError, match=f"{MAX_FAULTS} faults are the most"):
        faults.add("lose", 0)


# -- Packets


def test_packets_one_way_or_both() -> None:
    faults = Faults(["lose up"])
    assert faults.datagram(True, b"x", 0) == LOST
    assert faults.datagram(False, b"x", 0) == Passage()
    both = Faults(["lose"])
    assert both.datagram(True, b"x", 0) == both.datagram(False, b"x", 0) == LOST


def test_packets_that_match() -> None:
    faults = Faults(['lose with "rd" over 5'])
    assert faults.datagram(True, b"xxrd", 0) == Passage()
    assert faults.datagram(True, b"xxxxxx", 0) == Passage()
    assert faults.datagram(True, b"xxxxrd", 0) == LOST


def test_delay_and_duplicates_add_up() -> None:
    assert Faults(["delay 2s", "delay up 500ms"]).datagram(True, b"", 0) == Passage((2.5,))
    assert Faults(["duplicate", "delay 1s"]).datagram(True, b"", 0) == Passage((1.0, 1.0))
    assert Faults(["duplicate", "duplicate"]).datagram(True, b"", 0) == Passage((0.0, 0.0, 0.0))
    assert len(Faults(["duplicate"] * 50).datagram(True, b"", 0).delays) == MAX_COPIES
    assert Faults(["reorder down"]).datagram(False, b"", 0) == Passage((0.0,), overtaken=True)


def test_the_address_changes_once_unless_told_otherwise() -> None:
    faults = Faults(["rebind"])
    assert [faults.rebinds(b"", 0) for _ in range(3)] == [True, False, False]
    faults = Faults(['rebind times 2 with "rd"'])
    assert [faults.rebinds(data, 0) for data in (b"x", b"rd", b"rd", b"rd")] == [False, True, True, False]


# -- The platform


@pytest.mark.parametrize(
    ("lines", "reaction"),
    [
        (["platform silent"], Reaction(silent=True)),
        (["platform refuse register"], Reaction(refuse=True)),
        (["platform 5.03"], Reaction(code="5.03")),
        (["platform late 2s"], Reaction(delay=2)),
        (["platform late 2s register", "platform 4.04"], Reaction(delay=2, code="4.04")),
        (["platform 4.04 update"], None),
    ],
)
def test_what_a_platform_does(lines: list[str], reaction: Reaction | None) -> None:
    assert Faults(lines).platform("register", 0) == reaction


# -- The serial line


def test_urcs() -> None:
    faults = Faults(['urc drop "+MIPLEVENT: 0,7"', "urc delay 2s +CEREG", "urc inside +CEREG"])
    assert faults.urc("+MIPLEVENT: 0,7", 0) == Telling(dropped=True)
    assert faults.urc("+miplevent:0,7", 0) == Telling(dropped=True)
    assert faults.urc("+MIPLEVENT: 0,6", 0) == Telling()
    assert faults.urc("+CEREG: 1", 0) == Telling(False, 2.0, True)


def test_commands() -> None:
    faults = Faults(["answer late 2s AT+MIPLOPEN", "answer drop +CSQ", "reboot at+x #2", "unplug AT+Y"])
    assert faults.command("AT+MIPLOPEN=0,300", 0) == Answering(delay=2.0)
    assert faults.command("at+csq", 0) == Answering(dropped=True)
    assert [faults.command("AT+X", 0).reboot for _ in range(3)] == [False, True, False]
    assert [faults.command("AT+Y", 0).unplug for _ in range(2)] == [True, False]
    assert faults.command("AT", 0) == Answering()


def test_what_waits_for_nothing_is_not_the_commands() -> None:
    assert Faults(["unplug after 1s", "reboot"]).command("AT", 10) == Answering()


def test_bytes() -> None:
    faults = Faults(["garble out #2"])
    assert faults.heard(b"AT", 0) == b"AT"
    garbled = faults.said(b"OK", 0)
    assert garbled[:1] == b"O"
    assert garbled[1:] != b"K"
    assert faults.said(b"OK", 0) == b"OK"
    noisy = Faults(["noise in once"])
    assert noisy.heard(b"AT\r", 0) != b"AT\r"
    assert noisy.heard(b"AT\r", 0) == b"AT\r"


# -- The same again

LINES = ("lose 30%", "delay up 1s 50%", "duplicate down 20%", "garble 10%", "urc drop 40%", "answer late 1s 50%")
EVENT = st.tuples(st.sampled_from(["up", "down", "urc", "command", "said", "heard"]), st.binary(max_size=8))


def results(faults: Faults, events: list[tuple[str, bytes]]) -> list[object]:
    found: list[object] = []
    for now, (name, data) in enumerate(events):
        if name in ("up", "down"):
            found.append(faults.datagram(name == "up", data, now))
        elif name in ("urc", "command"):
            found.append(getattr(faults, name)(data.decode("latin-1"), now))
        else:
            found.append(getattr(faults, name)(data, now))
    return found


@given(st.lists(EVENT, max_size=40), st.integers(0, 99))
def test_a_run_can_be_repeated(events: list[tuple[str, bytes]], seed: int) -> None:
    lines = [*LINES, f"seed {seed}"]
    assert results(Faults(lines), events) == results(Faults(lines), events)


def test_another_fault_beside_it_changes_no_chance() -> None:
    packets = [(True, b"%d" % number) for number in range(100)]
    alone, beside = Faults(["lose 50%"]), Faults(["urc drop 50%", "lose 50%"])
    assert [alone.datagram(*packet, 0) for packet in packets] == [beside.datagram(*packet, 0) for packet in packets]


def test_the_ways_do_not_disturb_each_other() -> None:
    """Packets of both ways come in an order that a run does not repeat."""
    one, other = Faults(["lose 50%"]), Faults(["lose 50%"])
    for _ in range(7):
        other.datagram(False, b"", 0)
    assert [one.datagram(True, b"", 0) for _ in range(50)] == [other.datagram(True, b"", 0) for _ in range(50)]
