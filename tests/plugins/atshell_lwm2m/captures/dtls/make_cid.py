"""Write ``cid_*.pcap``: connections with connection IDs (RFC 9146), which OpenSSL does not speak; the client's address
changes on the way. The peers are those of the tests; that they speak the RFC's language is tshark's word."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

from atshell_lwm2m.capture.writer import PcapWriter

HERE = Path(__file__).parent
SUITES = {"cid_ccm8": 0xC0A8, "cid_gcm": 0x00A8, "cid_cbc": 0x00AE, "cid_cbc_etm": 0x00AE}
DRAFTS = {"cid_draft_ccm8": 0xC0A8, "cid_draft_cbc_etm": 0x00AE}
"""With the number that IANA gave the draft (53), and what it authenticates."""
OLD, NEW, SERVER = ("10.8.0.7", 40001), ("10.9.9.9", 41111), ("10.0.0.1", 5684)


def main() -> None:
    peers = runpy.run_path(str(HERE.parent.parent / "dtls" / "conftest.py"))["Peers"]
    talk = runpy.run_path(str(HERE / "record.py"))["talk"]
    for name, suite in (SUITES | DRAFTS).items():
        both = peers(
            suite,
            cids=(b"", b"\xc1\xd0") if name == "cid_ccm8" else (b"device1", b"srv"),
            outside=name.endswith("etm"),
            draft=53 if name in DRAFTS else 0,
        )
        both.handshake()
        moved, lines = len(both.said) + 3, talk(0x2000)
        for where, data in lines:
            both.say(where, 23, data)
        with PcapWriter(HERE / f"{name}.pcap") as writer:
            for number, (where, data) in enumerate(both):
                client = OLD if number < moved else NEW
                src, dst = (client, SERVER) if where == ">" else (SERVER, client)
                writer.write_udp(1_700_000_000 + number / 16, src, dst, data)
        text = ",\n".join(json.dumps([where, data.hex()]) for where, data in lines)
        (HERE / f"{name}.sent.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
