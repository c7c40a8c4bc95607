"""A capture, from its path to UDP datagrams with frame numbers and times.

``-`` is standard input. What is packed is unpacked as it is read; text is looked through for hex dumps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO

from atshell.styled import visible
from atshell_lwm2m.capture import fast, pcap
from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.glance import PIECE, Skip
from atshell_lwm2m.capture.growing import Going
from atshell_lwm2m.capture.layers import Layers
from atshell_lwm2m.capture.pcap import Packet
from atshell_lwm2m.capture.segments import Segments
from atshell_lwm2m.capture.sources import STANDARD_INPUT, opened_file, stream_of
from atshell_lwm2m.capture.tally import Warn
from atshell_lwm2m.capture.window import Window

_HINT = "give a pcap or pcapng file, as tcpdump -w or Wireshark write it, or a hex dump"
_GROUP = 256
_TEXT = b""
"""In place of a magic number."""

__all__ = ["CaptureError", "batches", "check", "datagrams", "packets"]


def _ignore(_what: object) -> None:
    pass


def check(path: Path, *, growing: bool = False) -> None:
    """Raises CaptureError at once for what could otherwise only be found when reading begins. A pipe is left alone:
    it can be opened but once; of a file that is still growing there may be nothing yet."""
    if path == STANDARD_INPUT or (path.exists() and not path.is_file() and not path.is_dir()):
        return
    with ExitStack() as closing:
        stream = stream_of(opened_file(path, closing), _ignore)
        if not growing:
            _begun(Window(stream), path, _ignore, closing)


def batches(
    path: Path,
    warn: Callable[[str], None],
    *,
    common: bool = True,
    opened: Callable[[BinaryIO], None] = _ignore,
    going: Going | None = None,
    live: bool = False,
    secrets: Callable[[bytes], None] = _ignore,
    segments: Segments | None = None,
    skip: Skip | None = None,
    elsewhere: Collection[bytes] = (),
) -> Iterator[list[Headed]]:
    """Every UDP datagram, as many at once as there are. Raises CaptureError; what stops the reading later becomes a
    warning.

    ``common`` lets the fast reader have what it can read: the result is the same. ``opened`` is told the file, to
    watch how it is read. ``going`` follows a file that grows, and ends quietly when it says so. ``live`` takes the path
    for an interface's name; ``going`` is needed then. ``secrets`` is told the key logs that a pcapng file holds.
    ``segments`` takes TCP, and gives its segments among the datagrams; without it TCP is left out. What is in ``skip``
    may be left out too (``glance.Skip``), and what is ``elsewhere`` be only counted (``fast.Pieces``)."""
    told = partial(_tell, warn, _name(path))
    layers = Layers(told, segments)
    # Nobody waits for a file; what is being captured is wanted at once.
    size = _GROUP if path.is_file() and going is None else 1
    with ExitStack() as closing:
        if live and going is not None:
            from atshell_lwm2m.capture.live import listened

            yield from fast.grouped(layers.datagrams(listened(str(path), going, told, closing)), 1)
            return
        file = opened_file(path, closing)
        opened(file)
        window, magic = _begun(Window(stream_of(file, told, going)), path, told, closing)
        found = _fast(window, magic, layers, told, secrets, skip, elsewhere) if common else None
        yield from found or fast.grouped(layers.datagrams(_packets(window, magic, told, secrets)), size)


def _fast(
    window: Window,
    magic: bytes,
    layers: Layers,
    warn: Warn,
    secrets: Callable[[bytes], None],
    skip: Skip | None,
    elsewhere: Collection[bytes],
) -> Iterator[list[Headed]] | None:
    """By the fast reader, if it can."""
    if magic in pcap.MAGICS and window.holds(pcap.HEADER):
        return _records(window, magic, layers, warn, skip, elsewhere)
    return _blocks(window, magic, layers, warn, secrets, skip, elsewhere) if magic == pcap.NEXT_GENERATION else None


def _records(
    window: Window, magic: bytes, layers: Layers, warn: Warn, skip: Skip | None, elsewhere: Collection[bytes]
) -> Iterator[list[Headed]] | None:
    from atshell_lwm2m.capture.records import Records, SparseRecords

    link_type = pcap.link_type_of(magic, window.data[window.at : window.at + pcap.HEADER])
    form = fast.FORMS.get(link_type)
    if form is None:
        return None
    window.at += pcap.HEADER

    def rest(data: bytes, number: int, near: int | None) -> Iterator[CapturedDatagram]:
        left = Window(window, data)
        return layers.datagrams(pcap.records(magic, link_type, left, warn, number, near), number + 1)

    common = magic, form, layers.reader(link_type), _foreign(layers)
    if skip is None:
        records = Records(*common)
        records.elsewhere = elsewhere
        return fast.batches(records, window, rest)
    return fast.batches(SparseRecords(*common, skip), window, rest, PIECE)


def _blocks(
    window: Window,
    magic: bytes,
    layers: Layers,
    warn: Warn,
    secrets: Callable[[bytes], None],
    skip: Skip | None,
    elsewhere: Collection[bytes],
) -> Iterator[list[Headed]]:
    from atshell_lwm2m.capture.blocks import Blocks, SparseBlocks, link_type_of
    from atshell_lwm2m.capture.pcapng import Section, describe, further

    section, file = Section("<", secrets), Window(window, magic)
    describe(file, section)

    def rest(data: bytes, number: int, _near: int | None) -> Iterator[CapturedDatagram]:
        return layers.datagrams(further(Window(file, data), section, warn), number + 1)

    link_type = link_type_of(section)
    form = fast.FORMS.get(link_type)
    if form is None:
        return fast.grouped(rest(b"", 0, None), _GROUP)
    common = section, form, layers.reader(link_type), _foreign(layers)
    if skip is None:
        blocks = Blocks(*common)
        blocks.elsewhere = elsewhere
        return fast.batches(blocks, file, rest)
    return fast.batches(SparseBlocks(*common, skip), file, rest, PIECE)


def _foreign(layers: Layers) -> fast.IsForeign:
    return layers.segments.is_foreign if layers.segments is not None else fast.every


def datagrams(
    path: Path,
    warn: Callable[[str], None],
    *,
    common: bool = True,
    going: Going | None = None,
    live: bool = False,
    secrets: Callable[[bytes], None] = _ignore,
) -> Iterator[CapturedDatagram]:
    """The same one by one."""
    return fast.datagrams(batches(path, warn, common=common, going=going, live=live, secrets=secrets))


def packets(path: Path, warn: Callable[[str], None] = _ignore) -> Iterator[Packet]:
    """Every frame as it was captured, in the order in which ``datagrams`` numbers them. Raises CaptureError."""
    told = partial(_tell, warn, _name(path))
    with ExitStack() as closing:
        window, magic = _begun(Window(stream_of(opened_file(path, closing), told)), path, told, closing)
        yield from _packets(window, magic, told, _ignore)


def _packets(window: Window, magic: bytes, warn: Warn, secrets: Callable[[bytes], None]) -> Iterator[Packet]:
    if magic in pcap.MAGICS:
        return pcap.packets(magic, window, warn)
    if magic == pcap.NEXT_GENERATION:
        from atshell_lwm2m.capture import pcapng

        return pcapng.packets(magic, window, warn, secrets)
    from atshell_lwm2m.capture import hexdump

    return hexdump.packets(window, warn)


def _begun(window: Window, path: Path, warn: Warn, closing: ExitStack) -> tuple[Window, bytes]:
    """Behind the magic number, after unpacking. Raises CaptureError."""
    name = _name(path)
    try:
        if not window.holds(4) and not window.data:
            raise CaptureError(f"{name} is empty", _HINT)
        magic = window.data[:4]
        if magic != pcap.NEXT_GENERATION and magic not in pcap.MAGICS:
            from atshell_lwm2m.capture.hexdump import is_hexdump
            from atshell_lwm2m.capture.packed import unpacked

            window = unpacked(window, name, warn, closing)
            window.holds(4)
            magic = window.data[:4]
            if magic != pcap.NEXT_GENERATION and magic not in pcap.MAGICS:
                if is_hexdump(window):
                    return window, _TEXT
                raise CaptureError(f"{name} is no capture", _HINT)
    except OSError as error:
        raise CaptureError(f"{name} can't be read ({error.strerror})", _HINT) from None
    window.at += 4
    return window, magic


def _name(path: Path) -> str:
    return "standard input" if path == STANDARD_INPUT else visible(path.name)


def _tell(warn: Warn, name: str, what: str) -> None:
    warn(f"{name}: {what}")
