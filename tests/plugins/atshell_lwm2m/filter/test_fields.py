from __future__ import annotations

import msgspec
import pytest

from atshell_lwm2m.filter.fields import ALIASES, ELSEWHERE, FIELDS, OPERATIONS, Kind, field
from atshell_lwm2m.filter.tokens import FilterError, Token
from atshell_lwm2m.message import Block, Expert, Message, Registration, Resource

FULL = Message(
    frame=7, time=8.5, src="10.8.0.7:40000", dst="[2001:db8::1]:5683", transport="udp", file="a.pcap", kind="coap",
    type="CON", code="0.02", mid=9, options=[(11, "Uri-Path", "rd"), (14, "Max-Age", 60)], path="/rd",
    query=["ep=x"], observe=0, content_format=40, accept=40, block1=Block(1, False, 64), block2=Block(0, True, 32),
    payload="0102", body="010203", error="cut", expert=[Expert("note", "an-id", "a text")], request=1, response=2,
    rtt=0.5, retransmission_of=3, operation="Register", endpoint="x", target="/3/0",
    registration=Registration("x", 300, "1.0", "U", "/rd/1", ["/1/0"], True),
    resources=[Resource("/3/0/9", "Battery Level", "integer", 95, "/100", 9)],
    at="AT+MIPLNOTIFY",
)  # fmt: skip
FULL.token = bytes.fromhex("5a3f").hex()


def word(text: str) -> Token:
    return Token("word", text, 5)


def test_every_field_of_a_message_can_be_asked_for() -> None:
    for name in Message.__struct_fields__:
        assert list(FIELDS[name].values(FULL)), name


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_field_is_there_or_absent(name: str) -> None:
    assert len(FIELDS[name].values(FULL)) >= 1
    assert len(FIELDS[name].values(Message())) == 0


def test_parts_are_those_of_the_records() -> None:
    for group, kind in (("registration", Registration), ("resources", Resource), ("block1", Block), ("expert", Expert)):
        names = {one.name for one in msgspec.structs.fields(kind)}
        assert {name.partition(".")[2] for name in FIELDS if name.startswith(f"{group}.")} == names


def test_aliases_and_other_names_lead_somewhere() -> None:
    assert set(ALIASES.values()) | set(ELSEWHERE.values()) <= set(FIELDS)


def test_values_by_path_and_options_by_name() -> None:
    assert list(field(word("/3/0/9")).values(FULL)) == [95]
    assert list(field(word("/3/*/9")).values(FULL)) == [95]
    assert list(field(word("/3")).values(FULL)) == [95]
    assert list(field(word("/3/0/90")).values(FULL)) == []
    assert list(field(word("options.max-age")).values(FULL)) == [60]
    assert list(field(word("OP")).values(FULL)) == ["Register"]
    assert list(field(word("addr")).values(FULL)) == ["10.8.0.7:40000", "[2001:db8::1]:5683"]
    assert list(field(word("port")).values(FULL)) == [40000, 5683]
    assert list(field(word("size")).values(FULL)) == [2]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lt", "no field is called 'lt': did you mean registration.lt?"),
        ("num", "did you mean block1.num or block2.num?"),
        ("tagret", "no field is called 'tagret': did you mean target?"),
        ("coap.mid", "no field is called 'coap.mid': here it is mid"),
        ("ip.addr", "here it is addr"),
        ("coap.opt.etag", "such as mid, code, options"),
        ("zzzzzz", "names are those of --format json"),
        ("/a", "is no resource's path"),
        ("/3/0/9/1/2", "is no resource's path"),
        ("options.max-agee", "did you mean options.Max-Age"),
    ],
)
def test_what_no_message_has(name: str, says: str) -> None:
    with pytest.raises(FilterError) as caught:
        field(word(name))
    assert says in str(caught.value)
    assert caught.value.column == 5


def test_the_operations_are_the_contract_s() -> None:
    assert len(OPERATIONS) == 25
    assert FIELDS["operation"].kind is Kind.NAME
