"""Lines as the makers' manuals and the field have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.session.carried import Carried, Said
from atshell_quectel.payloads import read_payloads


def only(text: str, *, command: str = "", data: bytes = b"") -> Carried | None:
    found = list(read_payloads(Said(text, text.startswith("AT"), command, data)))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("line", "data", "channel", "peer", "length"),
    [
        ("AT+NSOST=0,192.53.100.53,5683,5,254400D510", "254400d510", "0", "192.53.100.53:5683", 5),
        ("AT+NSOST=1,2001:db8::1,5683,2,AB30,101", "ab30", "1", "[2001:db8::1]:5683", 2),
        ("AT+NSOSTF=0,192.158.5.1,1024,0x400,2,AB30", "ab30", "0", "192.158.5.1:1024", 2),
        ("AT+NSOSD=1,4,01020304,0x200,101", "01020304", "1", "", 4),
        ("AT+QISENDEX=0,3132333435", "3132333435", "0", "", None),
        ("AT+QISENDEX=0,5,3132333435", "3132333435", "0", "", 5),
        ("+NSONMI:0,1.2.3.4,5683,2,AB30", "ab30", "0", "1.2.3.4:5683", 2),
        ("+NSONMI:0,2,AB30", "ab30", "0", "", 2),
    ],
)
def test_sockets(line: str, data: str, channel: str, peer: str, length: int | None) -> None:
    found = only(line)
    assert found is not None
    assert (found.data.hex(), found.channel, found.peer, found.length) == (data, channel, peer, length)
    assert found.sender == ("client" if line.startswith("AT") else "server")


@pytest.mark.parametrize(
    ("line", "data", "path", "operation"),
    [
        ("AT+NMGS=3,AA11BB", "aa11bb", "/19/0/0", "Notify"),
        ("AT+QLWULDATA=3,AA34BB,1", "aa34bb", "/19/0/0", "Notify"),
        ("AT+QLWULDATAEX=3,AA34BB,0x0100", "aa34bb", "/19/0/0", "Notify"),
        ("AT+QLWDATASEND=19,0,1,3,020011,0x0100", "020011", "/19/0/1", "Notify"),
        ("AT+QLWDATASEND=19,0,0,6,abcdef,0x0100", b"abcdef".hex(), "/19/0/0", "Notify"),
        ("+NNMI:3,AA11BB", "aa11bb", "/19/1/0", "Write"),
        ("+QLWDATARECV: 19,1,0,6,000061626364", "000061626364", "/19/1/0", "Write"),
    ],
)
def test_application_data(line: str, data: str, path: str, operation: str) -> None:
    found = only(line)
    assert found is not None
    assert (found.data.hex(), found.path, found.operation) == (data, path, operation)


def test_text_and_hexadecimal_are_told_by_the_length() -> None:
    text, digits = only("AT+QISEND=0,5,hello"), only("AT+QISEND=0,2,abcd")
    assert text is not None
    assert digits is not None
    assert (text.data, digits.data) == (b"hello", b"\xab\xcd")


def test_data_behind_the_prompt() -> None:
    found = only("AT+QISEND=3,5", data=b"hello")
    assert found is not None
    assert (found.data, found.channel) == (b"hello", "3")


def test_answers_without_a_name() -> None:
    received = only("0,1.2.3.4,5683,2,AB30,0", command="AT+NSORF=0,9")
    read = only("3,AA11BB", command="AT+NMGR")
    text = only("test1", command="AT+QIRD=0,1500")
    assert received is not None
    assert read is not None
    assert text is not None
    assert (received.data.hex(), received.peer) == ("ab30", "1.2.3.4:5683")
    assert (read.data.hex(), read.path) == ("aa11bb", "/19/1/0")
    assert (text.data, text.channel, text.sender) == (b"test1", "0", "server")


def test_an_opened_connection_has_a_peer_and_no_data() -> None:
    found = only('AT+QIOPEN=1,0,"UDP","220.180.239.212",8062')
    assert found is not None
    assert (found.data, found.channel, found.peer) == (b"", "0", "220.180.239.212:8062")


@pytest.mark.parametrize(
    "line",
    [
        "AT+NSOST=0,1.2.3.4,5683,5",
        "AT+NSOST=0,1.2.3.4,5683,2,ABC",
        "+NSONMI:0,4",
        "AT+NSOST?",
        "AT+NMGS=x,AA",
        "AT+CSQ",
    ],
)
def test_lines_that_carry_nothing(line: str) -> None:
    assert only(line) is None


@given(st.text(max_size=60), st.booleans(), st.text(max_size=20))
def test_any_text(text: str, sent: bool, command: str) -> None:
    for name in ("", "AT+NSOST=", "+NSONMI:", "AT+QISEND=", "+QIURC: "):
        list(read_payloads(Said(name + text, sent, command)))
