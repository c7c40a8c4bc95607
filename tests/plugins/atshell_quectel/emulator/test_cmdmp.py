"""AT+DMPCONFIG and AT+QDMPCFG of every family, as dialogues."""

from __future__ import annotations

import pytest

from .conftest import MakeBench, obliging

QDMPCFG = ["BC26", "BC20", "BC260Y-CN", "BC25", "BC25-B5", "BC25-B8", "BC32", "BC32-B8"]
DMPCONFIG = ["BC35-G", "BC28", "BC95 R2.0"]
KEY = '"M100000089","77GaaTUi33nUK05ha528888QFbk0Y38M",1,863703030822519'


@pytest.mark.parametrize("model", QDMPCFG)
def test_a_setting_is_saved_at_once_and_acts_after_a_reboot(bench: MakeBench, model: str) -> None:
    module = bench(model)
    module.dialogue(f"""
        > AT+QDMPCFG=0,0
        < OK
        > AT+QDMPCFG=1,117.161.2.7,5683,420
        < OK
        > AT+QDMPCFG=2,{KEY}
        < OK
        > AT+QDMPCFG=4,0
        < +QDMPCFG: 0,0
        < OK
        > AT+QDMPCFG=4,1
        < +QDMPCFG: 1,117.161.2.7,5683,420
        < OK
        > AT+QDMPCFG=4,2
        < +QDMPCFG: 2,M100000089,77Ga****,1,863703030822519
        < OK
        > AT+QDMPCFG?
        < +QDMPCFG: 0,1
        < +QDMPCFG: 1,117.161.2.41,5683,86400
        < +QDMPCFG: 2,,,,
        < OK
        ~
        < RDY
        < +CFUN: 1
        < +CPIN: READY
        > AT+QDMPCFG?
        < +QDMPCFG: 0,0
        < +QDMPCFG: 1,117.161.2.7,5683,420
        < +QDMPCFG: 2,M100000089,77Ga****,1,863703030822519
        < OK
        > AT+QDMPCFG=5,4
        < OK
        > AT+QDMPCFG=4,1
        < +QDMPCFG: 1,117.161.2.41,5683,86400
        < OK
        > AT+QDMPCFG=4,2
        < +QDMPCFG: 2,,,,
        < OK
        > AT+QDMPCFG?
        < +QDMPCFG: 0,0
        < +QDMPCFG: 1,117.161.2.7,5683,420
        < +QDMPCFG: 2,M100000089,77Ga****,1,863703030822519
        < OK
        ~
        < RDY
        < +CFUN: 1
        < +CPIN: READY
        > AT+QDMPCFG?
        < +QDMPCFG: 0,1
        < +QDMPCFG: 1,117.161.2.41,5683,86400
        < +QDMPCFG: 2,,,,
        < OK
        """)


@pytest.mark.parametrize("model", DMPCONFIG)
def test_answers_of_bc28_have_no_name_but_those_of_the_read_form(bench: MakeBench, model: str) -> None:
    module = bench(model)
    period = {"BC95 R2.0": 900}.get(model, 86400)
    module.dialogue(f"""
        > AT+DMPCONFIG?
        < +DMPCONFIG: 0,1
        < +DMPCONFIG: 1,117.161.2.41,5683,{period}
        < +DMPCONFIG: 2,,,,
        < OK
        > AT+DMPCONFIG=2,{KEY}
        < OK
        > AT+DMPCONFIG=4,2
        < 2,M100000089,77Ga****,1,863703030822519
        < OK
        > AT+DMPCONFIG=6
        < 6,0
        < OK
        > AT+DMPCONFIG=5,2
        < OK
        > AT+DMPCONFIG=4,2
        < 2,,,,
        < OK
        """)


def test_the_list_of_networks_is_replaced_and_erased(bench: MakeBench) -> None:
    bench("BC28").dialogue("""
        > AT+DMPCONFIG=4,3
        < OK
        > AT+DMPCONFIG=3,46004
        < OK
        > AT+DMPCONFIG=4,3
        < 3,46004
        < OK
        > AT+DMPCONFIG=3,46005,46008,46009
        < OK
        > AT+DMPCONFIG=4,3
        < 3,46005,46008,46009
        < OK
        > AT+DMPCONFIG=5,3
        < OK
        > AT+DMPCONFIG=4,3
        < OK
        """)


