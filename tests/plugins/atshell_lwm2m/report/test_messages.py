from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from atshell.styled import to_plain
from atshell_lwm2m.analyzer import messages
from atshell_lwm2m.message import Block, Expert, Message, Registration, Resource
from atshell_lwm2m.report.messages import lines

CAPTURES = Path(__file__).parent.parent / "captures"


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def shown(*found: Message) -> list[str]:
    return [to_plain(line).rstrip() for line in lines(found)]


def up(**fields: object) -> Message:
    return Message(time=8.25, src="10.8.0.7:40000", dst="117.161.2.7:5683", transport="udp", **fields)  # type: ignore[arg-type]


def down(**fields: object) -> Message:
    return Message(time=8.437, src="117.161.2.7:5683", dst="10.8.0.7:40000", transport="udp", **fields)  # type: ignore[arg-type]


def test_a_registration() -> None:
    given = Registration("dev-1", 300, "1.0", "U", None, ["/1/0", "/3/0"])
    answered = Registration(location="/rd/5a3f")
    assert shown(
        up(type="CON", code="0.02", path="/rd", operation="Register", registration=given),
        down(type="ACK", code="2.01", operation="Register", registration=answered, rtt=0.187),
    ) == [
        "00:00:08.250  10.8.0.7 → 117.161.2.7  CON POST /rd          Register dev-1  lt 300  LwM2M 1.0  b U  /1/0 /3/0",
        "00:00:08.437  10.8.0.7 ← 117.161.2.7  ACK 2.01 Created      "
        "Register → /rd/5a3f                                       187 ms",
    ]


def test_frames_have_their_numbers() -> None:
    """As other analyzers count them: retransmissions are said to be of one."""
    found = [up(frame=99_999, type="CON", code="0.00"), up(frame=100_000, type="CON", code="0.00")]
    assert [line.split("  ")[0] for line in shown(*found)] == ["#99999", "#100000"]
    assert shown(up(frame=7, type="CON", code="0.00"))[0].startswith("  #7  00:00:08.250  ")


def test_values_blocks_and_what_is_to_be_noticed() -> None:
    battery = Resource("/3/0/9", "Battery Level", "integer", 95, "/100")
    name = Resource("/3/0/0", "Manufacturer", "string", "a\x1b[31m")
    found = shown(
        up(type="NON", code="2.05", observe=12, operation="Notify", target="/3/0/9", resources=[battery]),
        up(type="NON", code="2.05", operation="Notify", target="/3/0", resources=[battery, name]),
        up(type="CON", code="0.02", path="/rd/1", operation="Update", retransmission_of=41),
        down(type="ACK", code="4.04", operation="Read", target="/3/0"),
        up(type="CON", code="2.05", block2=Block(0, True, 512), payload="00" * 9),
        up(error="a header of 4 bytes where 1 byte is left at byte 0", payload="ff"),
        down(type="CON", code="0.00"),
        down(type="CON", code="0.03", path="/3/0", query=["pmin=1"], operation="Write-Attributes", target="/3/0"),
        down(type="CON", code="0.02", path="/3/0/4", operation="Execute", target="/3/0/4", payload="35"),
    )
    assert [line[38:] for line in found] == [
        "NON 2.05 Content obs 12  Notify /3/0/9 Battery Level = 95 /100",
        'NON 2.05 Content         Notify /3/0 Battery Level = 95 /100, Manufacturer = "a\\x1b[31m"',
        "CON POST /rd/1           Update /rd/1  retransmission of #41",
        "ACK 4.04 Not Found       Read /3/0  ✗",
        "CON 2.05 Content b2 0+/512  9 bytes",
        "?                           1 byte  ✗ a header of 4 bytes where 1 byte is left at byte 0",
        "CON ping",
        "CON PUT /3/0                Write-Attributes /3/0 pmin=1",
        "CON POST /3/0/4             Execute /3/0/4 5",
    ]


def test_dtls_and_pasted() -> None:
    note = [Expert("note", "encrypted", "DTLS 1.2 Client Hello")]
    dtls = Message(time=1.0, src="10.8.0.7:1", dst="10.0.0.1:5684", transport="dtls", expert=note)
    assert shown(dtls)[0].endswith("10.8.0.7 → 10.0.0.1  DTLS                    DTLS 1.2 Client Hello")
    assert shown(Message(frame=3, kind="tlv", resources=[Resource("/3/0/9", None, None, 5)])) == ["3  tlv   /3/0/9 = 5"]


def test_what_matters_is_in_the_line() -> None:
    """Why a record can't be opened; and the worst of several remarks."""
    notes = [Expert("note", "encrypted", "DTLS 1.2 Client Key Exchange"), Expert("note", "no-key", "no key for me")]
    record = Message(frame=1, src="10.0.0.1:1", dst="10.0.0.2:5684", transport="dtls", expert=notes)
    (line,) = map(to_plain, lines([record]))
    assert "Client Key Exchange  no key for me" in line
    request = Message(frame=1, src="10.0.0.1:1", dst="10.0.0.2:5683", type="CON", code="0.01", path="/a")
    request.expert = [Expert("note", "small", "a detail"), Expert("error", "large", "a fault")]
    (line,) = map(to_plain, lines([request]))
    assert line.rstrip().endswith("a fault  … 1 more note")


def test_files_are_named() -> None:
    assert shown(up(file="a.pcap", type="RST", code="0.00"), up(file="b.pcap", type="RST", code="0.00"))[::2] == [
        "a.pcap",
        "b.pcap",
    ]


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_every_recording_reads_as_one_line_a_message(path: Path) -> None:
    found = list(messages([path]))
    text = shown(*found)
    assert len(text) == len(found)
    assert all("\n" not in line and len(line) < 400 for line in text)
    # The client is on the left, whichever way a message goes.
    clients = {line.split()[1] for line in text}
    assert not any(client.endswith(":5683") for client in clients)
