from __future__ import annotations

import pytest

from atshell_lwm2m.endpoint.exchange import Incoming
from atshell_lwm2m.endpoint.operation import bootstrap_operation, ids, operation_of


def _incoming(method: str, path: str, **fields: object) -> Incoming:
    return Incoming(("h", 1), 7, True, method, tuple(part for part in path.split("/") if part), **fields)


@pytest.mark.parametrize(
    ("method", "path", "fields", "operation"),
    [
        ("GET", "/3/0", {}, "Read"),
        ("GET", "/3", {"accept": 40}, "Discover"),
        ("GET", "/3/0", {"observe": 0}, "Observe"),
        ("GET", "/3/0", {"observe": 1}, "Cancel-Observation"),
        ("PUT", "/3/0/14", {"payload": b"+01"}, "Write"),
        ("PUT", "/3/0", {"query": ("pmin=1",)}, "Write-Attributes"),
        ("PUT", "/3", {"query": ("pmin=1",)}, "Write-Attributes"),
        ("PUT", "/3", {"payload": b"x"}, None),
        ("POST", "/3/0", {"payload": b"x"}, "Write"),
        ("POST", "/3/0/4", {}, "Execute"),
        ("POST", "/3", {}, "Create"),
        ("DELETE", "/3/0", {}, "Delete"),
        ("DELETE", "/3", {}, None),
        ("GET", "/rd", {}, None),
        ("GET", "/", {}, None),
        ("GET", "/65535", {}, None),
    ],
)
def test_operations(method, path, fields, operation):
    assert operation_of(_incoming(method, path, **fields)) == operation


@pytest.mark.parametrize(
    ("method", "path", "fields", "operation"),
    [
        ("POST", "/bs", {}, "Bootstrap-Finish"),
        ("PUT", "/0/1", {}, "Bootstrap-Write"),
        ("DELETE", "/", {}, "Bootstrap-Delete"),
        ("GET", "/0", {"accept": 40}, "Bootstrap-Discover"),
        ("GET", "/0", {}, None),
    ],
)
def test_bootstrap_operations(method, path, fields, operation):
    assert bootstrap_operation(_incoming(method, path, **fields)) == operation


def test_paths():
    assert ids(("3", "0", "1")) == (3, 0, 1)
    assert ids(()) == ()
    assert ids(("3", "x")) is None
    assert ids(("²",)) is None
    assert ids(("1", "2", "3", "4", "5")) is None
