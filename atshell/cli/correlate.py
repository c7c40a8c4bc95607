"""Put a transcript and captures side by side.

Joins what the session says (message IDs, values, order) with the operations that the captures show, finds out how
the two clocks differ, and prints one timeline.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.cli.keys import add_key_arguments
from atshell.cli.objects import add_objects_argument, know_objects
from atshell.cli.output import add_output_arguments, destination, warn, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

PORTS = range(1, 0x10000)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("transcript", metavar="TRANSCRIPT", help="a recorded session (*.at.jsonl)")
    parser.add_argument("captures", metavar="CAPTURE", nargs="+", help="captured traffic (pcap, pcapng)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("-o", metavar="FILE", dest="output", help="write to a file instead of standard output")
    parser.add_argument("--check", action="store_true", help="end with 1 when there is a finding that is an error")
    parser.add_argument(
        "--port", metavar="N", dest="ports", type=port, action="append", default=[], help="a UDP port to take for CoAP"
    )
    add_objects_argument(parser)
    add_key_arguments(parser)
    add_output_arguments(parser)


def port(text: str) -> int:
    """An argument that names a UDP port."""
    if not text.isdecimal() or int(text[:9]) not in PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1 to 65535")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    from atshell.hooks import DecodeOptions
    from atshell.host import host
    from atshell.transcript.file import Transcript

    know_objects(arguments)
    transcript = Transcript.read(arguments.transcript)
    captures = [Path(capture) for capture in arguments.captures]
    options = DecodeOptions(tuple(arguments.ports), tuple(arguments.psk), tuple(arguments.keylog))
    report = host().correlate(transcript, captures, options)
    with destination(arguments.output) as stream:
        if arguments.format == "json":
            stream.writelines(f"{line}\n" for line in report.json())
        else:
            write_lines(report.text(), arguments, stream)
    for warning in report.warnings:
        warn(warning)
    return int(arguments.check and has_error(report.records()))


def has_error(records: Iterable[object]) -> bool:
    """Whether a timeline among the records has a finding that is an error."""
    findings = (finding for record in records for finding in getattr(record, "findings", ()))
    return any(getattr(finding, "severity", "") == "error" for finding in findings)
