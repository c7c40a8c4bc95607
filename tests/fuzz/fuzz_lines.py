"""Everything that is read line by line: AT, transcripts, and what users type. Samples, and what reads them."""

from __future__ import annotations

import functools

from fuzz_captures import written
from fuzz_payloads import ROOT, recorded

from atshell.assist.check import check
from atshell.assist.complete import complete
from atshell.assist.explain import signature
from atshell.assist.line import explain_line
from atshell.assist.situation import Situation
from atshell.at import lexer
from atshell.at.command import parse_line
from atshell.at.reply import Final, Result, parse_final, parse_information
from atshell.at.stream import Expectation, Stream
from atshell.at.syntax import parse_arguments
from atshell.catalog.model import Command
from atshell.catalog.notation import parse_notation
from atshell.catalog.profile import Profile
from atshell.emulator.faults.spec import EXAMPLES, parse
from atshell.host import host
from atshell.session.carried import Said
from atshell.session.exchange import Exchange, Happening, Unsolicited
from atshell.transcript.file import Transcript
from atshell_lwm2m.carried import one
from atshell_lwm2m.dtls.keys import Keys, parse_psk, read_log
from atshell_lwm2m.endpoint.orders import OPERATIONS, make
from atshell_lwm2m.endpoint.registration import Registration
from atshell_lwm2m.filter import compile_filter
from atshell_lwm2m.message import to_json
from atshell_lwm2m.objectfile import read_objects
from atshell_onemo.intents import read_intents

TRANSCRIPTS = sorted(ROOT.glob("captures/*/*.at.jsonl"))
PROFILE = Profile("MN316", "FW1")


def text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _entries() -> list[Command]:
    return [command for manual in host().catalog.manuals for command in manual.commands]


@functools.cache
def _examples() -> tuple[list[str], list[str]]:
    """What the manuals have sent and received."""
    sent: list[str] = []
    received: list[str] = []
    for entry in _entries():
        for example in entry.examples:
            sent += example.send
            received += example.receive
    return sent, received


def commands() -> list[bytes]:
    return [line.encode() for line in _examples()[0]][::3]


@functools.cache
def streams() -> list[bytes]:
    lines = [line.encode() for line in _examples()[1]]
    return [b"\r\n" + b"\r\n\r\n".join(lines[at : at + 3]) + b"\r\n\r\nOK\r\n" for at in range(0, len(lines), 9)]


@functools.cache
def notations() -> list[bytes]:
    return [one.encode() for entry in _entries() for found in entry.forms.values() for one in found][::3]


def transcripts() -> list[bytes]:
    return [path.read_bytes()[:800] for path in TRANSCRIPTS]


def filters() -> list[bytes]:
    return [
        b'op == "Notify" and target ~ "/3200/*" and rtt > 2',
        b"code in (4.04, 5.00) or not response",
        b"/3/0/9 < 20 && value == 'x'",
        b"src == 10.8.0.7 and time > 19:03",
        b"not (mid == 7 or mid == 9) and rtt >= 150ms",
        b"time >= 2026-11-20T08:00:00Z and block1.num > 0",
        b"registration.lt not in {300, 600} || expert.id ~ 'con*'",
    ]


def faults() -> list[bytes]:
    more = ("lose up 30%", "delay down 2s", 'duplicate with "rd" over 100', "platform 4.04 update", "garble in 1%")
    more += (
        "rebind times 3 after 1m for 1h",
        'urc drop "+MIPLEVENT: 0,6"',
        "answer late 5s AT+MIPLOPEN times 2",
        "seed 7",
    )
    return [line.encode() for line in (*EXAMPLES, *more)]


def orders() -> list[bytes]:
    return [
        *(
            b"read /3200/0/5750",
            b"read /3/0/9 /3/0/13 #senml-cbor",
            b"write /3200/0/5750 on",
            b"create /3303/1 5700=20.5",
        ),
        *(b"replace /3200/0 5750=VALUE 5501=0x01ff", b"execute /3200/0/5750 0='a',1", b"observe /3200/0 /3/0/9"),
        *(b"attributes /3200/0/5750 pmin=10 pmax=60 gt=42.5", b"discover /3200", b"cancel /3200/0", b"delete /3303/1"),
    ]


