"""A capture file, from its path to UDP datagrams with frame numbers and times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from atshell.errors import AtshellError
from atshell.styled import visible
from atshell_lwm2m.capture import fast, pcap
from atshell_lwm2m.capture.frames import READERS, CapturedDatagram, Reader
from atshell_lwm2m.capture.pcap import Packet

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


def datagrams(
    path: Path,
    warn: Callable[[str], None],
    *,
    common: bool = True,
    opened: Callable[[BinaryIO], None] | None = None,
) -> Iterator[CapturedDatagram]:
    """Every UDP datagram. Raises CaptureError; what stops the reading later becomes a warning. ``common`` lets the
    fast reader have what it can read: the result is the same. ``opened`` is told the file, to watch how it is read."""
    name = visible(path.name)

    def told(what: str) -> None:
        warn(f"{name}: {what}")

    with _open(path) as stream:
        if opened is not None:
            opened(stream)
        magic = _magic(path, stream)
        if magic == pcap.NEXT_GENERATION:
            from atshell_lwm2m.capture import pcapng

            yield from _each(pcapng.packets(magic, stream, told), told)
            return
        header = pcap.file_header(stream, told)
        if not header:
            return
        form = fast.FORMS.get(pcap.link_type_of(magic, header)) if common else None
        if form is None:
            yield from _each(pcap.records(magic, header, stream, told), told)
        else:
            yield from fast.datagrams(magic, stream, form, told)


def _each(packets: Iterator[Packet], warn: Callable[[str], None]) -> Iterator[CapturedDatagram]:
    link_type = -1
    reader: Reader = _nothing
    for frame, (time, kind, data, _wire) in enumerate(packets, 1):
        if kind != link_type:
            link_type, reader = kind, _reader(kind, warn)
        found = reader(data)
        if found is not None:
            yield frame, time, *found


def _open(path: Path) -> BufferedReader:
    try:
        return BufferedReader(path.open("rb", 0), _BUFFER)
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
    if magic == pcap.NEXT_GENERATION or magic in pcap.MAGICS:
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
