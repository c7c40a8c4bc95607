from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.sources import Surviving, opened_file, stream_of


def test_a_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    with ExitStack() as closing:
        file = opened_file(path, closing)
        assert stream_of(file, print).read1(10) == b"abc"
        assert stream_of(file, print, lambda: False).read1() == b""
    assert file.closed


@pytest.mark.parametrize(("name", "why"), [("none", "is not there"), (".", "is a folder"), ("a\0b", "can't be read")])
def test_what_can_not_be_opened(tmp_path: Path, name: str, why: str) -> None:
    with ExitStack() as closing, pytest.raises(CaptureError, match=why):
        opened_file(tmp_path / name, closing)


class Failing:
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def read1(self, _size: int = 0, /) -> bytes:
        if not self.pieces:
            raise OSError(5, "Input/output error")
        return self.pieces.pop(0)


def test_a_disk_that_fails() -> None:
    """What was read before stays; nothing at all is an error."""
    warnings: list[str] = []
    stream = Surviving(Failing(b"ab", b"c"), warnings.append)
    assert [stream.read1() for _ in range(3)] == [b"ab", b"c", b""]
    assert warnings == ["can't be read any further (Input/output error): all before it was read"]
    with pytest.raises(OSError, match="Input"):
        Surviving(Failing(), print).read1()
