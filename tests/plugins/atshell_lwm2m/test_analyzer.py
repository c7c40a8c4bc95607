from __future__ import annotations

import json
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import LwM2mAnalyzer, messages
from atshell_lwm2m.message import Message

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
