from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from atshell.cli.entry import run
from atshell_lwm2m.codec import registry

PAYLOAD = "c1 01 01"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What one test has said, the next one does not know."""
    yield
    registry._own.clear()
    registry.extend({})


def test_a_users_own_object_has_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "cabinet.toml"
    mine.write_text('[[objects]]\nid=33000\nname="Cabinet"\n[[objects.resources]]\nid=1\nname="Door"\ntype="boolean"\n')
    decode = ["decode", "--hex", PAYLOAD, "--as", "tlv", "--path", "/33000/0", "--format", "json"]
    assert run(decode) == 0
    assert json.loads(capsys.readouterr().out)["resources"] == [
        {"path": "/33000/0/1", "type": "integer", "value": 1},
    ]
    assert run([*decode, "--objects", str(mine)]) == 0
    assert json.loads(capsys.readouterr().out)["resources"] == [
        {"path": "/33000/0/1", "name": "Door", "type": "boolean", "value": True},
    ]


def test_a_file_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--hex", PAYLOAD, "--objects", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err
