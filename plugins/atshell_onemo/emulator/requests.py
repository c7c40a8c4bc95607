"""What the platform asks: to URCs for the MCU, and the MCU's answers back to the platform (sections 3.10 to 3.19).

Reads, writes and executions wait for the MCU's RSP command, by the message ID that the URC carried, which is the CoAP
message ID of the platform's request. Observe, Discover and Write-Attributes are answered by the module itself, as are
reads of Device (object 3), and writes to object 19 from CTWing and Huawei Cloud (sections 5.3 and 5.6).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from atshell_lwm2m.codec import tlv
from atshell_lwm2m.codec.contentformat import LINK, OLD_TLV, OPAQUE, TEXT, TLV
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.endpoint.client import Client
from atshell_lwm2m.endpoint.exchange import Incoming, Reply
from atshell_lwm2m.endpoint.operation import Operation, ids
from atshell_onemo.emulator import payload, strategy
from atshell_onemo.emulator.model import CTWING, HUAWEI, LwDevice, Value
from atshell_onemo.emulator.values import FLOAT, HEX, from_plain, from_wire, printed
from atshell_onemo.emulator.values import OPAQUE as OPAQUE_TYPE

DEVICE = 3
DATA_OBJECT = 19
DIRECT = 0
"""``<nnmi>``: tell the MCU at once; 1 that there is something, 2 nothing (section 4.2)."""
MAX_WAITING = 40
"""Section 4.2: the oldest is lost first."""
MAX_BODY = 1500
"""Bytes; what is longer is dropped with event 33 (section 3.20)."""
MAX_HELD = 2048
"""Bytes of writes and executions that are kept for the MCU (section 4.2); what does not fit in is dropped itself."""
BLOCKWISE = 1024
"""Bytes; what is longer is told at once in every mode (section 4.2)."""
MAX_LINES = 64
MAX_STRATEGIES = 64

Kind = Literal["Read", "Write", "Execute"]
NOT_FOUND = 13
RESULTS = {1: "2.05", 2: "2.04", 11: "4.00", 12: "4.01", 13: "4.04", 14: "4.05", 15: "4.06"}
"""``<result>`` to a response code (section 3.11)."""


@dataclass(slots=True, eq=False)
class Waiting:
    """A request that waits for the MCU's answer."""

    kind: Kind
    incoming: Incoming
    target: tuple[int, ...]
    lines: Callable[[], Sequence[str]]
    """What the MCU is told: as the types are known when it is told."""
    direct: bool = True
    """The MCU was told at once, and need not fetch it."""
    collected: list[Value] = field(default_factory=list)

    @property
    def held(self) -> int:
        """Bytes of buffer (section 4.4 counts writes and executions)."""
        return 0 if self.kind == "Read" else len(self.incoming.payload)


