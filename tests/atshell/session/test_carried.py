from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.session.carried import MAX_PAYLOADS, Said, hexadecimal, name_of, spoken


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (Said("AT+NSOST=0,1.2.3.4,5683,1,AA", True), "AT+NSOST"),
        (Said(" at+nsost=0", True), "AT+NSOST"),
        (Said("+NSONMI:0,4"), "+NSONMI"),
        (Said("0,1.2.3.4,5683,2,AA11,0", command="AT+NSORF=0,9"), "AT+NSORF"),
        (Said("free text"), ""),
    ],
)
def test_names(said: Said, name: str) -> None:
    assert name_of(said) == name


def test_every_command_of_a_line_is_spoken() -> None:
    found = list(spoken(Said("AT+A=1;+B=2", True)))
    assert [(name, [one.text for one in arguments]) for name, arguments in found] == [("+A", ["1"]), ("+B", ["2"])]
    ((name, arguments),) = spoken(Said("0,1.2.3.4,5683"))
    assert (name, [one.text for one in arguments]) == ("", ["0", "1.2.3.4", "5683"])


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("AT+X=1,48656c6c6f", [b"Hello"]),
        ('AT+X="48656C6C6F",00ff00ff', [b"Hello", b"\x00\xff\x00\xff"]),
        ("AT+X=89860412345678901234", []),  # an ICCID
        ("AT+X=ABC", []),
        ("AT+X=deadbee", []),
        ("no command", []),
    ],
)
def test_hexadecimal_is_found(line: str, data: list[bytes]) -> None:
    found = list(hexadecimal(Said(line, True)))
    assert [one.data for one in found] == data
    assert not any(one.certain for one in found)


def test_not_endlessly_many() -> None:
    assert len(list(hexadecimal(Said("AT+X=" + ",".join(["deadbeef"] * 100), True)))) == MAX_PAYLOADS


@given(st.text(max_size=80), st.booleans())
def test_any_text(text: str, sent: bool) -> None:
    said = Said(text, sent)
    name_of(said)
    list(hexadecimal(said))
