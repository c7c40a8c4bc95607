"""Read CoAP and LwM2M from capture files, or from a pasted payload."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from atshell.cli.forms import Form, byte_destination, form_of, write_bytes, write_json
from atshell.cli.keys import add_key_arguments
from atshell.cli.output import add_output_arguments, destination, warn, write_lines
from atshell.cli.progress import ProgressBar, progress_bar
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
_EPILOG = """\
filter:
  op == "Notify" and target ~ "/3200/*" and rtt > 2
  code in (4.04, 5.00) or not response       /3/0/9 < 20        src == 10.8.0.7 and time > 19:03

  Fields are those of --format json, with their parts (registration.lt, block1.num, expert.id); op, ep, value are
  short for operation, endpoint, resources.value; addr and port are either side's, size is the payload's bytes, and
  a path such as /3/0/9 is the value there. Comparisons are == != < <= > >=, ~ (* is anything, ? one character) and
  in (…, …); a field alone asks whether it is there. Join them with and, or, not and brackets. Times may be written
  150ms, 2s, 5min; codes 4.04, 4 (the class) or GET. A comparison with what is not there is false.

examples:
  atshell decode field.pcap --stats
  atshell decode field.pcap --filter 'op == "Update" and code == 4' -v
  atshell decode field.pcap --filter 'ep ~ "8699*"' -o device.pcapng
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = (
        "atshell decode FILE… [-v | --exchanges | --registrations | --stats] [--filter EXPR] [--format FORM]\n"
        "                             [-o FILE] [--port N]… [--psk IDENTITY:KEY]… [--keylog FILE]…\n"
        "       atshell decode --hex HEX|- [--as KIND] [--path /3/0] [-v] [--format text|json] [-o FILE]"
    )
    parser.epilog = _EPILOG
    source = parser.add_argument_group("what is read")
    source.add_argument("files", metavar="FILE", nargs="*", type=Path, help="pcap or pcapng file")
    source.add_argument("--hex", metavar="HEX|-", help="decode this payload; - takes one a line from standard input")
    source.add_argument("--as", dest="kind", choices=_KINDS, metavar="KIND", help=f"what it is: {', '.join(_KINDS)}")
    source.add_argument("--path", metavar="PATH", type=_path, help="the LwM2M path that the payload is about: /3/0")
    source.add_argument(
        "--port", metavar="N", type=_port, action="append", default=[], help="another UDP port that carries CoAP"
    )
    add_key_arguments(parser)
    _add_view_arguments(parser)
    target = parser.add_argument_group("where to")
    target.add_argument(
        "--format",
        choices=("text", "json", "csv", "pcapng"),
        help="default: as FILE of -o ends, else text; json is an object a line",
    )
    target.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write there: .json (an array), .ndjson, .csv, .pcapng (the packets, with what they mean as comments), "
        "anything else text",
    )
    add_output_arguments(parser)


def _add_view_arguments(parser: argparse.ArgumentParser) -> None:
    shown = parser.add_argument_group("what is shown", "A line a message, unless one of these says otherwise.")
    views = shown.add_mutually_exclusive_group()
    for names, view, text in (
        (("-v", "--verbose"), "details", "each message whole: every option and every TLV beside its bytes"),
        (("--exchanges",), "exchanges", "a line an exchange: what was asked, what came back, and when"),
        (("--registrations",), "registrations", "each device's life: registrations, updates, addresses, their end"),
        (("--stats",), "stats", "numbers: operations, codes, retransmissions, round trips, devices, timeline"),
    ):
        views.add_argument(*names, dest="view", action="store_const", const=view, default="messages", help=text)
    shown.add_argument("--filter", metavar="EXPR", default="", help="only messages for which this is true: see below")


def run(arguments: argparse.Namespace) -> int:
    _check(arguments)
    form = form_of(arguments.format, arguments.output)
    analyzer = host().analyzer
    # Decoding makes many small objects and hardly a cycle: looking for cycles every 700 of them costs a fifth.
    gc.freeze()
    gc.set_threshold(500_000, 50, 50)
    if arguments.hex is not None:
        if form in ("csv", "pcapng"):
            raise AtshellError(f"a payload is not written as {form}", "write text or json")
        _write(_pasted(analyzer, arguments), arguments, form)
        return 0
    streaming = arguments.output in (None, "-") and arguments.view not in ("registrations", "stats")
    bar = progress_bar("decoding", also_shown=sys.stdout if streaming else None)
    try:
        warnings = _captures(analyzer, arguments, form, _options(arguments, bar))
    finally:
        if bar is not None:
            bar.clear()
    for warning in warnings:
        warn(warning)
    return 0


def _captures(analyzer: Analyzer, arguments: argparse.Namespace, form: Form, options: DecodeOptions) -> Sequence[str]:
    """What was wrong with the captures."""
    if form == "csv" or form == "pcapng":
        exported = analyzer.export(arguments.files, options, form)
        with byte_destination(arguments.output, form) as stream:
            write_bytes(exported.pieces, stream)
        return exported.warnings
    report = analyzer.decode(arguments.files, options)
    _write([report], arguments, form)
    return report.warnings


def _write(reports: Iterable[Report], arguments: argparse.Namespace, form: Form) -> None:
    with destination(arguments.output) as stream:
        if form == "text":
            for report in reports:
                write_lines(report.text(), arguments, stream)
        else:
            write_json(reports, stream, array=form == "array")


def _options(arguments: argparse.Namespace, bar: ProgressBar | None) -> DecodeOptions:
    return DecodeOptions(
        tuple(arguments.port),
        tuple(arguments.psk),
        tuple(arguments.keylog),
        filter=arguments.filter,
        view=arguments.view,
        progress=bar,
    )


def _check(arguments: argparse.Namespace) -> None:
    if arguments.hex is None and not arguments.files:
        raise AtshellError("nothing to decode", "name a capture file, or give a payload with --hex")
    if arguments.hex is not None and arguments.files:
        raise AtshellError("--hex and a capture file can't be decoded together", "run decode twice")
    if arguments.hex is None and (arguments.kind or arguments.path):
        raise AtshellError("--as and --path are about a pasted payload", "give it with --hex")
    if arguments.hex is not None and (arguments.filter or arguments.view not in ("messages", "details")):
        raise AtshellError("a pasted payload has no exchanges, registrations, statistics or filter", "leave them out")
    if arguments.output is not None and any(_same(path, arguments.output) for path in arguments.files):
        raise AtshellError(f"{arguments.output} is also what is read", "name another file with -o")


def _same(path: Path, output: str) -> bool:
    try:
        return path.samefile(output)
    except OSError:
        return False


def _pasted(analyzer: Analyzer, arguments: argparse.Namespace) -> Iterator[Report]:
    """A record for each line, in the order of the lines; a line that is not hexadecimal is one with an error."""
    lines: Iterable[str] = sys.stdin if arguments.hex == "-" else [arguments.hex]
    for number, line in enumerate(lines, 1):
        if line.strip():
            details = arguments.view == "details"
            yield analyzer.decode_payload(line, kind=arguments.kind, path=arguments.path, line=number, details=details)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 1 to 65535")
    return int(text)


def _path(text: str) -> str:
    parts = text.strip("/").split("/")
    if len(parts) > 4 or not all(part.isascii() and part.isdecimal() and int(part) < 65536 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no LwM2M path such as /3/0")
    return "/" + "/".join(parts)
