"""Recordings of other implementations (``captures/tcp``), beside what tshark reads in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import json_text, messages
from atshell_lwm2m.message import Message, to_json

RECORDED = Path(__file__).parent.parent / "captures" / "tcp"
NAMES = sorted(path.stem for path in RECORDED.glob("*.pcap"))
OPENSSL = ["tls12_ccm8", "tls12_gcm", "tls12_cbc", "tls12_ecdhe_psk", "tls13"]
HEX = "0x000102030405060708090a0b0c0d0e0f"
PSK = f"urn:imei:867787050001234:{HEX}"


def options(name: str, psk: str = PSK, *, log: bool = True) -> DecodeOptions:
    path = RECORDED / f"{name}.keylog"
    return DecodeOptions(psk=(psk,), keylogs=(path,) if log and path.exists() else ())


def read(name: str) -> list[Message]:
    return list(messages([RECORDED / f"{name}.pcap"], options(name)))


def coap(found: list[Message]) -> list[Message]:
    return [one for one in found if one.code is not None]


def notes(found: list[Message]) -> list[tuple[str, str]]:
    return [(note.id, note.text) for one in found for note in one.expert if note.id != "encrypted"]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "libcoap_tls"])
def test_as_tshark_reads_it(name: str) -> None:
    golden = json.loads((RECORDED / f"{name}.tshark.json").read_text())
    ours = coap(read(name))
    assert len(ours) >= 6
    # A frame with several messages is one of tshark's, with lists.
    assert [one.frame for one in ours] == [int(row["frame.number"][0]) for row in golden for _ in row["coap.code"]]
    codes = [code for row in golden for code in row["coap.code"]]
    assert [one.code for one in ours] == [f"{int(code) >> 5}.{int(code) & 31:02}" for code in codes]
    assert [one.token for one in ours if one.token] == [token for row in golden for token in row.get("coap.token", [])]
    sizes = [int(size) for row in golden for size in row.get("coap.payload_length", [])]
    assert [len(one.payload) // 2 for one in ours if one.payload] == sizes
    paths = [part for row in golden for part in row.get("coap.opt.uri_path", [])]
    assert [value for one in ours for number, _, value in one.options if number == 11] == paths
    observed = [int(value) for row in golden for value in row.get("coap.opt.observe", [])]
    assert [one.observe for one in ours if one.observe is not None and int(one.code[0]) < 7] == observed


@pytest.mark.parametrize("name", NAMES)
def test_the_fast_way_says_the_same(name: str) -> None:
    path = [RECORDED / f"{name}.pcap"]
    slow = [to_json(one).decode() for one in messages(path, options(name))]
    assert "".join(json_text(path, options(name), [])) == "".join(f"{line}\n" for line in slow)


@pytest.mark.parametrize(("name", "transport"), [("aiocoap_tcp", "tcp"), ("aiocoap_ws", "ws"), ("libcoap_tcp", "tcp")])
def test_without_type_and_message_id(name: str, transport: str) -> None:
    ours = read(name)
    assert {one.transport for one in ours} == {transport}
    assert {(one.type, one.mid, one.error) for one in ours} == {(None, None, None)}
    asked = [one for one in ours if one.code is not None and one.code[0] == "0"]
    assert all(one.response is not None for one in asked)


@pytest.mark.parametrize("name", ["aiocoap_tcp", "aiocoap_ws"])
def test_what_it_means(name: str) -> None:
    ours = read(name)
    assert [one.code for one in ours[:2]] == ["7.01", "7.01"]
    assert ours[2].operation == ours[3].operation == "Register"
    assert ours[3].registration is not None
    assert ours[3].registration.location == "/rd/5a3f"
    observed = next(one for one in ours if one.observe == 0)
    assert [one.observe for one in ours if one.request == observed.frame] == [0, 1, 2, 3]


@pytest.mark.parametrize("name", OPENSSL)
def test_tls_is_opened(name: str) -> None:
    ours = coap(read(name))
    assert [one.operation for one in ours] == [None, None, "Register", "Register", "Read", "Read"]
    assert {one.transport for one in ours} == {"tls"}
    assert [(one.path, one.value) for one in ours[-1].resources] == [("/3/0/9", 100)]


@pytest.mark.parametrize(
    ("name", "psk", "note"),
    [
        ("tls12_ccm8", "other:secret", ("no-key", "no key for identity urn:imei:867787050001234 (--psk)")),
        ("tls12_cbc", "*:secret", ("wrong-key", "wrong key for identity urn:imei:867787050001234: the tag fails")),
        (
            "tls13",
            PSK,
            ("no-key", "TLS 1.3 (TLS_AES_256_GCM_SHA384) needs the secrets of a key log (--keylog)"),
        ),
    ],
)
def test_why_not(name: str, psk: str, note: tuple[str, str]) -> None:
    found = list(messages([RECORDED / f"{name}.pcap"], options(name, psk, log=False)))
    assert not coap(found)
    assert notes(found) == [note]


def test_ecdhe_needs_a_key_log() -> None:
    """libcoap's default with OpenSSL."""
    told = notes(read("libcoap_tls"))
    assert len(told) == 4
    assert all(ident == "no-key" and "ECDHE_PSK" in text and "(--keylog)" in text for ident, text in told)


def test_without_keys_tls_on_another_port_is_foreign(tmp_path: Path) -> None:
    data = (RECORDED / "tls12_gcm.pcap").read_bytes().replace((5684).to_bytes(2, "big"), (443).to_bytes(2, "big"))
    path = tmp_path / "elsewhere.pcap"
    path.write_bytes(data)
    assert list(messages([path])) == []
    assert len(coap(list(messages([path], options("tls12_gcm"))))) == 6
