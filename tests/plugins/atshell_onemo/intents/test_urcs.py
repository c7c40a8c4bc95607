"""URCs as the manual prints them (LwM2M manual 4.4.0), misspellings and extra fields included."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("line", "operations", "target", "mid", "values"),
    [
        ("+MIPLREAD: 0,18172,3200,0,5750", ("Read",), "/3200/0/5750", 18172, ()),
        ("+MIPLREAD:0,18172,3200,0,-1", ("Read",), "/3200/0", 18172, ()),
        ("+MIPLREAD: 0,18172,3200,-1,-1", ("Read",), "/3200", 18172, ()),
        ("+MIPLREAD: 0,39123,3,0,-1,0", ("Read",), "/3/0", 39123, ()),
        (
            "+MIPLWRITE: 0,18173,3200,0,5750,1,4,test,0",
            ("Write",),
            "/3200/0/5750",
            18173,
            (("/3200/0/5750", "test"),),
        ),
        (
            '+MIPLWRITE: 0,8173,3200,0,5750,1,3,"a,b",0',
            ("Write",),
            "/3200/0/5750",
            8173,
            (("/3200/0/5750", "a,b"),),
        ),
        ("+MIPLWRITE: 0,8173,3200,0,5501,3,4,1860,1,0", ("Write",), "/3200/0/5501", 8173, (("/3200/0/5501", 1860),)),
        ("+MIPLWRITE: 0,1,3300,0,5700,4,4,24.5,0", ("Write",), "/3300/0/5700", 1, (("/3300/0/5700", 24.5),)),
        ("+MIPLWRITE: 0,1,19,1,0,2,8,34353637,0", ("Write",), "/19/1/0", 1, (("/19/1/0", "34353637"),)),
        (
            '+MIPLEXECUTE: 0,18174,3200,0,5750,4,"test"',
            ("Execute",),
            "/3200/0/5750",
            18174,
            (("/3200/0/5750", "test"),),
        ),
        (
            "+MIPLEXECUTE: 0,18166,3200,0,5750,4,abcd,0",
            ("Execute",),
            "/3200/0/5750",
            18166,
            (("/3200/0/5750", "abcd"),),
        ),
        ("+MIPLEXECUTE: 0,18166,3200,0,5750", ("Execute",), "/3200/0/5750", 18166, ()),
        ("+MIPLDISCOVER: 0,39122,3200", ("Discover",), "/3200", 39122, ()),
        ("+MIPLOBSERVE: 0,39121,1,3200,0,-1", ("Observe",), "/3200/0", 39121, ()),
        ("+MIPLOBERVE: 0,39121,1,3200,0,-1", ("Observe",), "/3200/0", 39121, ()),
        ("+MIPLOBSEVERE: 0,60532,1,19,0,0", ("Observe",), "/19/0/0", 60532, ()),
        ("+MIPOBSERVE=0,18175,1,3200,0,5750", ("Observe",), "/3200/0/5750", 18175, ()),
        ("+MIPLOBSERVE: 0,39121,0,3200,0,-1", ("Cancel-Observation",), "/3200/0", 39121, ()),
        (
            '+MIPLPARAMETER: 0, 18174, 3200, 0, 5758, 38, "pmin= 18;pmax=90;lt=0.0"',
            ("Write-Attributes",),
            "/3200/0/5758",
            18174,
            (("pmin", "18"), ("pmax", "90"), ("lt", "0.0")),
        ),
    ],
)
def test_what_the_platform_asks(play, line, operations, target, mid, values):
    intent = play(line)[0]
    assert (intent.kind, intent.part, intent.sender) == ("urc", "request", "server")
    assert (intent.operations, intent.target, intent.mid, intent.values) == (operations, target, mid, values)
    assert intent.line == line
    assert intent.entries == (2,)


@pytest.mark.parametrize(
    ("line", "operations", "sender", "ok", "mid"),
    [
        ("+MIPLEVENT: 0,2", ("Bootstrap-Finish",), "server", True, None),
        ("+MIPLEVENT: 0,3", ("Bootstrap-Request",), "client", False, None),
        ("+MIPLEVENT: 0,6", ("Register",), "client", True, None),
        ("+MIPLEVENT: 0,7", ("Register",), "client", False, None),
        ("+MIPLEVENT: 0,11", ("Update",), "client", True, None),
        ("+MIPLEVENT:0,15", ("De-register",), "client", True, None),
        ("+MIPLEVENT: 0,26,278", ("Notify",), "client", True, 278),
        ("+MIPLEVENT: 0,32", (), "client", None, None),
        ("+MIPLEVENT: 0,99", (), "client", None, None),
        ("+MIPLEVENT: x", (), "client", None, None),
    ],
)
def test_events(play, line, operations, sender, ok, mid):
    intent = play(line)[0]
    assert (intent.part, intent.operations) == ("outcome", operations)
    assert (intent.sender, intent.ok, intent.mid) == (sender, ok, mid)
