"""What each URC means in the words of operations (LwM2M manual 4.4.0, chapters 3 and 4)."""

from __future__ import annotations

from dataclasses import replace

from atshell.session.intent import Intent
from atshell_onemo.intents.arguments import Arguments, Reading, Values


def _asked(operation: str, verb: str) -> Reading:
    """What the platform asks for: 0 ref, 1 mid, 2 object, 3 instance, 4 resource (3.10, 3.12, 3.14, 3.16)."""

    def read(intent: Intent, arguments: Arguments) -> Intent:
        target = arguments.path(2)
        return replace(
            intent,
            operations=(operation,),
            sender="server",
            mid=arguments.number(1),
            target=target,
            summary=f"the platform {verb} {target}" if target else f"the platform {verb}",
        )

    return read


def _write(intent: Intent, arguments: Arguments) -> Intent:
    """3.12: then 5 type, 6 len, 7 value, 8 flag."""
    asked = _asked("Write", "writes")(intent, arguments)
    return replace(asked, values=arguments.value(asked.target, 5, 7))


def _execute(intent: Intent, arguments: Arguments) -> Intent:
    """3.14: then 5 len, 6 command."""
    asked = _asked("Execute", "executes")(intent, arguments)
    return replace(asked, values=((asked.target, arguments.text(6)),) if asked.target and len(arguments) > 6 else ())


def _parameter(intent: Intent, arguments: Arguments) -> Intent:
    """3.16: then 5 len, 6 ``pmin=18;pmax=90``, whose parts are told by their names."""
    pairs = (part.partition("=") for part in arguments.text(6).replace(" ", "").split(";"))
    values: Values = tuple((name, value) for name, equals, value in pairs if equals)
    return replace(_asked("Write-Attributes", "sets attributes of")(intent, arguments), values=values)


def _observe(intent: Intent, arguments: Arguments) -> Intent:
    """3.18: 0 ref, 1 mid, 2 flag, 3 object, 4 instance, 5 resource."""
    target = arguments.path(3)
    cancels = arguments.number(2) == 0
    return replace(
        intent,
        operations=("Cancel-Observation",) if cancels else ("Observe",),
        sender="server",
        mid=arguments.number(1),
        target=target,
        summary=f"the platform {'stops observing' if cancels else 'observes'} {target or ''}".rstrip(),
    )


def _waiting(intent: Intent, arguments: Arguments) -> Intent:
    """4.11: the platform asked for something, AT+MIPLMGR will tell what. Only these three are kept back (4.2)."""
    summary = "a request of the platform waits"
    return replace(intent, operations=("Read", "Write", "Execute"), sender="server", summary=summary)


_EVENTS: dict[int, tuple[str, tuple[str, ...], bool | None]] = {
    2: ("bootstrap done", ("Bootstrap-Finish",), True),
    3: ("bootstrap failed", ("Bootstrap-Request",), False),
    6: ("logged in to the platform", ("Register",), True),
    7: ("login failed", ("Register",), False),
    11: ("registration updated", ("Update",), True),
    15: ("logged out of the platform", ("De-register",), True),
    26: ("the platform has the report", ("Notify",), True),
    31: ("deleted by the platform", ("Update", "Notify", "De-register"), False),
    32: ("the address of the DTLS session has aged", (), None),
    33: ("a packet of more than 1500 bytes was dropped", (), None),
}
"""3.20"""
LOGGED_IN = 6


def _event(intent: Intent, arguments: Arguments) -> Intent:
    """3.20: 0 ref, 1 event, 2 ackid."""
    summary, operations, ok = _EVENTS.get(arguments.number(1) or 0, ("", (), None))
    return replace(
        intent,
        operations=operations,
        part="outcome",
        sender="server" if "Bootstrap-Finish" in operations else "client",
        mid=arguments.number(2),
        ok=ok,
        summary=summary,
    )


URCS: dict[str, Reading] = {
    "+MIPLREAD": _asked("Read", "reads"),
    "+MIPLWRITE": _write,
    "+MIPLEXECUTE": _execute,
    "+MIPLDISCOVER": _asked("Discover", "discovers"),
    "+MIPLPARAMETER": _parameter,
    # In 3.18's headline, the contents and 5.1, 5.4, and 3.19's example.
    **dict.fromkeys(("+MIPLOBSERVE", "+MIPLOBERVE", "+MIPLOBSEVERE", "+MIPOBSERVE"), _observe),
    "+MIPLEVENT": _event,
    "+MIPLNMI": _waiting,
}
