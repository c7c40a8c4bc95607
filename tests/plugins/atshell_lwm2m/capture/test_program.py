from __future__ import annotations

import io
import sys

from atshell_lwm2m.capture.program import Program

UPPER = [sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read().upper())"]
FAILS = [sys.executable, "-c", "import sys; sys.stdout.write('some'); sys.exit('it went\\nwrong')"]
SLEEPS = [sys.executable, "-c", "import os, time; os.write(1, b'up'); time.sleep(600)"]


def whole(running: Program) -> bytes:
    parts = []
    while piece := running.read1(7):
        parts.append(piece)
    return b"".join(parts)


def test_what_it_makes_of_what_it_is_given() -> None:
    text = b"hello world " * 20_000
    with Program(UPPER, io.BytesIO(text)) as running:
        assert whole(running) == text.upper()
        assert running.complaint() == ""


def test_what_it_complains_of() -> None:
    with Program(FAILS, io.BytesIO(bytes(1_000_000))) as running:
        assert whole(running) == b"some"
        assert running.complaint() == "it went\nwrong"
    with Program([sys.executable, "-c", "raise SystemExit(3)"]) as running:
        assert whole(running) == b""
        assert running.complaint() == "it ended with 3"


def test_it_is_ended_where_nobody_goes_on() -> None:
    asked = []

    def going() -> bool:
        asked.append(1)
        return not asked[3:]

    with Program(SLEEPS, going=going) as running:
        while not (first := running.read1(10)):
            asked.clear()
        assert first == b"up"
        assert running.read1(10) == b""
    assert running._process.returncode not in (0, None)
