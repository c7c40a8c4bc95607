"""What a plugin may offer. This page is the plugin author's manual.

A plugin is a module named in the entry-point group ``atshell.plugins``. It holds functions marked with ``hookimpl``,
named as below; it offers as many as it likes. atshell's own packs enter by the same door. Import what is heavy inside
the functions: plugins are loaded at the first keystroke, and a session may never need most of what they can do.

    # acme_atshell/plugin.py
    from pathlib import Path
    from atshell.hooks import hookimpl

    @hookimpl
    def atshell_manuals():
        return [Path(__file__).parent / "acme-x1.toml"]

    # pyproject.toml
    [project.entry-points."atshell.plugins"]
    acme = "acme_atshell.plugin"

A manual alone gives completion, hints, checks, explanations and ``atshell doc``. Its smallest form:

    # acme-x1.toml
    id = "acme-x1"
    vendor = "Acme"
    title = { en = "Acme X1 AT commands", zh = "Acme X1 AT 命令" }

    [[models]]
    model = "X1"
    family = "X"
    vendor = "Acme"

    [[commands]]
    command = "AT+LIGHT"
    section = "2.1"
    summary = { en = "switch the light", zh = "开关灯" }
    forms = { write = ["AT+LIGHT=<onoff>"] }

    [[commands.parameters]]
    name = "onoff"
    type = "integer"
    summary = { en = "the light's state", zh = "灯的状态" }
    values = { "0" = { en = "off", zh = "关" }, "1" = { en = "on", zh = "开" } }

``atshell.catalog.model`` says what else a manual can hold; a mistake is reported with file and key. An emulation adds
a module to talk to, intents and a situation add ``atshell correlate`` and ready answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import pluggy

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.catalog.profile import Profile
    from atshell.emulator.device import Device, Emulation
    from atshell.session.carried import Carried, CarriedLine, Said
    from atshell.session.exchange import Happening
    from atshell.session.intent import Intent
    from atshell.session.runner import Session
    from atshell.styled import Fragments
    from atshell.transcript.file import Transcript

PROJECT = "atshell"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


View = Literal["messages", "details", "exchanges", "registrations", "stats"]
"""What decoded traffic is shown as: a line a message, each message whole, a line an exchange, devices' registrations,
or numbers over all."""
Export = Literal["csv", "parquet", "pcapng"]


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """What ``atshell decode`` and ``correlate`` take."""

    ports: tuple[int, ...] = ()
    """UDP ports to take for CoAP beside those that are known."""
    psk: tuple[str, ...] = ()
    keylogs: tuple[Path, ...] = ()
    filter: str = ""
    """Only messages for which this expression is true; it is read before any file."""
    view: View = "messages"
    progress: Callable[[float], None] | None = None
    """Told now and then how much of the input has been read, from 0 to 1."""
    going: Callable[[], bool] | None = None
    """Follow a capture that is still growing: asked when there is nothing to read, it waits a little and says whether
    to go on. False is the capture's end."""
    jobs: int = 1
    """Processes that share the work where that helps: for the JSON of all messages. The result is the same."""
    live: bool = False
    """The captures are names of network interfaces, which are listened to as long as ``going`` says."""


class Report(Protocol):
    """Something decoded or correlated, ready to be shown. It is read once, front to back, and may be lazy."""

    def text(self) -> Iterator[Fragments]:
        """Lines for people, without their line feeds."""
        ...

    def json(self) -> Iterator[str]:
        """Lines of JSON, in the formats of ``atshell_lwm2m.message`` and ``timeline``."""
        ...

    def records(self) -> Iterator[object]:
        """The records themselves."""
        ...

    @property
    def warnings(self) -> Sequence[str]:
        """What was wrong with the input and did not stop the reading; complete when the report has been read."""
        ...


@runtime_checkable
class Batched(Protocol):
    """A report that has its JSON many lines at once, for speed."""

    def json_text(self) -> Iterator[str]:
        """Whole lines, with their line feeds."""
        ...


@dataclass(frozen=True, slots=True)
class Exported:
    """A file's bytes, to be read once, and what was wrong with the input, complete when they have been read."""

    pieces: Iterator[bytes]
    warnings: Sequence[str]


