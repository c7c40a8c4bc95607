"""The exchange machine, as dialogues. ``>`` sends, ``<`` receives, ``!`` lets the time pass; what happened is on the right."""  # noqa: E501

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.stream import Expectation
from atshell.session.exchange import (
    MAX_LINES,
    DataPrompt,
    Exchange,
    ExchangeMachine,
    Garbage,
    Happening,
    Outcome,
    Unsolicited,
)

KNOWN = {
    "AT+CSQ": Expectation("", frozenset({"+CSQ"})),
    "AT+CGATT?": Expectation("", frozenset({"+CGATT"})),
    "AT+CEREG?": Expectation("", frozenset({"+CEREG"}), once=frozenset({"+CEREG"})),
    "ATI": Expectation("", free_text=True),
}


def expect(line: str) -> Expectation:
    return KNOWN.get(line, Expectation(line))


def shown(happening: Happening) -> str:
    match happening:
        case Exchange():
            how = "" if happening.outcome is Outcome.DONE else f" ({happening.outcome})"
            return f"{happening.line}{how} -> {' / '.join(happening.text.splitlines())}".rstrip()
        case Unsolicited():
            return f"{'late' if happening.late else 'urc'} {happening.information.text}"
        case DataPrompt():
            return "prompt"
        case Garbage():
            return f"garbage {happening.text[:20]}"


def dialogue(*steps: str, machine: ExchangeMachine | None = None) -> list[str]:
    """Each step's happenings. Times advance by a second each step, a command may take three."""
    machine = machine or ExchangeMachine(expect)
    happened: list[str] = []
    now = 0.0
    for step in steps:
        sign, _, text = step.partition(" ")
        if sign == "!":
            now += float(text or 3)
            happenings = machine.tick(now)
        elif sign == ">":
            machine.send(text, now, 3.0)
            happenings = []
        else:
            data = "".join(f"\r\n{line}\r\n" for line in text.split(" / "))
            happenings = machine.receive(data.encode("latin-1"), now)
        happened += [shown(happening) for happening in happenings]
    return happened


def test_an_answer() -> None:
    assert dialogue("> AT+CSQ", "< +CSQ: 20,0 / OK") == ["AT+CSQ -> +CSQ: 20,0 / OK"]


def test_urcs_around_and_in_an_answer() -> None:
    assert dialogue("< RDY", "> AT+CSQ", "< +CEREG: 1 / +CSQ: 20,0", "< OK / +CEREG: 5") == [
        "urc RDY",
        "urc +CEREG: 1",
        "AT+CSQ -> +CSQ: 20,0 / OK",
        "urc +CEREG: 5",
    ]


def test_a_line_that_is_both_is_the_answer_once() -> None:
    assert dialogue("> AT+CEREG?", "< +CEREG: 0,1 / +CEREG: 5 / OK") == [
        "urc +CEREG: 5",
        "AT+CEREG? -> +CEREG: 0,1 / OK",
    ]


def test_a_final_result_that_nobody_asked_for() -> None:
    assert dialogue("< OK", "> AT", "< ERROR", "< +CME ERROR: 3") == ["urc OK", "AT -> ERROR", "urc +CME ERROR: 3"]


# -- An answer that comes too late


def test_a_late_answer_while_nothing_is_outstanding() -> None:
    assert dialogue("> AT+CSQ", "!", "< +CEREG: 1", "< +CSQ: 20,0 / OK", "> AT", "< OK") == [
        "AT+CSQ (timeout) ->",
        "urc +CEREG: 1",
        "late +CSQ: 20,0",
        "late OK",
        "AT -> OK",
    ]


def test_the_hard_case_answer_1_then_answer_2() -> None:
    assert dialogue("> AT+CSQ", "!", "> AT+CGATT?", "< +CSQ: 20,0 / OK", "< +CGATT: 1 / OK") == [
        "AT+CSQ (timeout) ->",
        "late +CSQ: 20,0",
        "late OK",
        "AT+CGATT? -> +CGATT: 1 / OK",
    ]


def test_the_hard_case_in_one_chunk() -> None:
    assert dialogue("> AT+CEREG?", "!", "> AT+CEREG?", "< +CEREG: 0,1 / OK / +CEREG: 0,5 / +CEREG: 1 / OK") == [
        "AT+CEREG? (timeout) ->",
        "late +CEREG: 0,1",
        "late OK",
        "urc +CEREG: 1",
        "AT+CEREG? -> +CEREG: 0,5 / OK",
    ]


