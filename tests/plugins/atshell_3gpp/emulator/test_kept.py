from __future__ import annotations

from pathlib import Path

import pytest

from atshell.emulator.device import CommandError
from atshell.emulator.storage import Storage
from atshell.errors import AtshellError
from atshell_3gpp.emulator.kept import Kept


def kept(storage: Storage) -> Kept:
    return Kept(storage, "+X", ("0", "1"), lambda record: len(record) == 2)


def test_a_record_outlasts_the_process(tmp_path: Path) -> None:
    storage = Storage(tmp_path, "MN316", "")
    assert kept(storage).record == ("0", "1")
    assert storage.read("+X") is None
    one = kept(storage)
    one.record = ("1", "1")
    storage.close()
    storage = Storage(tmp_path, "MN316", "")
    one = kept(storage)
    assert one.record == ("1", "1")
    one.record = ("0", "1")
    assert storage.read("+X") is None  # the default needs no place
    storage.write({"+X": ("1",)})
    with pytest.raises(AtshellError, match=r"cannot have kept such a \+X"):
        kept(storage)
    storage.close()


def test_what_cannot_be_written_is_not_changed(tmp_path: Path) -> None:
    storage = Storage(tmp_path, "MN316", "")
    one = kept(storage)
    one.record = ("1", "1")
    (tmp_path / "state.json.new").mkdir()
    with pytest.raises(CommandError) as caught:
        one.record = ("1", "2")
    assert caught.value.code == 23
    assert one.record == ("1", "1")
    one.record = ("1", "1")  # nothing changes, nothing is written
    storage.close()
