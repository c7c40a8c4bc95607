from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions, View
from atshell.session.carried import Carried, CarriedLine
from atshell.styled import to_plain
from atshell_lwm2m.analyzer import LwM2mAnalyzer, messages
from atshell_lwm2m.capture.frames import turned
from atshell_lwm2m.filter import compile_filter
from atshell_lwm2m.message import Message, to_json

CAPTURES = Path(__file__).parent / "captures"
ANJAY, CUT = CAPTURES / "anjay_nosec_lwm2m10.pcap", CAPTURES / "cut_mid_record.pcap"


def test_a_report_of_one_capture() -> None:
    report = LwM2mAnalyzer().decode([CUT], DecodeOptions())
    lines = [json.loads(line) for line in report.json()]
    assert len(lines) == 70
    assert "file" not in lines[0]
    assert report.warnings == ["cut_mid_record.pcap: cut inside record 71 (13 of 102 bytes): all before it was read"]


def test_several_captures_are_told_apart() -> None:
    found = list(messages([ANJAY, CUT]))
    assert [one.file for one in (found[0], found[-1])] == [str(ANJAY), str(CUT)]
    assert [one.frame for one in (found[0], found[-1])] == [1, 70]


def test_a_file_that_is_no_capture_is_told_before_the_first_message() -> None:
    with pytest.raises(AtshellError, match="is not there"):
        messages([ANJAY, CAPTURES / "none.pcap"])


def test_records_and_text() -> None:
    assert all(isinstance(one, Message) for one in LwM2mAnalyzer().decode([ANJAY], DecodeOptions()).records())
    assert len(list(LwM2mAnalyzer().decode([ANJAY], DecodeOptions()).text())) == 164


def test_a_pasted_payload() -> None:
    analyzer = LwM2mAnalyzer()
    (line,) = analyzer.decode_payload("c10964", path="/3/0", line=4).json()
    assert json.loads(line)["frame"] == 4
    (record,) = analyzer.decode_payload(b"\xc1\x09\x64", kind="tlv", path="/3/0").records()
    assert isinstance(record, Message)
    assert record.resources[0].value == 100


@pytest.mark.parametrize("data", ["44011234aabbccddb13313aa", bytes.fromhex("44011234aabbccddb133e0aa")])
def test_the_details_of_a_malformed_message_show_all_of_it(data: str | bytes) -> None:
    text = "\n".join(map(to_plain, LwM2mAnalyzer().decode_payload(data, kind="coap", details=True).text()))
    assert "12 bytes" in text
    assert " aa                    no option: what is left" in text


def test_the_details_of_what_is_no_hexadecimal() -> None:
    text = "\n".join(map(to_plain, LwM2mAnalyzer().decode_payload("zz", kind="coap", details=True).text()))
    assert "'z' is no hexadecimal digit" in text


ASKED, ANSWERED = bytes.fromhex("41011234 74 b133 0130 0139"), bytes.fromhex("61451234 74 ff3935")


def _session(*carried: Carried) -> list[CarriedLine]:
    return [
        CarriedLine(number, number * 1_000_000_000, "AT+NSOST" if one.sender == "client" else "+NSONMI", one)
        for number, one in enumerate(carried, 1)
    ]


def test_the_details_of_a_malformed_message_in_a_line() -> None:
    cut = Carried(ASKED + b"\x3a", "client", channel="0", peer="10.0.0.1:5683")
    report = LwM2mAnalyzer().decode_lines(_session(cut), DecodeOptions(view="details"))
    text = "\n".join(map(to_plain, report.text()))
    assert "3a                       no option: what is left" in text


@pytest.mark.parametrize(
    ("view", "says"), [("exchanges", "GET /3/0/9 → 2.05 Content"), ("stats", "2 messages"), ("registrations", "no reg")]
)
def test_views_of_a_session_with_coap(view: View, says: str) -> None:
    peer = "117.161.2.7:5683"
    lines = _session(
        Carried(ASKED, "server", channel="0", peer=peer), Carried(ANSWERED, "client", channel="0", peer=peer)
    )
    report = LwM2mAnalyzer().decode_lines(lines, DecodeOptions(view=view))
    assert says in "\n".join(to_plain(line) for line in report.text())
    none = LwM2mAnalyzer().decode_lines(lines, DecodeOptions(view=view, filter="frame > 5"))
    assert says not in "\n".join(to_plain(line) for line in none.text()) or view == "registrations"


