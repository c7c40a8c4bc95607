"""What ends a subcommand early becomes an exit status, and at most one line."""

from __future__ import annotations

import pytest

from atshell.cli.guard import guarded
from atshell.errors import AtshellError


def raises(error: BaseException) -> int:
    raise error


def test_the_status_is_the_bodys() -> None:
    assert guarded(lambda: 1) == 1


def test_an_error_is_one_visible_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: raises(AtshellError("no \x1b[31m", "try again"))) == 2
    assert capsys.readouterr().err == "atshell: no \\x1b[31m: try again\n"


def test_control_c(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: raises(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == ""