@pytest.mark.parametrize("line", ["AT+CFUN=1", "AT+CSQ"])
def test_when_nothing_tells_the_first_result_is_the_owed_one(line: str) -> None:
    assert dialogue("> AT+CFUN=1", "!", f"> {line}", "< OK", "< OK") == [
        "AT+CFUN=1 (timeout) ->",
        "late OK",
        f"{line} -> OK",
    ]


def test_the_same_command_twice_without_echo() -> None:
    assert dialogue("> AT+CSQ", "!", "> AT+CSQ", "< +CSQ: 1,0", "< OK", "< +CSQ: 2,0 / OK") == [
        "AT+CSQ (timeout) ->",
        "late +CSQ: 1,0",
        "late OK",
        "AT+CSQ -> +CSQ: 2,0 / OK",
    ]


def test_answer_1_never_comes_and_the_prefix_tells() -> None:
    assert dialogue("> AT+CFUN=1", "!", "> AT+CSQ", "< +CSQ: 2,0 / OK", "> AT", "< OK") == [
        "AT+CFUN=1 (timeout) ->",
        "AT+CSQ -> +CSQ: 2,0 / OK",
        "AT -> OK",
    ]


def test_answer_1_never_comes_and_the_echo_tells() -> None:
    assert dialogue("> AT+CSQ", "< AT+CSQ", "!", "> AT+CSQ", "< AT+CSQ", "< +CSQ: 2,0 / OK", "> AT", "< OK") == [
        "AT+CSQ (timeout) ->",
        "AT+CSQ -> +CSQ: 2,0 / OK",
        "AT -> OK",
    ]


def test_a_module_that_was_asleep_swallows_the_first_line() -> None:
    assert dialogue("> AT", "!", "> AT", "< AT / OK") == ["AT (timeout) ->", "AT -> OK"]


def test_echo_and_answer_both_late() -> None:
    assert dialogue("> AT+CFUN=1", "!", "> AT", "< AT+CFUN=1 / OK / AT / OK") == [
        "AT+CFUN=1 (timeout) ->",
        "late OK",
        "AT -> OK",
    ]


def test_a_module_that_echoes_before_its_late_answer_is_found_out() -> None:
    assert dialogue(
        "> AT+CSQ", "!", "> AT", "< AT / +CSQ: 1,0 / OK / OK", "> AT+CFUN=1", "!", "> AT", "< AT / OK / OK"
    ) == [
        "AT+CSQ (timeout) ->",
        "late +CSQ: 1,0",
        "late OK",
        "AT -> OK",
        "AT+CFUN=1 (timeout) ->",
        "late OK",
        "AT -> OK",
    ]


def test_several_owed_answers() -> None:
    assert dialogue("> AT+CFUN=1", "!", "> AT+CSQ", "!", "> ATI", "< OK", "< +CSQ: 1,0 / OK", "< BC28 / OK") == [
        "AT+CFUN=1 (timeout) ->",
        "AT+CSQ (timeout) ->",
        "late OK",
        "late +CSQ: 1,0",
        "late OK",
        "ATI -> BC28 / OK",
    ]


def test_the_first_of_several_owed_answers_never_comes() -> None:
    assert dialogue("> AT+CFUN=1", "!", "> AT+CSQ", "!", "> AT", "< +CSQ: 1,0 / OK", "< OK") == [
        "AT+CFUN=1 (timeout) ->",
        "AT+CSQ (timeout) ->",
        "late +CSQ: 1,0",
        "late OK",
        "AT -> OK",
    ]


def test_half_an_answer_before_the_timeout() -> None:
    assert dialogue("> AT+CSQ", "< +CSQ: 1,0", "!", "> AT", "< OK", "< OK") == [
        "AT+CSQ (timeout) -> +CSQ: 1,0",
        "late OK",
        "AT -> OK",
    ]


def test_lines_that_nothing_decided_are_late() -> None:
    assert dialogue("> AT+CSQ", "!", "> AT+CSQ", "< +CSQ: 1,0", "!") == [
        "AT+CSQ (timeout) ->",
        "late +CSQ: 1,0",
        "AT+CSQ (timeout) ->",
    ]


