"""Exchanges for people: a line each, columns as for messages.

#7  19:03:12.204  10.8.0.7 → platform  POST /rd → 2.01 Created   Register dev-1  lt 300  /1/0 /3/0 → /rd/5a3f    187 ms
#9  19:03:44.870  10.8.0.7 → platform  POST /rd/5a3f             Update                       sent 4 times  no answer

The number is that of the frame in which it began.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atshell.styled import Fragments
from atshell_lwm2m.codec.coap import code_name
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.exchanges import Pair, is_request
from atshell_lwm2m.report.messages import about, hosts, marks, numbered, widened
from atshell_lwm2m.report.sides import Sides
from atshell_lwm2m.report.values import clock, duration

_MAX_HOSTS, _MAX_HEAD, _MAX_BODY = 60, 44, 64


def lines(pairs: Iterable[Pair]) -> Iterator[Fragments]:
    layout = _Layout()
    for pair in pairs:
        if pair.first.file != layout.file:
            layout.file = pair.first.file
            yield [("bold", str(layout.file))]
        yield layout.line(pair)


class _Layout:
    def __init__(self) -> None:
        self.file: str | None = None
        self._frame, self._hosts, self._head, self._body = 4, 0, 28, 52
        self._sides = Sides()

    def line(self, pair: Pair) -> Fragments:
        first = pair.first
        out = self._sides.outgoing(first)
        who, wire, body = hosts(first, out), _wire(pair), _meaning(pair)
        frame = numbered(first)
        self._frame = max(self._frame, len(frame))
        self._hosts = widened(self._hosts, len(who), _MAX_HOSTS)
        self._head = widened(self._head, len(wire), _MAX_HEAD)
        line: Fragments = [
            ("dim", frame.rjust(self._frame) + "  " if frame else ""),
            ("dim", f"{clock(first.time):12}  "),
            ("tx" if out else "rx", who.ljust(self._hosts) + "  "),
            ("", wire.ljust(self._head) + "  "),
            *body,
        ]
        end = _end(pair)
        if end:
            width = sum(len(text) for _, text in body)
            self._body = widened(self._body, width, _MAX_BODY)
            line += [("", " " * max(self._body - width, 0)), *end]
        return line


def _wire(pair: Pair) -> str:
    """Method and path, or what was sent unasked, and the answer's code."""
    first, answer = pair.first, pair.answer
    if is_request(first):
        asked = f"{_code(first)} {first.path or '/'}"
        if first.operation is None:
            asked = " ".join([asked, *first.query[:4]])
    else:
        asked = "ping" if first.code == "0.00" else _code(first)
    blocks = first if first.block1 is not None or answer is None else answer
    asked = " ".join([asked, *marks(first), *(marks(blocks)[-1:] if blocks is not first and blocks.block2 else [])])
    if answer is None:
        return f"{first.type} {asked}" if first.type == "NON" else asked
    return f"{asked} → {_code(answer)}"


def _code(message: Message) -> str:
    if message.code == "0.00":
        return message.type or "?"
    name = code_name(message.code or "")
    return name if is_request(message) and name else f"{message.code} {name}".rstrip()


def _meaning(pair: Pair) -> Fragments:
    first, answer = pair.first, pair.answer
    line: Fragments = []
    operation = first.operation or (answer.operation if answer is not None else None)
    if operation is not None:
        line.append(("name", operation))
    line += about(pair.telling)
    if answer is not None and answer.registration is not None and answer.registration.location:
        line.append(("", f" → {answer.registration.location}"))
    if answer is not None and (answer.code or "")[:1] in ("4", "5"):
        line.append(("error", "  ✗"))
    for message in (first, answer):
        if message is not None:
            line += [(note.severity, f"  {note.text}") for note in message.expert]
            line += [("error", f"  ✗ {message.error}")] if message.error is not None else []
    return line


def _end(pair: Pair) -> Fragments:
    """How often it was sent, and how long it took or that nothing came back."""
    line: Fragments = []
    if pair.transmissions > 1:
        line.append(("warning", f"  sent {pair.transmissions} times"))
    if pair.outcome == "unanswered":
        line.append(("error", "  no answer" if is_request(pair.first) else "  not acknowledged"))
    elif pair.answer is not None and pair.answer.rtt is not None:
        line.append(("dim", f"  {duration(pair.answer.rtt)}"))
    return line
