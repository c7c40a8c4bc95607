from __future__ import annotations

import pytest

from atshell.at.command import parse_line
from atshell.catalog.model import Command, Parameter, Response, Text
from atshell.emulator.device import CommandError, Lines
from atshell.emulator.storage import StorageFailure
from atshell_quectel.emulator.families import MODELS
from atshell_quectel.emulator.forms import Arguments, Forms, notation, number, read, requested

BC25, BC26 = MODELS["BC25"], MODELS["BC26"]
WORDS = Text("x", "x")
KIND = Parameter("type", "integer", WORDS, range=(0, 6))
PORT = Parameter("port", "uint16", WORDS, optional=True, when={"type": [1]})
ANSWER = Parameter("state", "integer", WORDS, when={"type": [1]}, place="response")
COMMAND = Command(
    command="AT+X",
    section="1",
    summary=WORDS,
    forms={"write": ["AT+X=<type>[,<port>]"]},
    parameters=[KIND, PORT, ANSWER],
    responses={"test": [Response(["+X: a", "+X: b"])]},
)


def arguments(line: str) -> Arguments:
    return parse_line(f"AT+X={line}").commands[0].arguments


def code(forms: Forms, line: str) -> int | None:
    with pytest.raises(CommandError) as caught:
        forms(parse_line(line).commands[0])
    return caught.value.code


def test_a_form_that_is_not_there() -> None:
    for line in ("AT+X", "AT+X?", "AT+X=?", "AT+X=1"):
        assert code(Forms(BC25), line) == 4
        assert code(Forms(BC26), line) is None


def test_each_form_has_its_answer() -> None:
    forms = Forms(BC25, lambda: ["t"], lambda: ["r"], lambda given: [given[0].text], lambda: ["x"])
    said = [forms(parse_line(line).commands[0]) for line in ("AT+X=?", "AT+X?", "AT+X=w", "AT+X")]
    assert said == [["t"], ["r"], ["w"], ["x"]]


def test_what_cannot_be_written_is_a_failure_of_the_command() -> None:
    def fail(given: Arguments) -> Lines:
        raise StorageFailure("no space left on device")

    assert [code(Forms(MODELS[model], write=fail), "AT+X=1") for model in ("BC28", "BC25", "BC26")] == [23, 50, None]


def test_the_parameters_of_a_form() -> None:
    assert requested(COMMAND) == (KIND,)
    assert requested(COMMAND, type=1) == (PORT,)
    assert requested(COMMAND, type=2) == ()
    assert notation(COMMAND) == ["+X: a", "+X: b"]


def test_values_are_read_in_their_places() -> None:
    assert read((KIND, PORT), arguments("1, 05"), BC25) == ("1", "5")
    assert read((KIND, PORT), arguments("1"), BC25) == ("1", "")
    assert number((KIND,), arguments("6"), BC25) == 6
    for line in ("", "7", "1,2,3", "1,x"):
        with pytest.raises(CommandError) as caught:
            read((KIND, PORT), arguments(line), BC25)
        assert caught.value.code == 53
