from __future__ import annotations

import os
import signal

import pytest

from atshell.cli.following import Following


class Pauses:
    """In the second one Ctrl-C is pressed, and in those that are told."""

    def __init__(self, *interrupted: int) -> None:
        self.count = 0
        self._interrupted = interrupted

    def __call__(self, seconds: float) -> None:
        assert 0 < seconds < 1
        self.count += 1
        if self.count in self._interrupted:
            os.kill(os.getpid(), signal.SIGINT)


def test_it_goes_on_until_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGINT)
    pauses = Pauses(3)
    with Following(pauses) as going:
        assert [going() for _ in range(5)] == [True, True, False, False, False]
    assert pauses.count == 3
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_ends_the_program() -> None:
    with Following(Pauses(1)) as going:
        assert not going()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_what_was_written_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    monkeypatch.setattr("sys.stdout.flush", lambda: flushed.append(1))
    with Following(Pauses()) as going:
        going()
    assert flushed
