"""Messages for people: a line each, in columns that widen with what has come so far.

    #7  19:03:12.204  10.8.0.7 → 117.161.2.7  CON POST /rd       Register urn:imei:8… lt 300  LwM2M 1.0  /1/0 /3/0
    #9  19:03:12.391  10.8.0.7 ← 117.161.2.7  ACK 2.01 Created   Register → /rd/5a3f                         187 ms

The frame's number is that of other analyzers. The client stands on the left and the server on the right of the arrow,
which is the direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atshell.styled import Fragment, Fragments
from atshell_lwm2m.codec.coap import code_name
from atshell_lwm2m.message import Expert, Message
from atshell_lwm2m.report.sides import Sides, port
from atshell_lwm2m.report.values import assignments, clock, duration

_MAX_HOSTS, _MAX_HEAD, _MAX_BODY = 60, 36, 64
_MAX_OBJECTS = 12
_MAX_NOTES = 1
_SEVERITIES = ("error", "warning", "note")


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
        self._frame, self._hosts, self._head, self._body = 4, 0, 20, 56
        self._sides = Sides()

    def line(self, message: Message) -> Fragments:
        if not message.transport:
            return _pasted(message)
        out = self._sides.outgoing(message)
        style = "tx" if out else "rx"
        who = hosts(message, out)
        wire = head(message)
        frame = numbered(message)
        self._frame = max(self._frame, len(frame))
        self._hosts = widened(self._hosts, len(who), _MAX_HOSTS)
        self._head = widened(self._head, len(wire), _MAX_HEAD)
        line: Fragments = [
            ("dim", frame.rjust(self._frame) + "  " if frame else ""),
            ("dim", f"{clock(message.time):12}  "),
            (style, who.ljust(self._hosts) + "  "),
            ("", wire.ljust(self._head) + "  "),
        ]
        body = meaning(message)
        line += body
        if message.rtt is not None:
            width = sum(len(text) for _, text in body)
            self._body = widened(self._body, width, _MAX_BODY)
            line += [("", " " * max(self._body - width, 0)), ("dim", "  " + duration(message.rtt))]
        return line


def _pasted(message: Message) -> Fragments:
    """Of a payload that came alone: its number where there are several, in a session its time and the line's name, its
    kind, and of a CoAP message its header."""
    line: Fragments = [("dim", f"{message.frame}  ")] if message.frame else []
    if message.at is not None:
        out = message.at.startswith("AT") and not message.src
        style, arrow = ("tx", "→") if out else ("rx", "←")
        line += [("dim", f"{clock(message.time):12}  "), (style, f"{arrow} {message.at:14}  ")]
    line.append(("name", message.kind or "?"))
    if message.code is not None:
        line.append(("", f"  {head(message)}" + (f"  mid {message.mid}" if message.mid is not None else "")))
        line.append(("dim", f"  token {message.token}" if message.token else ""))
    return [*line, ("", "  "), *meaning(message)]


def numbered(message: Message) -> str:
    return f"#{message.frame}" if message.frame else ""


def hosts(message: Message, out: bool) -> str:
    """Ports are left out where they say nothing, and the server's address where it is the client's own."""
    client, server = (message.src, message.dst) if out else (message.dst, message.src)
    client_host, server_host = client.rpartition(":")[0], server.rpartition(":")[0]
    arrow = "→" if out else "←"
    if client_host == server_host:
        return f"{client} {arrow} :{port(server)}"
    shown = server_host if port(server) in ("5683", "5684") else server
    return f"{client_host} {arrow} {shown}"


def head(message: Message) -> str:
    """Type, code, path and what the options say: the CoAP of it."""
    if message.code is None:
        return message.transport.upper() if message.transport in ("dtls", "tls") else "?"
    parts: list[str] = [message.type or message.transport.upper()]
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
    return " ".join([*parts, *marks(message)]).lstrip()


def marks(message: Message) -> list[str]:
    """``obs 12``, ``b1 3+/512``: a block's number, whether more follow, and its size."""
    found = [] if message.observe is None else [f"obs {message.observe}"]
    for label, block in (("b1", message.block1), ("b2", message.block2)):
        if block is not None:
            found.append(f"{label} {block.num}{'+' if block.more else ''}/{block.size}")
    return found


def _by_severity(note: Expert) -> int:
    return _SEVERITIES.index(note.severity)


def meaning(message: Message, *, notes: int = _MAX_NOTES) -> Fragments:
    """Operation, target, values; then what is to be noticed, ``notes`` of it."""
    line: Fragments = []
    if message.operation is not None:
        line.append(("name", message.operation))
    line += about(message)
    if message.retransmission_of is not None:
        line.append(("warning", f"  retransmission of #{message.retransmission_of}"))
    if message.code is not None and message.code[0] in "45" and message.operation is not None:
        line.append(("error", "  ✗"))
    if notes and message.code is None:
        notes = len(message.expert)  # What a record is comes first; why it can't be opened is what matters.
    for note in sorted(message.expert, key=_by_severity)[:notes]:
        mark: Fragment = (note.severity, f"  {note.text}")
        line.append(mark)
    if notes and len(message.expert) > notes:
        more = len(message.expert) - notes
        line.append(("dim", f"  … {more} more note{'s' if more > 1 else ''}"))
    if message.error is not None:
        line.append(("error", f"  ✗ {message.error}"))
    return line


def about(message: Message) -> Fragments:
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
            "queue mode" if registration.queue else None,
            few(registration.objects, " ", _MAX_OBJECTS),
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
        size = len(message.payload) // 2
        line.append(("dim", "1 byte" if size == 1 else f"{size} bytes"))
    return line


def few(items: list[str], joint: str, count: int) -> str:
    more = f"{joint}… {len(items) - count} more" if len(items) > count else ""
    return joint.join(items[:count]) + more


def widened(width: int, size: int, most: int) -> int:
    return min(max(width, size), most)
