"""Write NAME.tshark.json for each recording here: ``python make_goldens.py``.

A list with an object for each frame in which tshark sees CoAP; fields that it leaves empty are left out.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
KEY = "000102030405060708090a0b0c0d0e0f"
FIELDS = [
    *("frame.number", "tcp.srcport", "coap.code", "coap.token", "coap.opt.name", "coap.opt.uri_path"),
    *("coap.opt.uri_query", "coap.opt.location_path", "coap.opt.ctype", "coap.opt.observe", "coap.payload_length"),
]


def golden(capture: Path) -> list[dict[str, list[str]]]:
    command = ["tshark", "-r", str(capture), "-T", "fields", "-E", "aggregator=\x1e", "-E", "separator=/t"]
    command += ["-Y", "coap", "-d", "tcp.port==6683,coap", "-d", "tcp.port==8683,http", "-o", f"tls.psk:{KEY}"]
    log = capture.with_suffix(".keylog")
    if log.exists():
        command += ["-o", f"tls.keylog_file:{log}"]
    for field in FIELDS:
        command += ["-e", field]
    output = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    frames = []
    for line in filter(None, output.split("\n")):
        values = line.split("\t")
        frames.append({name: value.split("\x1e") for name, value in zip(FIELDS, values, strict=True) if value})
    return frames


def main() -> None:
    for capture in sorted(HERE.glob("*.pcap")):
        rows = ",\n".join(json.dumps(frame) for frame in golden(capture))
        capture.with_suffix(".tshark.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
