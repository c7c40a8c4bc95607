"""A session: the exchange machine with a clock, a link and sinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self

from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.session.exchange import DataPrompt, Exchange, Garbage, Unsolicited
from atshell.transcript.entry import Entry
from atshell.transport.link import Link

Sink = Callable[[Entry], None]
Listener = Callable[[Unsolicited | DataPrompt | Garbage], None]


class Session:
    """An open conversation. ``async with Session(link) as at: await at.send("AT")``.

    Every byte goes to the sinks, stamped where it was read or written, in seconds since ``started``. Commands are
    queued: a second ``send`` waits for the first. Secrets that ``catalog`` marks are masked in what the sinks get.
    """

    def __init__(
        self,
        link: Link,
        *,
        catalog: Catalog | None = None,
        profile: Profile = Profile(),
        sinks: Iterable[Sink] = (),
    ) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError

    async def send(self, line: str, *, timeout: float | None = None) -> Exchange:
        """Send a line and wait for its end. ``timeout`` in seconds; without it the manual's maximum response time
        for the command, else 10 s. A timeout is an Exchange with that outcome, not an error."""
        raise NotImplementedError

    async def send_data(self, data: bytes) -> None:
        """Write bytes as they are, after a prompt (end them with b"\\x1a" yourself)."""
        raise NotImplementedError

    async def urc(self, prefix: str, *, timeout: float = 30.0) -> Unsolicited:
        """Wait for the next URC with that prefix that nobody has waited for yet. Raises TimeoutError."""
        raise NotImplementedError

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for everything unasked; returns a function that ends it."""
        raise NotImplementedError

    def note(self, text: str, *, kind: str = "comment") -> None:
        """A note in the record."""
        raise NotImplementedError
