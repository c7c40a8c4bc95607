"""How fast captures are decoded, beside ``tshark -T fields`` with the same fields, in the same run.

    python tests/benchmarks/decode.py [PACKETS] [--memory MESSAGES]

A capture of mixed traffic (``traffic.py``) is made in a temporary file. Both programs read it in turn, pair by pair, so
that whatever else the machine does falls on both alike, and medians are compared. Then the same with a capture of ten
packets, where starting is everything. ``--memory`` decodes a file of that many messages once and prints the peak.

The targets: five times tshark's speed, half of its time for ten packets, 300 MiB for ten million messages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from traffic import write_capture

PACKETS = 500_000
PAIRS = 5
SMALL, SMALL_PAIRS = 10, 15
FIELDS = [
    *("frame.number", "frame.time_epoch", "ip.src", "udp.srcport", "ip.dst", "udp.dstport"),
    *("coap.type", "coap.code", "coap.mid", "coap.token", "coap.opt.name", "coap.opt.uri_path_recon"),
    *("coap.opt.uri_query", "coap.opt.observe", "coap.opt.ctype", "coap.opt.accept", "coap.payload"),
    *("coap.opt.block_number", "coap.opt.block_mflag", "coap.opt.block_size", "coap.block.reassembled.length"),
    *("coap.response_to", "coap.response_in", "coap.response_time", "coap.retransmitted"),
    *("lwm2mtlv.resource_name", "lwm2mtlv.identifier", "lwm2mtlv.value.string", "lwm2mtlv.value.integer"),
    *("lwm2mtlv.value.float", "lwm2mtlv.value.double", "json.member", "json.value.string", "json.value.number"),
]


def ours(capture: Path) -> list[str]:
    return [sys.executable, "-m", "atshell", "decode", str(capture), "--format", "json"]


def theirs(tshark: str, capture: Path) -> list[str]:
    return [tshark, "-r", str(capture), "-T", "fields", *(part for field in FIELDS for part in ("-e", field))]


def environment(folder: Path) -> dict[str, str]:
    """With compiled modules, as an installed program has them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder)}


def timed(command: list[str], env: dict[str, str]) -> float:
    """Seconds."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    return time.perf_counter() - start


def compare(tshark: str, capture: Path, packets: int, pairs: int) -> None:
    commands, env = (ours(capture), theirs(tshark, capture)), environment(capture.parent)
    lines = subprocess.run(commands[0], check=True, capture_output=True, env=env).stdout.count(b"\n")
    times = [(timed(commands[0], env), timed(commands[1], env)) for _ in range(pairs)]
    atshell, other = (statistics.median(pair[index] for pair in times) for index in (0, 1))
    print(f"{packets} packets, {lines} messages, {capture.stat().st_size / 1e6:.1f} MB, medians of {pairs} pairs")
    print(f"  atshell decode --format json   {atshell:8.3f} s  {lines / atshell:9.0f} messages/s")
    print(f"  tshark -T fields               {other:8.3f} s  {lines / other:9.0f} messages/s")
    print(f"  ratio                          {other / atshell:8.2f}")


def memory(capture: Path) -> float:
    """MiB that the decoder had at its peak."""
    process = subprocess.Popen(ours(capture), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, "atshell decode")
    return usage.ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packets", nargs="?", type=int, default=PACKETS)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--memory", type=int, metavar="MESSAGES", help="only measure the memory for so many")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        capture = Path(folder) / "benchmark.pcap"
        if arguments.memory:
            write_capture(capture, arguments.memory)
            print(f"{arguments.memory} packets: {memory(capture):.0f} MiB")
            return 0
        tshark = shutil.which("tshark")
        if tshark is None:
            print("tshark is not installed: nothing to compare with")
            return 1
        for packets, pairs in ((arguments.packets, arguments.pairs), (SMALL, SMALL_PAIRS)):
            write_capture(capture, packets)
            compare(tshark, capture, packets, pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