def test_an_owed_answer_is_forgotten() -> None:
    machine = ExchangeMachine(expect, forget_after=10)
    assert dialogue("> AT+CSQ", "!", "! 10", "> AT", "< OK", "< +CSQ: 1,0", machine=machine) == [
        "AT+CSQ (timeout) ->",
        "AT -> OK",
        "urc +CSQ: 1,0",
    ]


def test_a_late_free_text_answer() -> None:
    assert dialogue("> ATI", "!", "> AT+CSQ", "< Quectel / BC28 / OK / +CSQ: 1,0 / OK") == [
        "ATI (timeout) ->",
        "late Quectel",
        "late BC28",
        "late OK",
        "AT+CSQ -> +CSQ: 1,0 / OK",
    ]


# -- Lines and bytes


def test_what_is_written() -> None:
    machine = ExchangeMachine(expect)
    assert machine.send("AT+X=中", 0.0, 1.0) == "AT+X=中\r".encode()
    with pytest.raises(ValueError, match="outstanding"):
        machine.send("AT", 0.0, 1.0)
    assert [shown(h) for h in machine.receive("AT+X=中\r\r\nOK\r\n".encode(), 0.1)] == ["AT+X=中 -> OK"]


def test_the_repeat_command_has_no_carriage_return_and_the_former_answer() -> None:
    machine = ExchangeMachine(expect)
    assert dialogue("> AT+CSQ", "< +CSQ: 1,0 / OK", machine=machine) == ["AT+CSQ -> +CSQ: 1,0 / OK"]
    assert machine.send("A/", 1.0, 1.0) == b"A/"
    assert [shown(h) for h in machine.receive(b"\r\n+CSQ: 2,0\r\n\r\nOK\r\n", 1.1)] == ["A/ -> +CSQ: 2,0 / OK"]


def test_numeric_results() -> None:
    assert dialogue("> ATV0", "< 0", "> AT", "< 0", "> AT", "< 4", "> ATV1", "< OK", "> ATI", "< 0 / OK") == [
        "ATV0 -> 0",
        "AT -> 0",
        "AT -> 4",
        "ATV1 -> OK",
        "ATI -> 0 / OK",
    ]


