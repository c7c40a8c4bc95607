"""A small manual with one command of each kind that matters here."""

from __future__ import annotations

import pytest

from atshell.catalog.lookup import Catalog
from atshell.catalog.model import Command, Erratum, Example, Manual, Model, Parameter, Response, Scalar, Text

T = Text(en="x", zh="x")


def parameter(name: str, *, secret: bool = False, when: dict[str, list[Scalar]] | None = None) -> Parameter:
    return Parameter(name=name, type="string", summary=T, secret=secret, when=when or {})


def answer(name: str, *, secret: bool = False) -> Parameter:
    return Parameter(name=name, type="string", summary=T, secret=secret, place="response")


COMMANDS = [
    Command(
        command="AT+OPEN",
        section="1",
        summary=T,
        forms={"write": ["AT+OPEN=<ref>,<lifetime>"], "read": ["AT+OPEN?"]},
        urcs=["+EVENT"],
        max_response_ms=5000,
        examples=[Example(send=["AT+OPEN=0,300"], receive=["OK", "+EVENT: 0,6"])],
    ),
    Command(command="+EVENT", kind="urc", section="2", summary=T, forms={"urc": ["+EVENT: <ref>,<event>"]}),
    Command(
        command="+OBSERVE",
        kind="urc",
        section="3",
        summary=T,
        forms={"urc": ["+OBSERVE: <ref>"]},
        errata=[Erratum(en="x", section="3", spellings=["+OBERVE"])],
    ),
    Command(
        command="AT+MGR",
        section="4",
        summary=T,
        forms={"write": ["AT+MGR=<ref>"]},
        urcs=["+EVENT", "+OBSERVE"],
        max_response_ms=300,
        examples=[Example(send=["AT+MGR=0"], receive=["+EVENT: 0,6", "OK"])],
    ),
    Command(
        command="AT+CREATEEX",
        section="5",
        summary=T,
        forms={"write": ["AT+CREATEEX=<host>[,<flag>[,<PSK>]]"]},
        parameters=[parameter("host"), parameter("flag"), parameter("PSK", secret=True)],
        responses={"write": [Response(lines=["+CREATEEX: <ref>"])]},
    ),
    Command(
        command="AT+DEVINFO",
        section="6",
        summary=T,
        forms={"read": ["AT+DEVINFO?"]},
        parameters=[answer("host"), answer("psk", secret=True)],
        responses={"read": [Response(lines=["+DEVINFO: <host>[,<psk>]"])]},
    ),
    Command(
        command="AT+DMPCFG",
        section="7",
        summary=T,
        forms={"write": ["AT+DMPCFG=<type>[,<parameter1>[,<parameter2>]]"], "read": ["AT+DMPCFG?"]},
        parameters=[
            parameter("type"),
            parameter("server", when={"type": [1]}),
            parameter("port", when={"type": [1]}),
            parameter("key", when={"type": [2]}),
            parameter("password", secret=True, when={"type": [2]}),
        ],
        responses={"read": [Response(lines=["+DMPCFG: 1,<server>,<port>", "+DMPCFG: 2,<key>,<password>"])]},
    ),
    Command(
        command="AT+NMI",
        section="8",
        summary=T,
        forms={"write": ["AT+NMI=<n>"], "read": ["AT+NMI?"]},
        responses={"read": [Response(lines=["+NMI: <n>"])]},
    ),
    Command(command="+NMI", kind="urc", section="8", summary=T, forms={"urc": ["+NMI: <what>"]}),
    Command(
        command="AT+GMM",
        section="9",
        summary=T,
        forms={"execute": ["AT+GMM"], "test": ["AT+GMM=?"]},
        responses={"execute": [Response(lines=["<model>"])]},
    ),
    Command(
        command="AT+LIST",
        section="10",
        summary=T,
        forms={"read": ["AT+LIST?"]},
        responses={"read": [Response(lines=["[+LIST: <a>]<CR><LF>[+LIST: <b>]"])]},
    ),
    Command(command="+LIST", kind="urc", section="10", summary=T, forms={"urc": ["+LIST: <a>"]}),
]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog(
        [Manual(id="m", title=T, vendor="v", models=[Model(model="M", family="F", vendor="v")], commands=COMMANDS)]
    )
