"""The whole chain on an emulated module, unattended.

Starts an emulated module and the platform embedded in it, plays a session in which everything happens once (log in,
notify, read, write, execute, log out), writes transcript and capture, decodes the capture, puts both together and
prints the timeline. On a terminal it offers the shell afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.cli.output import add_output_arguments, warn, write_lines
from atshell.errors import AtshellError
from atshell.hooks import Demo, Report

if TYPE_CHECKING:
    from atshell.host import Host


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", metavar="DIR", dest="folder", help="where to write (default: a new folder)")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from atshell.hooks import DecodeOptions
    from atshell.host import host
    from atshell.transcript.file import Transcript

    demo = host().demo
    folder = _folder(arguments.folder)
    transcript, capture = folder / "transcript.at.jsonl", folder / "capture.pcap"
    asyncio.run(play(host(), demo, transcript, capture))

    messages = host().analyzer.decode([capture], DecodeOptions())
    (folder / "messages.ndjson").write_text("".join(f"{line}\n" for line in messages.json()), encoding="utf-8")
    timeline = host().correlate(Transcript.read(transcript), [capture], DecodeOptions())
    write_lines(timeline.text(), arguments)
    _report_warnings(messages, timeline)
    write_lines(
        [
            [],
            [("name", str(transcript)), ("dim", "   the session")],
            [("name", str(capture)), ("dim", "   its traffic; Wireshark reads it too")],
            [("name", str(folder / "messages.ndjson")), ("dim", "   the traffic decoded")],
        ],
        arguments,
    )
    if sys.stdin.isatty() and sys.stdout.isatty():
        return _offer_shell(demo)
    return 0


async def play(host: Host, demo: Demo, transcript: Path, capture: Path) -> None:
    """Play the demonstration's session and write what was said and sent."""
    from atshell.emulator.device import EmulatorOptions
    from atshell.emulator.serve import EmulatorLink
    from atshell.session.runner import Session
    from atshell.transcript.file import TranscriptWriter

    options = EmulatorOptions(demo.model, capture=capture)
    link = EmulatorLink(demo.model, lambda: host.emulate(options))
    with transcript.open("w", encoding="utf-8", newline="\n") as file:
        session = Session(link, catalog=host.catalog, profile=host.profile(demo.model))
        writer = TranscriptWriter(file, session.header)
        session.add_sink(writer)
        async with session:
            if link.device is None:
                raise AtshellError("the emulated module did not start", "please report this")
            try:
                await demo.play(session, link.device)
            except TimeoutError as error:
                raise AtshellError(f"the demonstration stopped: {error}", f"see {transcript}") from error
        writer.close()


def _folder(named: str | None) -> Path:
    """The folder to write to, made when it is not there. Raises AtshellError."""
    if named is None:
        stem = f"atshell-demo-{datetime.now():%Y-%m-%d-%H%M%S}"
        candidates = (Path(stem if n == 1 else f"{stem}-{n}") for n in range(1, 100))
        folder = next(candidate for candidate in candidates if not candidate.exists())
    else:
        folder = Path(named)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AtshellError(f"cannot make the folder {folder}: {error.strerror}", "name another with -o") from error
    return folder


def _report_warnings(*reports: Report) -> None:
    for warning in dict.fromkeys(warning for report in reports for warning in report.warnings):
        warn(warning)


def _offer_shell(demo: Demo) -> int:
    """Ask, and open the shell on such a module."""
    try:
        answer = input(f"\nOpen the shell on an emulated {demo.model}? [Y/n] ")
    except EOFError:
        print()
        return 0
    if answer.strip().lower() not in ("", "y", "yes"):
        return 0
    from atshell.cli.entry import run as run_atshell

    return run_atshell(["shell", "--emulator", demo.model])
