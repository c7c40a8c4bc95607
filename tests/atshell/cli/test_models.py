from __future__ import annotations

import json

import pytest

from atshell.cli import main


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--format", "json"]) == 0
    records = {record["model"]: record for record in json.loads(capsys.readouterr().out)}
    mn319 = records["MN319"]
    assert mn319 == {
        "model": "MN319",
        "variants": ["MN319-DL"],
        "family": "OneMO",
        "vendor": "China Mobile IoT",
        "manuals": ["onemo-lwm2m-4.4.0"],
        "operators": ["cmcc", "ctcc", "cucc"],
        "notes": mn319["notes"],
    }
    assert [set(note) for note in mn319["notes"]] == [{"en", "zh"}]


@pytest.mark.parametrize(("language", "title"), [("en", "OneMO LwM2M user manual"), ("zh", "OneMO LwM2M 用户手册")])
def test_text(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, title: str) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["models", "--lang", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(title in line for line in lines)
    assert any(line.startswith("  MN316A ") and "MN316A-D, MN316A-DC" in line for line in lines)
