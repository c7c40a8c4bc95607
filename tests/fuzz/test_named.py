"""The inputs that broke other programs, each by its name, between two sound messages that are read as ever.

What is wrong with files and frames (pcapng lengths, interface 7 of 1, endless fragments, packed bombs) stands with
their readers, in ``tests/plugins/atshell_lwm2m/capture``.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path

import aiocoap
import pytest

from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import LwM2mAnalyzer

HEAD = bytes.fromhex("40011234")
DEVICE, SERVER = b"\x0a\0\0\1\xc0\0", b"\x0a\0\0\2\x16\x33"
TLV, TEXT, LINK, SENML_JSON, SENML_CBOR, LWM2M_JSON, LWM2M_CBOR, CBOR = 11542, 0, 40, 110, 112, 11543, 11544, 60

# What is malformed in the message itself, and what is said of it.
MESSAGES = {
    "option nibble 13 without its byte": (HEAD + b"\xd0", "ends inside an option delta"),
    "option nibble 14 without its bytes": (HEAD + b"\xe0\x01", "ends inside an option delta"),
    "option length 13 without its byte": (HEAD + b"\xbd", "ends inside an option length"),
    "option length 14 with one of two bytes": (HEAD + b"\xbe\x01", "ends inside an option length"),
    "option delta 15": (HEAD + b"\xf1a", "option delta of 15 is reserved"),
    "option length 15": (HEAD + b"\xbfa", "option length of 15 is reserved"),
    "an option number past 65,535": (HEAD + b"\xe0\xff\xff", "option number 65804 is above 65535"),
    "an option number past 65,535 step by step": (HEAD + b"\xe0\xfe\xf0\xe0\x01\x00", "is above 65535"),
    "a marker with nothing behind": (HEAD + b"\xb1a\xff", "payload marker with nothing behind"),
    "a token that is not there": (b"\x48\x01\x12\x34abc", "token of 8 bytes where 3 bytes are left"),
    **{
        f"token length {length} that is cut": (bytes([0x40 | length]) + HEAD[1:] + bytes(8), f"token of {length} bytes")
        for length in range(9, 13)
    },
    "token length 15": (b"\x4f" + HEAD[1:] + bytes(15), "token length of 15 is reserved"),
    "token length 13 without its byte": (b"\x4d\x01\x12\x34", "token"),
    "token length 14 without its bytes": (b"\x4e\x01\x12\x34\x01", "token"),
    "a token of 65,804 bytes": (b"\x4e\x01\x12\x34\xff\xff", "token"),
    "an empty message that goes on": (b"\x40\x00\x12\x34abc", "empty message"),
    "version 2": (b"\x80\x01\x12\x34", "version 2"),
}

# What is malformed in a payload, which is an answer to a Read of /3/0.
PAYLOADS = {
    "a TLV length past the end": (TLV, bytes.fromhex("c80964ff"), "TLV length of 100 where 1 byte is left"),
    "a TLV length of 24 bits past the end": (TLV, bytes.fromhex("d809ffffff00"), "TLV length of 16777215"),
    "a TLV length of 24 bits that is cut": (TLV, bytes.fromhex("d809ffff"), "ends inside a TLV header"),
    "a TLV identifier that is cut": (TLV, b"\xe1\x09", "ends inside a TLV header"),
    "a TLV record in a value": (TLV, bytes.fromhex("080341000141"), "may not stand here|where|inside"),
    "a CBOR array of four billion items": (SENML_CBOR, bytes.fromhex("9affffffff"), "data ends"),
    "a CBOR map of four billion pairs": (LWM2M_CBOR, bytes.fromhex("baffffffff0001"), "data ends"),
    "a CBOR string of four billion bytes": (LWM2M_CBOR, bytes.fromhex("a1035affffffff"), "where 0 bytes are left"),
    "a CBOR array of 2^64 items": (SENML_CBOR, b"\x9b" + b"\xff" * 8, "data ends"),
    "a CBOR array without an end": (SENML_CBOR, b"\x9f\xa0", "data ends"),
    "a CBOR string without an end": (LWM2M_CBOR, b"\xa1\x03\x7f\x61a", "part|data ends"),
    "10,000 CBOR arrays in one another": (SENML_CBOR, b"\x81" * 10_000, "nested deeper"),
    "10,000 CBOR tags": (SENML_CBOR, b"\xc1" * 10_000, "nested deeper"),
    "10,000 CBOR maps in one another": (LWM2M_CBOR, b"\xa1\x03" * 10_000, "nested deeper"),
    "a CBOR list as a SenML label": (SENML_CBOR, b"\x81\xa1\x81\x00\x00", "label"),
    "JSON without an end": (SENML_JSON, b'[{"n":"0","vs":"a"},', "no JSON"),
    "a JSON string without an end": (SENML_JSON, b'[{"n":"0', "no JSON"),
    "50,000 JSON lists in one another": (SENML_JSON, b"[" * 50_000, "no JSON"),
    "50,000 JSON objects in one another": (LWM2M_JSON, b'{"e":' * 10_000, "no JSON"),
    "half a character in JSON": (SENML_JSON, b'[{"n":"\xc3"}]', "no JSON"),
    "a link without an end": (LINK, b"</3/0>,</3", "link|comma"),
}

# What is allowed and large, or empty where something was expected: it is read.
ALLOWED = {
    **{
        f"token length {length}": bytes([0x40 | length]) + HEAD[1:] + bytes(length) + b"\xb1a"
        for length in range(9, 13)
    },
    "65,000 empty options": HEAD + b"\x00" * 65_000,
    "block number 1,048,575 of size 16 and more to come": HEAD + bytes.fromhex("d30efffff8"),
    "block size exponent 7": HEAD + bytes.fromhex("d10e07"),
    "block option of no bytes": HEAD + bytes.fromhex("d00e"),
    "observe of three bytes at its end": HEAD + bytes.fromhex("63ffffff"),
    "option number 65,535": HEAD + bytes.fromhex("e0fef2"),
}
READ = {
    "zero-length numbers": (TLV, bytes.fromhex("c009c00d82064000"), 3),
    "10,000 nested instances": (TLV, b"\x08\x00\x02\xc0\x01" * 10_000, 10_000),
    "10,000 empty instances": (TLV, b"\x00\x00" * 10_000, 0),
    "a TLV length of 24 bits for one byte": (TLV, bytes.fromhex("d80900000164"), 1),
    "a number of JSON with 4,000 digits": (SENML_JSON, b'[{"n":"/3/0/9","v":%b}]' % (b"9" * 4000), 1),
    "a number of JSON beyond all floats": (SENML_JSON, b'[{"n":"/3/0/9","v":1e308,"bv":1e308}]', 1),
    "a CBOR float that is no number": (LWM2M_CBOR, bytes.fromhex("a103a100a109f97e00"), 1),
    "a link to a path of 30,000 digits": (LINK, b"</%b/1/%b>" % (b"1" * 30_000, b"2" * 30_000), 1),
    "a base unit of 10,000 characters for 1,000 records": (
        SENML_JSON,
        b'[{"bn":"/3/0/","bu":"%b"},%b]' % (b"u" * 10_000, b",".join([b'{"n":"9","v":1}'] * 1000)),
        1000,
    ),
    "a number in text with 50,000 blanks behind": (SENML_JSON, b'[{"n":"/3/0/9","vs":"5%b9"}]' % (b" " * 50_000), 1),
}


def request(mid: int, path: str, **options: int) -> bytes:
    message = aiocoap.Message(code=aiocoap.GET)
    message.mtype, message.mid, message.token = aiocoap.CON, mid, bytes([mid])
    message.opt.uri_path = path.split("/")
    return bytes(message.encode())


def answer(mid: int, payload: bytes, form: int) -> bytes:
    message = aiocoap.Message(code=aiocoap.CONTENT, payload=payload)
    message.mtype, message.mid, message.token = aiocoap.ACK, mid, bytes([mid])
    message.opt.content_format = form
    return bytes(message.encode())


GOOD = [(SERVER, request(1, "3/0/9")), (DEVICE, answer(1, b"95", TEXT))]
AFTER = [(SERVER, request(3, "3/0/9")), (DEVICE, answer(3, b"94", TEXT))]


def decoded(said: list[tuple[bytes, bytes]], folder: Path) -> list[dict[str, object]]:
    """The messages as lines of JSON, by both ways to them."""
    path = folder / "named.pcap"
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 101))
        for second, (sender, data) in enumerate(said, 1_763_600_000):
            receiver = DEVICE if sender is SERVER else SERVER
            addresses = sender[:4] + receiver[:4]
            udp = sender[4:] + receiver[4:] + struct.pack(">HH", min(len(data) + 8, 0xFFFF), 0) + data
            frame = struct.pack(">BBHHHBBH", 0x45, 0, min(len(udp) + 20, 0xFFFF), 0, 0, 64, 17, 0) + addresses + udp
            file.write(struct.pack("<IIII", second, 0, len(frame), len(frame)) + frame)
    report = LwM2mAnalyzer().decode([path], DecodeOptions())
    lines = list(report.json())
    again = LwM2mAnalyzer().decode([path], DecodeOptions(filter="frame > 0"))
    assert list(again.json()) == lines
    assert [*report.warnings] == []
    return [json.loads(line) for line in lines]


def values(message: dict[str, object]) -> list[object]:
    found = message.get("resources", [])
    assert isinstance(found, list)
    return [one.get("value") for one in found]


def between(bad: list[tuple[bytes, bytes]], folder: Path) -> dict[str, object]:
    """What became of the last of ``bad``, between messages that were read."""
    found = decoded([*GOOD, *bad, *AFTER], folder)
    assert len(found) == len(bad) + 4
    assert values(found[1]) == [95]
    assert values(found[-1]) == [94]
    assert found[-1]["request"] == len(found) - 1
    return found[-3]


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_that_is_malformed(name: str, tmp_path: Path) -> None:
    data, why = MESSAGES[name]
    message = between([(DEVICE, data)], tmp_path)
    assert why in str(message["error"])
    assert "at byte" in str(message["error"])


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_that_is_malformed(name: str, tmp_path: Path) -> None:
    form, data, why = PAYLOADS[name]
    message = between([(SERVER, request(2, "3/0")), (DEVICE, answer(2, data, form))], tmp_path)
    assert any(one in str(message["error"]) for one in why.split("|")), message["error"]
    assert message["operation"] == "Read"


@pytest.mark.parametrize("name", ALLOWED)
def test_a_message_that_is_only_strange(name: str, tmp_path: Path) -> None:
    message = between([(DEVICE, ALLOWED[name])], tmp_path)
    assert "error" not in message or "Block" in str(message["error"])
    assert message["options"]


@pytest.mark.parametrize("name", READ)
def test_a_payload_that_is_only_strange(name: str, tmp_path: Path) -> None:
    form, data, count = READ[name]
    message = between([(SERVER, request(2, "3/0")), (DEVICE, answer(2, data, form))], tmp_path)
    assert "error" not in message
    assert len(values(message)) == count
    assert len(json.dumps(message)) < 20_000 + 150 * len(data)
