from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from atshell.emulator import storage
from atshell.emulator.storage import Storage, StorageFailure
from atshell.errors import AtshellError


def open_storage(folder: Path | None, firmware: str = "A1") -> Storage:
    return Storage(folder, "BC28", firmware)


def test_memory_alone_lasts_as_long_as_the_object() -> None:
    kept = open_storage(None)
    kept.write({"a": ("1", "2")})
    assert (kept.read("a"), kept.place) == (("1", "2"), "memory")
    kept.close()
    assert open_storage(None).read("a") is None


def test_a_folder_outlives_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    kept = open_storage(folder)
    kept.write({"a": ("1", ""), "b": ("中\r\n\udc80",), "c": ()})
    kept.write({"a": None, "unknown": None})
    kept.close()
    again = open_storage(folder)
    assert [again.read(key) for key in "abc"] == [None, ("中\r\n\udc80",), ()]
    again.close()
    again.close()
    assert (folder / storage.STATE).stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(folder)) == [storage.LOCK, storage.STATE]


def test_it_knows_the_firmware_that_has_written_it(tmp_path: Path) -> None:
    before = open_storage(tmp_path)
    before.close()
    after = open_storage(tmp_path, "A2")
    assert after.written_by == "A1"
    after.write({"a": ("1",)})
    assert after.written_by == "A2"
    after.close()


def test_one_at_a_time(tmp_path: Path) -> None:
    first = open_storage(tmp_path)
    with pytest.raises(AtshellError, match="in use by another emulated module: end that one"):
        open_storage(tmp_path)
    first.close()
    open_storage(tmp_path).close()


def test_one_model_a_folder(tmp_path: Path) -> None:
    open_storage(tmp_path).close()
    with pytest.raises(AtshellError, match=r"another model \(BC28\): choose another folder"):
        Storage(tmp_path, "BC25", "A1")
    open_storage(tmp_path).close()


GOOD = {"format": storage.FORMAT, "version": 1, "model": "BC28", "firmware": "", "records": {"a": ["1"]}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b" " * (storage.MAX_STATE + 1),
        json.dumps({**GOOD, "format": "other"}).encode(),
        json.dumps({**GOOD, "version": 2}).encode(),
        json.dumps({**GOOD, "version": "1"}).encode(),
        json.dumps({**GOOD, "records": {"a": [1]}}).encode(),
        json.dumps({**GOOD, "records": {"a": "1"}}).encode(),
        json.dumps({**GOOD, "more": 1}).encode(),
        json.dumps({key: value for key, value in GOOD.items() if key != "model"}).encode(),
    ],
)
def test_what_is_no_state(tmp_path: Path, data: bytes) -> None:
    (tmp_path / storage.STATE).write_bytes(data)
    with pytest.raises(AtshellError, match="is no state of an emulated module") as caught:
        open_storage(tmp_path)
    assert "\n" not in str(caught.value)
    assert (tmp_path / storage.STATE).read_bytes() == data  # it may be somebody's
    (tmp_path / storage.STATE).write_text(json.dumps(GOOD))
    open_storage(tmp_path).close()


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(AtshellError, match="cannot keep a module's state"):
            open_storage(folder)
    (tmp_path / "folder" / storage.STATE).mkdir(parents=True)
    with pytest.raises(AtshellError, match="cannot be read"):
        open_storage(tmp_path / "folder")


def test_a_change_that_cannot_be_written_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = open_storage(tmp_path)
    kept.write({"a": ("1",)})

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(StorageFailure, match="No space left"):
            kept.write({"a": ("2",)})
        assert kept.read("a") == ("1",)
        kept.close()
        with pytest.raises(AtshellError, match="No space left"):
            open_storage(tmp_path)
    again = open_storage(tmp_path)
    assert again.read("a") == ("1",)
    again.close()


WRITER = """
import sys
from pathlib import Path
from atshell.emulator.storage import Storage
kept = Storage(Path(sys.argv[1]), "BC28", "A1")
count = int((kept.read("a") or ("0",))[0])
while True:
    count += 1
    kept.write({"a": (str(count),), "b": (str(count) * 500,)})
    print(count, flush=True)
"""


def test_it_can_be_killed_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(8)
    seen = 0
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 40)):
                seen = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
        kept = open_storage(tmp_path)
        count = (kept.read("a") or ("",))[0]
        assert int(count) >= seen
        assert kept.read("b") == (count * 500,)
        kept.close()
