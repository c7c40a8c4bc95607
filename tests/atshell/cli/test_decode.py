from __future__ import annotations

import io
import json
import os
import signal
from pathlib import Path

import pytest

from atshell.cli import main

CAPTURES = Path(__file__).parents[2] / "plugins" / "atshell_lwm2m" / "captures"
SESSION = str(Path(__file__).parents[3] / "captures" / "onenet-basic" / "transcript.at.jsonl")
ANJAY = str(CAPTURES / "anjay_nosec_lwm2m10.pcap")


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
        (["--hex", "00", "--stats"], "a pasted payload has no"),
        (["--hex", "00", "--filter", "op"], "a pasted payload has no"),
        ([ANJAY, SESSION], "can't be decoded together"),
        ([SESSION, "--exchanges"], "a session whose lines carry no CoAP has no exchanges"),
        (["--hex", ""], "--hex has no payload"),
        (["--hex", " "], "--hex has no payload"),
        ([SESSION, "--filter", "op == "], "filter, column 7"),
        ([ANJAY, "--follow", "--write", "x.pcapng"], "can be read but once"),
        (["x", "-v", "--stats"], "not allowed with"),
        (["x", "-o", "x.pcap"], "name it .pcapng"),
        ([ANJAY, "--filter", "op == "], "filter, column 7: the value to compare with is missing"),
        ([ANJAY, "--filter", "coap.mid == 3"], "filter, column 1: no field is called 'coap.mid': here it is mid"),
        ([ANJAY, "--stats", "--format", "csv"], "several tables"),
        ([ANJAY, "--exchanges", "-o", "x.pcapng"], "leave out the view"),
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


@pytest.mark.parametrize(
    ("arguments", "lines", "says"),
    [
        (["--filter", "retransmission"], 4, "retransmission of #61"),
        (["-v", "--filter", "frame == 1"], 46, "CON 0.02 POST, message ID 33015"),
        (["--exchanges"], 78, "POST /rd → 2.01 Created"),
        (["--registrations"], 16, "de-registered"),
        (["--stats"], 37, "164 messages · 1 device · 3 registrations · 4 retransmissions (2.4 %)"),
    ],
)
def test_views(capsys: pytest.CaptureFixture[str], arguments: list[str], lines: int, says: str) -> None:
    status, out, err = run(capsys, ANJAY, *arguments)
    assert (status, len(out.splitlines()), err) == (0, lines, "")
    assert says in out


def test_statistics_of_a_session(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, SESSION, "--stats")
    assert (status, out.splitlines()[0], err) == (
        0,
        "4 messages · 1 device · 0 registrations · 0 retransmissions",
        "",
    )


def test_views_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    for view, lines in (("-v", 164), ("--exchanges", 78), ("--registrations", 3), ("--stats", 1)):
        status, out, _ = run(capsys, ANJAY, view, "--format", "json")
        assert (status, len([json.loads(line) for line in out.splitlines()])) == (0, lines)


@pytest.mark.parametrize("suffix", ["json", "ndjson", "csv", "pcapng", "txt"])
def test_the_output_s_name_says_the_form(capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"x.{suffix}"
    assert run(capsys, ANJAY, "--filter", "op == Register", "-o", str(target)) == (0, "", "")
    data = target.read_bytes()
    counts = {
        "json": lambda: len(json.loads(data)),
        "ndjson": lambda: len([json.loads(line) for line in data.splitlines()]),
        "csv": lambda: len(data.splitlines()) - 1,
        "pcapng": lambda: len(run(capsys, str(target))[1].splitlines()),
        "txt": lambda: len(data.decode().splitlines()),
    }
    assert counts[suffix]() == 6


def test_csv_to_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["decode", ANJAY, "--filter", "frame in (1, 2)", "--format", "csv"]) == 0
    out, err = capsysbinary.readouterr()
    assert (len(out.splitlines()), err) == (3, b"")


def test_a_filter_that_can_not_be_read_leaves_the_output_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "x.json"
    target.write_text("precious")
    assert run(capsys, ANJAY, "--filter", "(", "-o", str(target))[0] == 2
    assert target.read_text() == "precious"


