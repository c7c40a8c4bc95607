"""``atshell emulate`` as a process, as its users meet it."""

from __future__ import annotations

import argparse
import json
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
import serial
from scapy.utils import rdpcap

from atshell.cli.emulate import listen_address, platform, speed


class Emulator:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.address = self.line().removeprefix("listening on ")

    @staticmethod
    def _of(stream: IO[str] | None) -> IO[str]:
        assert stream is not None
        return stream

    def line(self) -> str:
        return self._of(self.process.stdout).readline().rstrip("\n")

    def operate(self, line: str) -> object:
        stream = self._of(self.process.stdin)
        stream.write(f"{line}\n")
        stream.flush()
        return json.loads(self.line())

    def end_input(self) -> None:
        self._of(self.process.stdin).close()

    def end(self, sent: signal.Signals) -> int:
        self.process.send_signal(sent)
        return self.process.wait(10)

    def port(self) -> serial.SerialBase:
        url = self.address.replace("tcp://", "socket://")
        return serial.serial_for_url(url, timeout=10)


@contextmanager
def emulate(*arguments: str) -> Iterator[Emulator]:
    command = [sys.executable, "-m", "atshell", "emulate", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Emulator(process)
        finally:
            if process.poll() is None:
                process.kill()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def ask(port: serial.SerialBase, line: str) -> list[str]:
    port.write(line.encode() + b"\r")
    said = b""
    while not said.endswith((b"\r\nOK\r\n", b"\r\nERROR\r\n")):
        byte = port.read(1)
        assert byte, said
        said += byte
    return [line for line in said.decode().split("\r\n") if line]


def test_a_module_on_a_port_for_its_whole_life() -> None:
    with emulate("mn316", "--firmware", "FW-7", "--listen", "tcp://127.0.0.1:0") as emulator:
        assert emulator.address.startswith("tcp://127.0.0.1:")
        with emulator.port() as port:
            ask(port, "ATE0")
            assert ask(port, "AT+CGMM;+CGMR") == ["MN316", "FW-7", "OK"]
            assert ask(port, "AT+CEREG=1") == ["OK"]
            assert emulator.operate("network lost") == {"line": "network lost", "network": "lost"}
            assert port.read_until(b"2\r\n") == b"\r\n+CEREG: 2\r\n"
            assert emulator.operate("network found") == {"line": "network found", "network": "found"}
            assert port.read_until(b"1\r\n") == b"\r\n+CEREG: 1\r\n"
            assert emulator.operate("power off") == {"line": "power off", "power": "off"}
            assert emulator.operate("power on") == {"line": "power on", "power": "on"}
        for line, hint in (("dance", "see its --help"), ("power of", "say power on or power off"), ("network", "lost")):
            assert hint in emulator.operate(line)["error"]  # type: ignore[index]
        emulator.end_input()
        host, number = emulator.address.removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(number)), 10):
            pass  # the end of input ended nothing
        assert emulator.end(signal.SIGTERM) == 0


def test_a_module_on_a_terminal_until_ctrl_c() -> None:
    with emulate("MN316", "--imei", "490154203237518") as emulator:
        assert emulator.address.startswith("/dev/")
        with emulator.port() as port:
            assert ask(port, "AT+CGSN=1") == ["AT+CGSN=1\r", '+CGSN: "490154203237518"', "OK"]
        assert emulator.end(signal.SIGINT) == 130


def test_the_address_comes_before_any_answer() -> None:
    """Also where the lines of standard input were there first."""
    command = [sys.executable, "-m", "atshell", "emulate", "BC28", "--listen", "tcp://127.0.0.1:0"]
    with tempfile.TemporaryFile("w+") as lines:
        lines.write("fault\nnetwork lost\n")
        lines.seek(0)
        with subprocess.Popen(command, stdin=lines, stdout=subprocess.PIPE, text=True) as process:
            said = [Emulator._of(process.stdout).readline() for _ in range(3)]
            process.kill()
    assert said[0].startswith("listening on tcp://127.0.0.1:")
    assert [json.loads(line)["line"] for line in said[1:]] == ["fault", "network lost"]


