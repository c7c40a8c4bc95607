"""Which address of a pair is the client's."""

from __future__ import annotations

from atshell_lwm2m.message import Message

_SERVER_PORTS = frozenset({"5683", "5684", "5685"})
_CLIENTS_OWN = frozenset({"Register", "Update", "De-register", "Bootstrap-Request", "Bootstrap-Pack-Request", "Send"})
_MAX_PAIRS = 10_000


class Sides:
    """Kept for a pair of addresses: one clear message settles it."""

    def __init__(self) -> None:
        self._outgoing: dict[tuple[str, str], bool] = {}

    def outgoing(self, message: Message) -> bool:
        """Whether the message goes from client to server."""
        pair = (message.src, message.dst)
        known = self._outgoing.get(pair)
        if known is None:
            known = _towards_server(message)
            if known is None:
                # Both send such; the ports that systems give to clients are the high ones (RFC 6335 section 6).
                return int(port(message.src) or 0) >= int(port(message.dst) or 0)
            if len(self._outgoing) > _MAX_PAIRS:
                self._outgoing.clear()
            self._outgoing[pair] = known
            self._outgoing[message.dst, message.src] = not known
        return known


def _towards_server(message: Message) -> bool | None:
    """None where the message does not tell."""
    is_request = message.code is not None and message.code.startswith("0.") and message.code != "0.00"
    if message.operation is not None:
        asked_by_client = message.operation in _CLIENTS_OWN
        return asked_by_client is is_request if message.operation != "Notify" else True
    if (port(message.dst) in _SERVER_PORTS) != (port(message.src) in _SERVER_PORTS):
        return port(message.dst) in _SERVER_PORTS
    return is_request if _is_clear(message) else None


def _is_clear(message: Message) -> bool:
    """A request or a response; DTLS and TLS, empty messages and signalling (RFC 8323 section 5) come from either."""
    return message.code is not None and message.code != "0.00" and not message.code.startswith("7.")


def port(endpoint: str) -> str:
    return endpoint.rpartition(":")[2]
