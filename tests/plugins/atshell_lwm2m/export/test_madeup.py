"""tshark is the reader: what it shows is what went in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from atshell.hooks import DecodeOptions
from atshell_lwm2m import pasted
from atshell_lwm2m.analyzer import LwM2mAnalyzer
from atshell_lwm2m.capture.reader import packets
from atshell_lwm2m.export.madeup import REMARK, pcapng
from atshell_lwm2m.message import Message

CAPTURES = Path(__file__).parent.parent / "captures"
OPTIONS = DecodeOptions()
TLV = "e8 16 44 08 40 35 80 00 00 00 00 00"


def written(path: Path, *messages: Message) -> list[str]:
    warnings: list[str] = []
    path.write_bytes(b"".join(pcapng(messages, warnings)))
    return warnings


def tshark(path: Path, *fields: str) -> list[list[str]]:
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("tshark is not installed")
    asked = [part for field in fields for part in ("-e", field)]
    command = [program, "-r", str(path), "-T", "fields", "-E", "separator=|", *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [one.split("|") for one in done.stdout.splitlines()]


def test_a_payload_shows_its_value(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    message = pasted.decode_hex(TLV, "tlv", "/3303/0")
    assert written(path, message) == []
    ((uri, content, comment, double),) = tshark(
        path, "coap.opt.uri_path_recon", "coap.opt.ctype", "frame.comment", "lwm2mtlv.value"
    )
    assert uri == "/3303/0"
    assert content == "application/vnd.oma.lwm2m+tlv"
    assert "Sensor Value = 21.5" in comment
    assert double == "4035800000000000"


def test_a_datagram_is_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    message = pasted.decode_hex("4401c409d74d0b01bb2e77656c6c2d6b6e6f776e04636f7265", None, None)
    written(path, message)
    (found,) = tshark(path, "coap.mid", "coap.token", "coap.opt.uri_path", "ip.src", "ip.dst")
    assert found == ["50185", "d74d0b01", ".well-known,core", "192.0.2.1", "192.0.2.2"]


def test_a_session_keeps_its_times_and_the_server(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    up = Message(3, 1700000000.25, dst="117.60.157.137:5683", kind="text", payload="6869", at="AT+NSOST")
    down = Message(4, 1700000001.5, src="[2001:db8::7]:5685", kind="opaque", payload="ff", at="+NSONMI")
    told = Message(5, 1700000002.0, kind="opaque", payload="ff", at="+NNMI", target="/19/1/0")
    written(path, up, down, told)
    found = tshark(path, "frame.time_epoch", "ip.src", "ip.dst", "ipv6.src", "udp.srcport")
    assert [one[0][:13] for one in found] == ["1700000000.25", "1700000001.50", "1700000002.00"]
    assert [one[1:4] for one in found] == [
        ["192.0.2.1", "117.60.157.137", ""],
        ["", "", "2001:db8::7"],
        ["192.0.2.2", "192.0.2.1", ""],
    ]
    assert found[1][4] == "5685"


def test_what_was_decrypted_is_in_the_clear(tmp_path: Path) -> None:
    path, options = (
        tmp_path / "x.pcapng",
        DecodeOptions(psk=("urn:imei:867787050001234:0x000102030405060708090a0b0c0d0e0f",)),
    )
    analyzer = LwM2mAnalyzer()
    first = list(analyzer.decode([CAPTURES / "openssl_dtls12_psk_ccm8.pcap"], options).records())
    path.write_bytes(b"".join(analyzer.packets(first).pieces))
    plain = [one for one in first if isinstance(one, Message) and one.type is not None]
    found = tshark(path, "coap.mid", "coap.code")
    assert len(found) == len(plain) > 5
    assert [one[0] for one in found] == [str(one.mid) for one in plain]


def test_what_has_no_packet_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    warnings = written(path, Message(transport="dtls"), Message(kind="tlv"), Message(kind="coap", payload="40"))
    assert warnings == ["2 records have no packet: encrypted, not over datagrams, or without a payload"]
    assert len(list(packets(path))) == 1
    assert REMARK.encode() in path.read_bytes()


@pytest.mark.parametrize("name", ["anjay_nosec_lwm2m10", "wakaama_lwm2m11_senmljson", "aiocoap_udp"])
def test_a_capture_written_again_says_the_same(tmp_path: Path, name: str) -> None:
    """Each message is encoded anew, so that reading it must give what it was."""
    analyzer, path = LwM2mAnalyzer(), tmp_path / "x.pcapng"
    first = list(analyzer.decode([CAPTURES / f"{name}.pcap"], OPTIONS).records())
    path.write_bytes(b"".join(analyzer.packets(first).pieces))
    again = list(analyzer.decode([path], OPTIONS).records())
    assert [meant(one) for one in again] == [meant(one) for one in first if rebuildable(one)]


def meant(message: object) -> list[object]:
    assert isinstance(message, Message)
    return [message.src, message.dst, message.code, message.token, message.options, message.payload, message.operation]


def rebuildable(message: object) -> bool:
    return isinstance(message, Message) and message.type is not None
