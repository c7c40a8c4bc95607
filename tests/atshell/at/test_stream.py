"""Each dialogue is played whole, byte by byte, in random pieces and with trailing data."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.stream import Done, Echo, Event, Expectation, Line, Overflow, Prompt, Stream, Urc


def said(event: Event) -> str:
    match event:
        case Echo(text) | Overflow(text):
            return f"{type(event).__name__.lower()} {text}"
        case Line(information) | Urc(information):
            return f"{type(event).__name__.lower()} {information.text}"
        case Done(final):
            return f"done {final.text}"
        case Prompt():
            return "prompt"


def play(chunks: list[bytes], expectation: Expectation | None, *, max_line: int = 4096) -> list[str]:
    stream = Stream(max_line=max_line)
    stream.expect(expectation)
    return [said(event) for chunk in chunks for event in stream.feed(chunk)]


def single_bytes(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


@dataclass(frozen=True)
class Dialogue:
    """What the module sends while a command is outstanding, and the events that come of it."""

    name: str
    expectation: Expectation | None
    data: bytes
    events: list[str]


def expect(
    line: str, *prefixes: str, once: bool = False, free_text: bool = False, numeric: bool = False, least: int = 0
) -> Expectation:
    names = frozenset(prefixes)
    return Expectation(
        line,
        names,
        once=names if once else frozenset(),
        free_text=free_text,
        numeric=numeric,
        least=dict.fromkeys(names, least),
    )


CREG = expect("AT+CREG?", "+CREG", once=True)

DIALOGUES = [
    Dialogue("bare", expect("AT"), b"AT\r\r\nOK\r\n", ["echo AT", "done OK"]),
    Dialogue("no echo", expect("AT"), b"\r\nOK\r\n", ["done OK"]),
    Dialogue("line feeds only", expect("AT"), b"AT\nOK\n", ["echo AT", "done OK"]),
    Dialogue("carriage returns only", expect("AT"), b"AT\r\rOK\r", ["echo AT", "done OK"]),
    Dialogue("echo with CR CR LF", expect("ATE0"), b"ATE0\r\r\n\r\r\nOK\r\r\n", ["echo ATE0", "done OK"]),
    Dialogue("the line again is no echo", expect("AT"), b"AT\r\nAT\r\nOK\r\n", ["echo AT", "urc AT", "done OK"]),
    Dialogue(
        "a URC before the echo", expect("AT"), b"\r\n+X: 1\r\nAT\r\r\nOK\r\n", ["urc +X: 1", "echo AT", "done OK"]
    ),
    Dialogue(
        "information",
        expect("AT+CSQ", "+CSQ"),
        b"AT+CSQ\r\r\n+CSQ: 23,0\r\n\r\nOK\r\n",
        ["echo AT+CSQ", "line +CSQ: 23,0", "done OK"],
    ),
    Dialogue(
        "a URC within the answer",
        expect("AT+QDMPCFG?", "+QDMPCFG"),
        b"\r\n+QDMPCFG: 0,1\r\n\r\n+MIPLREAD:0,18172,3200,0,5750\r\n\r\n+QDMPCFG: 1,117.161.2.7,5683,420\r\n\r\nOK\r\n",
        [
            "line +QDMPCFG: 0,1",
            "urc +MIPLREAD:0,18172,3200,0,5750",
            "line +QDMPCFG: 1,117.161.2.7,5683,420",
            "done OK",
        ],
    ),
    Dialogue(
        "one answer, then URCs",
        CREG,
        b"\r\n+CREG: 2,1\r\n\r\n+CREG: 5\r\n\r\nOK\r\n\r\n+CREG: 1\r\n",
        ["line +CREG: 2,1", "urc +CREG: 5", "done OK", "urc +CREG: 1"],
    ),
    Dialogue(
        "a URC too short for the answer",
        expect("AT+CREG?", "+CREG", once=True, least=2),
        b"\r\n+CREG: 5\r\n\r\n+CREG: 2,1\r\n\r\n+CREG: 2,5\r\n\r\nOK\r\n",
        ["urc +CREG: 5", "line +CREG: 2,1", "urc +CREG: 2,5", "done OK"],
    ),
    Dialogue(
        "a URC spelled like the set command", expect("AT+CREG=2"), b"+CREG: 1\r\nOK\r\n", ["urc +CREG: 1", "done OK"]
    ),
    Dialogue("any case", expect("at+x?", "+X"), b"at+x?\r\r\n+x: 1\r\nOK\r\n", ["echo at+x?", "line +x: 1", "done OK"]),
    Dialogue(
        "what follows the final result is unasked",
        expect("AT+MIPLOPEN=0,300,30"),
        b"AT+MIPLOPEN=0,300,30\r\r\nOK\r\n\r\n+MIPLEVENT: 0,6\r\nOK\r\n",
        ["echo AT+MIPLOPEN=0,300,30", "done OK", "urc +MIPLEVENT: 0,6", "urc OK"],
    ),
    Dialogue("CME", expect("AT+X"), b"\r\n+CME ERROR: 50\r\n", ["done +CME ERROR: 50"]),
    Dialogue("CMS", expect("AT+X"), b"\r\n+CMS ERROR: 500\r\n", ["done +CMS ERROR: 500"]),
    Dialogue("CIS", expect("AT+X"), b"\r\n+CIS ERROR: 602\r\n", ["done +CIS ERROR: 602"]),
    Dialogue("connect", expect("ATO"), b"\r\nCONNECT 9600\r\n", ["done CONNECT 9600"]),
    Dialogue("a call ends", expect("ATD10086"), b"\r\nNO CARRIER\r\n", ["done NO CARRIER"]),
    Dialogue(
        "a call ends during another command",
        expect("AT+CSQ", "+CSQ"),
        b"\r\nNO CARRIER\r\n\r\n+CSQ: 1,0\r\n\r\nOK\r\n",
        ["urc NO CARRIER", "line +CSQ: 1,0", "done OK"],
    ),
    Dialogue(
        "free text",
        expect("ATI", free_text=True),
        b"ATI\r\r\nQuectel\r\nBC28\r\n\r\nRING\r\n\r\n+CREG: 1\r\nRevision:BC28JAR01\r\nOK\r\n",
        ["echo ATI", "line Quectel", "line BC28", "urc RING", "urc +CREG: 1", "line Revision:BC28JAR01", "done OK"],
    ),
    Dialogue("no free text", expect("AT+CSQ", "+CSQ"), b"\r\nRDY\r\n\r\nOK\r\n", ["urc RDY", "done OK"]),
    Dialogue(
        "values without a prefix",
        expect("AT+DMPCONFIG=4,0", free_text=True),
        b"\r\n0,0\r\n\r\nOK\r\n",
        ["line 0,0", "done OK"],
    ),
    Dialogue("numeric", expect("AT", numeric=True), b"AT\r0\r", ["echo AT", "done 0"]),
    Dialogue("numeric error", expect("AT+X", numeric=True), b"2\r4\r", ["urc 2", "done 4"]),
    Dialogue("a number is text in verbose form", expect("AT", free_text=True), b"0\r\nOK\r\n", ["line 0", "done OK"]),
    Dialogue(
        "prompt and the data's echo",
        expect("AT+X=4", "+X"),
        b"AT+X=4\r\r\n> test\r\nmore\x1a\r\n+X: 7\r\n\r\nOK\r\n",
        ["echo AT+X=4", "prompt", "echo test", "echo more\x1a", "line +X: 7", "done OK"],
    ),
    Dialogue("prompts in a row", expect("AT+X=4"), b"\r\n> > \r\n> \r\nOK\r\n", ["prompt"] * 3 + ["done OK"]),
    Dialogue("no prompt within a line", expect("AT+X"), b"a> \r\n>x\r\nOK\r\n", ["urc a> ", "urc >x", "done OK"]),
    Dialogue("nothing outstanding", None, b"AT\r\n> \r\nOK\r\n+X: 1\r\n", ["urc AT", "urc > ", "urc OK", "urc +X: 1"]),
    Dialogue("noise", expect("AT"), b"\x00\xff\x1b[2J\r\nOK\r\n", ["urc \x00ÿ\x1b[2J", "done OK"]),
    Dialogue("an unfinished line is no event", expect("AT"), b"\r\nOK", []),
    Dialogue("A/", expect("A/"), b"A/\r\nNO CARRIER\r\n", ["echo A/", "done NO CARRIER"]),
    Dialogue("an echo in UTF-8", expect('AT+X="移"'), 'AT+X="移"\r\nOK\r\n'.encode(), ['echo AT+X="ç§»"', "done OK"]),
]


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
class TestDialogues:
    def test_whole(self, dialogue: Dialogue) -> None:
        assert play([dialogue.data], dialogue.expectation) == dialogue.events

    def test_byte_by_byte(self, dialogue: Dialogue) -> None:
        assert play(single_bytes(dialogue.data), dialogue.expectation) == dialogue.events

    def test_split_in_two_everywhere(self, dialogue: Dialogue) -> None:
        for at in range(len(dialogue.data)):
            assert play([dialogue.data[:at], dialogue.data[at:]], dialogue.expectation) == dialogue.events

    def test_with_trailing_data(self, dialogue: Dialogue) -> None:
        events = play([dialogue.data + b"\r\n+TRAIL: 1\r\n+HALF"], dialogue.expectation)
        assert events[: len(dialogue.events)] == dialogue.events
        assert events[-1] == "urc +TRAIL: 1"


def test_values_are_read() -> None:
    stream = Stream()
    stream.expect(expect("AT+CSQ", "+CSQ"))
    (line,) = stream.feed(b"+CSQ: 23,0\r\n")
    assert isinstance(line, Line)
    assert [argument.integer for argument in line.information.values] == [23, 0]


def test_held_bytes_are_judged_by_the_new_expectation() -> None:
    stream = Stream()
    assert stream.feed(b"\r\n+CREG: ") == []
    stream.expect(CREG)
    assert [said(event) for event in stream.feed(b"0,1\r\n> ")] == ["line +CREG: 0,1", "prompt"]
    stream.expect(None)
    assert [said(event) for event in stream.feed(b"> ")] == []
    stream.expect(expect("AT+X"))
    assert [said(event) for event in stream.feed(b"\r\n")] == ["prompt"]


def test_each_expectation_begins_anew() -> None:
    stream = Stream()
    for _ in range(2):
        stream.expect(CREG)
        events = stream.feed(b"AT+CREG?\r\r\n+CREG: 0,1\r\nOK\r\n")
        assert [said(event) for event in events] == ["echo AT+CREG?", "line +CREG: 0,1", "done OK"]


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_line_without_end_is_given_up_and_the_next_is_read(size: int) -> None:
    data = b"x" * 50 + b"\r\nOK\r\n" + b"y" * 10 + b"\r" + b"z" * 11 + b"\nOK\n"
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert play(chunks, expect("AT"), max_line=10) == [
        "overflow xxxxxxxxxx",
        "done OK",
        "urc yyyyyyyyyy",
        "overflow zzzzzzzzzz",
        "urc OK",
    ]


def test_a_line_must_hold_a_prompt() -> None:
    with pytest.raises(ValueError, match="max_line"):
        Stream(max_line=1)


BYTES = st.binary(max_size=120) | st.lists(
    st.sampled_from(
        [b"\r", b"\n", b"> ", b">", b" ", b"OK", b"0", b"+CREG: 1", b"AT+CREG?", b"RING", b"\x00", b"x" * 9]
    ),
    max_size=25,
).map(b"".join)
EXPECTATIONS = st.sampled_from([None, CREG, expect("ATI", free_text=True), expect("AT+CREG?", numeric=True)])


@given(BYTES, EXPECTATIONS, st.lists(st.integers(0, 120), max_size=6), st.integers(2, 20))
def test_no_split_changes_the_events(data: bytes, expectation: Expectation | None, cuts: list[int], size: int) -> None:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    whole = play([data], expectation, max_line=size)
    assert play(pieces, expectation, max_line=size) == whole
    assert play(single_bytes(data), expectation, max_line=size) == whole


@given(st.lists(BYTES, max_size=5), st.integers(2, 20))
def test_no_more_is_held_than_allowed(chunks: list[bytes], size: int) -> None:
    stream = Stream(max_line=size)
    for chunk in chunks:
        stream.feed(chunk)
        assert len(stream.held) <= size


def test_single_bytes_of_a_huge_line_take_linear_time() -> None:
    def seconds(size: int) -> float:
        stream = Stream(max_line=size)
        stream.expect(expect("AT"))
        started = time.perf_counter()
        for _ in range(size):
            stream.feed(b"x")
        return time.perf_counter() - started

    small, large = min(seconds(20_000) for _ in range(3)), min(seconds(160_000) for _ in range(2))
    assert large < 8 * small * 4  # quadratic time would be 64 times as long
