"""What an operator asks of a platform: the words of a line, and what came of them as a JSON object.

``@NAME`` picks the client by its endpoint name. Without it the one that registered last is meant; where an emulated
module stands behind the words, that module.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from atshell_lwm2m.endpoint.courier import Courier
from atshell_lwm2m.endpoint.order import EXAMPLES
from atshell_lwm2m.endpoint.orders import OPERATIONS
from atshell_lwm2m.endpoint.registration import Registration
from atshell_lwm2m.endpoint.registrations import Registrations
from atshell_lwm2m.endpoint.replies import Result

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.air import Air

CLIENTS, AWAKE, FORGET = "clients", "awake", "forget"
_CHOICE = f"say one of {', '.join([*OPERATIONS, CLIENTS, AWAKE, FORGET])}"


class Operator:
    """``busy`` says that too much is going on to begin anything; ``bootstraps`` are shown beside the clients."""

    def __init__(
        self, registrations: Registrations, courier: Courier, busy: Callable[[], bool], bootstraps: Iterable[Result]
    ) -> None:
        self._registrations = registrations
        self._courier = courier
        self._busy = busy
        self._bootstraps = bootstraps

    async def operate(self, words: Sequence[str], air: Air | None = None) -> Result:
        """Carry out one line; ``air`` is that of the module that is meant without ``@NAME``. What is wrong with the
        line, or with the answer, is in ``error``."""
        plain = [word for word in words if not word.startswith("@")]
        name = next((word[1:] for word in words if word.startswith("@")), None)
        if not plain:
            return {"ok": False, "error": _CHOICE}
        client = self._registrations.choose(name, air)
        match plain[0]:
            case "clients":
                return self._describe(name, client)
            case "awake" | "forget" if client is None:
                return {"ok": False, "operation": plain[0], "error": self._missing(name, air)}
            case "awake" if client is not None:
                return _stay_awake(client, plain[1:])
            case "forget" if client is not None:
                return self._forget(client, plain[1:])
            case word if word in OPERATIONS:
                return await self._order(plain, client, self._missing(name, air))
        return {"ok": False, "error": f"{plain[0][:40]!r} is no operation: {_CHOICE}"}

    def _missing(self, name: str | None, air: Air | None) -> str:
        """Why there is no client."""
        if name is not None:
            return f"no client is registered as {name[:40]}"
        if air is not None and self._registrations.choose(None) is not None:
            return "this module is not registered: @NAME picks another client"
        return "no client is registered"

    async def _order(self, words: Sequence[str], client: Registration | None, missing: str) -> Result:
        if client is None:
            if len(words) == 1 or not words[1].startswith("/"):
                missing = f"{missing}, and a path is missing: say {EXAMPLES[words[0]]}"
            return {"ok": False, "operation": words[0], "error": missing}
        if self._busy():
            return {"ok": False, "operation": words[0], "error": "too much is going on"}
        return await self._courier.carry(words, client)

    def _describe(self, name: str | None, client: Registration | None) -> Result:
        """Everybody, or the one of that name; and ``endpoint``, who is meant by a line without ``@NAME``."""
        clients = self._registrations.describe()
        result: Result = {"ok": True}
        if client is not None and name is None:
            result["endpoint"] = client.name
        result[CLIENTS] = [one for one in clients if name is None or one["endpoint"] == name]
        if bootstraps := list(self._bootstraps):
            result["bootstraps"] = bootstraps
        return result

    def _forget(self, client: Registration, words: Sequence[str]) -> Result:
        """Delete a client here. It is not told: its next Update finds nothing (4.04, LwM2M 1.0 section 5.3.2)."""
        result: Result = {"operation": FORGET, "endpoint": client.name}
        if words:
            return {"ok": False, **result, "error": "say forget, or forget @NAME; delete PATH asks a client to delete"}
        self._registrations.drop(client)
        return {"ok": True, **result}


def _stay_awake(client: Registration, words: Sequence[str]) -> Result:
    """How long a client in queue mode listens after it was heard."""
    result: Result = {"operation": AWAKE, "endpoint": client.name}
    try:
        seconds = float(words[0]) if words else math.nan
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        return {"ok": False, **result, "error": "say how many seconds it listens: awake 93"}
    client.awake = seconds
    return {"ok": True, **result, "seconds": seconds}
