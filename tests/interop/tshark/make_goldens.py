"""Write NAME.json for every capture in this repository: the bytes of each CoAP message as tshark takes it apart.

``python make_goldens.py`` needs tshark; the test that compares (``tests/interop/test_tshark.py``) does not. A line of a
golden is a message: its frame, type, code, message ID and token, ``[name, value]`` for each option, the payload, and
``[kind, identifier, value]`` for each TLV record in it; bytes are hexadecimal. Run it again when a capture is
added, and review what changed in the others.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
KEY = "000102030405060708090a0b0c0d0e0f"
# Ports that tshark does not take for CoAP by itself.
AS_COAP = {"wakaama_bootstrap_v10_tlv": ("udp.port==5684", "udp.port==5685"), "aiocoap_tcp": ("tcp.port==6683",)}


def captures() -> dict[str, Path]:
    lwm2m = ROOT / "tests" / "plugins" / "atshell_lwm2m"
    folders = (*(lwm2m / "captures" / sub for sub in ("", "dtls", "tcp")), lwm2m / "capture" / "goldens")
    found = {
        path.stem: path for folder in folders for path in sorted([*folder.glob("*.pcap"), *folder.glob("*.pcapng")])
    }
    return found | {path.parent.name: path for path in sorted(ROOT.glob("captures/*/*.pcap"))}


def keylog(capture: Path) -> Path | None:
    path = capture.with_suffix(".keylog")
    return path if path.exists() else None


def messages(name: str, capture: Path) -> Iterator[dict[str, object]]:
    command = ["tshark", "-r", str(capture), "-T", "pdml", "-o", f"dtls.psk:{KEY}", "-o", f"tls.psk:{KEY}"]
    if (log := keylog(capture)) is not None:
        command += ["-o", f"tls.keylog_file:{log}"]
    for port in AS_COAP.get(name, ()):
        command += ["-d", f"{port},coap"]
    # A capture that is cut makes tshark complain; what it read before is what is wanted.
    pdml = subprocess.run(command, check=False, capture_output=True).stdout
    for packet in ElementTree.fromstring(pdml):  # noqa: S314
        frame = int(_field(packet, "frame.number").get("show", ""))
        protocols = list(packet)
        for at, protocol in enumerate(protocols):
            if protocol.get("name") == "coap":
                behind = [one for one in protocols[at + 1 :] if one.get("name") == "lwm2mtlv"]
                yield _message(frame, protocol, behind[0] if behind else None)


def _message(frame: int, coap: ElementTree.Element, tlv: ElementTree.Element | None) -> dict[str, object]:
    return {
        "frame": frame,
        "type": _number(coap, "coap.type"),
        "code": int(_field(coap, "coap.code").get("show", "")),
        "mid": _number(coap, "coap.mid"),
        "token": _bytes(_find(coap, "coap.token")),
        "options": [_option(one) for one in coap.iter("field") if one.get("name") == "coap.opt.name"],
        "payload": _bytes(_find(coap, "coap.block_payload")) or _bytes(_find(coap, "coap.payload")),
        "tlv": [_record(one) for one in tlv.iter("field") if _is_record(one)] if tlv is not None else [],
    }


def _option(option: ElementTree.Element) -> list[str]:
    """The value is what is behind the option's header: a byte, and what extends delta and length."""
    name = re.sub(r"^#\d+: ", "", option.get("show", ""))
    extended = (_find(option, f"coap.opt.{part}_ext") for part in ("delta", "length"))
    header = 1 + sum(int(one.get("size", "")) for one in extended if one is not None)
    return [name, _bytes(option)[2 * header :]]


def _is_record(field: ElementTree.Element) -> bool:
    return any(one.get("name") == "lwm2mtlv.header" for one in field)


def _record(record: ElementTree.Element) -> list[object]:
    kind, identifier = _field(record, "lwm2mtlv.type.type"), _field(record, "lwm2mtlv.identifier")
    value = next((one for one in record if one.get("name") == "lwm2mtlv.value"), None)
    if value is None:
        named = next((one for one in record if one.get("name") != "lwm2mtlv.header"), None)
        value = _find(named, "lwm2mtlv.value") if named is not None else None
    holds = any(_is_record(one) for one in record.iter("field") if one is not record)
    return [int(kind.get("show", "")), int(identifier.get("show", "")), "" if holds else _bytes(value)]


def _find(within: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next((one for one in within.iter("field") if one.get("name") == name), None)


def _number(within: ElementTree.Element, name: str) -> int | None:
    """Over TCP messages have neither type nor message ID."""
    found = _find(within, name)
    return int(found.get("show", "")) if found is not None else None


def _field(within: ElementTree.Element, name: str) -> ElementTree.Element:
    found = _find(within, name)
    if found is None:
        raise ValueError(f"tshark says nothing of {name}")
    return found


def _bytes(field: ElementTree.Element | None) -> str:
    return field.get("value", "") if field is not None else ""


def main() -> int:
    for name, capture in captures().items():
        found = list(messages(name, capture))
        if found:
            lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in found)
            (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n")
            print(f"{name}: {len(found)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
