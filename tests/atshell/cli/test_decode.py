from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from atshell.cli import main

CAPTURES = Path(__file__).parents[2] / "plugins" / "atshell_lwm2m" / "captures"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        status = main(["decode", *arguments])
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def test_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    capture = str(CAPTURES / "anjay_nosec_lwm2m10.pcap")
    status, out, err = run(capsys, capture)
    assert (status, len(out.splitlines()), err) == (0, 164, "")
    assert "Register urn:dev:os:anjay-0001" in out
    status, out, err = run(capsys, capture, "--format", "json")
    assert [json.loads(line)["frame"] for line in out.splitlines()] == list(range(1, 165))
    assert (status, err) == (0, "")


def test_a_cut_file_warns(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, str(CAPTURES / "cut_mid_record.pcap"))
    assert (status, len(out.splitlines())) == (0, 70)
    assert (
        err == "atshell: warning: cut_mid_record.pcap: cut inside record 71 (13 of 102 bytes): all before it was read\n"
    )


def test_into_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    capture = str(CAPTURES / "wakaama_bootstrap_v10_tlv.pcap")
    assert run(capsys, capture, "--format", "json", "-o", str(target)) == (0, "", "")
    assert len(target.read_text().splitlines()) == 27


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "nothing to decode"),
        (["none.pcap"], "is not there"),
        (["/dev/null"], "is empty"),
        (["x", "--hex", "00"], "can't be decoded together"),
        (["x", "--as", "tlv"], "are about a pasted payload"),
        (["x", "--port", "0"], "is no port"),
        (["--hex", "00", "--path", "/a"], "is no LwM2M path"),
        (["--hex", "00", "--as", "xml"], "invalid choice"),
    ],
)
def test_what_can_not_be_used(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_never_onto_what_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    capture = tmp_path / "x.pcap"
    capture.write_bytes((CAPTURES / "cut_mid_record.pcap").read_bytes())
    status, _, err = run(capsys, str(capture), "-o", str(capture))
    assert status == 2
    assert "is also what is read" in err
    assert capture.stat().st_size > 0


def test_hex_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("c10964\n\nzz\n48 69\n"))
    status, out, _ = run(capsys, "--hex", "-", "--format", "json", "--path", "/3/0")
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [(one["frame"], one.get("kind"), "error" in one) for one in found] == [
        (1, "tlv", False),
        (3, None, True),
        (4, "text", False),
    ]
    assert found[0]["resources"] == [
        {"path": "/3/0/9", "name": "Battery Level", "type": "integer", "value": 100, "unit": "/100"}
    ]


def test_hex_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--hex", "c10964", "--path", "/3/0") == (0, "1  tlv   /3/0/9 Battery Level = 100 /100\n", "")
