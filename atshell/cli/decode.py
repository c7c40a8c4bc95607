"""Read CoAP and LwM2M from capture files, or from a pasted payload."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from atshell.cli.output import add_output_arguments, destination, warn, write_lines
from atshell.errors import AtshellError
from atshell.hooks import Analyzer, DecodeOptions, Report
from atshell.host import host

_KINDS = (
    "coap",
    "tlv",
    "senml-json",
    "senml-cbor",
    "lwm2m-json",
    "lwm2m-cbor",
    "link",
    "cbor",
    "text",
    "opaque",
)  # fmt: skip
_BATCH = 512


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = (
        "atshell decode FILE… [--format text|json] [-o FILE] [--port N]…\n"
        "       atshell decode --hex HEX|- [--as KIND] [--path /3/0] [--format text|json] [-o FILE]"
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="pcap or pcapng file")
    parser.add_argument("--hex", metavar="HEX|-", help="decode this payload; - takes one a line from standard input")
    parser.add_argument("--as", dest="kind", choices=_KINDS, metavar="KIND", help=f"what it is: {', '.join(_KINDS)}")
    parser.add_argument("--path", metavar="PATH", type=_path, help="the LwM2M path that the payload is about: /3/0")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of standard output")
    parser.add_argument(
        "--port", metavar="N", type=_port, action="append", default=[], help="another UDP port that carries CoAP"
    )
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    _check(arguments)
    analyzer = host().analyzer
    # Decoding makes many small objects and hardly a cycle: looking for cycles every 700 of them costs a fifth.
    gc.set_threshold(100_000, 20, 20)
    if arguments.hex is None:
        reports: Iterable[Report] = [analyzer.decode(arguments.files, DecodeOptions(ports=tuple(arguments.port)))]
    else:
        reports = _pasted(analyzer, arguments)
    with destination(arguments.output) as stream:
        for report in reports:
            _show(report, arguments, stream)
            for warning in report.warnings:
                warn(warning)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.hex is None and not arguments.files:
        raise AtshellError("nothing to decode", "name a capture file, or give a payload with --hex")
    if arguments.hex is not None and arguments.files:
        raise AtshellError("--hex and a capture file can't be decoded together", "run decode twice")
    if arguments.hex is None and (arguments.kind or arguments.path):
        raise AtshellError("--as and --path are about a pasted payload", "give it with --hex")
    if arguments.output is not None and any(_same(path, arguments.output) for path in arguments.files):
        raise AtshellError(f"{arguments.output} is also what is read", "name another file with -o")


def _same(path: Path, output: str) -> bool:
    try:
        return path.samefile(output)
    except OSError:
        return False


def _show(report: Report, arguments: argparse.Namespace, stream: TextIO) -> None:
    if arguments.format == "text":
        write_lines(report.text(), arguments, stream)
        return
    lines = report.json()
    while batch := list(islice(lines, _BATCH)):
        stream.write("\n".join(batch) + "\n")


def _pasted(analyzer: Analyzer, arguments: argparse.Namespace) -> Iterator[Report]:
    """A record for each line, in the order of the lines; a line that is not hexadecimal is one with an error."""
    lines: Iterable[str] = sys.stdin if arguments.hex == "-" else [arguments.hex]
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield analyzer.decode_payload(line, kind=arguments.kind, path=arguments.path, line=number)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 1 to 65535")
    return int(text)


def _path(text: str) -> str:
    parts = text.strip("/").split("/")
    if len(parts) > 4 or not all(part.isascii() and part.isdecimal() and int(part) < 65536 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no LwM2M path such as /3/0")
    return "/" + "/".join(parts)
