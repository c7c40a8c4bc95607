"""Write NAME.tshark.json for each capture in this folder, with tshark: ``python make_goldens.py``.

Run it again only when a capture is added; review what changed in the others.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
FIELDS = [
    *("frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "udp.srcport", "udp.dstport"),
    *("coap.type", "coap.code", "coap.mid", "coap.token", "coap.opt.name", "coap.opt.observe", "coap.opt.ctype"),
    *("coap.opt.accept", "coap.opt.uri_path", "coap.opt.uri_query", "coap.opt.location_path"),
    *("coap.opt.block_number", "coap.opt.block_mflag", "coap.opt.block_size", "coap.block.reassembled.length"),
    *("coap.payload_length", "coap.response_to", "coap.response_in", "coap.response_time"),
    *("coap.request_first_in", "coap.retransmitted"),
    *("lwm2mtlv.identifier", "lwm2mtlv.value", "lwm2mtlv.resource_name"),
    *("dtls.record.content_type", "dtls.handshake.type", "dtls.record.version"),
]
# Ports that tshark does not take for CoAP by itself.
AS_COAP = {"wakaama_bootstrap_v10_tlv": (5684, 5685)}


def golden(capture: Path) -> list[dict[str, list[str]]]:
    command = ["tshark", "-r", str(capture), "-T", "fields", "-E", "aggregator=\x1e", "-E", "separator=/t"]
    for port in AS_COAP.get(capture.stem, ()):
        command += ["-d", f"udp.port=={port},coap"]
    for field in FIELDS:
        command += ["-e", field]
    # A capture that is cut makes tshark complain; what it read before is what is wanted.
    output = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    frames = []
    for line in output.rstrip("\n").split("\n"):
        values = line.split("\t")
        frames.append({name: value.split("\x1e") for name, value in zip(FIELDS, values, strict=True) if value})
    return frames


def main() -> None:
    for capture in sorted(HERE.glob("*.pcap")):
        rows = ",\n".join(json.dumps(frame) for frame in golden(capture))
        capture.with_suffix(".tshark.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
