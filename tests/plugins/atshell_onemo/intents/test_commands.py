"""Commands as the manual prints them (LwM2M manual 4.4.0), misspellings and stray commas included."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("line", "operation", "mid"),
    [
        ("AT+MIPLREADRSP=0,18172,11", "Read", 18172),
        ("AT+MIPLWRITERSP=0,18173,2", "Write", 18173),
        ("AT+MIPLWRITERSP=,0,25845,2", "Write", 25845),
        ("at+miplexecutersp=0,18174,2", "Execute", 18174),
        ("AT+MIPLXECUTERSP=0,18174,2", "Execute", 18174),
        ("AT+MIPLPARAMETERRSP=0,18174,1", "Write-Attributes", 18174),
        ("AT+MIPLPARAMETERERRSP=0,18174,1", "Write-Attributes", 18174),
        ("AT+MIPLPARAMETERRESP=0,18174,1", "Write-Attributes", 18174),
        ("AT+MIPOBSERVERSP=0,18175,1", "Observe", 18175),
        ("AT+MIPLOBSEVERSP=0,18175,1", "Observe", 18175),
        ("AT+MIPLOBSERVERSP=0,18175,1", "Observe", 18175),
        ("AT+MIPLOBSERVERSPP=0,18175,1", "Observe", 18175),
        ("AT+MIPLWRITEOBSERVERSP=0,18175,1", "Observe", 18175),
    ],
)
def test_answers(play, line, operation, mid):
    intent = play(line)[0]
    assert intent.operations[0] == operation
    assert (intent.kind, intent.part, intent.sender, intent.mid) == ("at", "response", "server", mid)


@pytest.mark.parametrize(
    ("line", "operations", "values"),
    [
        ("AT+MIPLOPEN=0,3000,30", ("Bootstrap-Request", "Register"), (("/1/0/1", 3000),)),
        ("AT+MIPLOPEN=0", ("Bootstrap-Request", "Register"), ()),
        ("AT+MIPLUPDATE=0,3000,0", ("Update",), (("/1/0/1", 3000),)),
        ("AT+MIPLUPDATE=0,0,0", ("Update",), (("/1/0/1", 86400),)),
        ("AT+MIPLCLOSE=0", ("De-register",), ()),
    ],
)
def test_what_the_client_asks(play, line, operations, values):
    intent = play(line)[0]
    assert (intent.operations, intent.values) == (operations, values)
    assert (intent.part, intent.sender, intent.mid) == ("request", "client", None)


@pytest.mark.parametrize(
    ("line", "target", "mid", "values"),
    [
        ('AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,147', "/3200/0/5750", 147, "abcd"),
        ('AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"test",0,0', "/3200/0/5750", None, "test"),
        ('AT+MIPLNOTIFY=0,0,3200,0,5505,2,10,"E309C82FE6",0,0x400,278', "/3200/0/5505", 278, "e309c82fe6"),
        ("AT+MIPLNOTIFY=0,9286,3300,0,5700,4,4,50.8,0,0,3", "/3300/0/5700", 3, 50.8),
        ('AT+MIPLNOTIFY=0,0,3200,0,5500,5,1,"0",0,0', "/3200/0/5500", None, False),
        ('AT+MIPLNOTIFY=0,0,3200,0,5501,3,3,"-12",0,0', "/3200/0/5501", None, -12),
        ('AT+MIPLNOTIFY=0,0,3200,0,5501,3,3,"twelve",0,0', "/3200/0/5501", None, "twelve"),
    ],
)
def test_reports(play, line, target, mid, values):
    intent = play(line)[0]
    assert intent.operations == ("Notify",)
    assert (intent.target, intent.mid, intent.shares) == (target, mid, "")
    assert intent.values == ((target, values),)


@pytest.mark.parametrize(
    "line",
    [
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"cmiot"',
        'AT+MIPLADDOBJ=0,3200,1,"1",0,1',
        'AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"',
        "AT+MIPLDELETE=0",
        "AT+MIPDELETE=0",
        "AT+MIPLOPEN?",
        "AT+MIPLNMI=0,1,1",
        "AT+MIPLNOTIFY=?",
        "!AT+MIPLOPEN=0,3000,30",
        "!AT+MIPLCLOSE=0",
        "!AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,x,0,0",
    ],
)
def test_lines_without_traffic(play, line):
    assert play(line)[0].operations == ()
