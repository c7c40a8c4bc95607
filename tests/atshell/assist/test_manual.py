from __future__ import annotations

import json

import msgspec
import pytest

from atshell.assist.manual import entry_record, error_page, error_record, page
from atshell.assist.wrap import columns
from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Command, ErrorCode, FirmwareDefault, Manual, Parameter, Text
from atshell.catalog.profile import Profile
from atshell.styled import to_plain

MANUAL = msgspec.convert(
    {
        "id": "acme-1",
        "title": {"en": "Acme manual V1.0", "zh": "Acme 手册 V1.0"},
        "vendor": "Acme",
        "models": [{"model": name, "family": "X", "vendor": "Acme"} for name in ("X1", "X2", "X3")],
        "errors": {"50": {"en": "wrong parameters", "zh": "参数错误"}},
        "errors_section": "9",
        "commands": [
            {
                "command": "AT+BELL",
                "section": "3.2",
                "summary": {"en": "ring the bell", "zh": "响铃"},
                "max_response_ms": 300,
                "persistent": True,
                "needs_reboot": True,
                "forms": {"read": ["AT+BELL?"], "write": ["AT+BELL=<tone>[,<pause>]"]},
                "responses": {"read": [{"lines": ["+BELL: <tone>,<count>"], "when": {"tone": [0, 1]}}]},
                "urcs": ["+RUNG"],
                "parameters": [
                    {
                        "name": "tone",
                        "type": "integer",
                        "range": [0, 1],
                        "summary": {"en": "pitch", "zh": "音高"},
                        "values": {
                            "0": {"en": "low", "zh": "低"},
                            "1": {"en": "high", "zh": "高", "models": ["X1", "X2"]},
                        },
                    },
                    {
                        "name": "pause",
                        "type": "integer",
                        "range": [300, 4294966],
                        "unit": "s",
                        "default": 86400,
                        "optional": True,
                        "when": {"tone": [0]},
                        "summary": {"en": "silence", "zh": "静默"},
                    },
                    {
                        "name": "count",
                        "type": "string",
                        "quoted": True,
                        "min_length": 1,
                        "max_length": 8,
                        "in": "response",
                        "defaults": [{"when": {"firmware": "*_BT"}, "value": 3}],
                        "summary": {"en": "how often it rang", "zh": "次数"},
                    },
                ],
                "notes": [{"en": "Only by day.", "zh": "仅白天。", "section": "3.3", "models": ["X2"]}],
                "examples": [{"send": ["AT+BELL=0"], "receive": ["OK"]}],
                "errata": [{"en": "Printed BEL once.", "section": "4", "spellings": ["AT+BEL"]}],
            },
            {
                "command": "+RUNG",
                "kind": "urc",
                "section": "3.4",
                "summary": {"en": "it rang", "zh": "已响铃"},
                "forms": {"urc": ["+RUNG"]},
                "inferred": True,
            },
        ],
    },
    Manual,
)
CATALOG = Catalog([MANUAL])


def entry(name: str, profile: Profile = Profile()) -> Entry:
    found = CATALOG.find(name, profile)
    assert found is not None
    return found


def shown(name: str, profile: Profile, width: int = 80) -> str:
    return to_plain(page(entry(name), profile, width=width))


def test_a_page_in_english() -> None:
    assert shown("AT+BELL", Profile("X2")) == (
        """\
AT+BELL · ring the bell
X2 · Acme manual V1.0 §3.2 · answers within 300 ms · kept without power · acts
after a reboot

write    AT+BELL=<tone>[,<pause>]
read     AT+BELL?
  answer +BELL: <tone>,<count>   with <tone> 0 or 1
then     +RUNG

<tone>   pitch · integer
         0  low
         1  high
<pause>  silence · integer · 300 to 4294966 s · default 86400 · optional · with
         <tone> 0

in the answer
<count>  how often it rang · string · default 3 with firmware *_BT · at least 1
         bytes · at most 8 bytes · in quotes

note     Only by day. §3.3

example  AT+BELL=0
         OK

errors   50  wrong parameters

errata   Printed BEL once. §4"""
    )


