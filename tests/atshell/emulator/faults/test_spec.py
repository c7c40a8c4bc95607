from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.faults.conditions import CONDITIONS
from atshell.emulator.faults.fault import Fault
from atshell.emulator.faults.kinds import KINDS, OPERATIONS
from atshell.emulator.faults.spec import EXAMPLES, MAX_SPEC, guide, parse, words
from atshell.errors import AtshellError


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("lose", Fault("lose")),
        ("lose up 30%", Fault("lose", way="up", share=30)),
        ("LOSE Down 0.5%", Fault("lose", way="down", share=0.5)),
        ("delay down 2s", Fault("delay", way="down", time=2)),
        ("delay 200ms #3", Fault("delay", time=0.2, nth=3)),
        ('duplicate with "rd" over 100', Fault("duplicate", holding=b"rd", over=100)),
        ("reorder with 0x40ff once", Fault("reorder", holding=b"\x40\xff", times=1)),
        ("rebind", Fault("rebind", times=1)),
        ("rebind times 3 after 1m for 1h", Fault("rebind", times=3, after=60, lasting=3600)),
        ("platform 4.04 update", Fault("platform CODE", code="4.04", about="update")),
        ("platform late 5s Register", Fault("platform late", time=5, about="register")),
        ("platform silent", Fault("platform silent")),
        ('urc drop "+MIPLEVENT: 0,6"', Fault("urc drop", about="+MIPLEVENT: 0,6")),
        ('urc inside "once"', Fault("urc inside", about="once")),
        ("answer late 5s AT+MIPLOPEN times 2", Fault("answer late", time=5, about="AT+MIPLOPEN", times=2)),
        ("garble in 1%", Fault("garble", way="in", share=1)),
        ("unplug after 10s", Fault("unplug", after=10, times=1)),
        ("reboot AT+X #2", Fault("reboot", about="AT+X", nth=2, times=1)),
        ("seed 7", Fault("seed", number=7)),
    ],
)
def test_lines(line: str, fault: Fault) -> None:
    assert parse(line) == fault
    assert parse(str(fault)) == fault


@pytest.mark.parametrize("line", EXAMPLES)
def test_examples_are_written_as_they_would_be_printed(line: str) -> None:
    assert str(parse(line)) == line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "no fault is named: say one of lose, delay,"),
        ("los up", "in the fault 'los up', 'los' (character 1) cannot stand: did you mean lose?"),
        ("xyzzy", "say one of lose, delay,"),
        ("lose upp", "'upp' (character 6) cannot stand: here can stand up, down, N%, #N, with BYTES"),
        ("lose up down", "'down' (character 9) cannot stand: here can stand N%"),
        ("lose 30% #3", "'#3' (character 10) cannot stand: how it acts has been said already"),
        ("lose once once", "has been said already"),
        ("lose 0%", "'0%' (character 6) cannot stand: a share is more than 0%"),
        ("lose #0", "N counts from 1"),
        ("lose after", "the fault 'lose after' is not whole: behind after stands TIME"),
        ("lose after soon", "'soon' (character 12) cannot stand: a TIME is 5s"),
        ("delay", "is not whole: a TIME must follow"),
        ("delay up", "is not whole: a TIME must follow"),
        ("platform", "behind platform stands one of silent, refuse, late, CODE"),
        ("platform 2.05", "'2.05' (character 10) cannot stand: behind platform"),
        ("platform CODE update", "'CODE' (character 10) cannot stand: behind platform"),
        ("platform 4.04 read", "'read' (character 15) cannot stand: say one of bootstrap, register"),
        ("urc drop +X with y", "'with' (character 13) cannot stand"),
        ('urc drop ""', "a URC can be read"),
        ("garble with x", "cannot stand"),
        ("seed x", "N is a number"),
        ("seed", "a number must follow"),
        ("seed 1 once", "nothing can stand here"),
        ("unplug after 1s times 3", "unplug happens once"),
        ("reboot for 3s", "reboot happens once"),
        ("lose " + "x" * MAX_SPEC, "too long for a fault"),
    ],
)
def test_what_cannot_be_read_is_shown_with_what_could_be(line: str, said: str) -> None:
    with pytest.raises(AtshellError) as caught:
        parse(line)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_words() -> None:
    assert [(word.text, word.start, word.quoted) for word in words(r'a  "b \"c" "d')] == [
        *(("a", 0, False), ('b "c', 3, True), ('"d', 11, False))
    ]


def test_the_guide_has_all_of_it() -> None:
    for language in ("en", "zh-CN"):
        usages = [usage for usage, _ in guide(language)]
        assert {kind.usage for kind in KINDS.values()} <= set(usages)
        assert {condition.usage for condition in CONDITIONS.values()} <= set(usages)
        assert all(meaning for _, meaning in guide(language))


# -- Any text, and any fault

WORDS = st.sampled_from(
    [
        *(word for name in KINDS for word in name.split()),
        *CONDITIONS,
        *OPERATIONS,
        *("up", "in", "4.04", "5s", "30%", "#3", "7", '"+X: 1"', "AT+X", "0xff", '"', '"a"', "%", "#", "with", "off"),
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=8).map(" ".join)))
def test_any_text_is_a_fault_or_is_refused(line: str) -> None:
    try:
        fault = parse(line)
    except AtshellError:
        return
    assert parse(str(fault)) == fault
    assert str(parse(str(fault))) == str(fault)


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    kind = draw(st.sampled_from(list(KINDS.values())))
    times = st.integers(0, 10**8).map(lambda milliseconds: milliseconds / 1000)
    if kind.number:
        return Fault(kind.name, number=draw(st.integers(0, 10**9)))
    packets = kind.ways == ("up", "down")
    return Fault(
        kind.name,
        way=draw(st.sampled_from(["", *kind.ways])),
        code="5.03" if "CODE" in kind.name else "",
        time=draw(times) if kind.time else 0.0,
        about=draw(
            st.sampled_from(["", "update"])
            if kind.about == "OPERATION"
            else st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and bool(text.strip()))
        )
        if kind.about
        else "",
        share=draw(st.integers(1, 10**6)) / 10**4,
        holding=draw(st.binary(max_size=20)) if packets else b"",
        over=draw(st.integers(0, 10**6)) if packets else 0,
        after=draw(times),
        lasting=draw(times) if kind.about != "COMMAND" else 0.0,
        times=draw(st.integers(1, 9)) if kind.about != "COMMAND" else int(kind.once),
    )


@given(faults())
def test_a_fault_is_printed_as_what_it_is_read_from(fault: Fault) -> None:
    assert parse(str(fault)) == fault
