"""The terminal, used as a person does: through a pseudo-terminal, against the emulator."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pexpect
import pytest

from atshell.repl.app import greeting, named
from atshell.shell.options import ShellOptions

PROMPT = "MN316 ▸"
F1 = "\x1bOP"
HEAVY = (
    "aiocoap",
    "importlib.metadata",
    "ipykernel",
    "msgspec",
    "pluggy",
    "pydantic",
    "pygments",
    "scapy",
    "serial",
    "tomllib",
    "typer",
    "wcwidth._clip",
    "atshell.catalog",
    "atshell.emulator",
    "atshell.host",
    "atshell.session",
)


def test_a_session(terminal, state: Path) -> None:
    shell = terminal()
    greeted = shell.wait(PROMPT)
    assert greeted.startswith("atshell 0.")
    assert "MN316 (emulator, OneNET platform embedded)" in greeted
    assert "Ctrl-D leave" in greeted
    shell.enter("at+csq")
    shell.wait("+CSQ: ")
    shell.wait(" ms")
    shell.enter("AT+CFUN=9")
    shell.wait("+CME ERROR: 50      Incorrect parameters")
    shell.enter("AT+MIPLCREATE")
    shell.wait("+MIPLCREATE: 0")
    shell.enter("%quit")
    assert shell.end() == 0
    (record,) = (state / "atshell" / "transcripts").iterdir()
    assert record.name in greeted.replace("\n", "")
    assert json.loads(record.read_text().splitlines()[0])["model"] == "MN316"
    assert "at+csq" in (state / "atshell" / "history").read_text()


def test_menu_and_toolbar_explain_while_typing(terminal) -> None:
    shell = terminal("--no-record")
    shell.wait(PROMPT)
    shell.send("AT+MIPLNO")
    shell.wait("AT+MIPLNOTIFY  report data")
    shell.send("\t=0,0,3200,0,5750,")
    shell.wait("1      string")
    shell.wait("<type> integer · data type of the resource · 1 to 6 · §3.9")
    shell.send("\x03")
    shell.wait(lambda screen: screen.count(PROMPT) == 2)


def test_a_request_has_its_answer_ready(terminal) -> None:
    shell = terminal("--no-record")
    shell.wait(PROMPT)
    for line in (
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1',
        'AT+MIPLADDOBJ=0,3200,1,"1",0,1',
        'AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"',
        "AT+MIPLOPEN=0,300,30",
    ):
        shell.enter(line)
    shell.wait("MN316 registered 4:")
    shell.enter("%platform read /3200/0/5750")
    shell.wait("s left · the platform reads /3200/0/5750")
    shell.wait(f"{PROMPT} AT+MIPLREADRSP=0,")
    shell.send("\x1b[C")
    shell.send("abcd")
    shell.wait(',1,3200,0,5750,1,0,"abcd",0,0')
    shell.send("\r")
    shell.wait("value abcd")
    shell.send("\x04")
    assert shell.end() == 0


def test_the_menu_speaks_chinese(terminal) -> None:
    shell = terminal("--no-record", "--lang", "zh", "--model", "MN316")  # what was named is opened before the prompt
    shell.wait(PROMPT)
    shell.send("AT+CFUN=")
    shell.wait("整型")
    shell.send("\x03\x04")
    assert shell.end() == 0


def test_what_comes_in_while_typing_stands_above_the_line(terminal) -> None:
    shell = terminal("--no-record")
    shell.wait(PROMPT)
    for line in ("AT+MIPLCREATE", 'AT+MIPLADDOBJ=0,3200,1,"1",1,0', 'AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"'):
        shell.enter(line)
    shell.enter("AT+MIPLOPEN=0,300,30")
    shell.send("AT+CSQ")
    shell.wait("+MIPLEVENT: 0,6     logged in to the platform")
    shell.wait(lambda screen: screen.rfind(f"{PROMPT} AT+CSQ") > screen.rfind("+MIPLEVENT: 0,6"))
    shell.enter("")
    shell.wait("+CSQ: ")


def test_leaving_and_giving_up_as_people_expect(terminal) -> None:
    shell = terminal("--no-record")
    shell.wait(PROMPT)
    shell.send("AT+half\x04")  # Ctrl-D with text on the line does not leave
    shell.send("\x03")
    shell.wait(lambda screen: screen.count(PROMPT) == 2)
    shell.send("\x04")
    assert shell.end() == 0


def test_f1_shows_the_manual_and_keeps_the_line(terminal) -> None:
    shell = terminal("--no-record")
    shell.wait(PROMPT)
    shell.enter("AT")
    shell.wait(" ms")
    shell.send(f"AT+MIPLOPEN{F1}")
    shell.wait("AT+MIPLOPEN ·")
    shell.wait(lambda screen: screen.rfind(f"{PROMPT} AT+MIPLOPEN") > screen.rfind("AT+MIPLOPEN ·"))


def test_history_is_kept_between_runs_but_not_keys(terminal, state: Path) -> None:
    shell = terminal()
    shell.wait(PROMPT)
    shell.enter("AT+CSQ")
    shell.wait(" ms")
    shell.enter('AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"95GoodKey0123456"')
    shell.wait(lambda screen: screen.count(" ms") == 2)
    shell.send("\x04")
    assert shell.end() == 0
    kept = state / "atshell" / "history"
    assert "95Good" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    again = terminal()
    again.wait(PROMPT)
    again.send("\x1b[A")
    again.wait(f"{PROMPT} AT+CSQ")


def test_keys_pressed_while_a_command_runs_are_for_the_next_prompt(terminal) -> None:
    shell = terminal("--no-record")
    shell.wait(PROMPT)
    shell.enter("%wait +NEVER 1.2")
    shell.wait("waiting; Ctrl-C stops it")
    shell.send("AT+CSQ\x04\x7f\r")
    shell.wait(f"no +NEVER within 1.2 s\n{PROMPT} AT+CS")
    shell.wait("ERROR")


def test_a_dumb_terminal_works_too(terminal) -> None:
    shell = terminal("--no-record", TERM="dumb")
    shell.wait(PROMPT)
    shell.enter("AT+CSQ")
    shell.wait("+CSQ: ")
    assert "\x1b[3" not in shell.screen
    shell.enter("%quit")
    assert shell.end() == 0


def test_ctrl_c_stops_waiting(terminal) -> None:
    shell = terminal("--no-record")
    shell.wait(PROMPT)
    shell.enter("%wait +NEVER 600")
    shell.wait("waiting; Ctrl-C stops it")
    shell.child.kill(signal.SIGINT)
    shell.wait("no longer waiting")
    shell.enter("AT")
    shell.wait(" ms")


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_terminal_closes_the_session(terminal, state: Path, ending: signal.Signals) -> None:
    shell = terminal()
    shell.wait(PROMPT)
    shell.enter("AT")
    shell.wait(" ms")
    shell.wait(lambda screen: screen.count(PROMPT) == 2)
    assert list(state.parent.glob("atshell-*.pcap"))
    shell.child.kill(ending)
    assert shell.end() == 128 + ending
    assert not list(state.parent.glob("atshell-*.pcap"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--emulator", "MN999"], "there is no model 'MN999'"),
        (["--port", "/dev/nothing"], "/dev/nothing"),
        (["--replay", "/nonexistent"], "/nonexistent"),
        (["--record", "/nonexistent/x"], "/nonexistent/x"),
    ],
)
def test_what_cannot_be_used_ends_before_the_prompt(terminal, arguments: list[str], said: str) -> None:
    shell = terminal(*arguments)
    assert shell.end() == 2
    assert said in shell.screen
    assert len(shell.screen.splitlines()) == 1


def test_nothing_heavy_stands_before_the_prompt(tmp_path: Path) -> None:
    told = tmp_path / "modules"
    program = f"""
