from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import LwM2mAnalyzer
from atshell_lwm2m.dissect.jobs import Share, merged
from atshell_lwm2m.dissect.share import LEFT_OUT

CAPTURES = sorted((Path(__file__).parent.parent / "captures").glob("*.pcap"))


# What str.splitlines takes for an end is none.
LINES = [f"line {place} \u00b0\u2028." for place in range(20_000)]


def shares(run: int) -> Share:
    """Of three processes: every third run of so many lines each, in pieces of another size each."""

    def share(number: int) -> Iterator[list[str]]:
        left_out = LEFT_OUT if number else ""
        places = [f"{line}\n" if place // run % 3 == number else left_out for place, line in enumerate(LINES)]
        if number:
            # What is known of several lines at once is told at the last of them.
            places = ["" if two == (LEFT_OUT, LEFT_OUT) else two[0] for two in pairwise([*places, ""])]
        size = 100 + 37 * number
        yield []
        for start in range(0, len(places), size):
            yield places[start : start + size]

    return share


@pytest.mark.parametrize("run", [1, 2, 7, 150, 15_000, 30_000])
def test_lines_in_their_order(run: int) -> None:
    assert "".join(merged(shares(run), 3)) == "".join(f"{line}\n" for line in LINES)


def test_more_than_a_process_may_be_ahead() -> None:
    def share(number: int) -> Iterator[list[str]]:
        left_out = LEFT_OUT if number else ""
        for size in (10, 90_000) if number else (90_000, 10):
            yield [f"{place}\n" if place % 2 == number else left_out for place in range(size)]

    first, other = ([*share(number)] for number in (0, 1))
    lines = (one or two for one, two in zip(chain(*first), chain(*other), strict=True))
    assert "".join(merged(share, 2)) == "".join(lines)


def test_another_process_that_fails_is_told() -> None:
    def failing(number: int) -> Iterator[list[str]]:
        yield [LEFT_OUT] if number else ["a\n"]
        if number:
            os._exit(3)
        yield ["b\n"]

    with pytest.raises(AtshellError, match="ended early"):
        list(merged(failing, 2))


@pytest.mark.parametrize("size", [3, 200_000])
def test_another_process_that_knows_more_lines_is_told(size: int) -> None:
    def talking(number: int) -> Iterator[list[str]]:
        yield ["", "a\n"] if not number else ["b\n"] * size

    with pytest.raises(AtshellError, match="ended early"):
        list(merged(talking, 2))


def test_who_stops_reading_leaves_no_process_behind() -> None:
    reading = merged(shares(1), 3)
    next(reading)
    reading.close()  # type: ignore[attr-defined]  # a generator
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def lines(captures: list[Path], jobs: int) -> list[str]:
    return list(LwM2mAnalyzer().decode(captures, DecodeOptions(jobs=jobs)).json())


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_same_as_by_one(jobs: int) -> None:
    assert lines(CAPTURES, jobs) == lines(CAPTURES, 1)
    assert lines(CAPTURES[:1], jobs) == lines(CAPTURES[:1], 1)


def test_what_is_no_file_is_read_by_one(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["sh", "-c", 'cat "$0" > "$1"', str(CAPTURES[0]), str(fifo)]):
        report = LwM2mAnalyzer().decode([fifo], DecodeOptions(jobs=2))
        found = list(report.json())
    assert found == lines(CAPTURES[:1], 1)
    assert any("one process" in warning for warning in report.warnings)


COMMAND = [sys.executable, "-m", "atshell", "decode", "--format", "json", "--jobs", "2"]


def test_from_the_command_line(tmp_path: Path) -> None:
    path = str(CAPTURES[0])
    found = subprocess.run([*COMMAND, path], capture_output=True, check=True)
    assert found.stdout.decode().splitlines() == lines(CAPTURES[:1], 1)
    assert found.stderr == b""


def test_an_interrupt_ends_all(traffic_file: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, str(traffic_file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.read(100_000)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_a_closed_pipe_ends_all(traffic_file: Path) -> None:
    with subprocess.Popen([*COMMAND, str(traffic_file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1000)
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE
