"""Master secrets that can be resumed: by the server's session ID, or by its ticket (RFC 5246 section 7.3, RFC 5077).

Only what opened a record is kept. A ticket can be long, so its digest stands for it.
"""

from __future__ import annotations

from hashlib import sha256

from atshell_lwm2m.dtls.capped import keep
from atshell_lwm2m.dtls.hello import Hello

MAX_SESSIONS = 8_192


class Sessions:
    def __init__(self) -> None:
        self._by_id: dict[bytes, bytes] = {}
        self._by_ticket: dict[bytes, bytes] = {}

    def opened(self, server: Hello, tickets: list[bytes], master: bytes) -> None:
        if server.session_id:
            keep(self._by_id, server.session_id, master, MAX_SESSIONS)
        for ticket in tickets:
            keep(self._by_ticket, sha256(ticket).digest(), master, MAX_SESSIONS)

    def resumed(self, client: Hello, server: Hello) -> list[bytes]:
        """What the two hellos may go on with."""
        found = []
        if client.session_id and client.session_id == server.session_id:
            found.append(self._by_id.get(client.session_id))
        if client.ticket:
            found.append(self._by_ticket.get(sha256(client.ticket).digest()))
        return [master for master in found if master is not None]
