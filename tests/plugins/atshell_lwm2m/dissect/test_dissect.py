"""Every recording, frame by frame, beside what tshark says of it (captures/README.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from atshell_lwm2m.analyzer import messages
from atshell_lwm2m.codec.contentformat import NAMES
from atshell_lwm2m.codec.tlv import TlvRecord, parse_records
from atshell_lwm2m.message import Message, to_json

CAPTURES = Path(__file__).parent.parent / "captures"
NAMED = sorted(path.stem for path in CAPTURES.glob("*.pcap"))
Frame = dict[str, list[str]]

# tshark's names for numbers that ours names otherwise.
FORMATS = {
    "text/plain; charset=utf-8": 0,
    "application/link-format": 40,
    "application/octet-stream": 42,
    "application/cbor": 60,
    "application/json": 50,
    "application/senml+json": 110,
    "application/senml+cbor": 112,
    "application/vnd.oma.lwm2m+tlv": 11542,
    "application/vnd.oma.lwm2m+json": 11543,
    "application/xml": 41,
    "application/exi": 47,
}


def golden(name: str) -> dict[int, Frame]:
    frames: list[Frame] = json.loads((CAPTURES / f"{name}.tshark.json").read_text())
    return {int(frame["frame.number"][0]): frame for frame in frames}


def decoded(name: str) -> dict[int, Message]:
    return {message.frame: message for message in messages([CAPTURES / f"{name}.pcap"])}


def coap_frames(name: str) -> Iterator[tuple[Frame, Message]]:
    ours = decoded(name)
    for number, frame in golden(name).items():
        if "coap.mid" in frame:
            yield frame, ours[number]


def number(frame: Frame, field: str) -> int | None:
    return int(frame[field][0]) if field in frame else None


def strings(message: Message, option: int) -> list[str]:
    """tshark shows each byte that is not ASCII as an unknown character."""
    values = [str(value) for n, _, value in message.options if n == option]
    return ["".join(c if c.isascii() else "\ufffd" * len(c.encode()) for c in value) for value in values]


@pytest.mark.parametrize("name", NAMED)
def test_frames_and_times(name: str) -> None:
    ours = decoded(name)
    theirs = {n: frame for n, frame in golden(name).items() if "coap.mid" in frame or "dtls.record.version" in frame}
    assert list(ours) == list(theirs)
    for n, frame in theirs.items():
        text = json.loads(to_json(ours[n]), parse_float=str, parse_int=str)
        assert text["time"].ljust(20, "0")[:20] == frame["frame.time_epoch"][0][:20]
        host = frame.get("ip.src", frame.get("ipv6.src"))[0]
        port = frame["udp.srcport"][0]
        assert text["src"] == (f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


@pytest.mark.parametrize("name", NAMED)
def test_header_and_options(name: str) -> None:
    for frame, message in coap_frames(name):
        where = f"frame {message.frame}"
        assert message.error is None, where
        assert message.type == ("CON", "NON", "ACK", "RST")[int(frame["coap.type"][0])], where
        code = int(frame["coap.code"][0])
        assert message.code == f"{code >> 5}.{code & 31:02}", where
        assert message.mid == number(frame, "coap.mid"), where
        assert message.token == frame.get("coap.token", [None])[0], where
        assert message.observe == number(frame, "coap.opt.observe"), where
        assert strings(message, 11) == frame.get("coap.opt.uri_path", []), where
        assert strings(message, 15) == frame.get("coap.opt.uri_query", []), where
        assert strings(message, 8) == frame.get("coap.opt.location_path", []), where
        for mine, field in ((message.content_format, "coap.opt.ctype"), (message.accept, "coap.opt.accept")):
            name_ = frame.get(field, [None])[0]
            assert mine == (FORMATS.get(name_) if name_ in FORMATS else None if name_ is None else mine), where
            assert (mine is None) is (name_ is None), where


@pytest.mark.parametrize("name", NAMED)
def test_blocks(name: str) -> None:
    for frame, message in coap_frames(name):
        blocks = [block for block in (message.block2, message.block1) if block is not None]
        assert [block.num for block in blocks] == [int(n) for n in frame.get("coap.opt.block_number", [])]
        assert [block.more for block in blocks] == [n == "1" for n in frame.get("coap.opt.block_mflag", [])]
        # tshark has more sizes than blocks where a Size option stands beside them.
        sizes = [16 << int(n) for n in frame.get("coap.opt.block_size", [])]
        assert [block.size for block in blocks] == sizes[: len(blocks)]
        length = number(frame, "coap.block.reassembled.length")
        # tshark takes a block of a POST for the end of the PUT before it, and mixes two sizes in frame 170.
        if length is not None and not blocks[0].more and (name, message.frame) != ("libcoap_udp_plain", 170):
            assert message.body is not None, f"frame {message.frame}"
            assert len(message.body) == 2 * length


@pytest.mark.parametrize("name", NAMED)
def test_exchanges(name: str) -> None:
    """tshark does not join a notification with its Observe, nor an empty message with what it acknowledges."""
    for frame, message in coap_frames(name):
        where = f"frame {message.frame}"
        if "coap.response_to" in frame and message.code != "0.00":
            assert message.request == number(frame, "coap.response_to"), where
            if message.operation != "Notify" and message.rtt is not None:
                assert message.rtt == pytest.approx(float(frame["coap.response_time"][0]), abs=1e-9), where
        if "coap.response_in" in frame:
            assert message.response == number(frame, "coap.response_in"), where
        assert message.retransmission_of == number(frame, "coap.request_first_in"), where


@pytest.mark.parametrize("name", NAMED)
def test_tlv(name: str) -> None:
    for frame, message in coap_frames(name):
        if "lwm2mtlv.identifier" not in frame:
            continue
        records = parse_records(bytes.fromhex(message.payload or ""))
        assert [record.id for record in flat(records)] == [int(n) for n in frame["lwm2mtlv.identifier"]]
        leaves = [record.value.hex() for record in flat(records) if record.kind % 2]
        assert leaves == [value.replace("<MISSING>", "") for value in frame.get("lwm2mtlv.value", [])]
        if message.resources:
            # tshark 4.0 knows the objects 0 to 7.
            known = [one for one in message.resources if one.name and int(one.path.split("/")[1]) < 8]
            named = {str(one.name).lower() for one in known}
            theirs = {name_.lower() for name_ in frame.get("lwm2mtlv.resource_name", [])}
            assert named <= theirs, f"frame {message.frame}"


def flat(records: list[TlvRecord] | tuple[TlvRecord, ...]) -> Iterator[TlvRecord]:
    for record in records:
        yield record
        yield from flat(record.children)


@pytest.mark.parametrize("name", [name for name in NAMED if "dtls" in name])
def test_dtls(name: str) -> None:
    ours = decoded(name)
    for n, frame in golden(name).items():
        assert ours[n].transport == "dtls"
        assert ours[n].error is None
        assert ours[n].type is None
        text = ours[n].expert[0].text
        assert text.count(",") + 1 >= len(frame["dtls.record.content_type"])
        assert ("Client Hello" in text) is ("1" in frame.get("dtls.handshake.type", []))


def test_formats_have_names() -> None:
    assert set(FORMATS.values()) <= set(NAMES)
