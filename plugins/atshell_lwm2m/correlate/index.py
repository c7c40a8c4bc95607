"""Which messages a line can be about at all, whatever the time: by operation, part and message ID."""

from __future__ import annotations

from collections.abc import Iterable

from atshell.session.intent import Intent
from atshell_lwm2m.correlate.evidence import canonical
from atshell_lwm2m.correlate.traffic import Operation, Traffic

SUCCESS = {"Register": "2.01", "Update": "2.04", "De-register": "2.02"}
"""How a server says that it has done what it was asked for (OMA LwM2M 1.0, 5.3)."""

Words = tuple[tuple[str, ...], str, str, int | None, bool | None]


class Index:
    """First transmissions in the order of time, and what answers them. Each question is answered once."""

    def __init__(self, traffic: Traffic, devices: frozenset[str] | None = None) -> None:
        """``devices``: only theirs."""
        self.traffic = traffic
        self._by_mid: dict[tuple[str, int], list[Operation]] = {}
        self._by_name: dict[str, list[Operation]] = {}
        self._orphans: dict[int, list[Operation]] = {}
        self._known: dict[Words, list[Operation]] = {}
        self._by_value: dict[tuple[str, str, str], list[Operation]] = {}
        answered = {answer for answers in traffic.answers.values() for answer in answers}
        mine = [op for op in traffic.operations if devices is None or op.device in devices]
        for operation in sorted(mine, key=lambda operation: operation.time):
            if operation.first != operation.index:
                continue
            if operation.part == "request":
                self._add_request(operation)
            elif (
                operation.part in ("response", "ack") and operation.index not in answered and operation.mid is not None
            ):
                self._orphans.setdefault(operation.mid, []).append(operation)

    def candidates(self, intent: Intent) -> list[Operation]:
        """In the order of time."""
        words = (intent.operations, intent.part, intent.sender, intent.mid, intent.ok)
        if words not in self._known:
            found = {op.index: op for name in intent.operations for op in self._find(name, intent)}
            self._known[words] = sorted(found.values(), key=lambda operation: operation.time)
        return self._known[words]

    def with_values(self, intent: Intent) -> list[Operation]:
        """Requests that carry one of the line's values at its path."""
        keys = [(name, path, canonical(value)) for name in intent.operations for path, value in intent.values]
        return list({op.index: op for key in keys for op in self._by_value.get(key, ())}.values())

    def _add_request(self, operation: Operation) -> None:
        self._by_name.setdefault(operation.name, []).append(operation)
        if operation.mid is not None:
            self._by_mid.setdefault((operation.name, operation.mid), []).append(operation)
        for path, value in operation.values.items():
            self._by_value.setdefault((operation.name, path, canonical(value)), []).append(operation)

    def _find(self, name: str, intent: Intent) -> Iterable[Operation]:
        requests = self._requests(name, intent)
        if intent.part == "request":
            return requests
        if intent.part == "response":
            return [*self._responses(requests), *self._lonely(name, intent)]
        if intent.sender == "server":
            # The line reports that the server's request has come.
            return requests
        return [*self._outcomes(requests, intent), *self._orphaned(name, intent)]

    def _requests(self, name: str, intent: Intent) -> list[Operation]:
        if intent.mid is None:
            found = self._by_name.get(name, [])
        else:
            found = [*self._by_mid.get((name, intent.mid), ()), *self._by_mid.get(("", intent.mid), ())]
        return [operation for operation in found if operation.sender == intent.sender]

    def _responses(self, requests: Iterable[Operation]) -> list[Operation]:
        found = (
            self.traffic.operations[i] for request in requests for i in self.traffic.answers.get(request.index, ())
        )
        return [operation for operation in found if operation.part == "response" and operation.first == operation.index]

    def _lonely(self, name: str, intent: Intent) -> list[Operation]:
        """What answers a request that the capture lost: an acknowledgement still has its message ID."""
        orphans = self._orphans.get(intent.mid, ()) if intent.mid is not None else ()
        upward, part = intent.sender == "server", "response" if intent.part == "response" else "ack"
        return [op for op in orphans if op.upward == upward and op.part == part and op.name in (name, "")]

    def _orphaned(self, name: str, intent: Intent) -> list[Operation]:
        """The same for a line without message ID: the operation's name, else the code, says what is answered."""
        if intent.mid is not None:
            return self._lonely(name, intent) if intent.ok else []
        upward, code = intent.sender == "server", SUCCESS.get(name, "")
        return [
            op
            for orphans in self._orphans.values()
            for op in orphans
            if op.part == "response" and op.upward == upward and _ended(op, intent)
            if op.name == name or (not op.name and op.ok and code and op.label.startswith(code))
        ]

    def _outcomes(self, requests: Iterable[Operation], intent: Intent) -> Iterable[Operation]:
        """How requests ended: an answer of that kind; for a failure also the request that nobody answered."""
        for request in requests:
            answers = [self.traffic.operations[i] for i in self.traffic.answers.get(request.index, ())]
            yield from (op for op in answers if _ended(op, intent) and op.first == op.index)
            if intent.ok is False and not any(op.part == "response" for op in answers):
                yield request


def _ended(operation: Operation, intent: Intent) -> bool:
    return intent.ok is None or operation.ok is intent.ok