@pytest.mark.parametrize("model", QDMPCFG)
def test_there_is_no_list_of_networks_elsewhere(bench: MakeBench, model: str) -> None:
    module = bench(model)
    for line in ("AT+QDMPCFG=3,46004", "AT+QDMPCFG=4,3", "AT+QDMPCFG=5,3"):
        assert module.ask(line) == ["ERROR"], line


@pytest.mark.parametrize("model", ["BC35-G", "BC28"])
def test_a_period_alone_clears_the_saved_address_and_port(bench: MakeBench, model: str) -> None:
    module = bench(model)
    module.ask("AT+DMPCONFIG=1,117.161.2.7,5000,420")
    for line in ("AT+DMPCONFIG=1, , ,300", "AT+DMPCONFIG=1,,,300"):
        assert module.ask(line) == ["OK"]
        assert module.ask("AT+DMPCONFIG=4,1") == ["1,,,300", "OK"]
    module.reboot()
    assert "+DMPCONFIG: 1,117.161.2.41,5683,300" in module.ask("AT+DMPCONFIG?")
    assert module.ask("AT+DMPCONFIG=4,1") == ["1,,,300", "OK"]


def test_bc95_wants_address_and_port_with_a_period(bench: MakeBench) -> None:
    module = bench("BC95")
    module.ask("AT+CMEE=1")
    for line in ("AT+DMPCONFIG=1,,,300", "AT+DMPCONFIG=1,117.161.2.7,,300", "AT+DMPCONFIG=1,,5683,300"):
        assert module.ask(line) == ["+CME ERROR: 50"]
    assert module.ask("AT+DMPCONFIG=1,117.161.2.7,5683,300") == ["OK"]
    assert module.ask("AT+DMPCONFIG=4,1") == ["1,117.161.2.7,5683,300", "OK"]


@pytest.mark.parametrize(
    ("model", "then"),
    [
        ("BC26", "1,117.161.2.41,5683,300"),  # what is left out takes its default
        ("BC260Y-CN", "1,117.161.2.7,5000,300"),  # what is left out stays
        ("BC25", "1,117.161.2.7,5000,300"),
    ],
)
def test_what_is_left_out_of_qdmpcfg(bench: MakeBench, model: str, then: str) -> None:
    module = bench(model)
    module.ask("AT+QDMPCFG=1,117.161.2.7,5000,420")
    assert module.ask("AT+QDMPCFG=1,,,300") == ["OK"]
    assert module.ask("AT+QDMPCFG=4,1") == [f"+QDMPCFG: {then}", "OK"]


@pytest.mark.parametrize(
    ("model", "command", "cmee", "said"),
    [
        ("BC35-G", "DMPCONFIG", 0, "ERROR"),
        ("BC28", "DMPCONFIG", 1, "+CME ERROR: 50"),
        ("BC95", "DMPCONFIG", 2, "+CME ERROR: incorrect parameters"),
        ("BC25", "QDMPCFG", 0, "ERROR"),
        ("BC25-B8", "QDMPCFG", 1, "+CME ERROR: 53"),
        ("BC32", "QDMPCFG", 2, "+CME ERROR: invalid parameter"),
        ("BC26", "QDMPCFG", 1, "ERROR"),
        ("BC20", "QDMPCFG", 2, "ERROR"),
        ("BC260Y", "QDMPCFG", 1, "ERROR"),
    ],
)
def test_errors_in_the_style_of_the_family(bench: MakeBench, model: str, command: str, cmee: int, said: str) -> None:
    module = bench(model)
    module.ask(f"AT+CMEE={cmee}")
    module.ask(f"AT+{command}=2,{KEY}")
    for values in (
        "",
        "7",
        "-1",
        '"0",0',
        "0",
        "0,2",
        "0,1,1",
        "1",
        "1,,,",
        "1,117.161.2.7,5683,299",
        "1,117.161.2.7,5683,4294967",
        "1,117.161.2.7,65536,300",
        "1,117.161.2.256,5683,300",
        "1,117.161.2,5683,300",
        "1,117.161.2.7,5683,0x200",
        "1,117.161.2.7,5683,300,1",
        '2,M1,"key",1,863703030822519',
        '2,"M1",key,1,863703030822519',
        '2,"M1","key",3,863703030822519',
        '2,"M1","key",1,86370303082251',
        '2,"M1","key",1,863703030822519123',
        '2,"M1","key",1',
        '2,"M1","key',
        "4",
        "4,4",
        "4,0,0",
        "5",
        "5,5",
        "6,0",
    ):
        assert module.ask(f"AT+{command}={values}") == [said], values
    assert "2,M100000089,77Ga****,1,863703030822519" in module.ask(f"AT+{command}=4,2")[0]


