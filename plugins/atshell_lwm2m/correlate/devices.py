"""Which messages are of the same device.

A device is known by its endpoint name, as far as the capture shows one. Where it does not (the registration was
before the capture), messages of one client address belong together, and of one registration's location, which stays
when NAT gives the device another address. An address that several devices had after one another ties nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from atshell_lwm2m.correlate.traffic import Operation, Traffic
from atshell_lwm2m.message import Message

Node = tuple[str, str]


def name_devices(traffic: Traffic, messages: Sequence[Message]) -> None:
    """Give every operation its ``device``."""
    groups = _Groups()
    owners: dict[str, set[str]] = {}
    for operation in traffic.operations:
        if operation.endpoint:
            owners.setdefault(operation.client, set()).add(operation.endpoint)
    nodes = [_node(operation, owners) for operation in traffic.operations]
    for operation, message, node in zip(traffic.operations, messages, nodes, strict=True):
        location = _location(operation, message)
        if location:
            groups.join(node, ("location", f"{operation.server} {location}"))
    for index, node in enumerate(nodes):
        traffic.operations[index] = replace(traffic.operations[index], device=" ".join(groups.root(node)))


def _node(operation: Operation, owners: dict[str, set[str]]) -> Node:
    if operation.endpoint:
        return "endpoint", operation.endpoint
    owner = owners.get(operation.client, set())
    return ("endpoint", next(iter(owner))) if len(owner) == 1 else ("address", operation.client)


def _location(operation: Operation, message: Message) -> str | None:
    """Where the registration lives on the server: what Updates and De-registers ask for (OMA LwM2M 1.0, 5.3)."""
    if message.registration is not None and message.registration.location:
        return message.registration.location
    if operation.name in ("Update", "De-register") and operation.part == "request":
        return message.path
    return None


class _Groups:
    """Union-find; an endpoint's node stays the root of its group."""

    def __init__(self) -> None:
        self._parents: dict[Node, Node] = {}

    def root(self, node: Node) -> Node:
        while (parent := self._parents.get(node, node)) != node:
            self._parents[node] = node = self._parents.get(parent, parent)
        return node

    def join(self, one: Node, other: Node) -> None:
        first, second = self.root(one), self.root(other)
        if first == second or (first[0] == second[0] == "endpoint"):
            return
        if second[0] == "endpoint":
            first, second = second, first
        self._parents[second] = first