class Requests:
    """The requests of one login."""

    def __init__(
        self, device: LwDevice, client: Client, about: Callable[[], Sequence[Value]], emit: Callable[[str], None]
    ) -> None:
        self._device = device
        self._client = client
        self._about = about
        self._emit = emit
        self.mode = DIRECT
        self.waiting: dict[int, Waiting] = {}
        """By message ID, the oldest first."""
        self.dropped = 0
        self.answered: deque[int] = deque(maxlen=MAX_WAITING)
        """Message IDs of what the module has answered by itself."""
        self._strategies: dict[tuple[int, ...], strategy.Strategy] = {}

    def requested(self, operation: Operation, incoming: Incoming) -> None:
        target = ids(incoming.path) or ()
        handler = _HANDLERS.get(operation)
        if handler is None:
            incoming.answer(Reply("4.05"))
        elif target[0] == 1:
            self._server_object(operation, incoming, target)
        elif not self._exists(target):
            incoming.answer(Reply("4.04"))
        elif target[0] == DEVICE and operation not in ("Read", "Discover"):
            incoming.answer(Reply("4.05"))
        else:
            handler(self, incoming, target)

    def _exists(self, target: tuple[int, ...]) -> bool:
        if len(target) > 3:
            return False
        if target[0] == DEVICE:
            return target[1:2] in ((), (0,))
        known = self._device.objects.get(target[0])
        return known is not None and (len(target) < 2 or target[1] in known.instances)

    def _server_object(self, operation: Operation, incoming: Incoming, target: tuple[int, ...]) -> None:
        """Server (object 1) is as the bootstrap server wrote it; the MCU hears nothing of it."""
        known = self._client.accounts.get((1, target[1] if len(target) > 1 else 0))
        if operation != "Read":
            incoming.answer(Reply("4.05"))
        elif known is None or len(target) > 3:
            incoming.answer(Reply("4.04"))
        elif not payload.supported(incoming.accept, len(target)):
            incoming.answer(Reply("4.06"))
        else:
            self._reply(incoming, target, [Value(0, number, OPAQUE_TYPE, raw) for number, raw in known.items()])

    # Answered by the module

    def _observe(self, incoming: Incoming, target: tuple[int, ...]) -> None:
        self._say("+MIPLOBSERVE", incoming, 1, *_wild(target))
        self._client.observe(incoming, Reply("2.05"))

    def _cancel(self, incoming: Incoming, target: tuple[int, ...]) -> None:
        self._client.cancel(incoming.target)
        self._say("+MIPLOBSERVE", incoming, 0, *_wild(target))
        incoming.answer(Reply("2.05"))

    def _discover(self, incoming: Incoming, target: tuple[int, ...]) -> None:
        if target[0] != DEVICE:
            self._say("+MIPLDISCOVER", incoming, target[0])
        links = [path for path in self._tree(target[0]) if path[: len(target)] == target]
        body = ",".join(self._link(path) for path in links)
        incoming.answer(Reply("2.05", body.encode(), LINK))

    def _link(self, path: tuple[int, ...]) -> str:
        told = self._strategies.get(path, {})
        return "</" + "/".join(map(str, path)) + ">" + "".join(f";{name}={value}" for name, value in told.items())

    def _tree(self, number: int) -> list[tuple[int, ...]]:
        if number == DEVICE:
            return [(3,), (3, 0), *((3, 0, one.resource) for one in self._about())]
        known = self._device.objects[number]
        paths: list[tuple[int, ...]] = [(number,)]
        for instance in known.instances:
            paths += [(number, instance), *((number, instance, resource) for resource in known.resources)]
        return paths

    def _attributes(self, incoming: Incoming, target: tuple[int, ...]) -> None:
        """The MCU is told, and what comes of it is its own affair (section 3.16)."""
        told = strategy.read(incoming.query, len(target), self._strategies.get(target, {}))
        if told is None:
            incoming.answer(Reply("4.00"))
            return
        self._strategies[target] = told
        while len(self._strategies) > MAX_STRATEGIES:
            del self._strategies[next(iter(self._strategies))]
        text = ";".join(incoming.query)
        self._say("+MIPLPARAMETER", incoming, *_wild(target), len(text), f'"{text}"')
        incoming.answer(Reply("2.04"))

    # Answered by the MCU

    def _read(self, incoming: Incoming, target: tuple[int, ...]) -> None:
        line = _line("+MIPLREAD", incoming, *_wild(target))
        if not payload.supported(incoming.accept, len(target)):
            incoming.answer(Reply("4.06"))
        elif target[0] == DEVICE:
            self._emit(line)
            self.answered.append(incoming.mid)
            self._reply(incoming, target, self._about())
        else:
            self._wait(Waiting("Read", incoming, target, lambda: [line]))

    def _write(self, incoming: Incoming, target: tuple[int, ...]) -> None:
        if len(incoming.payload) > MAX_BODY:
            self._emit("+MIPLEVENT: 0,33")
            incoming.answer(Reply("4.13"))
            return
        try:
            lines = self._written(incoming, target)
        except Malformed:
            incoming.answer(Reply("4.00"))
            return
        if lines is None:
            incoming.answer(Reply("4.15"))
        elif not 0 < len(lines) <= MAX_LINES:
            incoming.answer(Reply("4.00"))
        elif target[0] == DATA_OBJECT and self._device.platform in (CTWING, HUAWEI):
            for line in lines:
                self._emit(line)
            self.answered.append(incoming.mid)
            incoming.answer(Reply("2.04"))
        else:
            self._wait(Waiting("Write", incoming, target, lambda: self._written(incoming, target) or []))

    def _execute(self, incoming: Incoming, target: tuple[int, ...]) -> None:
        if len(incoming.payload) > MAX_BODY:
            self._emit("+MIPLEVENT: 0,33")
            incoming.answer(Reply("4.13"))
            return
        text = incoming.payload.decode("utf-8", "surrogateescape")
        argument = (len(incoming.payload), text) if text else ()
        line = _line("+MIPLEXECUTE", incoming, *target, *argument)
        self._wait(Waiting("Execute", incoming, target, lambda: [line]))

    def _written(self, incoming: Incoming, target: tuple[int, ...]) -> list[str] | None:
        """A line for each resource; None when the format is not understood. Raises Malformed."""
        values: list[tuple[int, int, int, str]] = []
        if incoming.content_format in (TLV, OLD_TLV) or (incoming.content_format is None and len(target) == 2):
            for record in tlv.parse_records(incoming.payload):
                if record.kind not in (tlv.Kind.RESOURCE, tlv.Kind.MULTIPLE_RESOURCE):
                    raise Malformed("resources are wanted", 0)
                if len(target) == 3 and record.id != target[2]:
                    raise Malformed("another resource than the path's", 0)
                raw = tlv.encode_records(record.children) if record.children else record.value
                values.append((target[1], record.id, *self._shown(target, record.id, raw, from_wire)))
        elif incoming.content_format in (None, TEXT, OPAQUE) and len(target) == 3:
            reader = from_wire if incoming.content_format == OPAQUE else from_plain
            values.append((target[1], target[2], *self._shown(target, target[2], incoming.payload, reader)))
        else:
            return None
        last = len(values) - 1
        return [
            _line("+MIPLWRITE", incoming, target[0], instance, resource, kind, len(text.encode(*_CODING)), text, flag)
            for index, (instance, resource, kind, text) in enumerate(values)
            for flag in (0 if index == last else 1 if index == 0 else 2,)
        ]

    def _shown(
        self, target: tuple[int, ...], resource: int, raw: bytes, reader: Callable[[int, bytes], str | None]
    ) -> tuple[int, str]:
        """``<type>`` and ``<value>``. What was not declared, or is no value of its type, is hexadecimal."""
        unknown = OPAQUE_TYPE if self._device.platform == CTWING else HEX
        known = self._device.objects.get(target[0])
        kind = unknown if known is None else known.types.get((target[1], resource), unknown)
        text = reader(kind, raw)
        if kind == FLOAT and text is not None:
            text = printed(text)
        return (kind, text) if text is not None else (unknown, raw.hex().upper())

    def _wait(self, waiting: Waiting) -> None:
        mid = waiting.incoming.mid
        waiting.direct = self.mode == DIRECT or len(waiting.incoming.payload) > BLOCKWISE
        if not waiting.direct and self.buffers + waiting.held > MAX_HELD:
            self.dropped += 1
            waiting.incoming.abandon()
            return
        while len(self.waiting) >= MAX_WAITING:
            self._drop(next(iter(self.waiting)))
        self.waiting[mid] = waiting
        waiting.incoming.on_end.append(lambda: self._ended(mid, waiting))
        if waiting.direct:
            for line in waiting.lines():
                self._emit(line)
        elif self.mode == 1:
            self._emit("+MIPLNMI: 0")

    @property
    def buffers(self) -> int:
        """Bytes that writes and executions take until they are answered."""
        return sum(waiting.held for waiting in self.waiting.values())

    def _drop(self, mid: int) -> None:
        self.dropped += 1
        self.waiting.pop(mid).incoming.abandon()

    def forget(self, number: int) -> None:
        """An object is gone: what is asked of it too."""
        for mid, waiting in list(self.waiting.items()):
            if waiting.target[0] == number:
                self.answer(mid, NOT_FOUND)

    def _ended(self, mid: int, waiting: Waiting) -> None:
        if self.waiting.get(mid) is waiting:
            del self.waiting[mid]

    def next_lines(self) -> Sequence[str]:
        """What AT+MIPLMGR prints: the oldest request, again and again until it is answered (section 4.3)."""
        kept = next((waiting for waiting in self.waiting.values() if not waiting.direct), None)
        return kept.lines() if kept is not None and self.mode != DIRECT else ()

    def answer(self, mid: int, result: int) -> None:
        """Answer without a value."""
        waiting = self.waiting.pop(mid)
        waiting.incoming.answer(Reply(RESULTS[result]))

    def answer_read(self, mid: int) -> None:
        """Answer with what was collected."""
        waiting = self.waiting.pop(mid)
        self._reply(waiting.incoming, waiting.target, waiting.collected)

    def _reply(self, incoming: Incoming, target: tuple[int, ...], values: Sequence[Value]) -> None:
        wanted = [one for one in values if len(target) < 3 or one.resource == target[2]]
        if not wanted:
            incoming.answer(Reply("4.04"))
            return
        body, content_format = payload.encode(wanted, target, incoming.accept)
        incoming.answer(Reply("2.05", body, content_format))

    def _say(self, prefix: str, incoming: Incoming, *fields: object) -> None:
        self.answered.append(incoming.mid)
        self._emit(_line(prefix, incoming, *fields))


_CODING = ("utf-8", "surrogateescape")
_HANDLERS: dict[str, Callable[[Requests, Incoming, tuple[int, ...]], None]] = {
    "Read": Requests._read,
    "Write": Requests._write,
    "Execute": Requests._execute,
    "Observe": Requests._observe,
    "Cancel-Observation": Requests._cancel,
    "Discover": Requests._discover,
    "Write-Attributes": Requests._attributes,
}


def _line(prefix: str, incoming: Incoming, *fields: object) -> str:
    return f"{prefix}: " + ",".join(map(str, (0, incoming.mid, *fields)))


def _wild(target: tuple[int, ...]) -> tuple[int, int, int]:
    """Object, instance and resource, -1 for all."""
    number, instance, resource = (*target, -1, -1)[:3]
    return number, instance, resource
