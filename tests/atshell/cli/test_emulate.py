"""``atshell emulate`` as a process, as its users meet it."""

from __future__ import annotations

import argparse
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
import serial

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
        assert isinstance(emulator.operate("dance"), dict)
        emulator.end_input()
        host, number = emulator.address.removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(number)), 10):
            pass  # the end of input ended nothing
        assert emulator.end(signal.SIGTERM) == 0


def test_a_module_on_a_terminal_until_ctrl_c() -> None:
    with emulate("MN316") as emulator:
        assert emulator.address.startswith("/dev/")
        with emulator.port() as port:
            assert ask(port, "AT+CGSN=1") == ["AT+CGSN=1\r", '+CGSN: "869975030000461"', "OK"]
        assert emulator.end(signal.SIGINT) == 130


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["XX999"], "XX999"),
        (["MN316", "--listen", "tcp://127.0.0.1"], "neither pty nor tcp://HOST:PORT"),
        (["MN316", "--speed", "0"], "not a number from"),
        (["MN316", "--platform", "nowhere"], "no platform"),
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
