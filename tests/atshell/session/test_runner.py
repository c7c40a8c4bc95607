"""A session over a link that the test plays, with a clock that it turns by hand."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from atshell.catalog.lookup import Catalog
from atshell.errors import AtshellError
from atshell.session.exchange import DataPrompt, Exchange, Garbage, Outcome, Unsolicited
from atshell.session.expectation import expectations
from atshell.session.reread import read
from atshell.session.runner import Session
from atshell.transcript.entry import Entry
from atshell.transcript.file import Transcript
from atshell.transport.link import Chunk, LinkError

T = TypeVar("T")


class Module:
    """The other side, the link to it and the clock."""

    name = "test:module"

    def __init__(self) -> None:
        self.now = 100.0
        self.written: list[bytes] = []
        self.answers: dict[str, str] = {}
        self.broken: LinkError | None = None
        self.slow = asyncio.Event()
        self.slow.set()
        self.opened = self.closed = 0
        self._said: asyncio.Queue[Chunk | Exception] = asyncio.Queue()

    def clock(self) -> float:
        return self.now

    def say(self, text: str) -> None:
        self._said.put_nowait(Chunk(self.now, text.encode("latin-1")))

    def fail(self, error: Exception) -> None:
        self._said.put_nowait(error)

    async def open(self) -> None:
        self.opened += 1

    async def read(self) -> Chunk:
        said = await self._said.get()
        if isinstance(said, Exception):
            raise said
        return said

    async def write(self, data: bytes) -> float:
        stamp = self.now
        if answer := self.answers.get(data.decode().strip()):
            self.say(answer)
        await self.slow.wait()
        if self.broken is not None:
            raise self.broken
        self.written.append(data)
        return stamp

    async def close(self) -> None:
        self.closed += 1


class Stage:
    """A session, its module and everything that was recorded and heard."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        self.module = Module()
        self.entries: list[Entry] = []
        self.heard: list[Unsolicited | DataPrompt | Garbage] = []
        self.session = Session(self.module, catalog=catalog, sinks=[self.entries.append], clock=self.module.clock)
        self.session.listen(self.heard.append)

    async def settle(self) -> None:
        """Let every task run until it waits."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def start(self, doing: Coroutine[object, object, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(doing)
        await self.settle()
        return task

    async def after(self, seconds: float) -> None:
        self.module.now += seconds
        self.session.tick()
        await self.settle()

    async def say(self, text: str) -> None:
        self.module.say(text)
        await self.settle()

    def record(self) -> list[str]:
        return [f"{entry.t:g} {entry.kind or entry.dir} {entry.data}".strip() for entry in self.entries]


def play(scenario: Callable[[Stage], Awaitable[None]], catalog: Catalog | None = None) -> Stage:
    async def run() -> Stage:
        stage = Stage(catalog)
        async with asyncio.timeout(10), stage.session:
            await scenario(stage)
        assert stage.module.closed == stage.module.opened == 1
        assert len(asyncio.all_tasks()) == 1
        return stage

    stage = asyncio.run(run())
    gc.collect()  # an exception that nobody fetched would be a warning here
    return stage


def test_a_command_and_its_record() -> None:
    async def scenario(stage: Stage) -> None:
        stage.module.now += 1
        sending = await stage.start(stage.session.send("AT+CSQ"))
        assert stage.module.written == [b"AT+CSQ\r"]
        stage.module.now += 0.5
        await stage.say("\r\n+CSQ: 20,0\r\n\r\nOK\r\n\r\n+CEREG: 1\r\n")
        exchange = await sending
        assert exchange.ok
        assert exchange.text == "+CSQ: 20,0\nOK"
        assert exchange.sent == pytest.approx(1)
        assert exchange.elapsed == pytest.approx(0.5)
        stage.session.note("antenna moved")

    stage = play(scenario)
    assert [(round(e.t, 6), e.dir, e.data, e.kind) for e in stage.entries] == [
        (1.0, "tx", "AT+CSQ\r", ""),
        (1.5, "rx", "\r\n+CSQ: 20,0\r\n\r\nOK\r\n\r\n+CEREG: 1\r\n", ""),
        (1.5, "note", "antenna moved", "comment"),
    ]
    assert [h.information.text for h in stage.heard if isinstance(h, Unsolicited)] == ["+CEREG: 1"]


def test_commands_wait_for_their_turn() -> None:
    async def scenario(stage: Stage) -> None:
        tasks = [await stage.start(stage.session.send(line)) for line in ("AT+A", "AT+B", "AT+C")]
        for n in range(3):
            assert len(stage.module.written) == n + 1
            await stage.say(f"\r\n+N: {n}\r\nOK\r\n")
        assert [(await task).line for task in tasks] == ["AT+A", "AT+B", "AT+C"]

    play(scenario)


def test_an_answer_that_is_there_before_the_writing_ends_is_recorded_behind_it() -> None:
    async def scenario(stage: Stage) -> None:
        stage.module.answers["AT"] = "\r\nOK\r\n"
        stage.module.slow.clear()
        sending = await stage.start(stage.session.send("AT"))
        stage.module.now += 1
        stage.module.slow.set()
        assert (await sending).ok

    assert [entry.dir for entry in play(scenario).entries] == ["tx", "rx"]


def test_a_late_answer_is_not_the_next_one_s() -> None:
    async def scenario(stage: Stage) -> None:
        sending = await stage.start(stage.session.send("AT+CSQ", timeout=3))
        await stage.after(2.9)
        assert not sending.done()
        await stage.after(0.2)
        assert (await sending).outcome is Outcome.TIMEOUT
        sending = await stage.start(stage.session.send("AT", timeout=3))
        await stage.say("\r\n+CSQ: 1\r\nOK\r\n")
        assert not sending.done()
        await stage.say("\r\nOK\r\n")
        assert (await sending).ok

    stage = play(scenario)
    assert stage.record()[1].endswith("timeout AT+CSQ: no answer within 3.1 s")
    assert [(h.information.text, h.late) for h in stage.heard if isinstance(h, Unsolicited)] == [
        ("+CSQ: 1", True),
        ("OK", True),
    ]


def test_the_real_timer_ends_a_command() -> None:
    async def run() -> None:
        module = Module()
        session = Session(module, clock=asyncio.get_running_loop().time)
        async with session:
            assert (await session.send("AT", timeout=0.001)).outcome is Outcome.TIMEOUT

    asyncio.run(run())


def test_an_answer_behind_the_deadline_is_late_even_when_the_timer_is() -> None:
    async def scenario(stage: Stage) -> None:
        sending = await stage.start(stage.session.send("AT", timeout=3))
        stage.module.now += 3.5
        await stage.say("\r\nOK\r\n")
        assert (await sending).outcome is Outcome.TIMEOUT

    assert [entry.kind or entry.dir for entry in play(scenario).entries] == ["tx", "timeout", "rx"]


def test_the_timeout_is_the_manual_s(catalog: Catalog) -> None:
    async def scenario(stage: Stage) -> None:
        sending = await stage.start(stage.session.send("AT+OPEN=0,300"))
        await stage.after(4.9)
        assert not sending.done()
        await stage.after(0.2)
        assert (await sending).outcome is Outcome.TIMEOUT

    play(scenario, catalog)


def test_who_leaves_makes_room_and_gets_no_late_answer() -> None:
    async def scenario(stage: Stage) -> None:
        leaving = await stage.start(stage.session.send("AT+CSQ"))
        waiting = await stage.start(stage.session.send("AT"))
        leaving.cancel()
        await stage.settle()
        assert leaving.cancelled()
        assert stage.module.written == [b"AT+CSQ\r", b"AT\r"]
        await stage.say("\r\n+CSQ: 1\r\nOK\r\n\r\nOK\r\n")
        assert (await waiting).text == "OK"

    assert [entry.kind or entry.dir for entry in play(scenario).entries] == ["tx", "timeout", "tx", "rx"]


def test_who_leaves_while_the_line_is_being_written() -> None:
    async def scenario(stage: Stage) -> None:
        stage.module.slow.clear()
        leaving = await stage.start(stage.session.send("AT+CSQ"))
        for _ in range(2):  # twice: the first waits for the line to be written
            leaving.cancel()
            await stage.settle()
        waiting = await stage.start(stage.session.send("AT"))
        stage.module.slow.set()
        await stage.settle()
        await stage.say("\r\n+CSQ: 1\r\nOK\r\n\r\nOK\r\n")
        assert (await waiting).text == "OK"

    stage = play(scenario)
    assert stage.module.written == [b"AT+CSQ\r", b"AT\r"]
    assert [entry.kind or entry.dir for entry in stage.entries] == ["tx", "timeout", "tx", "rx"]


def test_data_behind_a_prompt() -> None:
    async def scenario(stage: Stage) -> None:
        sending = await stage.start(stage.session.send('AT+CMGS="1"', timeout=5))
        await stage.say("\r\n> ")
        assert [type(h) for h in stage.heard] == [DataPrompt]
        await stage.after(60)
        await stage.session.send_data(b"Hello\x1a")
        await stage.after(4)
        await stage.say("\r\n+CMGS: 7\r\n\r\nOK\r\n")
        assert (await sending).text == "+CMGS: 7\nOK"

    assert play(scenario).module.written[1] == b"Hello\x1a"


def test_urcs() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.say("\r\n+MIPLEVENT: 0,2\r\n\r\n+MIPLEVENT: 0,6\r\n")
        assert (await stage.session.urc("+MIPLEVENT", timeout=0)).information.values[1].text == "2"
        assert (await stage.session.urc("+miplevent:", timeout=0)).information.values[1].text == "6"
        with pytest.raises(TimeoutError):
            await stage.session.urc("+MIPLEVENT", timeout=0)
        waiting = await stage.start(stage.session.urc("+MIPLREAD"))
        await stage.say("\r\n+MIPLREAD: 0,1\r\n")
        assert (await waiting).information.prefix == "+MIPLREAD"

    play(scenario)


def test_urcs_in_every_spelling(catalog: Catalog) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.say("\r\n+OBERVE: 0\r\n")
        assert (await stage.session.urc("+OBSERVE", timeout=0)).information.prefix == "+OBERVE"

    play(scenario, catalog)


def test_secrets_are_masked_in_the_record_only(catalog: Catalog) -> None:
    async def scenario(stage: Stage) -> None:
        line = 'AT+CREATEEX="h",0,"abcd1234"'
        sending = await stage.start(stage.session.send(line))
        await stage.say(f"{line}\r\r\n+CREATEEX: 0\r\n\r\nOK\r\n")
        assert (await sending).line == line
        sending = await stage.start(stage.session.send("AT+DEVINFO?"))
        await stage.say('\r\n+DEVINFO: "h","other567"\r\n\r\nOK\r\n')
        assert "other567" in (await sending).text

    stage = play(scenario, catalog)
    assert stage.module.written[0] == b'AT+CREATEEX="h",0,"abcd1234"\r'
    recorded = "".join(entry.data for entry in stage.entries)
    assert "abcd1234" not in recorded
    assert "other567" not in recorded
    assert recorded.count("abcd****") == 2
    assert recorded.count("othe****") == 1


def test_the_record_read_again_is_what_happened(catalog: Catalog) -> None:
    happened: list[Exchange] = []

    async def scenario(stage: Stage) -> None:
        async def exchange(line: str, *answers: str) -> None:
            stage.module.now += 0.125
            sending = await stage.start(stage.session.send(line, timeout=2))
            for answer in answers:
                stage.module.now += 0.25
                await stage.say(answer)
            if not sending.done():
                await stage.after(2)
            happened.append(await sending)

        await exchange("AT+OPEN=0,300", "\r\nOK\r\n\r\n+EVENT: 0,2\r\n", "\r\n+EVENT: 0,6\r\n")
        await exchange("AT+GMM")
        await exchange("AT+GMM", "BC28\r\n\r\nO", "K\r\n\r\nBC", "28\r\n\r\nOK\r\n")
        await exchange("AT+NMI?", "+NMI: 1\r\n+NMI: 2\r\nOK\r\n")
        await exchange("AT+X=中", "AT+X=中\r\r\nERROR\r\n".encode().decode("latin-1"))

    stage = play(scenario, catalog)
    entries = tuple(replace(entry, line=n) for n, entry in enumerate(stage.entries, 2))
    again = read(Transcript(stage.session.header, entries), expectations(catalog))
    assert [h for h in again if isinstance(h, Unsolicited)] == [
        replace(h, entries=a.entries)
        for h, a in zip(
            (h for h in stage.heard if isinstance(h, Unsolicited)),
            (a for a in again if isinstance(a, Unsolicited)),
            strict=True,
        )
    ]
    assert [replace(h, entries=()) for h in again if isinstance(h, Exchange)] == happened
    assert all(h.entries for h in again if isinstance(h, Exchange | Unsolicited))


@pytest.mark.parametrize("error", [LinkError("unplugged", "plug it in"), None, RuntimeError("a bug")])
def test_a_lost_link(error: Exception | None) -> None:
    async def scenario(stage: Stage) -> None:
        lost: list[LinkError] = []
        stage.session.on_lost(lost.append)
        sending = await stage.start(stage.session.send("AT"))
        queued = await stage.start(stage.session.send("AT"))
        waiting = await stage.start(stage.session.urc("+A"))
        if error is None:
            stage.module.say("")
        else:
            stage.module.fail(error)
        await stage.settle()
        assert (await sending).outcome is Outcome.LOST
        for task in (queued, waiting):
            with pytest.raises(LinkError):
                await task
        assert len(lost) == 1
        for use in (stage.session.send("AT"), stage.session.send_data(b"x"), stage.session.urc("+A")):
            with pytest.raises(LinkError) as caught:
                await use
            assert caught.value.hint

    assert [entry.kind or entry.dir for entry in play(scenario).entries] == ["tx", "link lost"]


def test_a_link_that_breaks_while_writing() -> None:
    async def scenario(stage: Stage) -> None:
        stage.module.broken = LinkError("unplugged")
        assert (await stage.session.send("AT")).outcome is Outcome.LOST
        with pytest.raises(LinkError):
            await stage.session.send_data(b"x")

    assert [entry.kind for entry in play(scenario).entries] == ["link lost"]


def test_closing_while_someone_waits() -> None:
    tasks: list[asyncio.Task[Exchange]] = []
    urcs: list[asyncio.Task[Unsolicited]] = []

    async def run() -> None:
        stage = Stage()
        async with stage.session:
            tasks.append(await stage.start(stage.session.send("AT")))
            urcs.append(await stage.start(stage.session.urc("+A")))
        await stage.session.close()
        assert (await tasks[0]).outcome is Outcome.LOST
        with pytest.raises(LinkError, match="closed"):
            await urcs[0]
        with pytest.raises(LinkError, match="closed"):
            await stage.session.send("AT")
        assert stage.module.closed == 1

    asyncio.run(run())


def test_a_session_that_was_not_opened() -> None:
    async def run() -> None:
        with pytest.raises(LinkError, match="not open"):
            await Session(Module()).send("AT")

    asyncio.run(run())


@pytest.mark.parametrize("line", ["AT\rAT", "AT\n", "", "  "])
def test_lines_that_are_none(line: str) -> None:
    async def scenario(stage: Stage) -> None:
        with pytest.raises(AtshellError):
            await stage.session.send(line)

    assert play(scenario).entries == []


def test_listeners_and_sinks_come_and_go(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(stage: Stage) -> None:
        def mistaken(_: object) -> None:
            raise RuntimeError("a listener's mistake")

        late: list[Entry] = []
        end_sink = stage.session.add_sink(late.append)
        end_listener = stage.session.listen(mistaken)
        await stage.say("\r\n+A: 1\r\n")
        end_sink()
        end_listener()
        end_listener()
        await stage.say("\r\n+A: 2\r\n")
        assert [entry.data for entry in late] == ["\r\n+A: 1\r\n"]
        assert len(stage.heard) == 2

    play(scenario)
    assert [record.message for record in caplog.records] == ["a session's listener raised"]


def test_a_full_disk_is_said_at_the_next_command() -> None:
    async def scenario(stage: Stage) -> None:
        def full(entry: Entry) -> None:
            raise AtshellError("the disk is full", "make room")

        stage.session.add_sink(full)
        await stage.say("\r\n+A: 1\r\n")
        with pytest.raises(AtshellError, match="full"):
            await stage.session.send("AT")
        stage.module.answers["AT"] = "\r\nOK\r\n"
        assert (await stage.session.send("AT")).ok

    play(scenario)


def test_the_header_and_a_beginning_of_its_own() -> None:
    async def run() -> None:
        started = datetime(2026, 1, 1, tzinfo=UTC)
        session = Session(Module(), started=started)
        assert session.header.started == started
        assert session.header.link == "test:module"
        assert session._now() > 0

    asyncio.run(run())
