"""China Telecom's and China Unicom's self-registration: a report, in rounds, and with China Unicom an update now and
then (BC25 manual 2.1 and 2.2, BC260Y-CN manual 2.1).

It is sent where firmware and card were not reported together before. A round that fails is followed by the manual's
number of others; then the next boot begins again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atshell.emulator.clock import Timer
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_quectel.assumed import JSON, REGISTER, REPORT_PATH, UPDATE, Report, written
from atshell_quectel.emulator.delivery import Delivery, Post
from atshell_quectel.emulator.means import Means

PORT = 5683
"""CoAP's own; the manuals name none."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """What there is to report, and whether it was reported before."""

    report: Callable[[str], Report]
    """For a reason."""
    reported: Callable[[], bool]
    remember: Callable[[], None]


class Reporting:
    def __init__(self, means: Means, server: str, reporter: Reporter) -> None:
        self._means = means
        self._clock = means.clock
        self._line = means.line
        self._procedure = means.procedure
        self._server = server
        self._reporter = reporter
        self._delivery = Delivery(means.clock, means.line.send)
        self._reason = REGISTER
        self._rounds_left = 0
        self._timer: Timer | None = None

    def start(self) -> None:
        """The module has booted and joined the network."""
        if self._procedure.once and self._reporter.reported():
            self._plan_update()
            return
        self._begin(REGISTER, self._procedure.rounds)

    def _begin(self, reason: str, rounds: int) -> None:
        self._reason, self._rounds_left = reason, rounds
        self._attempt()

    def _attempt(self) -> None:
        self._line.connect(self._server, PORT, self._connected, self._delivery.received)

    def _connected(self, there: bool) -> None:
        if not there:
            self._settle(None)
            return
        payload = written(self._reporter.report(self._reason))
        self._delivery.begin(Post(REPORT_PATH, (), payload, JSON), self._procedure.waits, self._settle)

    def _settle(self, reply: Reply | None) -> None:
        """How a round has ended. A server that cannot be found counts as one that does not answer (BC25 2.1.4)."""
        self._line.hang_up()
        if reply is not None and reply.ok:
            self._reporter.remember()
            self._plan_update()
        elif self._rounds_left:
            self._rounds_left -= 1
            self._timer = self._clock.call_later(self._procedure.pause, self._retry)
        elif self._reason == UPDATE:
            self._plan_update()

    def _retry(self) -> None:
        """In deep sleep, the module of one manual wakes for it (BC25 2.1.4), that of the other stays asleep, and the
        next boot begins again (BC260Y-CN 2.1.4)."""
        if self._means.may_send:
            self._attempt()

    def _plan_update(self) -> None:
        """The manuals tell nothing of an update that fails: the next one is at its usual time."""
        if self._procedure.update is not None:
            self._timer = self._clock.call_later(self._procedure.update, self._update)

    def _update(self) -> None:
        if self._means.may_send:
            self._begin(UPDATE, 0)
        else:
            self._plan_update()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._delivery.cancel()
        self._line.hang_up()

    async def close(self) -> None:
        self.stop()
        await self._line.close()
