from __future__ import annotations

import json
from pathlib import Path

import pytest

from atshell.emulator import storage
from atshell.emulator.storage import Storage, StorageFailure
from atshell.errors import AtshellError
from atshell_quectel.emulator.build import MANUALS
from atshell_quectel.emulator.families import MODELS

from .conftest import CATALOG, MakeBench


def test_every_model_of_the_manuals_can_be_built(bench: MakeBench) -> None:
    assert {model.model for model in CATALOG.models()} == set(MODELS)
    for model, family in MODELS.items():
        assert (MANUALS / family.manual).exists()
        assert bench(model).ask("AT") == ["OK"]


@pytest.mark.parametrize(
    ("model", "key", "record"),
    [
        ("BC28", "cmdmp.0", ["2"]),
        ("BC28", "cmdmp.0", []),
        ("BC28", "cmdmp.1", ["117.161.2.7", "5683", "200"]),
        ("BC28", "cmdmp.2", ["M1", "secret key", "7", "863703030822519"]),
        ("BC28", "cmdmp.3", ["46000", "46001", "46002", "46003"]),
        ("BC28", "cmdmp.3", []),
        ("BC26", "terminal.1", ["x" * 20]),
        ("BC26", "terminal.2", ["NULL"]),
    ],
)
def test_a_state_that_no_module_has_saved(
    bench: MakeBench, tmp_path: Path, model: str, key: str, record: list[str]
) -> None:
    kept = Storage(tmp_path, model, "FW")
    kept.write({key: record})
    kept.close()
    with pytest.raises(AtshellError, match=key) as caught:
        bench(model, state=tmp_path)
    assert "secret" not in str(caught.value)
    Storage(tmp_path, model, "FW").close()  # the folder is free again


def test_a_state_that_cannot_be_upgraded(bench: MakeBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"format": storage.FORMAT, "version": 1, "model": "BC260Y-CN", "firmware": "BC260YCNAAR01A03"}
    (tmp_path / storage.STATE).write_text(json.dumps({**state, "records": {"self-registration": ["1"]}}))

    def fail(self: Storage, changes: object) -> None:
        raise StorageFailure("no space left on device")

    monkeypatch.setattr(Storage, "write", fail)
    with pytest.raises(AtshellError, match="no space left"):
        bench("BC260Y-CN", state=tmp_path)
