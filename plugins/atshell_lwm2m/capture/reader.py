"""A capture file, from its path to UDP datagrams with frame numbers and times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from atshell.errors import AtshellError
from atshell.styled import visible
from atshell_lwm2m.capture import pcap, pcapng
from atshell_lwm2m.capture.frames import READERS, Reader

CapturedDatagram = tuple[int, int, bytes, bytes, int]
"""Frame number, nanoseconds since 1970, and what ``frames`` gives: key, payload, missing."""

_BUFFER = 1 << 20
_HINT = "give a pcap or pcapng file, as tcpdump -w or Wireshark write it"


class CaptureError(AtshellError):
    """A file that is not there or is no capture."""


def check(path: Path) -> None:
    """Raises CaptureError at once for what could otherwise only be found when reading begins. A pipe is left alone:
    it can be opened but once."""
    if path.exists() and not path.is_file() and not path.is_dir():
        return
    with _open(path) as stream:
        _magic(path, stream)


def datagrams(path: Path, warn: Callable[[str], None]) -> Iterator[CapturedDatagram]:
    """Every UDP datagram. Raises CaptureError; what stops the reading later becomes a warning."""
    name = visible(path.name)

    def told(what: str) -> None:
        warn(f"{name}: {what}")

    with _open(path) as stream:
        magic = _magic(path, stream)
        read = pcapng.packets if magic == pcapng.MAGIC else pcap.packets
        link_type = -1
        reader: Reader = _nothing
        for frame, (time, kind, data, _wire) in enumerate(read(magic, stream, told), 1):
            if kind != link_type:
                link_type, reader = kind, _reader(kind, told)
            found = reader(data)
            if found is not None:
                yield frame, time, *found


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb", _BUFFER)
    except FileNotFoundError:
        raise CaptureError(f"{path} is not there", "look at its name and folder") from None
    except IsADirectoryError:
        raise CaptureError(f"{path} is a folder", "name the capture files in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CaptureError(f"{path} can't be read ({reason})", "look at its permissions") from None


def _magic(path: Path, stream: BinaryIO) -> bytes:
    try:
        magic = stream.read(4)
    except OSError as error:
        raise CaptureError(f"{path} can't be read ({error.strerror})", _HINT) from None
    if magic == pcapng.MAGIC or magic in pcap.MAGICS:
        return magic
    if not magic:
        raise CaptureError(f"{path} is empty", _HINT)
    if magic[:2] == b"\x1f\x8b":
        raise CaptureError(f"{path} is compressed", "gunzip it first")
    raise CaptureError(f"{path} is no capture", _HINT)


def _reader(link_type: int, warn: Callable[[str], None]) -> Reader:
    reader = READERS.get(link_type)
    if reader is None:
        from atshell_lwm2m.capture.other import reader_for

        reader = reader_for(link_type)
    if reader is None:
        warn(f"link type {link_type} is not known: its frames are left out")
        return _nothing
    return reader


def _nothing(_data: bytes) -> None:
    return None
