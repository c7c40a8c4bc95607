"""An emulated module in a test."""

from __future__ import annotations

import asyncio
import concurrent.futures
import difflib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from atshell.emulator.device import Device, EmulatorOptions, Identity
from atshell.emulator.place import Place
from atshell.emulator.serve import serve_pty, serve_tcp
from atshell.errors import AtshellError
from atshell.host import DEFAULT_MODEL, host
from atshell.testing.driver import Driver
from atshell.testing.platform import Platform
from atshell.testing.port import Log, Port
from atshell.testing.session import Session

PTY, TCP = "pty", "tcp://"
CLOSED = "nobody: it is closed"


class Emulator:
    """``model`` and the others are those of ``atshell emulate``; ``speed`` counts once a program talks to the module by
    itself (``listen``), and where the platform is a program elsewhere (``coap://HOST:PORT``): then time passes by
    itself from the beginning. ``beside`` another it has the same time and platform (``another``). Raises AtshellError
    for a model or a platform that is not there."""

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        firmware: str = "",
        operator: str = "cmcc",
        platform: str = "onenet",
        state: Path | None = None,
        capture: Path | None = None,
        faults: Sequence[str] = (),
        speed: float = 1.0,
        beside: Emulator | None = None,
    ) -> None:
        self._all: list[Emulator] = beside._all if beside is not None else []
        identity = Identity().numbered(len(self._all))
        self.options = EmulatorOptions(
            model, firmware, operator, platform, state, speed, capture, tuple(faults), identity
        )
        self._driver: Driver = beside._driver if beside is not None else Driver()
        self._place: Place = beside._place if beside is not None else Place(self._driver.clock)
        self.log = Log(self._driver.clock)
        """Every line that went over the serial port; ``str`` shows it."""
        try:
            self._device = self._driver.call(self._made())
        except BaseException:
            if beside is None:
                self._driver.close()
            raise
        self._all.append(self)
        if "://" in platform:
            self._driver.go_to_background(speed)
        self.address = ""
        """Where it listens: another pseudo-terminal once a fault has unplugged the first."""
        self._user = ""
        self._server: concurrent.futures.Future[None] | None = None
        self._session: Session | None = None
        self.platform = Platform(platform, self._driver, self._device.operate)
        """The embedded platform."""

    async def _made(self) -> Device:
        return host().emulate(self.options, self._place)

    def another(
        self,
        model: str = "",
        *,
        firmware: str = "",
        operator: str = "",
        platform: str = "",
        state: Path | None = None,
        capture: Path | None = None,
        faults: Sequence[str] = (),
    ) -> Emulator:
        """Another module beside this one, with an IMEI and a SIM card of its own: the same time passes for both, and
        they register with the same platform. Model, operator and platform are this one's unless they are given. It is
        closed with the first one."""
        return Emulator(
            model or self.model,
            firmware=firmware,
            operator=operator or self.options.operator,
            platform=platform or self.options.platform,
            state=state,
            capture=capture,
            faults=faults,
            speed=self.options.speed,
            beside=self,
        )

    @property
    def together(self) -> Sequence[Emulator]:
        """All that stand beside each other, the first one first."""
        return tuple(self._all)

    @property
    def model(self) -> str:
        return self._device.profile.model

    @property
    def imei(self) -> str:
        return self._device.identity.imei

    @property
    def now(self) -> float:
        """Device seconds since the beginning."""
        return self._driver.clock.now()

    @property
    def imsi(self) -> str:
        return self._device.identity.imsi

    def __repr__(self) -> str:
        return f"<Emulator {self.model}>"

    # Time, power, network

    def advance(self, seconds: float) -> None:
        """Let so many device seconds pass at once, with all that happens in them, for modules beside this one too."""
        self._driver.call(self._driver.loop.turn(seconds))

    def power(self, on: bool) -> None:
        """Cut the supply, or give it and boot."""
        self.operate(f"power {'on' if on else 'off'}")

    def network(self, found: bool) -> None:
        """Lose the network, or find it again."""
        self.operate(f"network {'found' if found else 'lost'}")

    def operate(self, line: str) -> dict[str, object]:
        """What ``atshell emulate`` takes from its standard input: ``power off``, ``read /3/0``; the answer to it."""
        return self.platform.ask(line).result()

    # Who talks to it

    def session(self) -> Session:
        """The session of this test with the module: the one client that its serial port has."""
        if self._session is None:
            self._take("the test itself (at_session)")
            port = Port(self._device, self.log)
            self._session = Session(self._driver, port, self.log, host().catalog, self._device.profile)
        return self._session

    def listen(self, where: str = PTY) -> str:
        """Let a program talk to the module: ``pty`` gives the path of a pseudo-terminal, ``tcp://127.0.0.1:0`` the
        same with its port. From now on time passes by itself, and the module runs while the test does other things."""
        address = None if where == PTY else _address(where)
        self._take("the program behind listen()")
        port = Port(self._device, self.log)
        told: concurrent.futures.Future[str] = concurrent.futures.Future()

        def announced(line: str) -> None:
            self.address = line.removeprefix("listening on ")
            if not told.done():
                told.set_result(self.address)

        serving = serve_tcp(port, *address, announced) if address else serve_pty(port, announced)
        self._driver.go_to_background(self.options.speed)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._driver.loop)
        self._server.add_done_callback(lambda _: told.cancel())
        try:
            return told.result()
        except concurrent.futures.CancelledError:
            self._server.result()
            raise

    def _take(self, user: str) -> None:
        if self._user:
            raise AtshellError(f"{self._user} talks to this module already", "a serial port has one client")
        self._user = user

    def expect_sent(self, line: str, *, timeout: float = 30.0) -> str:
        """Wait until the program sends this line, or one that begins so and goes on with ``=`` or ``?``; returns it.
        What it sent before is passed over. Fails (AssertionError) after so many device seconds."""
        __tracebackhide__ = True

        def found() -> str | None:
            while self.log.sent:
                sent = self.log.sent.popleft()
                skipped.append(sent)
                if sent == line or sent.startswith((f"{line}=", f"{line}?")):
                    return sent
            return None

        skipped: list[str] = []
        answer: list[str] = []

        def look() -> bool:
            answer.extend(filter(None, [found()]))
            return bool(answer)

        if not self._driver.call(self._driver.until(look, timeout)):
            near = difflib.get_close_matches(line, skipped, 1, 0.4)
            raise AssertionError(
                f"within {timeout:g} s the program did not send {line!r}"
                + (f"; nearest to it was {near[0]!r}" if near else "")
                + f"\nthe serial port so far, in device seconds:\n{self.log.end()}"
            )
        return answer[0]

    # The end

    def close(self) -> None:
        """Switch everything off; the first of several all of them. A second call does nothing."""
        if self._user == CLOSED:
            return
        first = self._all[0] is self
        if first:
            for other in self._all[:0:-1]:
                other.close()
        self._user = CLOSED
        self._driver.call(self._end())
        if first:
            self._driver.call(self._place.close())
            self._driver.close()

    async def _end(self) -> None:
        if self._server is not None:
            self._server.cancel()
            await self._driver.loop.rest()
        await self._device.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _address(where: str) -> tuple[str, int]:
    host_name, _, port = where.removeprefix(TCP).rpartition(":")
    if not where.startswith(TCP) or not host_name or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise AtshellError(f"{where!r} is nothing to listen on", f"say {PTY} or {TCP}127.0.0.1:0")
    return host_name.strip("[]"), int(port)
