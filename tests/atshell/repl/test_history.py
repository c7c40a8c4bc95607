"""What is kept of what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from atshell.repl.history import StateHistory


def test_lines_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "history"
    history = StateHistory(path=path)
    assert list(history.load_history_strings()) == []
    history.store_string("AT+CSQ")
    history.store_string("AT+CGMM")
    assert list(StateHistory(path=path).load_history_strings()) == ["AT+CGMM", "AT+CSQ"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_private_lines_and_those_with_a_leading_blank_are_not(tmp_path: Path) -> None:
    path = tmp_path / "history"
    history = StateHistory(lambda line: "key" in line, path)
    for line in ("AT+X=key", " AT+Y", "AT+Z"):
        history.store_string(line)
    assert list(StateHistory(path=path).load_history_strings()) == ["AT+Z"]


def test_it_is_in_the_state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    StateHistory().store_string("AT")
    assert "AT" in (tmp_path / "atshell" / "history").read_text()


def test_a_directory_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    history = StateHistory(path=tmp_path / "file" / "history")
    history.store_string("AT")
    assert list(history.load_history_strings()) == []
