from __future__ import annotations

import pytest

from atshell_lwm2m.dissect.operations import Side, classify

GET, POST, PUT, DELETE, FETCH, PATCH, IPATCH = range(1, 8)
U, C, S, B = Side.UNKNOWN, Side.CLIENT, Side.SERVER, Side.BOOTSTRAP_SERVER
NONE = (None, None)


@pytest.mark.parametrize(
    ("side", "code", "path", "more", "expected"),
    [
        (U, POST, "/rd", {"query": ("ep=x",)}, ("Register", None)),
        (U, POST, "/dev/rd", {"query": ("ep=x",)}, ("Register", None)),
        (U, POST, "/rd", {}, NONE),
        (U, POST, "/rd/5a3f", {}, ("Update", None)),
        (U, DELETE, "/rd/5a3f", {}, ("De-register", None)),
        (U, POST, "/bs", {"query": ("ep=x",)}, ("Bootstrap-Request", None)),
        (U, POST, "/bs", {}, ("Bootstrap-Finish", None)),
        (U, GET, "/bspack", {"query": ("ep=x",)}, ("Bootstrap-Pack-Request", None)),
        (C, POST, "/dp", {"content_format": 110}, ("Send", None)),
        (C, GET, "/3/0", {}, NONE),
        (S, GET, "/3/0", {}, ("Read", "/3/0")),
        (U, GET, "/3/0/9", {}, ("Read", "/3/0/9")),
        (U, GET, "/3/0/9/0/1", {}, NONE),
        (U, GET, "/70000", {}, NONE),
        (U, GET, "/03", {}, NONE),
        (U, GET, "/sensors", {}, NONE),
        (U, GET, None, {}, NONE),
        (S, GET, None, {}, ("Read", "/")),
        (S, GET, "/3", {"accept": 40}, ("Discover", "/3")),
        (S, GET, "/3/0", {"observe": 0}, ("Observe", "/3/0")),
        (S, GET, "/3/0", {"observe": 1}, ("Cancel-Observation", "/3/0")),
        (S, PUT, "/3/0/9", {"payload": True}, ("Write", "/3/0/9")),
        (S, PUT, "/3/0/9", {"query": ("pmin=1",)}, ("Write-Attributes", "/3/0/9")),
        (S, POST, "/3/0", {"payload": True}, ("Write", "/3/0")),
        (S, POST, "/3/0/4", {}, ("Execute", "/3/0/4")),
        (S, POST, "/3/0/4", {"payload": True, "content_format": 11542}, ("Write", "/3/0/4")),
        (S, POST, "/31024", {"payload": True}, ("Create", "/31024")),
        (S, DELETE, "/31024/1", {}, ("Delete", "/31024/1")),
        (U, PUT, "/0/1", {"payload": True}, ("Bootstrap-Write", "/0/1")),
        (S, FETCH, None, {"content_format": 110}, ("Read-Composite", "/")),
        (S, FETCH, None, {"content_format": 112, "observe": 0}, ("Observe-Composite", "/")),
        (S, FETCH, None, {"content_format": 112, "observe": 1}, ("Cancel-Observation-Composite", "/")),
        (S, IPATCH, None, {"content_format": 110}, ("Write-Composite", "/")),
        (B, GET, "/1", {"accept": 40}, ("Bootstrap-Discover", "/1")),
        (B, GET, "/1", {}, ("Bootstrap-Read", "/1")),
        (B, PUT, "/1/1", {"payload": True}, ("Bootstrap-Write", "/1/1")),
        (B, DELETE, None, {}, ("Bootstrap-Delete", "/")),
    ],
)
def test_operations(
    side: Side, code: int, path: str | None, more: dict[str, object], expected: tuple[str | None, str | None]
) -> None:
    rest: dict[str, object] = {"query": (), "observe": None, "content_format": None, "accept": None, "payload": False}
    assert classify(side, "", code, path, **{**rest, **more}) == expected  # type: ignore[arg-type]
