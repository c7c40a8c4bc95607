from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.command import Form, NotACommandLine, format_command, parse_line
from atshell.at.syntax import Argument, omitted, plain, quote


def read(text: str) -> list[tuple[str, str, list[str]]]:
    return [(c.name, c.form.value, [str(argument) for argument in c.arguments]) for c in parse_line(text).commands]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("AT", [("", "execute", [])]),
        ("at\r\n", [("", "execute", [])]),
        ("ATE0", [("E", "execute", ["0"])]),
        ("ATE", [("E", "execute", [])]),
        ("AT&F", [("&F", "execute", [])]),
        ("at&fe1", [("&F", "execute", []), ("E", "execute", ["1"])]),
        ("ATS3=13", [("S3", "write", ["13"])]),
        ("ATS3?", [("S3", "read", [])]),
        ("ATS0=1S3?", [("S0", "write", ["1"]), ("S3", "read", [])]),
        (r"AT\Q3", [("\\Q", "execute", ["3"])]),
        ("ATD10086;", [("D", "execute", ["10086;"])]),
        ("ATDT 1,2", [("D", "execute", ["T 1,2"])]),
        ("ATD=?", [("D", "test", [])]),
        ("AT+MIPLOPEN=0,300,30", [("+MIPLOPEN", "write", ["0", "300", "30"])]),
        ("AT +MIPLOPEN = 0,300", [("+MIPLOPEN", "write", ["0", "300"])]),
        ("at+miplopen?", [("+MIPLOPEN", "read", [])]),
        ("AT+X=?", [("+X", "test", [])]),
        ("AT+X = ? ;+Y", [("+X", "test", []), ("+Y", "execute", [])]),
        ("AT+X=?a", [("+X", "write", ["?a"])]),
        ("AT+X=", [("+X", "write", [])]),
        ("AT+MIPLDEVINFO", [("+MIPLDEVINFO", "execute", [])]),
        ("AT^SYSINFO", [("^SYSINFO", "execute", [])]),
        ("AT+MIPLWRITERSP=,0,25845,2", [("+MIPLWRITERSP", "write", ["", "0", "25845", "2"])]),
        ('AT+D=0,"5500;5501;5750"', [("+D", "write", ["0", '"5500;5501;5750"'])]),
        ('AT+X="open;+Y', [("+X", "write", ['"open;+Y"'])]),
        ("AT+A;+B=1;E0", [("+A", "execute", []), ("+B", "write", ["1"]), ("E", "execute", ["0"])]),
        ("ATE0V1+CMEE=1", [("E", "execute", ["0"]), ("V", "execute", ["1"]), ("+CMEE", "write", ["1"])]),
        ("AT+X;", [("+X", "execute", [])]),
        (
            'AT+MIPLNOTIFY=0,0,3200,0,5505,2,10,"E309C82FE6",0,0x400,278',
            [("+MIPLNOTIFY", "write", ["0", "0", "3200", "0", "5505", "2", "10", '"E309C82FE6"', "0", "0x400", "278"])],
        ),
        ("AT+X=“a”", [("+X", "write", ["“a”"])]),
    ],
)
def test_lines(text: str, commands: list[tuple[str, str, list[str]]]) -> None:
    assert read(text) == commands


@pytest.mark.parametrize("text", ["A/", "a/", " A/ "])
def test_repeat(text: str) -> None:
    line = parse_line(text)
    assert line.repeat
    assert line.commands == ()


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("hello", 0),
        ("+CSQ", 0),
        ("AT;", 2),
        ("AT+X foo", 5),
        ("AT+X??", 5),
        ("AT+X;;+Y", 5),
        ("ATE=a", 4),
        ("AT€", 2),
        ("AT+", 2),
        ("A", 0),
        ("AT+X\n+Y", 4),
    ],
)
def test_what_cannot_be_read_says_where(text: str, offset: int) -> None:
    with pytest.raises(NotACommandLine) as caught:
        parse_line(text)
    assert caught.value.offset == offset


def test_commands_say_where_they_stand() -> None:
    line = 'AT +A="x;y" ; +B?;E0'
    assert [line[command.start : command.end] for command in parse_line(line).commands] == ['+A="x;y"', "+B?", "E0"]


@pytest.mark.parametrize(
    ("name", "form", "arguments", "text"),
    [
        ("", Form.EXECUTE, (), "AT"),
        ("+X", Form.TEST, (), "AT+X=?"),
        ("+X", Form.READ, (), "AT+X?"),
        ("+X", Form.WRITE, (plain(0), omitted(), quote("a;b")), 'AT+X=0,,"a;b"'),
        ("+X", Form.WRITE, (plain("a,b"), plain("c;d"), plain('"')), r'AT+X="a,b","c;d","\22"'),
        ("+X", Form.WRITE, (plain("?"),), 'AT+X="?"'),
        ("+X", Form.WRITE, (quote("a\rb"), plain("\r")), r'AT+X="a\0Db","\0D"'),
        ("+X", Form.WRITE, (plain("(0,1)"),), "AT+X=(0,1)"),
        ("E", Form.EXECUTE, (plain(0),), "ATE0"),
        ("S3", Form.WRITE, (plain(13),), "ATS3=13"),
        ("D", Form.EXECUTE, (plain("123;"),), "ATD123;"),
    ],
)
def test_formatting(name: str, form: Form, arguments: tuple[Argument, ...], text: str) -> None:
    assert format_command(name, form, arguments) == text


@pytest.mark.parametrize(
    ("name", "form", "arguments"),
    [
        ("+X Y", Form.READ, ()),
        ("+X;+Y", Form.READ, ()),
        ("X", Form.EXECUTE, (plain("a"),)),
        ("+X", Form.READ, (plain(1),)),
        ("+X", Form.EXECUTE, (plain(1),)),
        ("", Form.WRITE, (plain(1),)),
        ("E0V", Form.EXECUTE, ()),
    ],
)
def test_what_no_line_can_say_is_refused(name: str, form: Form, arguments: tuple[Argument, ...]) -> None:
    with pytest.raises(NotACommandLine):
        format_command(name, form, arguments)


NAMES = st.from_regex(r"[+^*%$#!@][A-Za-z][A-Za-z0-9!%._-]{0,10}", fullmatch=True)
ARGUMENTS = st.lists(
    st.builds(Argument, st.text(max_size=10) | st.text(alphabet='",;()?\\2 \r\n', max_size=8), st.booleans()),
    max_size=5,
)


@given(NAMES, ARGUMENTS)
def test_what_is_written_is_read_back(name: str, arguments: list[Argument]) -> None:
    (command,) = parse_line(format_command(name, Form.WRITE, tuple(arguments))).commands
    assert command.name == name.upper()
    assert command.form is Form.WRITE
    expected = [] if arguments == [Argument("")] else arguments  # "AT+X=" has no parameter
    assert [argument.text for argument in command.arguments] == [argument.text for argument in expected]
    for written, found in zip(expected, command.arguments, strict=True):
        assert found.quoted or not written.quoted


@given(st.text(max_size=60) | st.text(alphabet='aTt+&=?;,"0\\ /ESsD', max_size=40).map(lambda text: f"AT{text}"))
def test_any_text_is_a_line_or_not(text: str) -> None:
    try:
        line = parse_line(text)
    except NotACommandLine as error:
        offset = error.offset
    else:
        offset = line.commands[-1].end if line.commands else 0
        assert line.repeat or line.commands
    assert 0 <= offset <= len(text)