def test_a_page_in_chinese() -> None:
    assert shown("AT+BELL", Profile("X3", language="zh_CN")) == (
        """\
AT+BELL · 响铃
X3 · Acme 手册 V1.0 §3.2 · 300 ms 内应答 · 掉电保存 · 重启后生效

设置     AT+BELL=<tone>[,<pause>]
读取     AT+BELL?
  应答   +BELL: <tone>,<count>   当 <tone> 为 0 或 1
随后     +RUNG

<tone>   音高 · 整型 · 0 至 1
         0  低
<pause>  静默 · 整型 · 300 至 4294966 s · 缺省 86400 · 可选 · 当 <tone> 为 0

应答参数
<count>  次数 · 字符串 · 缺省 3 固件 *_BT · 最短 1 字节 · 最长 8 字节 · 加双引号

示例     AT+BELL=0
         OK

错误码   50  参数错误

勘误     Printed BEL once. §4"""
    )


def test_a_page_for_every_model_says_what_is_for_some() -> None:
    lines = shown("AT+BELL", Profile()).splitlines()
    assert lines[1].startswith("X1, X2, X3 · ")
    assert "         1  high · not X3" in lines
    assert "note     X2: Only by day. §3.3" in lines


def test_a_urc_answers_with_no_error() -> None:
    assert shown("+RUNG", Profile("X1")).splitlines() == [
        "+RUNG · it rang",
        "X1 · Acme manual V1.0 §3.4 · inferred from an example",
        "",
        "reports  +RUNG",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_line_of_a_narrow_page_fits(language: str) -> None:
    assert all(columns(line) <= 44 for line in shown("AT+BELL", Profile(language=language), 44).splitlines())


def test_a_record_has_its_fields() -> None:
    record = json.loads(msgspec.json.encode(entry_record(entry("AT+BELL", Profile("X3")), CATALOG)))
    assert record == {
        "command": "AT+BELL",
        "kind": "command",
        "manual": "acme-1",
        "section": "3.2",
        "models": ["X1", "X2", "X3"],
        "summary": {"en": "ring the bell", "zh": "响铃"},
        "forms": {"read": ["AT+BELL?"], "write": ["AT+BELL=<tone>[,<pause>]"]},
        "parameters": [
            {
                "name": "tone",
                "type": "integer",
                "summary": {"en": "pitch", "zh": "音高"},
                "range": [0, 1],
                "values": {"0": {"en": "low", "zh": "低"}},
            },
            {
                "name": "pause",
                "type": "integer",
                "summary": {"en": "silence", "zh": "静默"},
                "range": [300, 4294966],
                "default": 86400,
                "unit": "s",
                "optional": True,
                "when": {"tone": [0]},
            },
            {
                "name": "count",
                "type": "string",
                "summary": {"en": "how often it rang", "zh": "次数"},
                "defaults": [{"when": {"firmware": "*_BT"}, "value": 3}],
                "max_length": 8,
                "min_length": 1,
                "quoted": True,
                "in": "response",
            },
        ],
        "responses": {"read": [{"lines": ["+BELL: <tone>,<count>"], "when": {"tone": [0, 1]}}]},
        "urcs": ["+RUNG"],
        "max_response_ms": 300,
        "persistent": True,
        "needs_reboot": True,
        "notes": [],
        "examples": [{"send": ["AT+BELL=0"], "receive": ["OK"]}],
        "errata": [{"en": "Printed BEL once.", "section": "4", "spellings": ["AT+BEL"]}],
        "errors": {"50": {"en": "wrong parameters", "zh": "参数错误"}},
    }


def test_what_is_inferred_says_so() -> None:
    record = entry_record(entry("+RUNG"), CATALOG)
    assert record["inferred"] is True
    assert record["kind"] == "urc"
    assert record["parameters"] == []


def test_a_standard_is_for_every_model_of_the_catalog() -> None:
    bare = Manual(id="std", title=MANUAL.title, vendor="Std", commands=[MANUAL.commands[1]])
    catalog = Catalog([bare, Manual(id="m", title=MANUAL.title, vendor="m", models=MANUAL.models)])
    found = catalog.find("+RUNG")
    assert found is not None
    assert entry_record(found, catalog)["models"] == ["X1", "X2", "X3"]
    assert "every model" in to_plain(page(found, Profile()))


def test_an_error_code() -> None:
    meaning = MANUAL.errors["50"]
    text = to_plain(error_page("50", MANUAL, meaning, Profile()))
    assert text == "50 · wrong parameters\nX1, X2, X3 · Acme manual V1.0 §9"
    assert error_record("50", MANUAL, meaning) == {
        "code": "50",
        "kind": "error",
        "meaning": {"en": "wrong parameters", "zh": "参数错误"},
        "manual": "acme-1",
        "section": "9",
    }


def test_an_error_code_of_one_table_among_several() -> None:
    meaning = ErrorCode(en="wrong", zh="错误", table=Text(en="table 2", zh="表 2"))
    assert to_plain(error_page("50", MANUAL, meaning, Profile(language="zh"))).endswith("Acme 手册 V1.0 §9, 表 2")
    assert error_record("50", MANUAL, meaning)["table"] == {"en": "table 2", "zh": "表 2"}
    manual = msgspec.structs.replace(MANUAL, errors={"50": meaning})
    assert entry_record(Entry(manual, manual.commands[0]), CATALOG)["errors"] == {"50": {"en": "wrong", "zh": "错误"}}


def test_what_another_value_decides_is_shown_under_the_notation() -> None:
    one = MANUAL.commands[0].parameters[0]
    parameters = [
        one,
        Parameter("on", "integer", one.summary, when={"tone": [0]}),
        Parameter("ip", "ip", one.summary, when={"tone": [1]}, optional=True, models=["X1"]),
        Parameter("ip", "ip", one.summary, when={"tone": [1]}, models=["X2"]),
        Parameter("port", "integer", one.summary, when={"tone": [1]}),
    ]
    command = Command(
        command="AT+RING",
        section="1",
        summary=one.summary,
        when={"firmware": "X*, !*_B"},
        forms={"write": ["AT+RING=<tone>,<parameter1>[,<parameter2>]"]},
        parameters=parameters,
    )
    lines = to_plain(page(Entry(MANUAL, command), Profile())).splitlines()
    assert lines[1].endswith("with firmware X*, not *_B")
    at = lines.index("write    AT+RING=<tone>,<parameter1>[,<parameter2>]")
    assert lines[at + 1 : at + 3] == ["           <tone> 0   <on>", "           <tone> 1   [<ip>],<port>"]


def test_several_defaults_have_a_line_each() -> None:
    defaults = [FirmwareDefault(when={"firmware": f"{sign} A1"}, value=value) for sign, value in (("<=", 1), (">", 0))]
    mode = Parameter("mode", "integer", MANUAL.title, defaults=defaults)
    command = Command(
        command="AT+M", section="1", summary=MANUAL.title, forms={"write": ["AT+M=<mode>"]}, parameters=[mode]
    )
    text = to_plain(page(Entry(MANUAL, command), Profile()))
    assert "        default 1  with firmware <= A1\n        default 0  with firmware > A1" in text


def test_a_long_table_of_errors_is_named_not_shown() -> None:
    errors = {str(code): MANUAL.errors["50"] for code in range(100)}
    manual = msgspec.structs.replace(MANUAL, errors=errors)
    text = to_plain(page(Entry(manual, manual.commands[0]), Profile()))
    assert "errors   Acme manual V1.0 §9, a code at a time: atshell doc CODE" in text
