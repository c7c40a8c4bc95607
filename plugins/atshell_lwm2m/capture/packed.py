"""Packed captures: gzip, bzip2, xz, and zstd, unpacked as they are read.

Python 3.14 has zstd, before that it is the package ``backports.zstd``; where neither is there the program ``zstd`` does
it. However much a file unpacks to, only a piece of it is held; one that unpacks to far more than captures do is read
no further.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol

from atshell.styled import visible
from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.tally import Warn
from atshell_lwm2m.capture.window import Stream, Window

if TYPE_CHECKING:
    from atshell_lwm2m.capture.program import Program

_PIECE = 1 << 16
_FREE = 1 << 28
"""Bytes that anything may unpack to."""
_RATIO = 200
"""Times its size that it may unpack to beyond that."""
_MEMORY = 1 << 28
"""Bytes that unpacking itself may take: xz and zstd let the file say how much."""
_WINDOW_LOG = 27
_LEAST = 4
"""Bytes by which a capture is known."""


class Unpacker(Protocol):
    """What the standard library's decompressors have in common: one packed part of a file."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Gzip:
    """zlib's object in that form."""

    def __init__(self) -> None:
        self._object = zlib.decompressobj(wbits=31)
        self._more = False

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def needs_input(self) -> bool:
        return not self._more and not self.eof

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        found = self._object.decompress(self._object.unconsumed_tail + data, max_length)
        self._more = bool(self._object.unconsumed_tail) or len(found) == max_length
        return found


def _bzip2() -> Unpacker:
    from bz2 import BZ2Decompressor

    return BZ2Decompressor()


def _xz() -> Unpacker:
    from lzma import LZMADecompressor

    return LZMADecompressor(memlimit=_MEMORY)


def _zstd() -> Unpacker:
    """Raises ImportError."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd
    unpacker: Unpacker = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
    return unpacker


PACKED: dict[bytes, tuple[str, Callable[[], Unpacker]]] = {
    b"\x1f\x8b": ("gzip", _Gzip),
    b"BZh": ("bzip2", _bzip2),
    b"\xfd7zXZ\0": ("xz", _xz),
    b"\x28\xb5\x2f\xfd": ("zstd", _zstd),
}
LONGEST = max(map(len, PACKED))


def unpacked(window: Window, name: str, warn: Warn, closing: ExitStack) -> Window:
    """The same bytes, unpacked where they begin as packed ones do. Raises CaptureError where that can't be done.
    ``closing`` ends what has to be ended."""
    window.holds(LONGEST)
    start = window.data[window.at : window.at + LONGEST]
    for magic, (form, make) in PACKED.items():
        if start.startswith(magic):
            packed = _Counted(window)
            faults: list[str] = []
            told = partial(_tell, warn, form, faults)
            try:
                stream: Stream = _Unpacked(packed, magic, make, told)
            except ImportError:
                stream = closing.enter_context(_zstd_program(packed, name, told))
            found = Window(_Limited(stream, packed, told))
            if not found.holds(_LEAST) and faults:
                what = f"{name} is no capture, or not enough of one: what is packed with {form} {faults[0]}"
                raise CaptureError(what, "get the whole file: not even its beginning could be unpacked")
            return found
    return window


def _tell(warn: Warn, form: str, faults: list[str], what: str) -> None:
    faults.append(what)
    warn(f"what is packed with {form} {what}: all before it was read")


class _Counted:
    def __init__(self, stream: Stream) -> None:
        self._read1 = stream.read1
        self.count = 0

    def read1(self, size: int = _PIECE, /) -> bytes:
        piece = self._read1(size)
        self.count += len(piece)
        return piece


class _Limited(_Counted):
    """A stream that ends where it has become too long for what it was unpacked from."""

    def __init__(self, stream: Stream, packed: _Counted, warn: Warn) -> None:
        super().__init__(stream)
        self._packed, self._warn = packed, warn

    def read1(self, size: int = _PIECE, /) -> bytes:
        if self.count > _FREE and self.count > _RATIO * self._packed.count:
            self._warn(f"unpacks to more than {_RATIO} times its size")
            self._read1 = _nothing
        return super().read1(size)


def _nothing(_size: int = 0, /) -> bytes:
    return b""


class _Damaged(Exception):
    pass


class _Unpacked:
    """Part after part, as far as the bytes are what they should be."""

    def __init__(self, packed: Stream, magic: bytes, make: Callable[[], Unpacker], warn: Warn) -> None:
        self._packed, self._magic, self._make, self._warn = packed, magic, make, warn
        self._part: Unpacker | None = make()
        self._rest = b""

    def read1(self, size: int = _PIECE, /) -> bytes:
        try:
            while self._part is not None:
                if self._part.eof:
                    self._part = self._next(self._part.unused_data)
                    continue
                data = self._read() if self._part.needs_input else b""
                found = _decompressed(self._part, data, size)
                if found:
                    return found
        except EOFError:
            self._warn("ends too early")
        except _Damaged as error:
            self._warn(f"is damaged ({error})")
        self._part = None
        return b""

    def _read(self) -> bytes:
        data = self._rest or self._packed.read1(_PIECE)
        self._rest = b""
        if not data:
            raise EOFError
        return data

    def _next(self, rest: bytes) -> Unpacker | None:
        """Behind a part there may be padding, and another part."""
        while len(rest := rest.lstrip(b"\0")) < len(self._magic) and (more := self._packed.read1(_PIECE)):
            rest += more
        self._rest = rest
        if rest.startswith(self._magic):
            return self._make()
        if rest:
            self._warn("is followed by something else")
        return None


def _decompressed(part: Unpacker, data: bytes, size: int) -> bytes:
    try:
        return part.decompress(data, size)
    except Exception as error:  # each library has an error of its own
        raise _Damaged(str(error)) from None


@contextmanager
def _zstd_program(packed: Stream, name: str, warn: Warn) -> Iterator[Stream]:
    """Raises CaptureError when it is not there."""
    program = shutil.which("zstd")
    if program is None:
        hint = "install backports.zstd (pip install 'atshell[zstd]') or the program zstd, or unpack it first"
        raise CaptureError(f"{name} is packed with zstd", hint)
    from atshell_lwm2m.capture.program import Program

    with Program([program, "-dcq"], packed) as running:
        yield _Watched(running, warn)


class _Watched:
    """What a program unpacks, and its complaint at the end."""

    def __init__(self, running: Program, warn: Warn) -> None:
        self._running, self._warn = running, warn

    def read1(self, size: int = _PIECE, /) -> bytes:
        piece = self._running.read1(size)
        if not piece and (complaint := self._running.complaint()):
            self._warn(f"is damaged ({visible(complaint)})")
        return piece