@pytest.mark.parametrize(
    ("model", "command", "low", "too_low"),
    [("BC25", "QDMPCFG", 1000, 999), ("BC260Y", "QDMPCFG", 1, 0), ("BC26", "QDMPCFG", 0, None)],
)
def test_ports(bench: MakeBench, model: str, command: str, low: int, too_low: int | None) -> None:
    module = bench(model)
    assert module.ask(f"AT+{command}=1,117.161.2.7,{low},300") == ["OK"]
    assert module.ask(f"AT+{command}=1,117.161.2.7,65535,300") == ["OK"]
    if too_low is not None:
        assert module.ask(f"AT+{command}=1,117.161.2.7,{too_low},300") == ["ERROR"]


def test_only_bc260y_takes_a_name_for_the_server(bench: MakeBench) -> None:
    assert bench("BC260Y").ask("AT+QDMPCFG=1,m.fxltsbl.com,5683,300") == ["OK"]
    assert bench("BC260Y").ask("AT+QDMPCFG=1,no host,5683,300") == ["ERROR"]
    for model in ("BC25", "BC26"):
        assert bench(model).ask("AT+QDMPCFG=1,m.fxltsbl.com,5683,300") == ["ERROR"]


@pytest.mark.parametrize("size", [15, 17])
def test_the_terminals_imei_is_15_to_17_bytes_with_quotes_or_without(bench: MakeBench, size: int) -> None:
    module = bench("BC26")
    for imei in ("8" * size, f'"{"8" * size}"'):
        assert module.ask(f'AT+QDMPCFG=2,"M1","key12",0,{imei}') == ["OK"]
        assert module.ask("AT+QDMPCFG=4,2") == [f"+QDMPCFG: 2,M1,key1****,0,{'8' * size}", "OK"]
    assert module.ask('AT+QDMPCFG=2,"M1","key12",0,中中中中中') == ["OK"]  # 15 bytes
    assert module.ask('AT+QDMPCFG=2,"M1","key12",0,中中中中中中') == ["ERROR"]


def test_erase_options_are_about_one_thing_each(bench: MakeBench) -> None:
    module = bench("BC28")
    lines = ["AT+DMPCONFIG=0,0", "AT+DMPCONFIG=1,1.2.3.4,5,600", f"AT+DMPCONFIG=2,{KEY}", "AT+DMPCONFIG=3,46004"]
    saved = [["0,0", "OK"], ["1,1.2.3.4,5,600", "OK"], ["2,M100000089,77Ga****,1,863703030822519", "OK"]]
    erased = [["0,1", "OK"], ["1,117.161.2.41,5683,86400", "OK"], ["2,,,,", "OK"], ["OK"]]
    saved.append(["3,46004", "OK"])
    for option in range(4):
        for line in lines:
            assert module.ask(line) == ["OK"]
        assert module.ask(f"AT+DMPCONFIG=5,{option}") == ["OK"]
        expected = [erased[kind] if kind == option else saved[kind] for kind in range(4)]
        assert [module.ask(f"AT+DMPCONFIG=4,{kind}") for kind in range(4)] == expected


def test_the_test_form_prints_the_notation(bench: MakeBench) -> None:
    bench("BC25").dialogue("""
        > AT+QDMPCFG=?
        < +QDMPCFG: <type>[,<parameter1>[,<parameter2>[,<parameter3>[,<parameter4>]]]]
        < OK
        > AT+CMEE=1
        < OK
        > AT+QDMPCFG
        < +CME ERROR: 4
        """)


def test_the_state_is_the_initial_one_where_access_is_forbidden(bench: MakeBench) -> None:
    module = bench("BC26", server=obliging)
    module.wait()
    assert module.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,6", "OK"]
    assert module.ask("AT+QDMPCFG=0,0") == ["OK"]
    assert module.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,6", "OK"]
    module.reboot()
    assert module.ask("AT+QDMPCFG=6") == ["+QDMPCFG: 6,0", "OK"]


@pytest.mark.parametrize("model", DMPCONFIG)
def test_other_firmware_does_not_know_cmdmp(bench: MakeBench, model: str) -> None:
    module = bench(model, "BC28JAR01A10")
    assert module.ask("AT+DMPCONFIG?") == ["ERROR"]
    module.ask("AT+CMEE=1")
    for form in ("?", "=?", "=0,1", "=6"):
        assert module.ask(f"AT+DMPCONFIG{form}") == ["+CME ERROR: 4"]
