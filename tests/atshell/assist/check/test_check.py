"""The check of whole lines over the manuals that come with the program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.assist.check import check
from atshell.assist.situation import NOTHING, Known, Pending, Situation
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.host import host

MN316 = Profile("MN316")
NOTIFY = "AT+MIPLNOTIFY=0,0,3200,0,5750"
READ = Text(en="the platform reads /3200/0/5750", zh="平台读取 /3200/0/5750")
READING = Situation(
    pending=(Pending(39124, READ, 10.0, ("AT+MIPLREADRSP=0,39124,13",)),),
    values={
        "mid": (
            Known("0", READ, commands=("+MIPLNOTIFY",)),
            Known("39124", READ, commands=("+MIPLREADRSP",)),
            Known("39120", READ, commands=("+MIPLREADRSP",)),
            Known("7", Text(en="typed before", zh="此前输入过")),
        )
    },
    listed=("+MIPLNOTFY",),
    unready={"+MIPLUPDATE": Text(en="not logged in", zh="尚未登录")},
)

# profile, line, the text in English, the text in Chinese
WARNINGS: list[tuple[Profile, str, str, str]] = [
    (
        MN316,
        f'{NOTIFY},1,5,"abcd",0,0',
        "<len> is 5, the value has 4 characters (the module works it out itself, §3.9)",
        "<len> 为 5，<value> 有 4 个字符（模组自行计算，无需准确，§3.9）",
    ),
    (
        Profile("BC28"),
        "AT+DMPCONFIG=1,117.161.2.7,5683,200",
        "<updatePeriod> 200 is below 300 (300 to 4294966 s, §2.1)",
        "<updatePeriod> 200 小于 300（300 至 4294966 s，§2.1）",
    ),
    (MN316, "AT+CGATT=7", "<state> 7 is above 1 (0 to 1, §10.1.9)", "<state> 7 大于 1（0 至 1，§10.1.9）"),
    (MN316, "AT+MIPLNOTFY=0", "no manual here has AT+MIPLNOTFY", "手册中没有 AT+MIPLNOTFY"),
    (MN316, "AT MIPLOPEN=0,300", "no manual here has ATMIPLOPEN", "手册中没有 ATMIPLOPEN"),
    (
        MN316,
        f"{NOTIFY},3,2,1.5,0,0",
        "<value> must be a whole number; 1.5 is not (§3.9)",
        "<value> 应为整数，1.5 不是（§3.9）",
    ),
    (MN316, "AT+MIPLDELETE?", "AT+MIPLDELETE has no read form (§3.2)", "AT+MIPLDELETE 没有查询形式（§3.2）"),
    (MN316, "AT+MIPLOPEN=0,,30", "<lifetime> is missing (§3.6)", "缺少 <lifetime>（§3.6）"),
    (MN316, 'AT+MIPLADDOBJ=0,3200,1,"1"', "<atts>, <acts> are missing (§3.3)", "缺少 <atts>, <acts>（§3.3）"),
    (MN316, "AT+MIPLOPEN=0,300,30,5", "1 too many: 5 (§3.6)", "多余 1 个参数：5（§3.6）"),
    (
        MN316,
        "AT+MIPLOPEN=0,3O0",
        "<lifetime> must be a whole number; 3O0 is not (§3.6)",
        "<lifetime> 应为整数，3O0 不是（§3.6）",
    ),
    (MN316, f"{NOTIFY},1,4,abcd,0,0", "<value> must stand in double quotes (§3.9)", "<value> 必须加双引号（§3.9）"),
    (MN316, f"{NOTIFY},1,4,“abcd”,0,0", "“ is no quote to a module", "模组不识别引号 “"),
    (MN316, f'{NOTIFY},1,4,"abcd”,0,0', "” is no quote to a module", "模组不识别引号 ”"),
    (MN316, "AT+MIPLOPEN=0，300", "， is a full-width character", "， 是全角字符"),
    (MN316, f'{NOTIFY},1,4,"abcd,0,0', "the quote is not closed (§3.9)", "引号没有闭合（§3.9）"),
    (
        MN316,
        f'{NOTIFY},1,4,"ab"cd",0,0',
        "the quote is not closed (§3.9)",
        "引号没有闭合（§3.9）",
    ),
    (
        MN316,
        f'{NOTIFY},2,4,"abcg",0,0',
        "<value> must be hex digits, two for each byte; abcg is not (§3.9)",
        "<value> 应为十六进制数字，每字节两位，abcg 不是（§3.9）",
    ),
    (
        MN316,
        "AT+MIPLUPDATESET=0,1",
        "MN316 has no AT+MIPLUPDATESET (§4.5)",
        "MN316 不支持 AT+MIPLUPDATESET（§4.5）",
    ),
    (
        Profile("ML307A"),
        'AT+MIPLCFG="platform",0,2',
        "<platform> 2 is not for ML307A (§4.1)",
        "ML307A 的 <platform> 不支持 2（§4.1）",
    ),
    (
        Profile("BC28", "BC28JAR01A10"),
        "AT+DMPCONFIG=4,1",
        "AT+DMPCONFIG is not for firmware BC28JAR01A10 (§2.1)",
        "固件 BC28JAR01A10 不支持 AT+DMPCONFIG（§2.1）",
    ),
    (Profile("BC25"), "AT+QDMPCFG=4,3", "<query_opt> 3 is reserved (§3.2.1)", "<query_opt> 3 为保留值（§3.2.1）"),
    (Profile("BC25"), "AT+QDMPCFG=6,1", "1 has no place with <type> 6 (§3.2.1)", "<type> 6 时不应有 1（§3.2.1）"),
    (Profile("BC95"), "AT+DMPCONFIG=1,,5683,300", "<serverIp> is missing (§2.1)", "缺少 <serverIp>（§2.1）"),
    (
        Profile("BC28"),
        'AT+DMPCONFIG=2,"a","b",1,12345',
        "<tmIMEI> has 5 bytes, 15 are the least (§2.1)",
        "<tmIMEI> 为 5 字节，最少 15 字节（§2.1）",
    ),
    (
        MN316,
        "AT+MIPDELETE=0",
        "AT+MIPDELETE is a misprint of a manual for AT+MIPLDELETE (§3.2)",
        "AT+MIPDELETE 是手册对 AT+MIPLDELETE 的误写（§3.2）",
    ),
    (MN316, "AT+MIPLREAD=1", "+MIPLREAD is what the module says, not a command", "+MIPLREAD 是模组主动上报，不是命令"),
    (MN316, "AT+CSQ // signal", "the comment would be sent too", "注释也会一并发送"),
    (MN316, "AT+", "a command was expected here", "此处应为一条命令"),
    (MN316, "ATE2", "<value> 2 is above 1 (0 to 1, §6.2.4)", "<value> 2 大于 1（0 至 1，§6.2.4）"),
]


@pytest.mark.parametrize(("profile", "line", "english", "chinese"), WARNINGS, ids=[line for _, line, *_ in WARNINGS])
def test_one_warning_in_either_language(profile: Profile, line: str, english: str, chinese: str) -> None:
    for language, text in (("en", english), ("zh", chinese)):
        found = check(host().catalog, Profile(profile.model, profile.firmware, language), line)
        assert [one.text for one in found if one.severity == "warning"] == [text]


@pytest.mark.parametrize(
    ("line", "now", "english", "chinese"),
    [
        ("AT+MIPLREADRSP=0,39124,11", 4.0, None, None),
        (
            "AT+MIPLREADRSP=0,39124,11",
            9.5,
            "0.5 s left to answer: the platform reads /3200/0/5750 (§3.11)",
            "应答时间仅剩 0.5 秒：平台读取 /3200/0/5750（§3.11）",
        ),
        (
            "AT+MIPLREADRSP=0,39124,11",
            12.0,
            "too late, the platform waits no longer: the platform reads /3200/0/5750 (§3.11)",
            "应答已超时，平台不再等待：平台读取 /3200/0/5750（§3.11）",
        ),
        (
            "AT+MIPLREADRSP=0,39120,11",
            1.0,
            "too late, the platform waits no longer: the platform reads /3200/0/5750 (§3.11)",
            "应答已超时，平台不再等待：平台读取 /3200/0/5750（§3.11）",
        ),
        (
            "AT+MIPLREADRSP=0,7,11",
            1.0,
            "no request with <mid> 7 waits for an answer (§3.11)",
            "没有 <mid> 为 7 的待应答请求（§3.11）",
        ),
        ("AT+MIPLWRITERSP=0,6,2", 1.0, None, None),
        (f'{NOTIFY},1,1,"a",0,0', 1.0, None, None),
        ("AT+MIPLOBSERVERSP=0,39121,1", 1.0, None, None),
        (
            "AT+MIPLUPDATE=0,0,0",
            1.0,
            "AT+MIPLUPDATE cannot succeed now: not logged in (§3.7)",
            "AT+MIPLUPDATE 当前不会成功：尚未登录（§3.7）",
        ),
    ],
)
def test_what_the_session_knows(line: str, now: float, english: str | None, chinese: str | None) -> None:
    for language, text in (("en", english), ("zh", chinese)):
        found = check(host().catalog, Profile("MN316", language=language), line, READING, now)
        assert [one.text for one in found] == ([text] if text else [])
    assert check(host().catalog, MN316, line, NOTHING, now) == []


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# AT+NOTHING",
        "hello",
        "A/",
        "AT",
        "at+csq",
        "ATE0V1Q0",
        "AT&F0",
        "AT&F",
        "ATS3=13",
        "ATD*99***1#",
        'ATD"10086";',
        "AT+CMEE=1;+CMEE?;&F;E0",
        "AT +CMEE = 1",
        f'{NOTIFY},2,10,"E309C82FE6",0,0x400',
        f'{NOTIFY},2,5,"E309C82FE6",0,1024',
        f'{NOTIFY},3,3,"-12",0,0',
        f'{NOTIFY},1,6,"温度",0,0',
        f'{NOTIFY},1,2,"温度",0,0',
        f'{NOTIFY},1,7,"他说“a，b”",0,0',
        f'{NOTIFY},1,0,"",0,0',
        "AT+CFUN=1,1",
        "AT+CPSMS=1,,,,",
        "AT+MIPLDTLSNAT=0,0",
        'AT+MIPLCFG="platform",0,10,me',
        'AT+MIPLCREATEEX="[2001:db8::1]:5684",1,,"31323334353637383132333435363738",,1',
    ],
)
def test_nothing_to_say(line: str) -> None:
    assert check(host().catalog, MN316, line) == []


def test_every_command_of_a_line() -> None:
    line = "AT+CGATT=7;+CSQ;+CMEE=8;E3"
    found = check(host().catalog, MN316, line)
    assert [(one.rule, line[one.start : one.end]) for one in found] == [("above", "7"), ("above", "8"), ("above", "3")]
    assert found[0].manual == "3gpp-27.007"
    assert (found[0].section, found[0].fix) == ("10.1.9", "give 0 to 1")


def examples() -> Iterator[tuple[str, list[str]]]:
    """Every line of every manual, with the models that it is for."""
    for manual in host().catalog.manuals:
        models = [model.model for model in manual.models] or [""]
        for command in manual.commands:
            for example in command.examples:
                for line in example.send:
                    yield line, example.models or command.models or models
        for topic in manual.topics:
            for example in topic.examples:
                for line in example.send:
                    yield line, example.models or topic.models or models


LINES = sorted({line for line, _ in examples()})
PROFILES = [MN316, Profile(), Profile("BC28", "BC28JAR01A10_ONT", "zh"), Profile("NO-SUCH", "X", "zh")]


def test_no_manual_s_example_is_warned_of() -> None:
    catalog = host().catalog
    alarms = []
    count = 0
    for line, models in examples():
        for model in models:
            firmware = catalog.model(model).firmware or "" if model else ""
            for profile in (Profile(model, firmware), Profile(model, language="zh")):
                count += 1
                # A manual's example may have a value that it denies to some of its models.
                found = check(catalog, profile, line)
                alarms += [
                    (model, line, one.text) for one in found if one.rule not in ("nvram", "reboot", "value-model")
                ]
    assert count > 300
    assert alarms == []


def test_any_prefix_of_any_example() -> None:
    catalog = host().catalog
    for line in LINES:
        for end in range(len(line) + 1):
            for one in check(catalog, MN316, line[:end]):
                assert 0 <= one.start <= one.end <= end


edits = st.tuples(
    st.integers(0, 80),
    st.integers(0, 4),
    st.one_of(st.text('AT+=?;,"“”，（<>%\\ 019af', max_size=4), st.text(max_size=3)),
)


@given(
    st.sampled_from(LINES), st.lists(edits, max_size=5), st.sampled_from(PROFILES), st.sampled_from([NOTHING, READING])
)
@settings(max_examples=400, deadline=None)
def test_no_edit_makes_it_fail(
    line: str, changes: list[tuple[int, int, str]], profile: Profile, situation: Situation
) -> None:
    for at, length, text in changes:
        line = line[:at] + text + line[at + length :]
    for one in check(host().catalog, profile, line, situation, 9.5):
        assert 0 <= one.start <= one.end <= len(line)
        assert one.text
        assert "{" not in one.text or "{" in line


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    check(host().catalog, MN316, text)
    check(host().catalog, MN316, f"AT+MIPLNOTIFY={text}")


@pytest.mark.parametrize("piece", ["E9", "+A;", ",", '"', "“", "’", "，", "//", "(", "K"])
def test_long_lines_take_no_time(piece: str) -> None:
    for head in ("AT", "AT+MIPLOPEN=", "AT+CIND="):
        assert len(check(host().catalog, MN316, head + piece * (8000 // len(piece)))) <= 12


def test_what_nobody_types_is_data() -> None:
    assert check(host().catalog, MN316, f'AT+MIPLCREATEEX="{"a" * 9000}') == []