def test_a_payload_with_its_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--hex", "c10964", "--path", "/3/0", "-v")
    assert status == 0
    assert out.splitlines()[-1] == "         0  c1 09 64                 resource /3/0/9 Battery Level = 100 /100"


def test_help_reads_well(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--help")
    assert status == 0
    for word in ("--exchanges", "--registrations", "--stats", "--filter EXPR", 'op == "Notify"', ".pcapng", "--psk"):
        assert word in out


def interrupted_after(monkeypatch: pytest.MonkeyPatch, pauses: int) -> list[float]:
    """Ctrl-C comes in this pause; all of them are counted."""
    made: list[float] = []

    def pause(seconds: float) -> None:
        made.append(seconds)
        if len(made) >= pauses:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("atshell.cli.following.Following.__init__.__defaults__", (pause,))
    return made


@pytest.mark.parametrize(("view", "says"), [([], "164"), (["--stats"], "164 messages"), (["--format", "json"], "164")])
def test_following_ends_with_the_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, view: list[str], says: str
) -> None:
    pauses = interrupted_after(monkeypatch, 3)
    status, out, err = run(capsys, ANJAY, "--follow", *view)
    assert (status, err, len(pauses)) == (0, "", 3)
    assert says in (out if "--stats" in view else str(len(out.splitlines())))


def test_what_does_not_go_with_following(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, says in (
        (["--follow"], "nothing to decode"),
        (["--follow", ANJAY, ANJAY], "--follow reads one file"),
        (["--interface", "lo", ANJAY], "--interface is all that is read"),
        (["--interface", "lo", "--hex", "40"], "--interface is all that is read"),
        (["--interface", "lo", "-o", "x.pcapng"], "can be read but once"),
        (["--interface", "-"], "is no interface"),
    ):
        status, _, err = run(capsys, *arguments)
        assert status == 2
        assert says in err


def test_a_transcript(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, SESSION, "--format", "json")
    records = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert [(one["frame"], one["operation"], one["at"]) for one in records] == [
        (19, "Notify", "AT+MIPLNOTIFY"),
        (23, "Read", "AT+MIPLREADRSP"),
        (25, "Write", "+MIPLWRITE"),
        (28, "Execute", "+MIPLEXECUTE"),
    ]
    assert records[0]["resources"][0]["value"] == "abcd"
    status, out, _ = run(capsys, SESSION, "-v", "--filter", 'op == "Write"')
    assert status == 0
    assert "#25" in out
    assert "#19" not in out


def test_a_cut_transcript(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cut = tmp_path / "cut.at.jsonl"
    lines = Path(SESSION).read_bytes().splitlines(keepends=True)
    cut.write_bytes(b"".join(lines[:20]) + lines[20][:30])
    status, out, err = run(capsys, str(cut))
    assert (status, len(out.splitlines())) == (0, 1)
    assert "the recording was cut here" in err


def test_transcripts_by_their_header(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    renamed = tmp_path / "session.log"
    renamed.write_bytes(Path(SESSION).read_bytes())
    status, out, _ = run(capsys, str(renamed), SESSION, "--format", "json")
    assert status == 0
    assert {json.loads(line)["file"] for line in out.splitlines()} == {str(renamed), SESSION}


@pytest.mark.parametrize("source", [[SESSION], [ANJAY], ["--hex", "c44141c40000", "--path", "/3303/0"]])
def test_written_as_packets(capsys: pytest.CaptureFixture[str], tmp_path: Path, source: list[str]) -> None:
    path = tmp_path / "x.pcapng"
    status, out, err = run(capsys, *source, "--write", str(path))
    assert (status, err) == (0, "")
    assert out
    status, again, _ = run(capsys, str(path), "--format", "json")
    assert status == 0
    assert again.count('"transport":"udp"') == len(again.splitlines()) > 0


@pytest.mark.parametrize("form", ["csv", "pcapng"])
def test_payloads_for_other_programs(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str) -> None:
    path = tmp_path / f"x.{form}"
    for source in ([SESSION], ["--hex", "c10964", "--path", "/3/0"]):
        status, out, err = run(capsys, *source, "-o", str(path))
        assert (status, out, err) == (0, "", "")
        assert path.stat().st_size > 100
