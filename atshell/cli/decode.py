"""Read CoAP and LwM2M from capture files, from recorded sessions, or from a pasted payload."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.cli.forms import Form, byte_destination, form_of, write_bytes, write_json
from atshell.cli.keys import add_key_arguments
from atshell.cli.objects import add_objects_argument, know_objects
from atshell.cli.output import add_output_arguments, destination, warn, write_lines
from atshell.cli.progress import ProgressBar, progress_bar
from atshell.errors import AtshellError
from atshell.hooks import Analyzer, DecodeOptions, Report
from atshell.host import host

if TYPE_CHECKING:
    from atshell.transcript.file import Transcript

_KINDS = (
    "coap",
    "coap-tcp",
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
_MAX_JOBS = 64
_FILE = (
    "pcap, pcapng or hex dump, also packed with gzip, bzip2, xz or zstd; - is standard input; or a recorded session "
    "(*.at.jsonl), for the payloads in its lines"
)
_HEX = (
    "decode this payload: hexadecimal digits, a hex dump, or an array or string of a source; - takes one a line from "
    "standard input"
)
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
  ssh gateway tcpdump -U -w - udp | atshell decode -
  atshell decode --interface eth0 --filter 'op == "Notify"'
  atshell decode field.pcap --filter 'ep ~ "8699*"' -o device.pcapng
  atshell decode field.pcap --psk IMEI:0xKEY --write clear.pcapng
  atshell decode session.at.jsonl -v --write session.pcapng
  atshell decode --hex "e4 16 76 61 62 63 64" --path /3200/0
  grep -o 'DATA=[0-9A-F]*' app.log | cut -d= -f2 | atshell decode --hex - --path /19/0/0
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = (
        "atshell decode FILE… [-v | --exchanges | --registrations | --stats] [--filter EXPR] [--format FORM]\n"
        "                             [-o FILE] [--port N]… [--psk IDENTITY:KEY]… [--keylog FILE]…\n"
        "       atshell decode FILE --follow | --interface NAME [the same]\n"
        "       atshell decode TRANSCRIPT… [-v | --exchanges | --registrations | --stats] [--filter EXPR]\n"
        "                             [--format FORM] [-o FILE] [--write FILE]\n"
        "       atshell decode --hex HEX|- [--as KIND] [--path /3/0] [-v] [--format FORM] [-o FILE] [--write FILE]"
    )
    parser.epilog = _EPILOG
    source = parser.add_argument_group("what is read")
    source.add_argument("files", metavar="FILE", nargs="*", type=Path, help=_FILE)
    source.add_argument("--follow", action="store_true", help="go on reading while FILE grows, until Ctrl-C")
    source.add_argument("--interface", metavar="NAME", help="listen to this network interface, until Ctrl-C")
    source.add_argument(
        "--jobs", metavar="N", type=_jobs, default=1, help="processes that share the work of --format json (default: 1)"
    )
    source.add_argument("--hex", metavar="HEX|-", help=_HEX)
    source.add_argument("--as", dest="kind", choices=_KINDS, metavar="KIND", help=f"what it is: {', '.join(_KINDS)}")
    source.add_argument("--path", metavar="PATH", type=_path, help="the LwM2M path that the payload is about: /3/0")
    source.add_argument(
        "--port", metavar="N", type=_port, action="append", default=[], help="another UDP port that carries CoAP"
    )
    add_objects_argument(parser)
    add_key_arguments(parser)
    _add_view_arguments(parser)
    target = parser.add_argument_group("where to")
    target.add_argument(
        "--format",
        choices=("text", "json", "csv", "parquet", "pcapng"),
        help="default: as FILE of -o ends, else text; json is an object a line",
    )
    target.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write there: .json (an array), .ndjson, .csv, .parquet (needs pyarrow), .pcapng (the packets, with what "
        "they mean as comments), anything else text",
    )
    target.add_argument(
        "--write",
        metavar="FILE",
        help="also write a pcapng in which everything is plain CoAP: payloads and lines of sessions in packets that "
        "are made up around them, DTLS as it was decrypted",
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
    know_objects(arguments)
    analyzer = host().analyzer
    # Decoding makes many small objects and hardly a cycle: looking for cycles every 700 of them costs a fifth.
    gc.freeze()
    gc.set_threshold(500_000, 50, 50)
    if arguments.hex is not None or _are_transcripts(arguments.files):
        _payloads(analyzer, arguments, form)
        return 0
    if arguments.follow or arguments.interface is not None:
        from atshell.cli.following import Following

        with Following() as going:
            options = _options(arguments, going=going, live=arguments.interface is not None)
            warnings = _captures(analyzer, arguments, form, options)
    else:
        warnings = _with_bar(analyzer, arguments, form)
    for warning in warnings:
        warn(warning)
    if arguments.write is not None:
        _write_packets(analyzer, analyzer.decode(arguments.files, _options(arguments)).records(), arguments.write)
    return 0


def _are_transcripts(files: Sequence[Path]) -> bool:
    """Raises AtshellError when some are and some are not."""
    from atshell.transcript.known import is_transcript

    found = [is_transcript(path) for path in files]
    if any(found) and not all(found):
        raise AtshellError("transcripts and captures can't be decoded together", "atshell correlate puts them together")
    return any(found)


def _payloads(analyzer: Analyzer, arguments: argparse.Namespace, form: Form) -> None:
    """Of a session, or pasted."""
    source = _source(analyzer, arguments)
    if form == "pcapng":
        _write_packets(analyzer, _records(source()), arguments.output)
    elif form == "csv" or form == "parquet":
        exported = analyzer.table(_records(source()), form)
        with byte_destination(arguments.output, form) as stream:
            write_bytes(exported.pieces, stream)
    else:
        _write(source(), arguments, form)
    if arguments.write is not None:
        _write_packets(analyzer, _records(source()), arguments.write)


def _source(analyzer: Analyzer, arguments: argparse.Namespace) -> Callable[[], Iterator[Report]]:
    """Gives the reports, as often as it is asked: one for each pasted line, or for each session."""
    if arguments.hex is not None:
        # What stands on standard input can be read but once.
        again = arguments.hex == "-" and arguments.write is not None
        lines: Iterable[str] = sys.stdin if arguments.hex == "-" else [arguments.hex]
        kept = list(lines) if again else lines
        return lambda: _pasted(analyzer, arguments, kept)
    sessions = [_session(path) for path in arguments.files]
    many = len(sessions) > 1
    return lambda: _sessions(analyzer, arguments, sessions, many=many)


def _session(path: Path) -> Transcript:
    from atshell.transcript.file import Transcript

    transcript = Transcript.read(path)
    for warning in transcript.warnings:
        warn(f"{path}: {warning}")
    return transcript


def _sessions(
    analyzer: Analyzer, arguments: argparse.Namespace, sessions: Iterable[Transcript], *, many: bool
) -> Iterator[Report]:
    for path, transcript in zip(arguments.files, sessions, strict=True):
        lines = host().carried_lines(transcript)
        yield analyzer.decode_lines(lines, _options(arguments), file=str(path) if many else None)


def _records(reports: Iterable[Report]) -> Iterator[object]:
    return (record for report in reports for record in report.records())


def _write_packets(analyzer: Analyzer, records: Iterable[object], path: str | None) -> None:
    exported = analyzer.packets(records)
    with byte_destination(path, "pcapng") as stream:
        write_bytes(exported.pieces, stream)
    for warning in exported.warnings:
        warn(warning)


def _with_bar(analyzer: Analyzer, arguments: argparse.Namespace, form: Form) -> Sequence[str]:
    streaming = arguments.output in (None, "-") and arguments.view not in ("registrations", "stats")
    bar = progress_bar("decoding", also_shown=sys.stdout if streaming else None)
    try:
        return _captures(analyzer, arguments, form, _options(arguments, progress=bar))
    finally:
        if bar is not None:
            bar.clear()


def _captures(analyzer: Analyzer, arguments: argparse.Namespace, form: Form, options: DecodeOptions) -> Sequence[str]:
    """What was wrong with the captures."""
    captures = arguments.files if arguments.interface is None else [Path(arguments.interface)]
    if form == "csv" or form == "parquet" or form == "pcapng":
        exported = analyzer.export(captures, options, form)
        with byte_destination(arguments.output, form) as stream:
            write_bytes(exported.pieces, stream)
        return exported.warnings
    report = analyzer.decode(captures, options)
    _write([report], arguments, form)
    return report.warnings


def _write(reports: Iterable[Report], arguments: argparse.Namespace, form: Form) -> None:
    with destination(arguments.output) as stream:
        if form == "text":
            for report in reports:
                write_lines(report.text(), arguments, stream)
        else:
            write_json(reports, stream, array=form == "array")


def _options(
    arguments: argparse.Namespace,
    *,
    progress: ProgressBar | None = None,
    going: Callable[[], bool] | None = None,
    live: bool = False,
) -> DecodeOptions:
    return DecodeOptions(
        tuple(arguments.port),
        tuple(arguments.psk),
        tuple(arguments.keylog),
        filter=arguments.filter,
        view=arguments.view,
        jobs=arguments.jobs,
        progress=progress,
        going=going,
        live=live,
    )


def _check(arguments: argparse.Namespace) -> None:
    """Raises AtshellError for what does not go together."""
    pasted, files, listening = arguments.hex is not None, arguments.files, arguments.interface is not None
    endless = arguments.follow or listening or any(not path.is_file() for path in files if path.exists())
    whole = arguments.view in ("messages", "details")
    for wrong, what, hint in (
        (not (pasted or files or listening), "nothing to decode", "name a capture file, or give a payload with --hex"),
        (pasted and files, "--hex and a capture file can't be decoded together", "run decode twice"),
        (listening and (pasted or files or arguments.follow), "--interface is all that is read", "leave out the rest"),
        (arguments.follow and len(files) != 1, "--follow reads one file, which is still growing", "name it alone"),
        (pasted and not arguments.hex.strip(), "--hex has no payload", "give its bytes, as 'e4 16 76', or - for lines"),
        (not pasted and (arguments.kind or arguments.path), "--as and --path are about a pasted payload", _GIVE_HEX),
        (pasted and (arguments.filter or not whole), _NO_TRAFFIC, "leave them out"),
        (arguments.write is not None and endless, "--write reads twice what can be read but once", _SAVE_FIRST),
        (any(_same(path, arguments.output) for path in files), f"{arguments.output} is also what is read", _ELSEWHERE),
        (any(_same(path, arguments.write) for path in files), f"{arguments.write} is also what is read", _ELSEWHERE),
    ):
        if wrong:
            raise AtshellError(what, hint)


_GIVE_HEX = "give it with --hex"
_NO_TRAFFIC = "a pasted payload has no exchanges, registrations, statistics or filter"
_SAVE_FIRST = "save it to a file first, and decode that"
_ELSEWHERE = "name another file with -o"


def _same(path: Path, output: str | None) -> bool:
    try:
        return output is not None and path.samefile(output)
    except OSError:
        return False


def _pasted(analyzer: Analyzer, arguments: argparse.Namespace, lines: Iterable[str]) -> Iterator[Report]:
    """A record for each line, in the order of the lines; a line that is not hexadecimal is one with an error."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            details = arguments.view == "details"
            yield analyzer.decode_payload(line, kind=arguments.kind, path=arguments.path, line=number, details=details)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 1 to 65535")
    return int(text)


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MAX_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MAX_JOBS}")
    return int(text)


def _path(text: str) -> str:
    parts = text.strip("/").split("/")
    if len(parts) > 4 or not all(part.isascii() and part.isdecimal() and int(part) < 65536 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no LwM2M path such as /3/0")
    return "/" + "/".join(parts)
