"""Every recording of captures/dtls, beside what was said in it and what tshark reads with the same key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import messages
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dtls.front import Dtls
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.message import Message, to_json

CAPTURES = Path(__file__).parent.parent / "captures"
RECORDED = CAPTURES / "dtls"
NAMES = sorted(path.stem for path in RECORDED.glob("*.pcap"))
OPENED = [name for name in NAMES if name != "aria"]
OTHERS = ["openssl_dtls12_psk_ccm8", "openssl_dtls12_psk_cbc_sha256", "pcap_ns_little"]
HEX = "0x000102030405060708090a0b0c0d0e0f"
PSK = f"urn:imei:867787050001234:{HEX}"
# What tshark 4.0 opens in part or not at all; what was said is known nonetheless.
NOT_TSHARKS = {"renegotiated", "chacha", "doubled"}


def options(name: str, psk: str = PSK) -> DecodeOptions:
    keylog = RECORDED / f"{name}.keylog"
    # Its identity is longer than the one of the others.
    keys = (psk, f"*:{HEX}") if name == "fragmented" and psk == PSK else (psk,)
    return DecodeOptions(psk=keys, keylogs=(keylog,) if keylog.exists() else ())


def capture(name: str) -> Path:
    path = RECORDED / f"{name}.pcap"
    return path if path.exists() else CAPTURES / f"{name}.pcap"


def read(name: str) -> list[Message]:
    return list(messages([capture(name)], options(name)))


def coap(found: list[Message]) -> list[Message]:
    return [one for one in found if one.type is not None]


def notes(found: list[Message]) -> list[tuple[str, str]]:
    return [(note.id, note.text) for one in found for note in one.expert if note.id != "encrypted"]


@pytest.mark.parametrize("name", OPENED)
def test_what_was_said_is_read(name: str) -> None:
    found = [one for one in coap(read(name)) if one.retransmission_of is None]
    if name == "doubled":
        # An answer that comes twice is no retransmission, but it answers one.
        found = [one for one in found if not any(note.id == "repeated-answer" for note in one.expert)]
    said = [(where, bytes.fromhex(text)) for where, text in json.loads((RECORDED / f"{name}.sent.json").read_text())]
    assert len(found) == len(said)
    for one, (where, data) in zip(found, said, strict=True):
        assert one.dst.endswith(":5684") is (where == ">")
        assert (one.mid, one.token) == (int.from_bytes(data[2:4], "big"), data[4:8].hex())
        assert data[8:].partition(b"\xff")[2].hex() == (one.payload or "")
        assert (one.transport, one.error) == ("dtls", None)


@pytest.mark.parametrize("name", [*(name for name in OPENED if name not in NOT_TSHARKS), *OTHERS])
def test_as_tshark_reads_it(name: str) -> None:
    golden = json.loads((RECORDED / f"{name}.tshark.json").read_text())
    theirs = [frame for frame in golden if "coap.mid" in frame]
    ours = coap(read(name))
    assert len(theirs) >= 6
    assert [one.frame for one in ours] == [int(frame["frame.number"][0]) for frame in theirs]
    for one, frame in zip(ours, theirs, strict=True):
        code = int(frame["coap.code"][0])
        assert one.mid == int(frame["coap.mid"][0])
        assert one.code == f"{code >> 5}.{code & 31:02}"
        assert one.token == frame.get("coap.token", [None])[0]
        assert one.request == (int(frame["coap.response_to"][0]) if "coap.response_to" in frame else one.request)
        # Of blocks it gives the length of the whole body.
        if one.block1 is None and one.block2 is None:
            assert len(one.payload or "") // 2 == int(frame.get("coap.payload_length", ["0"])[0])


@pytest.mark.parametrize("name", OPENED)
def test_nothing_is_left_closed(name: str) -> None:
    found = read(name)
    assert not [text for ident, text in notes(found) if ident not in ("repeated-answer", "token-mismatch")]
    assert not [note.text for one in found for note in one.expert if "(encrypted)" in note.text]
    names = [note.text for one in found if one.type is None for note in one.expert]
    assert any("Finished" in name for name in names)


def test_meaning_flows_through() -> None:
    found = coap(read("gcm"))
    assert [one.operation for one in found[::2]] == ["Register", "Read", "Write"]
    assert found[3].resources[0].value == 100
    assert {one.endpoint for one in found} == {"urn:imei:867787050001234"}


@pytest.mark.parametrize(
    ("psk", "note"),
    [
        ("other:secret", ("no-key", "no key for identity urn:imei:867787050001234 (--psk)")),
        ("*:secret", ("wrong-key", "wrong key for identity urn:imei:867787050001234: the tag fails")),
    ],
)
@pytest.mark.parametrize("name", ["ccm", "cbc_no_etm", "resumed_id"])
def test_why_not(name: str, psk: str, note: tuple[str, str]) -> None:
    found = list(messages([capture(name)], options(name, psk)))
    assert not coap(found)
    told = notes(found)
    assert told[0] == note
    # Once in a connection; the second one resumes what was not opened.
    assert len(told) == (2 if name == "resumed_id" else 1)
    assert b"secret" not in b"".join(map(to_json, found))


def test_a_suite_that_is_not_supported() -> None:
    assert notes(read("aria")) == [
        ("suite-not-supported", "the suite TLS_PSK_WITH_ARIA_128_GCM_SHA256 is not supported")
    ]


def test_ecdhe_psk_needs_a_key_log() -> None:
    found = list(messages([capture("ecdhe_psk")], DecodeOptions(psk=(PSK,))))
    assert notes(found) == [
        (
            "no-key",
            "no key log for identity urn:imei:867787050001234: "
            "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256 needs one (--keylog)",
        )
    ]
    log = DecodeOptions(keylogs=(RECORDED / "ecdhe_psk.keylog",))
    assert notes(list(messages([capture("ccm")], log)))[0][0] == "no-key"


def test_without_keys_it_says_what_is_missing() -> None:
    assert [ident for ident, _ in notes(list(messages([capture("ccm")])))] == ["no-key"]


def test_the_handshake_may_be_in_another_file(tmp_path: Path) -> None:
    """Captures are rotated: header of 24 bytes, then records of 16 and what they hold."""
    data = capture("gcm").read_bytes()
    at = 24
    for _ in range(7):
        at += 16 + int.from_bytes(data[at + 8 : at + 12], "little")
    first, second = tmp_path / "1.pcap", tmp_path / "2.pcap"
    first.write_bytes(data[:at])
    second.write_bytes(data[:24] + data[at:])
    assert len(coap(list(messages([first, second], options("gcm"))))) == 6
    assert notes(list(messages([second], options("gcm")))) == [("no-handshake", "the handshake is not in the capture")]


def test_on_a_port_that_is_not_known(tmp_path: Path) -> None:
    """Its handshake is not CoAP's to tell; what it protects is."""
    data = bytearray(capture("gcm").read_bytes())
    at = 24
    while at < len(data):
        size = int.from_bytes(data[at + 8 : at + 12], "little")
        for port in (at + 16 + 20, at + 16 + 22):
            if data[port : port + 2] == (5684).to_bytes(2, "big"):
                data[port : port + 2] = (15684).to_bytes(2, "big")
        at += 16 + size
    path = tmp_path / "elsewhere.pcap"
    path.write_bytes(data)
    found = list(messages([path], options("gcm")))
    assert [one.frame for one in found] == list(range(8, 16))
    assert len(coap(found)) == 6
    wrong = list(messages([path], options("gcm", "*:wrong")))
    assert [ident for ident, _ in notes(wrong)] == ["wrong-key"]
    assert list(messages([path])) == []


