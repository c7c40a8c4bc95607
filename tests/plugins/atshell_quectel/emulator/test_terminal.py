from __future__ import annotations

import pytest

from .conftest import CATALOG, MakeBench

MODELS = ["BC26", "BC20", "BC260Y-CN", "BC25", "BC32-B8"]
LENGTHS = [(255,), (19,), (19, 19, 19, 47), (47, 47), (7, 19, 47, 19), (255,)]
"""Bytes at most, by ``<type>`` (BC26 manual 2.3, BC260Y-CN 3.2.3, BC25 3.2.2)."""


@pytest.mark.parametrize("model", MODELS)
def test_what_is_told_is_saved_shown_and_erased(bench: MakeBench, model: str) -> None:
    bench(model).dialogue("""
        > AT+QDMPCFGEX=3,1
        < +QDMPCFGEX: 3,NULL,NULL
        < OK
        > AT+QDMPCFGEX=3,0,"R01","a;b|c, d"
        < OK
        > AT+QDMPCFGEX=3,1
        < +QDMPCFGEX: 3,R01,a;b|c, d
        < OK
        > AT+QDMPCFGEX=1,1
        < +QDMPCFGEX: 1,NULL
        < OK
        ~
        < RDY
        < +CFUN: 1
        < +CPIN: READY
        > AT+QDMPCFGEX=3,1
        < +QDMPCFGEX: 3,R01,a;b|c, d
        < OK
        > AT+QDMPCFGEX=3,2
        < OK
        > AT+QDMPCFGEX=3,1
        < +QDMPCFGEX: 3,NULL,NULL
        < OK
        > AT+QDMPCFGEX=?
        < +QDMPCFGEX: <type>,<act>[,<parameter1>[,<parameter2>[,<parameter3>,<parameter4>]]]
        < OK
        """)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("kind", range(6))
def test_every_field_has_its_length_in_bytes(bench: MakeBench, model: str, kind: int) -> None:
    module = bench(model)
    for index, length in enumerate(LENGTHS[kind]):
        for fill, count in (("x", length), ("中", length // 3)):
            values = ["NULL"] * len(LENGTHS[kind])
            values[index] = fill * count
            line = ",".join(f'"{value}"' for value in values)
            assert module.ask(f"AT+QDMPCFGEX={kind},0,{line}") == ["OK"]
            assert module.ask(f"AT+QDMPCFGEX={kind},1") == [f"+QDMPCFGEX: {kind},{','.join(values)}", "OK"]
            values[index] = fill * (count + 1)
            line = ",".join(f'"{value}"' for value in values)
            assert module.ask(f"AT+QDMPCFGEX={kind},0,{line}") == ["ERROR"]


@pytest.mark.parametrize(("model", "said"), [("BC25", "+CME ERROR: 53"), ("BC26", "ERROR"), ("BC260Y", "ERROR")])
def test_what_is_refused_changes_nothing(bench: MakeBench, model: str, said: str) -> None:
    module = bench(model)
    module.ask("AT+CMEE=1")
    module.ask('AT+QDMPCFGEX=1,0,"00-01"')
    for values in (
        "",
        "1",
        "1,0",
        "1,0,00-02",
        '1,0,"00-02',
        '1,0,"00-02","x"',
        "1,0,",
        '1,1,"00-02"',
        '1,2,"00-02"',
        "1,3",
        "6,1",
        '3,0,"only the version"',
        '"1",1',
    ):
        assert module.ask(f"AT+QDMPCFGEX={values}") == [said], values
    assert module.ask("AT+QDMPCFGEX=1,1") == ["+QDMPCFGEX: 1,00-01", "OK"]


def test_there_is_no_read_form(bench: MakeBench) -> None:
    module = bench("BC32")
    module.ask("AT+CMEE=1")
    assert module.ask("AT+QDMPCFGEX?") == ["+CME ERROR: 4"]


def test_the_lengths_are_those_of_every_manual() -> None:
    for manual in CATALOG.manuals:
        for command in (one for one in manual.commands if one.command == "AT+QDMPCFGEX"):
            told = [
                [one.max_length for one in command.parameters if one.when.get("type") == [kind]] for kind in range(6)
            ]
            assert [tuple(lengths) for lengths in told] == LENGTHS
