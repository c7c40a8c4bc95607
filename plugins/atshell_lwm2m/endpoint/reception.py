"""What clients ask of a server: to be registered, updated, forgotten, bootstrapped, and to take what they send.

Routes are the paths of LwM2M 1.0 section 8.2 and LwM2M 1.1 transport section 6.4. A client that errs is told in the
answer's payload what is wrong with its request (a diagnostic payload, RFC 7252 section 5.5.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atshell_lwm2m.codec.contentformat import LINK, LWM2M_CBOR, SENML_CBOR, SENML_JSON, TEXT
from atshell_lwm2m.endpoint.exchange import Incoming, Reply
from atshell_lwm2m.endpoint.parameters import Refused
from atshell_lwm2m.endpoint.registration import Registration
from atshell_lwm2m.endpoint.registrations import Registrations
from atshell_lwm2m.payload import decode

_SENDABLE = (SENML_JSON, SENML_CBOR, LWM2M_CBOR)
"""LwM2M 1.1 core section 6.4.6."""


@dataclass(frozen=True, slots=True)
class Reception:
    registrations: Registrations
    registered: Callable[[Registration], None]
    """Told after the answer; ``heard`` too."""
    heard: Callable[[Registration], None]

    def asked(self, incoming: Incoming) -> None:
        """Answers every request."""
        try:
            self._route(incoming)
        except Refused as refused:
            refuse(incoming, refused.code, refused.why)

    def _route(self, incoming: Incoming) -> None:
        match incoming.method, incoming.path:
            case "POST", ("rd",):
                self._register(incoming)
            case "POST" | "PUT", ("rd", location):
                registration = self.registrations.update(location, incoming)
                incoming.answer(Reply("2.04"))
                self.heard(registration)
            case "DELETE", ("rd", location):
                self.registrations.remove(location, incoming.peer)
                incoming.answer(Reply("2.02"))
            case "POST", ("dp",):
                self._send(incoming)
            case "GET", (".well-known", "core"):
                incoming.answer(Reply("2.05", b'</rd>;rt="oma.lwm2m",</dp>,</bs>', LINK))
            case _, ("rd", *_) | ("dp",):
                raise Refused("4.05", "no operation is like that")
            case _:
                raise Refused("4.04", "a LwM2M server has /rd and /dp")

    def _register(self, incoming: Incoming) -> None:
        made = self.registrations.add(incoming)
        incoming.answer(Reply("2.01", location=("rd", made.location)))
        self.registered(made)
        self.heard(made)

    def _send(self, incoming: Incoming) -> None:
        """LwM2M 1.1 core section 6.4.6: values that nobody has asked for."""
        registration = self.registrations.at(incoming.peer)
        if registration is None:
            raise Refused("4.04", "nobody is registered from this address")
        if incoming.content_format not in _SENDABLE:
            raise Refused("4.15", "values are sent in SenML JSON (110), SenML CBOR (112) or LwM2M CBOR (11544)")
        decoded = decode(incoming.payload, incoming.content_format, "")
        if decoded.error is not None or not decoded.resources:
            raise Refused("4.00", decoded.error or "there is no value in it")
        if not all(one.path.count("/") >= 3 and registration.has(one.path) for one in decoded.resources):
            raise Refused("4.04", "it has a value of an object that is not registered")
        incoming.answer(Reply("2.04"))
        registration.sent(incoming.mid, decoded.resources)
        self.heard(registration)


def refuse(incoming: Incoming, code: str, why: str) -> None:
    incoming.answer(Reply(code, why.encode("utf-8", "replace"), TEXT))
