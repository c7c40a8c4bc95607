"""What each command means in the words of operations (LwM2M manual 4.4.0, chapters 3 and 4)."""

from __future__ import annotations

from dataclasses import replace

from atshell.session.intent import Intent
from atshell_onemo.intents.arguments import Arguments, Reading, Values

LIFETIME = "/1/0/1"
"""The Lifetime resource, by whose path the lifetime of a login is told (OMA LwM2M 1.0, E.2)."""
SHORTEST_LIFETIME = 10
DEFAULT_LIFETIME = 86400
"""Seconds; what an update with less than the shortest takes (3.7)."""


def _open(intent: Intent, arguments: Arguments) -> Intent:
    """3.6"""
    lifetime = arguments.number(1)
    return replace(
        intent,
        operations=("Bootstrap-Request", "Register"),
        values=((LIFETIME, lifetime),) if lifetime is not None else (),
        summary=f"log in, lifetime {lifetime} s" if lifetime is not None else "log in",
    )


def _update(intent: Intent, arguments: Arguments) -> Intent:
    """3.7"""
    lifetime = arguments.number(1)
    if lifetime is not None and lifetime < SHORTEST_LIFETIME:
        lifetime = DEFAULT_LIFETIME
    values: Values = ((LIFETIME, lifetime),) if lifetime is not None else ()
    return replace(intent, operations=("Update",), values=values, summary="update the registration")


def _close(intent: Intent, arguments: Arguments) -> Intent:
    """3.8"""
    return replace(intent, operations=("De-register",), summary="log out")


def _notify(intent: Intent, arguments: Arguments) -> Intent:
    """3.9: 0 ref, 1 mid, 2 object, 3 instance, 4 resource, 5 type, 6 len, 7 value, 8 index, 9 flag, 10 ackid."""
    target = arguments.path(2)
    if target is None:
        return intent
    collected = arguments.number(9) in (1, 2)
    return replace(
        intent,
        operations=("Notify",),
        mid=None if collected else arguments.number(10),
        target=target,
        values=arguments.value(target, 5, 7),
        summary=f"collect {target}" if collected else f"report {target}",
        shares="next" if collected else "",
    )


def _read_response(intent: Intent, arguments: Arguments) -> Intent:
    """3.11: 0 ref, 1 mid, 2 result, 3 object, 4 instance, 5 resource, 6 type, 7 len, 8 value, 9 index, 10 flag."""
    target = arguments.path(3)
    collected = arguments.number(10) in (1, 2)
    return replace(
        intent,
        operations=("Read",),
        part="response",
        sender="server",
        mid=arguments.number(1),
        target=target,
        values=arguments.value(target, 6, 8),
        summary="collect an answer" if collected else f"answer the read: {_result(arguments.number(2))}",
        shares="next" if collected else "",
    )


def _response(operation: str) -> Reading:
    """3.13, 3.15, 3.17, 3.19: 0 ref, 1 mid, 2 result."""

    def read(intent: Intent, arguments: Arguments) -> Intent:
        result = _result(arguments.number(2))
        return replace(
            intent,
            operations=("Observe", "Cancel-Observation") if operation == "Observe" else (operation,),
            part="response",
            sender="server",
            mid=arguments.number(1),
            summary=f"answer the {operation.lower()}: {result}",
        )

    return read


_RESULTS = {
    1: "done",
    2: "changed",
    11: "bad request",
    12: "unauthorized",
    13: "not found",
    14: "method not allowed",
    15: "not acceptable",
}


def _result(result: int | None) -> str:
    return "no result" if result is None else _RESULTS.get(result, f"result {result}")


COMMANDS: dict[str, Reading] = {
    "+MIPLOPEN": _open,
    "+MIPLUPDATE": _update,
    "+MIPLCLOSE": _close,
    "+MIPLNOTIFY": _notify,
    "+MIPLREADRSP": _read_response,
    "+MIPLWRITERSP": _response("Write"),
    # Misspelled in 4.10.
    **dict.fromkeys(("+MIPLEXECUTERSP", "+MIPLXECUTERSP"), _response("Execute")),
    # The first is right; the others stand in 3.16, 3.18.
    **dict.fromkeys(
        ("+MIPLPARAMETERRSP", "+MIPLPARAMETERERRSP", "+MIPLPARAMETERRESP"),
        _response("Write-Attributes"),
    ),
    # In the headline of 3.19, the contents, 3.19's note, 3.18, and 3.19's example.
    **dict.fromkeys(
        (
            "+MIPOBSERVERSP",
            "+MIPLOBSEVERSP",
            "+MIPLOBSERVERSP",
            "+MIPLOBSERVERSPP",
            "+MIPLWRITEOBSERVERSP",
        ),
        _response("Observe"),
    ),
}

QUIET: dict[str, str] = {
    "+MIPLCREATE": "create the device",
    "+MIPLCREATEEX": "create the device",
    **dict.fromkeys(("+MIPLDELETE", "+MIPDELETE"), "delete the device"),
    "+MIPLADDOBJ": "add an object",
    "+MIPLDELOBJ": "remove an object",
    "+MIPLDISCOVERRSP": "set what a discover finds",
    "+MIPLCFG": "configure",
    "+MIPLNMI": "choose how requests are told",
    "+MIPLMGR": "fetch a request that waits",
    "+MIPLQMGR": "count requests that wait",
    "+MIPLUPDATESET": "choose automatic updates",
    "+MIPLDEVINFO": "show the device",
    "+MIPLDTLSNAT": "set DTLS renegotiation",
    "+MIPLLTRDP": "ask for the lifetime that is left",
}
"""Commands that cause no traffic."""