import sys
from pathlib import Path
from atshell.repl import toolkit
toolkit.defer()
from atshell.repl.app import Repl
start = Repl._start
told = Path({str(told)!r})
def telling(self):
    if not told.exists():
        told.write_text(chr(10).join(sys.modules))
    return start(self)
Repl._start = telling
from atshell.cli import main
sys.exit(main(["--no-record"]))
"""
    script = tmp_path / "start.py"
    script.write_text(program)
    environment = {**os.environ, "TMPDIR": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    child = pexpect.spawn(sys.executable, [str(script)], timeout=20, encoding="utf-8", env=environment)
    child.expect("▸")
    child.sendline("%quit")
    child.expect(pexpect.EOF)
    loaded = set(told.read_text().splitlines())
    assert "prompt_toolkit" in loaded
    assert [name for name in loaded if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)] == []


def test_the_greeting_says_what_it_talks_to_and_where_it_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/eve")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    first, second, *_ = lines(ShellOptions(port="/dev/ttyUSB0"), "x.at.jsonl")
    assert first.endswith("/dev/ttyUSB0 115200 8N1")
    assert second == "recording to ~/.local/state/atshell/transcripts/x.at.jsonl"
    assert lines(ShellOptions(record=Path("/home/eve/a.at.jsonl")), "")[1] == "recording to ~/a.at.jsonl"
    assert lines(ShellOptions(no_record=True), "")[1] == "not recording"
    assert "记录到 x" in lines(ShellOptions(record=Path("x"), language="zh"), "")[1]
    assert lines(ShellOptions(emulator="bc28"), "x")[0].endswith("BC28 (emulator, platform embedded)")
    assert named(ShellOptions(model="BC28"))
    assert not named(ShellOptions(no_record=True))


def lines(options: ShellOptions, record_name: str) -> list[str]:
    return ["".join(text for _, text in line) for line in greeting(options, record_name)]
