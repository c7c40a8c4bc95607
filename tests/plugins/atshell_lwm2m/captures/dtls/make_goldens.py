"""Write NAME.tshark.json for each recording here, and for OpenSSL's one folder up, with tshark and the key:
``python make_goldens.py``. The fields are those of the other goldens."""

from __future__ import annotations

import json
import runpy
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
OTHERS = ("openssl_dtls12_psk_ccm8", "openssl_dtls12_psk_cbc_sha256", "pcap_ns_little")
KEY = "000102030405060708090a0b0c0d0e0f"


def golden(capture: Path, fields: list[str]) -> list[dict[str, list[str]]]:
    command = ["tshark", "-r", str(capture), "-T", "fields", "-E", "aggregator=\x1e", "-E", "separator=/t"]
    command += ["-o", f"dtls.psk:{KEY}"]
    keylog = capture.with_suffix(".keylog")
    if keylog.exists():
        command += ["-o", f"tls.keylog_file:{keylog}"]
    for field in fields:
        command += ["-e", field]
    output = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    frames = []
    for line in output.rstrip("\n").split("\n"):
        values = line.split("\t")
        frames.append({name: value.split("\x1e") for name, value in zip(fields, values, strict=True) if value})
    return frames


def main() -> None:
    fields = runpy.run_path(str(HERE.parent / "make_goldens.py"))["FIELDS"]
    captures = [*HERE.glob("*.pcap"), *(HERE.parent / f"{name}.pcap" for name in OTHERS)]
    for capture in sorted(captures):
        rows = ",\n".join(json.dumps(frame) for frame in golden(capture, [*fields, "coap.payload"]))
        (HERE / f"{capture.stem}.tshark.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
