from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import subprocess
import sys
from contextlib import ExitStack, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture import packed
from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.packed import unpacked
from atshell_lwm2m.capture.window import Window

TEXT = b"".join(b"%d bottles of beer " % number for number in range(60_000))
zstd_program = pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed")


def zstd(data: bytes) -> bytes:
    return subprocess.run(["zstd", "-c"], input=data, capture_output=True, check=True).stdout


PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


class Once(io.BytesIO):
    """Gives a few bytes at a time, as a pipe may."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(min(size or 1000, 1000) if size != -1 else 1000)


def read(data: bytes) -> tuple[bytes, list[str]]:
    warnings: list[str] = []
    parts = []
    with ExitStack() as closing:
        window = unpacked(Window(Once(data)), "x", warnings.append, closing)
        while piece := window.read1(50_000):
            parts.append(piece)
    return b"".join(parts), warnings


@pytest.mark.parametrize("name", PACKERS)
def test_packed(name: str) -> None:
    data = PACKERS[name](TEXT)
    assert read(data) == (TEXT, [])
    assert read(data + data) == (TEXT * 2, [])


@pytest.mark.parametrize("name", PACKERS)
def test_cut_and_damaged(name: str) -> None:
    data = PACKERS[name](TEXT)
    most = len(data) * 9 // 10
    found, warnings = read(data[:most])
    assert TEXT.startswith(found)
    assert warnings == [f"what is packed with {name} ends too early: all before it was read"]
    damaged = bytearray(data)
    damaged[most] ^= 0xFF
    damaged[-5] ^= 0xFF
    _, warnings = read(bytes(damaged))
    assert len(warnings) == 1
    assert warnings[0].startswith(f"what is packed with {name} is damaged (")


def test_cut_in_its_first_block() -> None:
    """Nothing of a block is there before all of it is."""
    with pytest.raises(CaptureError, match="what is packed with bzip2 ends too early: get the whole file"):
        read(bz2.compress(TEXT)[:100])


@zstd_program
@pytest.mark.parametrize("by_program", [False, True])
def test_zstd_cut_in_its_first_block(by_program: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if by_program:
        without_package(monkeypatch)
    with pytest.raises(CaptureError, match=r"what is packed with zstd (ends too early|is damaged \(.*\)): get the"):
        read(zstd(TEXT)[:100])


def test_what_follows() -> None:
    data = gzip.compress(TEXT)
    assert read(data + bytes(1000)) == (TEXT, [])
    found, warnings = read(data + b"hello")
    assert found == TEXT
    assert warnings == ["what is packed with gzip is followed by something else: all before it was read"]


def test_what_is_not_packed() -> None:
    window = Window(io.BytesIO(b"hello"))
    with ExitStack() as closing:
        assert unpacked(window, "x", print, closing) is window
        assert unpacked(Window(io.BytesIO(b"")), "x", print, closing).read1() == b""


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as far as is reasonable, and no more of it is held than is asked for."""
    monkeypatch.setattr(packed, "_FREE", 1 << 20)
    data = PACKERS[name](bytes(50_000_000))
    found, warnings = read(data)
    assert 1 << 20 <= len(found) < 30_000_000
    assert warnings == [f"what is packed with {name} unpacks to more than 200 times its size: all before it was read"]


def test_an_xz_file_that_wants_much_memory() -> None:
    """The dictionary's size stands in the file: 1.5 GiB."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0}]
    data = bytearray(lzma.compress(TEXT, filters=filters))
    at = data.index(b"\x21\x01", 12)
    data[at + 2] = 39
    start = 12
    size = (data[start] + 1) * 4
    data[start + size - 4 : start + size] = _crc32(bytes(data[start : start + size - 4]))
    with pytest.raises(CaptureError, match=r"what is packed with xz is damaged \(Memory usage limit exceeded\)"):
        read(bytes(data))


def _crc32(data: bytes) -> bytes:
    import zlib

    return zlib.crc32(data).to_bytes(4, "little")


@zstd_program
def test_zstd_by_a_package() -> None:
    pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    data = zstd(TEXT)
    assert read(data + data) == (TEXT * 2, [])
    assert read(data[:-9])[1] == ["what is packed with zstd ends too early: all before it was read"]


def without_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> packed.Unpacker:
        raise ImportError

    monkeypatch.setitem(packed.PACKED, b"\x28\xb5\x2f\xfd", ("zstd", missing))


@zstd_program
def test_zstd_by_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zstd(TEXT)
    without_package(monkeypatch)
    assert read(data + data) == (TEXT * 2, [])
    found, warnings = read(data[:-9])
    assert TEXT.startswith(found)
    assert len(warnings) == 1
    assert warnings[0].startswith("what is packed with zstd is damaged (")


@zstd_program
def test_a_bomb_for_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zstd(bytes(50_000_000))
    monkeypatch.setattr(packed, "_FREE", 1 << 20)
    without_package(monkeypatch)
    found, warnings = read(data)
    assert 1 << 20 <= len(found) < 30_000_000
    assert warnings == ["what is packed with zstd unpacks to more than 200 times its size: all before it was read"]


def test_zstd_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    without_package(monkeypatch)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CaptureError, match=r"x is packed with zstd: install backports\.zstd"):
        read(b"\x28\xb5\x2f\xfd" + bytes(20))


@given(st.sampled_from([magic for magic, (name, _) in packed.PACKED.items() if name != "zstd"]), st.binary(max_size=80))
@settings(max_examples=200)
def test_any_bytes(magic: bytes, data: bytes) -> None:
    with suppress(CaptureError):
        assert len(read(magic + data)[1]) <= 1
