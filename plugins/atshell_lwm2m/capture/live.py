"""Frames as they pass an interface: Wireshark's ``dumpcap`` captures them, or scapy where it is not installed.

Both need rights that a user may not have: what the program or the system says of that is handed on, with what to do.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack

from atshell.styled import visible
from atshell_lwm2m.capture import pcapng
from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.growing import Going
from atshell_lwm2m.capture.pcap import Packet
from atshell_lwm2m.capture.tally import Warn

_RIGHTS = (
    "run it as root, or let your user capture (on Debian: dpkg-reconfigure wireshark-common, and the group wireshark)"
)
_NAMES = "`ip link` and `dumpcap -D` list their names"
_INSTALL = "install dumpcap (of Wireshark) or the package scapy"
# What dumpcap and the system say, and what to do about it.
_HINTS = (("ermission", _RIGHTS), ("not permitted", _RIGHTS), ("", _NAMES))
_DUMPCAP = "dumpcap: "


def listened(interface: str, going: Going, warn: Warn, closing: ExitStack) -> Iterator[Packet]:
    """Until ``going`` says no more. Raises CaptureError where it can't be listened to."""
    if not interface or interface.startswith("-"):
        raise CaptureError(f"{visible(interface)!r} is no interface", _NAMES)
    program = shutil.which("dumpcap")
    if program is None:
        yield from _by_scapy(interface, going, closing)
        return
    from atshell_lwm2m.capture.program import Program

    running = closing.enter_context(Program([program, "-q", "-i", interface, "-w", "-"], going=going))
    magic = running.read1(4)
    if magic:
        yield from pcapng.packets(magic, running, warn)
    elif complaint := running.complaint():
        raise _refused(interface, complaint)


def _refused(interface: str, complaint: str) -> CaptureError:
    lines = complaint.strip().splitlines()
    said = next((line for line in reversed(lines) if line.startswith(_DUMPCAP)), lines[-1])
    said = said.removeprefix(_DUMPCAP).rstrip(".")
    hint = next(hint for part, hint in _HINTS if part in complaint)
    return CaptureError(f"{visible(interface)} can't be listened to ({visible(said)})", hint)


def _by_scapy(interface: str, going: Going, closing: ExitStack) -> Iterator[Packet]:
    try:
        import scapy.layers.all  # noqa: F401 - fills the table of link types
        from scapy.config import conf
        from scapy.interfaces import network_name
    except ImportError:
        raise CaptureError(f"nothing can listen to {visible(interface)}", _INSTALL) from None
    try:
        socket = conf.L2listen(iface=network_name(interface))
    except (OSError, ValueError) as error:
        raise _refused(interface, str(error)) from None
    closing.callback(socket.close)
    looped, before = interface == conf.loopback_name, b""
    while True:
        if not socket.select([socket], 0):
            if not going():
                return
            continue
        layer, data, stamp = socket.recv_raw()
        if looped and data == before:
            before = b""  # It goes out and comes in, and is one frame.
        elif data is not None:
            before = data
            link_type = conf.l2types.layer2num.get(layer, 1)
            yield int((stamp or time.time()) * 1_000_000_000), link_type, data, len(data)
