"""How fast captures are decoded, beside ``tshark`` with the same fields, in the same run.

    python tests/benchmarks/decode.py [PACKETS] [--pairs N]
    python tests/benchmarks/decode.py --memory MESSAGES

A capture of mixed traffic (``traffic.py``) is made in a temporary file. Both programs read it in turn, pair by pair, so
that whatever else the machine does falls on both alike, and medians are compared: of the processor's time (user and
system, of all processes together), which other work on the machine changes less, and of the time on the clock, which is
what two jobs shorten.
``--memory`` decodes so many messages from a pipe, for which no disk is needed, and prints the peak.

The targets: five times tshark's speed, two jobs 1.7 times as fast as one, a filter for one device 15 times as fast as
tshark's, half of its time for ten packets, 300 MiB for ten million messages.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from traffic import capture_header, capture_records, write_capture

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


class Taken(NamedTuple):
    """Seconds that a program took."""

    cpu: float
    wall: float


def ours(capture: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "atshell", "decode", str(capture), "--format", "json", *more]


def theirs(tshark: str, capture: Path, *more: str) -> list[str]:
    return [tshark, "-r", str(capture), "-T", "fields", *(part for field in FIELDS for part in ("-e", field)), *more]


def environment(folder: Path) -> dict[str, str]:
    """With compiled modules, as an installed program has them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder)}


def timed(command: Sequence[str], env: dict[str, str]) -> Taken:
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(cpu, time.perf_counter() - start)


def medians(commands: Sequence[Sequence[str]], env: dict[str, str], rounds: int) -> list[Taken]:
    """Of each command, taken in turn."""
    timed(commands[0], env)  # Compiles the modules.
    times = [[timed(command, env) for command in commands] for _ in range(rounds)]
    return [
        Taken(*map(statistics.median, zip(*(one[index] for one in times), strict=True)))
        for index in range(len(commands))
    ]


def show(name: str, taken: Taken, than: Taken | None = None) -> None:
    ratio = "" if than is None else f"  ratio {than.cpu / taken.cpu:6.2f} cpu  {than.wall / taken.wall:6.2f} clock"
    print(f"  {name:40} {taken.cpu:8.3f} s cpu  {taken.wall:8.3f} s clock{ratio}")


def everything(tshark: str, capture: Path, packets: int, rounds: int) -> None:
    env = environment(capture.parent)
    lines = subprocess.run(ours(capture), check=True, capture_output=True, env=env).stdout.splitlines()
    device = one_device(lines)
    print(f"{packets} packets, {len(lines)} messages, {capture.stat().st_size / 1e6:.1f} MB, medians of {rounds}")
    filters = ("--filter", f"addr == {device}"), ("-Y", f"ip.addr == {device}")
    one, two, tsharks, ours_for_one, theirs_for_one = medians(
        [
            ours(capture),
            ours(capture, "--jobs", "2"),
            theirs(tshark, capture),
            ours(capture, *filters[0]),
            theirs(tshark, capture, *filters[1]),
        ],
        env,
        rounds,
    )
    show("tshark -T fields", tsharks)
    show("atshell decode --format json", one, tsharks)
    show("atshell decode --format json --jobs 2", two, tsharks)
    print(
        f"  {len(lines) / one.cpu:.0f} messages/s; two jobs {one.wall / two.wall:.2f} times as fast as one by the clock"
    )
    show("tshark -T fields -Y, one device", theirs_for_one)
    show("atshell decode --filter, one device", ours_for_one, theirs_for_one)


def one_device(lines: Sequence[bytes]) -> str:
    """The address of one that says something early on."""
    source: str = next(json.loads(line)["src"] for line in lines if b'"Register"' in line)
    return source.rpartition(":")[0]


def little(tshark: str, capture: Path, packets: int, rounds: int) -> None:
    first, second = medians([ours(capture), theirs(tshark, capture)], environment(capture.parent), rounds)
    print(f"{packets} packets, medians of {rounds}")
    show("tshark -T fields", second)
    show("atshell decode --format json", first, second)


def memory(messages: int) -> float:
    """MiB that the decoder had at its peak."""
    process = subprocess.Popen(ours(Path("-")), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin is not None
    with process.stdin as stream:
        stream.write(capture_header())
        stream.writelines(capture_records(messages))
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
    if arguments.memory:
        print(f"{arguments.memory} packets from a pipe: {memory(arguments.memory):.0f} MiB")
        return 0
    tshark = shutil.which("tshark")
    if tshark is None:
        print("tshark is not installed: nothing to compare with")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        capture = Path(folder) / "benchmark.pcap"
        write_capture(capture, arguments.packets)
        everything(tshark, capture, arguments.packets, arguments.pairs)
        write_capture(capture, SMALL)
        little(tshark, capture, SMALL, SMALL_PAIRS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