def test_views_of_a_session_with_payloads_alone() -> None:
    """They have an operation each, but neither exchanges nor registrations."""
    lines = _session(
        Carried(b"abcd", "client", "text", "/3200/0/5750", "Notify", "string"),
        Carried(b"abcdef", "server", "text", "/3200/0/5750", "Write", "string"),
    )
    (stats,) = LwM2mAnalyzer().decode_lines(lines, DecodeOptions(view="stats")).json()
    found = json.loads(stats)
    assert found["operations"] == [{"operation": "Notify", "count": 1}, {"operation": "Write", "count": 1}]
    assert found["transports"] == {"at": 10}
    assert found["devices"] == [
        {"device": "the module", "messages": 2, "bytes_up": 4, "bytes_down": 6, "retransmissions": 0}
    ]
    for view in ("exchanges", "registrations"):
        with pytest.raises(AtshellError, match=f"carry no CoAP has no {view}"):
            LwM2mAnalyzer().decode_lines(lines, DecodeOptions(view=view))


class Growing:
    """A capture that gets a record more each time the reader has to wait, until there are no more."""

    def __init__(self, path: Path, whole: bytes) -> None:
        self.path, self.left = path, whole[24:]
        path.write_bytes(whole[:24])
        self.seen: list[object] = []
        self.counts: list[int] = []

    def __call__(self) -> bool:
        self.counts.append(len(self.seen))
        size = 16 + int.from_bytes(self.left[8:12], "little")
        with self.path.open("ab") as file:
            file.write(self.left[:size])
        self.left = self.left[size:]
        return bool(self.left)


@pytest.mark.parametrize("sifted", ["", "mid >= 0"])
@pytest.mark.parametrize("form", ["json", "text"])
def test_what_grows_is_told_as_it_comes(tmp_path: Path, form: str, sifted: str) -> None:
    """None waits for its answer: there is a line a record whenever the reader has to wait. So requests do not tell
    their response's frame, responses tell the request's."""
    growing = Growing(tmp_path / "growing.pcap", ANJAY.read_bytes())
    report = LwM2mAnalyzer().decode([growing.path], DecodeOptions(going=growing, filter=sifted))
    for line in getattr(report, form)():
        growing.seen.append(line)
    assert growing.counts == list(range(len(growing.counts)))
    if form == "json":
        told = [json.loads(str(line)) for line in growing.seen]
        whole = [json.loads(line) for line in LwM2mAnalyzer().decode([ANJAY], DecodeOptions()).json()]
        for one in whole[: len(told)]:
            if "retransmission_of" not in one:
                one.pop("response", None)
        assert told == whole[: len(told)]


def _written(path: Path, talk: list[tuple[bytes, bytes]]) -> None:
    """As a capture of raw IP, a datagram a second; keys are addresses and ports."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
        for number, (key, data) in enumerate(talk):
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(data), 0, 0, 64, 17, 0) + key[:8]
            frame = ip + key[8:] + struct.pack(">HH", 8 + len(data), 0) + data
            file.write(struct.pack("<IIII", number, 0, len(frame), len(frame)) + frame)


def test_a_filter_reads_again_what_was_skipped_too_soon(tmp_path: Path) -> None:
    """The device is observed where nothing is wanted, and moves to where everything is."""
    server, ports = bytes([10, 0, 0, 1]), struct.pack(">HH", 40_000, 5683)
    here, there = (bytes([10, 0, 0, last]) + server + ports for last in (7, 9))
    register = b"\x41\x02\0\x01r\xb2rd\x44ep=d"
    talk = [
        (here, register),
        (turned(here), b"\x61\x41\0\x01r\x82rd\x015"),
        (turned(here), b"\x41\x01\0\x02o\x60\x513\x010"),
        (here, b"\x61\x45\0\x02o\x61\x01\xff1"),
        (there, b"\x41\x02\0\x03u\xb2rd\x015"),
        (turned(there), b"\x61\x44\0\x03u"),
        (there, b"\x51\x45\0\x04o\x61\x02\xff2"),
    ]
    path = tmp_path / "moved.pcap"
    _written(path, talk * 500)
    for text in ("addr == 10.0.0.9", "addr == 10.0.0.7", 'ep == "d"', 'ep == "e"'):
        holds = compile_filter(text)
        expected = [to_json(one) for one in messages([path]) if holds(one)]
        assert [to_json(one) for one in messages([path], DecodeOptions(filter=text))] == expected
    first = [one for one in messages([path], DecodeOptions(filter="addr == 10.0.0.9")) if one.frame == 7]
    assert [(one.operation, one.request, one.endpoint) for one in first] == [("Notify", 3, "d")]