def test_a_login_in_a_hurry() -> None:
    """At 3,600 device seconds to a real one the patience of 30 s is a hundredth of a second, less than it takes to load
    what a login needs: computing takes no device time."""
    with emulate("MN316", "--listen", "tcp://127.0.0.1:0", "--speed", "3600") as emulator, emulator.port() as port:
        ask(port, "ATE0")
        for line in ('AT+MIPLCREATEEX="nbiotbt.heclouds.com",1', "AT+MIPLOPEN=0,86400,30"):
            assert ask(port, line)[-1] == "OK"
        assert port.read_until(b"+MIPLEVENT: 0,6\r\n") == b"\r\n+MIPLEVENT: 0,2\r\n\r\n+MIPLEVENT: 0,6\r\n"
        clients = emulator.operate("clients")
        assert isinstance(clients, dict)
        assert [client["lifetime"] for client in clients["clients"]] == [86400]
        assert emulator.end(signal.SIGTERM) == 0


def test_an_order_that_waits_and_a_client_that_is_forgotten(tmp_path: Path) -> None:
    """What came of an order for a module asleep is a second line, and its traffic is stamped in the module's own
    time."""
    capture = tmp_path / "capture.pcap"
    arguments = ("--listen", "tcp://127.0.0.1:0", "--speed", "3600", "--capture", str(capture))
    with emulate("MN316", *arguments) as emulator, emulator.port() as port:
        ask(port, "ATE0")
        for line in ('AT+MIPLCREATEEX="nbiotacc.heclouds.com",0', 'AT+MIPLCFG="binding",0,2', "AT+MIPLOPEN=0,86400,30"):
            assert ask(port, line)[-1] == "OK"
        port.read_until(b"+MIPLEVENT: 0,6\r\n")
        while emulator.operate("clients")["clients"][0]["awake"]:  # type: ignore[index]
            pass
        queued = emulator.operate("read /3/0/1")
        assert isinstance(queued, dict)
        assert (queued["queued"], queued["order"]) == (True, 1)
        ask(port, "AT+MIPLUPDATE=0,86400,0")
        came = json.loads(emulator.line())
        assert (came["line"], came["order"], came["value"]) == ("read /3/0/1", 1, "MN316")
        assert emulator.operate("forget")["ok"] is True  # type: ignore[index]
        port.write(b"AT+MIPLUPDATE=0,86400,0\r")
        assert port.read_until(b"+MIPLEVENT: 0,31\r\n").endswith(b"\r\n+MIPLEVENT: 0,31\r\n")
        assert emulator.end(signal.SIGTERM) == 0
    times = [float(packet.time) for packet in rdpcap(str(capture))]
    assert times == sorted(times)
    assert times[-1] - times[0] > 93


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["XX999"], "XX999"),
        (["MN316", "--listen", "tcp://127.0.0.1"], "neither pty nor tcp://HOST:PORT"),
        (["MN316", "--speed", "0"], "not a number from"),
        (["MN316", "--platform", "nowhere"], "no platform"),
        (["MN316", "--imei", "1234"], "15 digits"),
        ([], "MODEL"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_status_2(arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", "atshell", "emulate", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert said in ended.stderr


def test_what_a_module_saves_survives_its_process(tmp_path: Path) -> None:
    listen = ("--listen", "tcp://127.0.0.1:0", "--state", str(tmp_path))
    with emulate("BC28", *listen) as emulator, emulator.port() as port:
        ask(port, "ATE0")
        assert ask(port, "AT+DMPCONFIG=0,0") == ["OK"]
        second = refused("BC28", *listen)
        assert second.startswith(f"atshell: the state in {tmp_path} is in use by another emulated module: ")
        emulator.process.kill()
        emulator.process.wait(10)
    with emulate("BC28", *listen) as emulator, emulator.port() as port:
        ask(port, "ATE0")
        assert ask(port, "AT+DMPCONFIG?")[0] == "+DMPCONFIG: 0,0"
        assert emulator.end(signal.SIGTERM) == 0
    assert "another model (BC28)" in refused("BC25", *listen)
    (tmp_path / "state.json").write_text("{}")
    assert "state.json is no state of an emulated module" in refused("BC28", *listen)


def refused(*arguments: str) -> str:
    """The one line of a start that fails."""
    command = [sys.executable, "-m", "atshell", "emulate", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    return ended.stderr


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        command = [sys.executable, "-m", "atshell", "emulate", "MN316", "--listen", where]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"atshell: cannot listen on {where}: ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("pty", None),
        ("tcp://127.0.0.1:0", ("127.0.0.1", 0)),
        ("tcp://localhost:5000", ("localhost", 5000)),
        ("tcp://[::1]:5000", ("::1", 5000)),
    ],
)
def test_addresses(text: str, address: tuple[str, int] | None) -> None:
    assert listen_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tcp",
        "tcp://",
        "tcp://:1",
        "tcp://a",
        "tcp://a:x",
        "tcp://a:65536",
        "udp://a:1",
        "tcp://a:1/x",
        "tcp://[a:1",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        listen_address(text)


def test_numbers_and_platforms() -> None:
    assert speed("60") == 60.0
    for text in ("nan", "inf", "-1", "x", "1e9"):
        with pytest.raises(argparse.ArgumentTypeError):
            speed(text)
    assert platform("coaps://127.0.0.1:5684") == "coaps://127.0.0.1:5684"
    assert platform("none") == "none"


def test_another_program_talks_to_a_module_with_pyserial() -> None:
    """A program of its own, which knows pyserial alone, on the pseudo-terminal of a BC28."""
    program = """
import sys, serial
with serial.Serial(sys.argv[1], 115200, timeout=10) as port:
    def ask(line):
        port.write(line.encode() + b"\\r")
        said = b""
        while not said.endswith((b"\\r\\nOK\\r\\n", b"ERROR\\r\\n")) and b"+CME ERROR: " not in said:
            said += port.read_until(b"\\r\\n")
        return [one for one in said.decode().split("\\r\\n") if one]
    ask("ATE0")
    for line in ("AT+CGMM", "AT+CGATT?", "AT+DMPCONFIG?", "AT+NOPE", "AT+NRB"):
        print(ask(line))
    print([port.read_until(b"\\r\\n") for _ in range(4)])
"""
    with emulate("BC28", "--listen", "pty", "--platform", "none") as emulator:
        ran = subprocess.run(
            [sys.executable, "-c", program, emulator.address], capture_output=True, text=True, timeout=60, check=False
        )
        assert (ran.stderr, ran.returncode) == ("", 0)
        model, attached, access, unknown, restarted, booted = ran.stdout.splitlines()
        assert model == "['BC28', 'OK']"
        assert attached == "['+CGATT: 1', 'OK']"
        assert access.startswith("['+DMPCONFIG: ")
        assert unknown == "['ERROR']"
        assert restarted == "['OK']"
        assert "REBOOT_CAUSE_APPLICATION_AT" in booted
        assert emulator.end(signal.SIGTERM) == 0


def test_faults_from_the_command_line_and_from_standard_input() -> None:
    faults = ("--fault", "answer drop AT+CSQ", "--fault", "seed 3")
    with emulate("MN316", "--listen", "tcp://127.0.0.1:0", *faults) as emulator, emulator.port() as port:
        ask(port, "ATE0")
        port.write(b"AT+CSQ\r")
        assert ask(port, "AT+CGMM") == ["MN316", "OK"]
        listed = emulator.operate("fault unplug AT+CGMR")
        assert listed == {
            "line": "fault unplug AT+CGMR",
            "seed": 3,
            "faults": [
                {"number": 1, "fault": "answer drop AT+CSQ", "acted": 1, "over": False},
                {"number": 2, "fault": "unplug AT+CGMR", "acted": 0, "over": False},
            ],
        }
        assert "did you mean lose?" in str(emulator.operate("fault los"))
        port.write(b"AT+CGMR\r")
        with pytest.raises(serial.SerialException):
            port.read(1)
        assert emulator.end(signal.SIGTERM) == 0


def test_the_help_lists_every_kind_of_fault() -> None:
    from atshell.emulator.faults.spec import EXAMPLES, guide

    command = [sys.executable, "-m", "atshell", "emulate", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert all(f"  {usage} " in said and meaning in said for usage, meaning in guide())
    assert all(f"--fault '{line}'" in said for line in EXAMPLES)


def test_a_fault_that_is_none_is_one_line() -> None:
    assert "did you mean lose?" in refused("MN316", "--fault", "los up")
    assert "no platform is embedded" in refused("MN316", "--platform", "none", "--fault", "platform silent")