def test_times_and_marks() -> None:
    machine = ExchangeMachine(expect)
    machine.send("AT+CSQ", 1.0, 3.0, mark=2)
    assert machine.deadline == 4.0
    assert machine.receive(b"AT+C", 1.1, mark=3) == []
    assert machine.receive(b"SQ\r\r\n+CER", 1.2, mark=4) == []
    (urc,) = machine.receive(b"EG: 1\r\n", 1.3, mark=5)
    assert isinstance(urc, Unsolicited)
    assert urc.entries == (4, 5)
    assert urc.time == 1.3
    (exchange,) = machine.receive(b"\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 1.5, mark=6)
    assert isinstance(exchange, Exchange)
    assert (exchange.sent, exchange.ended, exchange.entries) == (1.0, 1.5, (2, 3, 4, 6))
    assert exchange.elapsed == 0.5
    assert exchange.ok
    assert not machine.busy
    assert machine.deadline is None


def test_a_prompt_gives_time_to_type() -> None:
    machine = ExchangeMachine(expect)
    machine.send("AT+SEND", 0.0, 3.0, mark=1)
    assert machine.receive(b"\r\n> ", 1.0, mark=2) == [DataPrompt(1.0)]
    assert machine.tick(100.0) == []
    machine.data_sent(110.0, mark=3)
    assert machine.deadline == 113.0
    (exchange,) = machine.receive(b"data\r\nOK\r\n", 111.0, mark=4)
    assert isinstance(exchange, Exchange)
    assert exchange.entries == (1, 2, 3, 4)


def test_a_line_without_end() -> None:
    machine = ExchangeMachine(expect)
    happened = [machine.receive(b"x" * 1000, float(n)) for n in range(100)]
    garbage = [shown(h) for happenings in happened for h in happenings]
    assert garbage == ["garbage xxxxxxxxxxxxxxxxxxxx"]


def test_an_answer_without_end_is_not_kept_for_ever() -> None:
    machine = ExchangeMachine(expect)
    machine.send("ATI", 0.0, 3.0)
    lines = machine.receive(b"x\r\n" * (MAX_LINES + 5), 1.0)
    assert [shown(h) for h in lines] == ["urc x"] * 5
    (exchange,) = machine.tick(3.0)
    assert isinstance(exchange, Exchange)
    assert len(exchange.lines) == MAX_LINES


def test_a_lost_link_ends_everything() -> None:
    machine = ExchangeMachine(expect)
    assert dialogue("> AT+CSQ", "!", "> AT+CSQ", "< +CSQ: 1,0", machine=machine) == ["AT+CSQ (timeout) ->"]
    assert [shown(h) for h in machine.lost(5.0)] == ["late +CSQ: 1,0", "AT+CSQ (link lost) ->"]
    assert machine.lost(6.0) == []
    assert dialogue("> AT", "< OK", machine=machine) == ["AT -> OK"]


LINES = ["AT", "AT+CSQ", "AT+CEREG?", "ATI", "A/", "ATV0", "ATE0", "", "中", "AT+X=\x1a"]
SAYINGS = [
    b"OK\r\n",
    b"+CSQ: 1,0\r\n",
    b"+CEREG: 1\r\n",
    b"AT\r",
    b"AT+CSQ\r",
    b"BC28\r\n",
    b"\r\n> ",
    b"ERROR\r",
    b"0\r",
    b"+",
]
STEPS = st.one_of(
    st.tuples(st.just("send"), st.sampled_from(LINES)),
    st.tuples(st.just("receive"), st.sampled_from(SAYINGS) | st.binary(max_size=20)),
    st.tuples(st.sampled_from(["tick", "lost", "give up", "data"]), st.none()),
)


@given(st.lists(st.tuples(STEPS, st.integers(0, 5)), max_size=40))
def test_any_interleaving(steps: list[tuple[tuple[str, str | bytes | None], int]]) -> None:
    """Nothing raises, every command ends once, and no line that was said is lost or counted twice."""
    machine, now = ExchangeMachine(expect, forget_after=7.0), 0.0
    sent: list[str] = []
    happenings: list[Happening] = []
    for (what, value), pause in steps:
        now += pause
        if what == "send" and isinstance(value, str) and not machine.busy:
            machine.send(value, now, 3.0)
            sent.append(value)
        elif what == "receive" and isinstance(value, bytes):
            happenings += machine.receive(value, now)
        elif what == "tick":
            happenings += machine.tick(now)
        elif what == "give up":
            happenings += machine.give_up(now)
        elif what == "lost":
            happenings += machine.lost(now)
        elif what == "data":
            machine.data_sent(now)
    happenings += machine.lost(now)
    assert [h.line for h in happenings if isinstance(h, Exchange)] == sent
    assert all(h.sent <= h.ended for h in happenings if isinstance(h, Exchange))


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_every_answer_goes_to_its_own_command(delays: list[int], echo: bool, one_chunk: bool) -> None:
    """A module that answers every command, in order, each ``delay`` half timeouts after it took it up: whatever comes
    too late, no answer is ever credited to another command. Answers carry the number of their command."""
    machine = ExchangeMachine(lambda line: Expectation(line, frozenset({"+N"})))
    speech: list[tuple[float, bytes]] = []
    free = now = 0.0
    done: list[Exchange] = []

    def listen(until: float) -> None:
        due = [said for said in speech if said[0] <= until]
        for chunk in due if not one_chunk else [(due[-1][0], b"".join(data for _, data in due))] if due else []:
            done.extend(h for h in machine.receive(chunk[1], chunk[0]) if isinstance(h, Exchange))
        del speech[: len(due)]

    for n, delay in enumerate(delays):
        machine.send(f"AT+N={n}", now, 2.0)
        start = max(free, now)
        free = start + delay
        if echo:
            speech.append((start, b"AT+N=%d\r" % n))
        speech.append((free, b"\r\n+N: %d\r\n\r\nOK\r\n" % n))
        while machine.busy:
            now += 0.5
            listen(now)
            done.extend(h for h in machine.tick(now) if isinstance(h, Exchange))
    assert len(done) == len(delays)
    for exchange in done:
        if exchange.final is not None:
            assert exchange.line.removeprefix("AT+N=") == exchange.lines[0].values[0].text
