"""What ``--port`` says, and the link that it means."""

from __future__ import annotations

import pytest

from atshell.transport.link import Link, LinkError
from atshell.transport.port import port_link
from atshell.transport.serial import SerialLink
from atshell.transport.socket import SocketLink


@pytest.mark.parametrize(
    ("port", "kind"),
    [
        ("/dev/ttyUSB0", SerialLink),
        ("COM3", SerialLink),
        ("rfc2217://host:1", SerialLink),
        ("socket://host:1", SocketLink),
        ("TCP://host:1", SocketLink),
    ],
)
def test_which_link(port: str, kind: type[Link]) -> None:
    link = port_link(port)
    assert isinstance(link, kind)
    assert link.name == port


def test_what_is_none() -> None:
    with pytest.raises(LinkError):
        port_link("tcp://")