def test_cryptography_is_imported_for_a_key_alone() -> None:
    program = (
        "import sys; from pathlib import Path; from atshell.hooks import DecodeOptions;"
        "from atshell_lwm2m.analyzer import messages;"
        "list(messages([Path(sys.argv[1])], DecodeOptions(psk=tuple(sys.argv[2:]))));"
        "print('cryptography' in sys.modules)"
    )
    for arguments, imported in (
        ([capture("gcm")], "False"),
        ([CAPTURES / "anjay_nosec_lwm2m10.pcap", PSK], "False"),
        ([capture("gcm"), PSK], "True"),
    ):
        command = [sys.executable, "-c", program, *map(str, arguments)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == imported


def test_records_before_their_keys_are_opened_in_their_place(peers: Callable[..., Any]) -> None:
    """The datagrams of a capture in the order in which they came: the Client Key Exchange was late."""
    both = peers().handshake()
    both.say(">", 23, bytes.fromhex("40010001b133"))
    shaken = [*both.said[:3], both.said[-1], *both.said[3:-1]]
    there, back = b"\1\1\1\1\2\2\2\2\x9c\x40\x16\x34", b"\2\2\2\2\1\1\1\1\x16\x34\x9c\x40"
    frames = [(n, n, there if where == ">" else back, data, 0) for n, (where, data) in enumerate(shaken, 1)]
    found = list(Dissector(dtls=Dtls(Keys([(b"*", bytes(range(16)))]))).messages(frames))
    assert [one.frame for one in found] == list(range(1, len(frames) + 1))
    assert [(one.frame, one.path) for one in coap(found)] == [(4, "/3")]