class Analyzer(Protocol):
    """Reads captured traffic, and puts it beside a session."""

    def know_objects(self, files: Sequence[Path]) -> None:
        """Name and type the values of the user's own objects too, which these files describe, in all that is decoded
        from now on. Raises AtshellError."""
        ...

    def decode(self, captures: Sequence[Path], options: DecodeOptions) -> Report:
        """Raises AtshellError when a file is not there or is no capture, or when the filter can't be read."""
        ...

    def export(self, captures: Sequence[Path], options: DecodeOptions, form: Export) -> Exported:
        """The same for other programs: the view's records as CSV or Parquet, or the packets of its messages as pcapng
        with what they mean as comments. Raises AtshellError as ``decode``, and for a view that has no such form."""
        ...

    def decode_payload(
        self,
        data: bytes | str,
        *,
        kind: str | None = None,
        path: str | None = None,
        line: int = 0,
        details: bool = False,
    ) -> Report:
        """A pasted payload, as bytes or as hexadecimal text; ``kind`` is one of ``atshell decode --as``, found out when
        None. Text that is not hexadecimal gives a record that says so; ``line`` becomes the record's ``frame``.
        ``details`` shows it with each of its bytes."""
        ...

    def decode_lines(self, lines: Iterable[CarriedLine], options: DecodeOptions, *, file: str | None = None) -> Report:
        """The payloads that the lines of a session carry, a record each. Raises AtshellError for a view or a filter
        that they do not have."""
        ...

    def table(self, records: Iterable[object], form: Literal["csv", "parquet"]) -> Exported:
        """Records of ``decode_payload`` or ``decode_lines`` for other programs."""
        ...

    def packets(self, records: Iterable[object]) -> Exported:
        """Records of ``decode``, ``decode_payload`` or ``decode_lines`` as a pcapng file: what was encrypted as it was
        decrypted, payloads in packets that are made up around them."""
        ...

    def correlate(
        self,
        transcript: Transcript,
        intents: Sequence[Intent],
        captures: Sequence[Path],
        options: DecodeOptions,
    ) -> Report: ...


@dataclass(frozen=True, slots=True)
class Demo:
    """A session in which everything happens once, for ``atshell demo``."""

    model: str
    play: Callable[[Session, Device], Awaitable[None]]
    """Plays it. Raises TimeoutError when an awaited URC does not come."""


class Platform(Protocol):
    """A running platform server, for ``atshell platform``."""

    @property
    def addresses(self) -> Sequence[str]:
        """``coap://127.0.0.1:5683``, one for each endpoint."""
        ...

    async def operate(self, words: Sequence[str]) -> dict[str, object]: ...

    async def close(self) -> None: ...


@runtime_checkable
class Telling(Protocol):
    """A platform that can have more to tell than what came of a line at once: an order that had to wait until a
    sleeping client woke."""

    tell: Callable[[dict[str, object]], None]
    """Set by whoever wants to know; gets what came of it, with the ``line``."""


@hookspec
def atshell_manuals() -> Iterable[Path]:
    """TOML manuals (the shape is ``atshell.catalog.model.Manual``)."""
    return ()


@hookspec
def atshell_emulation(device: Device) -> Emulation | None:
    """The commands that this pack emulates on ``device``, None when its model is not this pack's.

    Packs are attached in the order in which they are called, and a later one's commands win: a standard's pack marks
    its function ``@hookimpl(tryfirst=True)``."""


@hookspec
def atshell_intents(happenings: Sequence[Happening], profile: Profile) -> Iterable[Intent]:
    """What the lines of a session mean in the words of operations, in order. A pack answers for its own commands."""
    return ()


@hookspec
def atshell_payloads(said: Said) -> Iterable[Carried]:
    """What a line of a session carries for the network, or from it. A pack answers for its own commands and URCs, by
    the line alone."""
    return ()


@hookspec
def atshell_situation(happenings: Sequence[Happening], profile: Profile) -> Situation | None:
    """What the session knows by now; None when a pack has nothing to say. Called when a prompt waits, so be quick."""


@hookspec(firstresult=True)
def atshell_analyzer() -> Analyzer | None:
    """An analyzer of captured traffic."""


@hookspec(firstresult=True)
def atshell_demo() -> Demo | None:
    """A demonstration."""


@hookspec(firstresult=True)
def atshell_platform(profile: str, listen: str, psk: Sequence[str]) -> Awaitable[Platform] | None:
    """Start a platform server: ``profile`` as in ``atshell platform --help`` (None when unknown), ``listen`` as
    ``HOST[:PORT]``."""
