"""From what ``--port`` says to a link: a device, ``socket://`` and ``tcp://``, or any other URL that pyserial knows."""

from __future__ import annotations

from atshell.transport.link import Link


def port_link(port: str, baud: int = 115200) -> Link:
    """The link that ``port`` names, closed. Raises LinkError when it cannot name one."""
    if port.lower().startswith(("socket://", "tcp://")):
        from atshell.transport.socket import SocketLink

        return SocketLink(port)
    from atshell.transport.serial import SerialLink

    return SerialLink(port, baud)
