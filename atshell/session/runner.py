"""A session: the exchange machine with a clock, a link and sinks.

One task reads the link, a timer watches the outstanding command, senders wait in a queue. While bytes are being written
nothing that was read is looked at, so that the record has a command before its answer, whatever the threads of a link
do. All times are seconds since ``started``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeVar

from atshell.catalog.profile import Profile
from atshell.errors import AtshellError
from atshell.session.exchange import (
    DataPrompt,
    Exchange,
    ExchangeMachine,
    Garbage,
    Happening,
    Outcome,
    Unsolicited,
)
from atshell.session.expectation import expectation
from atshell.session.record import Record, Sink
from atshell.session.timeouts import timeout_of
from atshell.session.unread import Unread
from atshell.transcript.entry import Header
from atshell.transport.link import Chunk, Link, LinkError

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog

_T = TypeVar("_T")
Listener = Callable[[Unsolicited | DataPrompt | Garbage], None]
LostListener = Callable[[LinkError], None]


class Session:
    """An open conversation. ``async with Session(link) as at: await at.send("AT")``.

    Every byte goes to the sinks, stamped where it was read or written, in seconds since ``started``. Commands are
    queued: a second ``send`` waits for the first. Secrets that ``catalog`` marks are masked in what the sinks get.

    ``profile`` may be set later, when the module was asked who it is. ``started`` is now unless it is given, ``clock``
    the one that the link stamps with; ``mask_secrets=False`` records keys and passwords as they are.
    """

    def __init__(
        self,
        link: Link,
        *,
        catalog: Catalog | None = None,
        profile: Profile = Profile(),
        sinks: Iterable[Sink] = (),
        started: datetime | None = None,
        clock: Callable[[], float] = time.monotonic,
        mask_secrets: bool = True,
    ) -> None:
        now = datetime.now(UTC)
        self.started = started or now
        self.profile = profile
        self._link = link
        self._catalog = catalog
        self._clock = clock
        self._origin = clock() - (now - self.started).total_seconds()
        self._record = Record(catalog if mask_secrets else None, profile, sinks)
        self._machine = ExchangeMachine(lambda line: expectation(line, self._catalog, self.profile))
        self._unread = Unread(lambda prefix: self._name(prefix))
        self._listeners: list[Listener] = []
        self._lost_listeners: list[LostListener] = []
        self._turn = asyncio.Lock()
        self._io = asyncio.Lock()
        self._answer: asyncio.Future[Exchange] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._pump: asyncio.Task[None] | None = None
        self._gone: LinkError | None = LinkError("the session is not open", "use it in `async with`")

    @property
    def header(self) -> Header:
        """For a transcript of this session."""
        return Header(self.started, self._link.name, self.profile.model, self.profile.firmware)

    async def __aenter__(self) -> Self:
        await self._link.open()
        self._gone = None
        self._pump = asyncio.create_task(self._read(), name=f"atshell reads {self._link.name}")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the session and close the link. Who still waits for an answer gets it as lost; a second call does
        nothing."""
        pump, self._pump = self._pump, None
        if pump is None:
            return
        closed = LinkError("the session is closed", "open a new one")
        self._gone = self._gone or closed
        pump.cancel()
        with suppress(asyncio.CancelledError):
            await pump
        self._dispatch(self._machine.lost(self._now()))
        self._unread.fail(closed)
        if self._timer is not None:
            self._timer.cancel()
        self._record.close()
        await self._link.close()

    async def send(self, line: str, *, timeout: float | None = None) -> Exchange:
        """Send a line and wait for its end. ``timeout`` in seconds; without it the manual's maximum response time
        for the command, else 10 s. A timeout is an Exchange with that outcome, not an error.

        Raises AtshellError for what is no single line, when the link is lost, and once when the record cannot be
        written any more. When the waiting is cancelled, the answer counts as late.
        """
        _check_line(line)
        async with self._turn:
            self._check_open()
            seconds = timeout_of(line, self._catalog, self.profile) if timeout is None else timeout
            answer: asyncio.Future[Exchange] = asyncio.get_running_loop().create_future()
            writing = asyncio.create_task(self._write_line(line, seconds, answer))
            try:
                # What has begun to be written is written and recorded, even when nobody waits for it any more.
                await asyncio.shield(writing)
                return await answer
            except asyncio.CancelledError:
                await asyncio.wait({writing})
                self._dispatch(self._machine.give_up(self._now()))
                raise

    async def send_data(self, data: bytes) -> None:
        """Write bytes as they are, after a prompt (end them with b"\\x1a" yourself)."""
        self._check_open()
        async with self._io:
            self._machine.data_sent(self._now())
            await self._write(data)
            self._arm()
        self._check_open()

    async def urc(self, prefix: str, *, timeout: float = 30.0) -> Unsolicited:
        """Wait for the next URC with that prefix that nobody has waited for yet. Raises TimeoutError.

        URCs are kept until they are waited for (the last 256): one that came before the call counts. Every spelling
        that a manual prints is the same prefix; late answers are no URCs. Raises LinkError when the link is lost.
        """
        if self._gone is not None and not self._unread.has(prefix):
            raise self._gone
        return await self._unread.wait(prefix, timeout)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for everything unasked; returns a function that ends it."""
        return _added(self._listeners, listener)

    def on_lost(self, listener: LostListener) -> Callable[[], None]:
        """Call ``listener`` when the link is lost; returns a function that ends it."""
        return _added(self._lost_listeners, listener)

    def add_sink(self, sink: Sink) -> Callable[[], None]:
        """Record into ``sink`` too from now on; returns a function that ends it."""
        return _added(self._record.sinks, sink)

    def note(self, text: str, *, kind: str = "comment") -> None:
        """A note in the record."""
        self._record.note(self._now(), text, kind)

    def tick(self) -> None:
        """Look at the clock. The session's own timer does this; a test with a clock of its own may too."""
        self._tick_at(self._now())
        self._arm()

    # -- Below here runs in the reader's task, in a sender's or in the timer's callback.

    async def _read(self) -> None:
        try:
            while (chunk := await self._link.read()).data:
                async with self._io:
                    self._received(chunk)
            self._lose(LinkError(f"{self._link.name} has ended", "connect again"))
        except LinkError as error:
            self._lose(error)
        except Exception as error:  # a link's or our own mistake; who waits must not wait for ever
            self._lose(LinkError(f"reading {self._link.name} failed ({error!r})", "please report this"))

    def _received(self, chunk: Chunk) -> None:
        t = self._seconds(chunk.time)
        self._tick_at(t)
        self._record.rx(t, chunk.data)
        self._dispatch(self._machine.receive(chunk.data, t))
        self._arm()

    async def _write_line(self, line: str, seconds: float, answer: asyncio.Future[Exchange]) -> None:
        async with self._io:
            self._dispatch(self._machine.give_up(self._now()))  # a sender left while its line was being written
            self._answer = answer
            self._record.expect_secrets(line, self.profile)
            data = self._machine.send(line, self._now(), seconds)
            self._arm()
            await self._write(data)

    async def _write(self, data: bytes) -> None:
        try:
            stamp = await self._link.write(data)
        except LinkError as error:
            self._lose(error)
        else:
            self._record.tx(self._seconds(stamp), data)

    def _tick_at(self, t: float) -> None:
        self._dispatch(self._machine.tick(t))

    def _arm(self) -> None:
        """Set the timer to the machine's deadline."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self._machine.deadline
        if deadline is not None and self._gone is None:
            self._timer = asyncio.get_running_loop().call_later(max(deadline - self._now(), 0.0), self.tick)

    def _lose(self, error: LinkError) -> None:
        now = self._now()
        first = self._gone is None
        if first:
            self._gone = error
            self._record.note(now, str(error), "link lost")
        self._dispatch(self._machine.lost(now))
        if first:
            self._unread.fail(error)
            for listener in list(self._lost_listeners):
                _call(listener, error)

    def _dispatch(self, happenings: Sequence[Happening]) -> None:
        for happening in happenings:
            if isinstance(happening, Exchange):
                self._ended(happening)
                continue
            if isinstance(happening, Unsolicited) and not happening.late:
                self._unread.add(happening)
            for listener in list(self._listeners):
                _call(listener, happening)

    def _ended(self, exchange: Exchange) -> None:
        if exchange.outcome is Outcome.TIMEOUT:
            text = f"{exchange.line}: no answer within {exchange.elapsed:.1f} s"
            self._record.note(exchange.ended, text, "timeout")
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(exchange)
        self._answer = None

    def _check_open(self) -> None:
        if self._gone is not None:
            raise self._gone
        self._record.check()

    def _now(self) -> float:
        return self._seconds(self._clock())

    def _seconds(self, stamp: float) -> float:
        return max(stamp - self._origin, 0.0)

    def _name(self, prefix: str) -> str:
        """A URC's one name, whatever spelling it came in."""
        name = prefix.strip().rstrip(":").upper()
        entry = self._catalog.urc(name, self.profile) if self._catalog is not None and name else None
        return entry.command.command.upper() if entry is not None else name


def _check_line(line: str) -> None:
    if "\r" in line or "\n" in line:
        raise AtshellError("a command line cannot contain a line ending", "send the lines one by one")
    if not line.strip():
        raise AtshellError("the command line is empty", "a command begins with AT")


def _added(items: list[_T], item: _T) -> Callable[[], None]:
    """Append ``item``; returns a function that takes it out again."""
    items.append(item)

    def end() -> None:
        with suppress(ValueError):
            items.remove(item)

    return end


def _call(listener: Callable[[_T], None], value: _T) -> None:
    """A listener's mistake must not end the session; the event loop reports it."""
    try:
        listener(value)
    except Exception as error:
        context = {"message": "a session's listener raised", "exception": error}
        asyncio.get_running_loop().call_exception_handler(context)
