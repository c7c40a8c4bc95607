"""Messages for people: a line each, in columns that widen with what has come so far.

    19:03:12.204  10.8.0.7 → 117.161.2.7  CON POST /rd       Register urn:imei:8… lt 300  LwM2M 1.0  /1/0 /3/0
    19:03:12.391  10.8.0.7 ← 117.161.2.7  ACK 2.01 Created   Register → /rd/5a3f                         187 ms

The client stands on the left and the server on the right of the arrow, which is the direction.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from atshell.styled import Fragment, Fragments
from atshell_lwm2m.codec.coap import code_name
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.values import assignments, duration

_SERVER_PORTS = frozenset({"5683", "5684", "5685"})
_MAX_HOSTS, _MAX_HEAD, _MAX_BODY = 60, 36, 64
_MAX_OBJECTS = 12
_CLIENTS_OWN = frozenset({"Register", "Update", "De-register", "Bootstrap-Request", "Bootstrap-Pack-Request", "Send"})


def lines(messages: Iterable[Message]) -> Iterator[Fragments]:
    layout = _Layout()
    for message in messages:
        if message.file != layout.file:
            layout.file = message.file
            yield [("bold", str(message.file))]
        yield layout.line(message)


class _Layout:
    """Column widths, and which address of a pair is the client's."""

    def __init__(self) -> None:
        self.file: str | None = None
        self._hosts, self._head, self._body = 0, 20, 56
        self._sides: dict[tuple[str, str], bool] = {}

    def line(self, message: Message) -> Fragments:
        if not message.transport:
            return [("dim", f"{message.frame}  "), ("name", message.kind or "?"), ("", "  "), *_body(message)]
        out = self._outgoing(message)
        style = "tx" if out else "rx"
        hosts = _hosts(message, out)
        head = _head(message)
        self._hosts = _widened(self._hosts, len(hosts), _MAX_HOSTS)
        self._head = _widened(self._head, len(head), _MAX_HEAD)
        line: Fragments = [
            ("dim", _clock(message.time) + "  "),
            (style, hosts.ljust(self._hosts) + "  "),
            ("", head.ljust(self._head) + "  "),
        ]
        body = _body(message)
        line += body
        if message.rtt is not None:
            width = sum(len(text) for _, text in body)
            self._body = _widened(self._body, width, _MAX_BODY)
            line += [("", " " * max(self._body - width, 0)), ("dim", "  " + duration(message.rtt))]
        return line

    def _outgoing(self, message: Message) -> bool:
        """Whether the message goes from client to server. Kept for the pair: one clear message settles it."""
        pair = (message.src, message.dst)
        known = self._sides.get(pair)
        if known is None:
            known = _towards_server(message)
            if len(self._sides) > 10_000:
                self._sides.clear()
            self._sides[pair] = known
            self._sides[message.dst, message.src] = not known
        return known


def _towards_server(message: Message) -> bool:
    is_request = message.code is not None and message.code.startswith("0.") and message.code != "0.00"
    if message.operation is not None:
        asked_by_client = message.operation in _CLIENTS_OWN
        return asked_by_client is is_request if message.operation != "Notify" else True
    if (_port(message.dst) in _SERVER_PORTS) != (_port(message.src) in _SERVER_PORTS):
        return _port(message.dst) in _SERVER_PORTS
    return is_request


def _port(endpoint: str) -> str:
    return endpoint.rpartition(":")[2]


def _hosts(message: Message, out: bool) -> str:
    """Ports are left out where they say nothing, and the server's address where it is the client's own."""
    client, server = (message.src, message.dst) if out else (message.dst, message.src)
    client_host, server_host = client.rpartition(":")[0], server.rpartition(":")[0]
    arrow = "→" if out else "←"
    if client_host == server_host:
        return f"{client} {arrow} :{_port(server)}"
    shown = server_host if _port(server) in ("5683", "5684") else server
    return f"{client_host} {arrow} {shown}"


def _clock(stamp: float) -> str:
    milliseconds = round(stamp * 1_000_000) // 1000
    try:
        return time.strftime("%H:%M:%S", time.localtime(milliseconds // 1000)) + f".{milliseconds % 1000:03}"
    except (OverflowError, ValueError, OSError):
        return f"{stamp:.3f}"


def _head(message: Message) -> str:
    """Type, code, path and what the options say: the CoAP of it."""
    if message.transport == "dtls":
        return "DTLS"
    if message.type is None or message.code is None:
        return "?"
    parts: list[str] = [message.type]
    name = code_name(message.code)
    if message.code == "0.00":
        if message.type == "CON":
            parts.append("ping")
    elif message.code.startswith("0."):
        parts.append(name or message.code)
        parts.append(message.path or "/")
        if message.operation is None:
            parts += message.query[:4]
    else:
        parts.append(f"{message.code} {name}".rstrip())
    if message.observe is not None:
        parts.append(f"obs {message.observe}")
    for label, block in (("b1", message.block1), ("b2", message.block2)):
        if block is not None:
            parts.append(f"{label} {block.num}{'+' if block.more else ''}/{block.size}")
    return " ".join(parts)


def _body(message: Message) -> Fragments:
    """Operation, target, values; then what is to be noticed."""
    line: Fragments = []
    if message.operation is not None:
        line.append(("name", message.operation))
    line += _about(message)
    if message.retransmission_of is not None:
        line.append(("warning", f"  retransmission of #{message.retransmission_of}"))
    if message.code is not None and message.code[0] in "45" and message.operation is not None:
        line.append(("error", "  ✗"))
    for note in message.expert:
        mark: Fragment = (note.severity, f"  {note.text}")
        line.append(mark)
    if message.error is not None:
        line.append(("error", f"  ✗ {message.error}"))
    return line


def _about(message: Message) -> Fragments:
    registration = message.registration
    if message.retransmission_of is not None and message.operation is not None:
        return [("", f" {message.target or message.path or ''}")]
    if registration is not None:
        if message.code is not None and not message.code.startswith("0."):
            return [("", f" → {registration.location}")] if registration.location else []
        parts = [
            registration.ep,
            f"lt {registration.lt}" if registration.lt is not None else None,
            f"LwM2M {registration.lwm2m}" if registration.lwm2m else None,
            f"b {registration.b}" if registration.b else None,
            _few(registration.objects, " ", _MAX_OBJECTS),
        ]
        return [("", " " + "  ".join(part for part in parts if part))]
    line: Fragments = []
    if message.operation == "Bootstrap-Request" and message.endpoint:
        line.append(("", f" {message.endpoint}"))
    if message.operation == "Write-Attributes":
        line.append(("", f" {message.target} {' '.join(message.query)}"))
    elif message.resources:
        line += assignments(message)
    elif message.target is not None:
        line.append(("", f" {message.target}"))
        if message.operation == "Execute" and message.payload:
            arguments = bytes.fromhex(message.payload).decode("utf-8", "replace")
            line.append(("value", f" {arguments[:40]}"))
    elif message.operation is None and message.payload:
        line.append(("dim", f"{len(message.payload) // 2} bytes"))
    return line


def _few(items: list[str], joint: str, count: int) -> str:
    more = f"{joint}… {len(items) - count} more" if len(items) > count else ""
    return joint.join(items[:count]) + more


def _widened(width: int, size: int, most: int) -> int:
    return min(max(width, size), most)