def objects() -> list[bytes]:
    return [
        b"""<LWM2M><Object ObjectType="MODefinition"><Name>Cabinet</Name><ObjectID>33000</ObjectID><Resources>
        <Item ID="1"><Name>Door</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances>
        <Type>Boolean</Type><RangeEnumeration>0..10</RangeEnumeration><Units>Cel</Units></Item></Resources></Object></LWM2M>""",
        b"""[[objects]]\nid = 33000\nname = "Cabinet"\n[[objects.resources]]\nid = 1\nname = "Door"\ntype = "boolean"\n
        operations = "R"\nmultiple = true\nunit = "s"\n""",
    ]


def keys() -> list[bytes]:
    log = b"CLIENT_RANDOM " + b"a1" * 32 + b" " + b"5f" * 48
    return [
        b"urn:imei:867787050001234:0x000102030405060708090a0b0c0d0e0f",
        b"*:secret",
        b"a:b:c",
        log,
        log + b"\n# no\n" + log,
    ]


# What reads them


def line(data: bytes) -> int:
    found = parse_line(text(data))
    return 1 + len(repr(found)) // 20


def arguments(data: bytes) -> int:
    """The words and the place of the cursor are asked for while someone types."""
    typed = text(data)
    found = parse_arguments(typed)
    tokens = lexer.tokens(typed)
    lexer.position(typed, len(typed) // 2)
    return 1 + len(found) + len(tokens)


def stream(data: bytes) -> int:
    """The same events in one piece and in small ones."""
    expected = Expectation("AT+X?", frozenset({"+MIPLREAD", "+CSQ"}), once=frozenset({"+CSQ"}))
    whole, pieces = Stream(max_line=512), Stream(max_line=512)
    whole.expect(expected)
    pieces.expect(expected)
    found = whole.feed(data)
    cut = [event for at in range(0, len(data), 3) for event in pieces.feed(data[at : at + 3])]
    assert list(map(type, found)) == list(map(type, cut))
    for part in data.decode("latin-1").split("\r\n"):
        parse_final(part)
    return 1 + len(repr(found)) // 20


def intents(data: bytes) -> int:
    typed, happenings = text(data), list[Happening]()
    happenings.append(Exchange(typed, 0.0, 1.0, final=Final(Result.OK, text="OK")))
    happenings.append(Unsolicited(2.0, parse_information(typed)))
    return 1 + len(repr(read_intents(happenings))) // 20


def carried(data: bytes) -> int:
    """Payloads that a line of a module carries, and what they say; the line may be sent or received."""
    typed, size = text(data), 1
    for sent in (True, False):
        for payload in host().carried(Said(typed, sent=sent, command=typed, data=data)):
            found = one(payload)
            size += len(to_json(found)) if found is not None else 1
    return size


def typing(data: bytes) -> int:
    """Completion, the toolbar's signature, warnings and explanation, on what stands in the line so far."""
    typed, catalog = text(data), host().catalog
    found = complete(catalog, PROFILE, typed, len(typed) // 2)
    signature(catalog, PROFILE, typed, len(typed))
    warned = check(catalog, PROFILE, typed, Situation())
    said = explain_line(catalog, PROFILE, typed)
    return 1 + len(found) + len(warned) + len(said)


def notation(data: bytes) -> int:
    return 1 + len(repr(parse_notation(text(data)))) // 100


def transcript(data: bytes) -> int:
    found = Transcript.read(written(data, "input.at.jsonl"))
    return 1 + len(found.entries) + sum(map(len, found.warnings))


def filter_(data: bytes) -> int:
    wanted = compile_filter(text(data))
    return 1 + sum(map(wanted, recorded()[::40]))


def fault(data: bytes) -> int:
    """What is understood is written so that it is understood again."""
    found = parse(text(data))
    assert parse(str(found)) == found
    return 1 + len(str(found))


def order(data: bytes) -> int:
    words = text(data).split()
    if not words or words[0] not in OPERATIONS:
        return 0
    client = Registration("one", "/rd/1", ("192.0.2.1", 1))
    return 1 + len(make(words, client).request.payload)


def object_file(data: bytes) -> int:
    return 1 + len(read_objects([written(data, "objects.xml")]))


def key(data: bytes) -> int:
    Keys().learn(data)
    found = read_log(written(data, "input.keylog")) if b"CLIENT" in data else [parse_psk(text(data))]
    return 1 + len(found)
