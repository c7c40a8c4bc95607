"""Commands that carry data: notifications, and the answers to what the platform asks (sections 3.9, 3.11 to 3.19)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from atshell.at.command import Command
from atshell.emulator.device import Lines
from atshell_onemo.emulator.abilities import Ability, has
from atshell_onemo.emulator.fields import Fields, cis
from atshell_onemo.emulator.model import LwDevice, Object, Value
from atshell_onemo.emulator.state import BUSY, NO_RESOURCE, NOT_ALLOWED, NOT_LOGGED_IN, SYNTAX
from atshell_onemo.emulator.values import TYPES, BadValue, to_wire

if TYPE_CHECKING:
    from atshell_onemo.emulator.module import OneMo
    from atshell_onemo.emulator.requests import Kind, Requests

LAST, RELEASE, RELEASE_LATER = 0, 0x200, 0x400
"""``<flag>``: these send, 1 and 2 collect."""
FLAGS = frozenset({LAST, 1, 2, RELEASE, RELEASE_LATER})
CONTENT_TYPES = frozenset({0, 1, 2, 3, 4})
TLV_TYPE = 3
CONTENT = 1
MAX_COLLECTED = 64
MAX_SIZE = 2048
"""Bytes of values in one message; the manual advises 1000 at most. Over 1024 it goes block by block."""
READ_RESULTS = frozenset({1, 11, 12, 13, 14, 15})
WRITE_RESULTS = frozenset({2, 11, 12, 13, 14})
PARAMETER_RESULTS = WRITE_RESULTS | {1}


def _value(fields: Fields, first: int) -> tuple[int, Value]:
    """The object, and the value from ``<objid>`` at ``first`` to ``<value>``. ``<len>`` is not needed (3.9)."""
    number, instance, resource = (fields.integer(first + index) for index in range(3))
    kind = fields.one_of(first + 3, TYPES)
    fields.integer(first + 4, default=0)
    argument = fields.raw(first + 5)
    if argument.omitted:
        raise cis(SYNTAX)
    try:
        raw = to_wire(kind, argument.text, argument.quoted)
    except BadValue:
        raise cis(SYNTAX) from None
    if len(raw) > MAX_SIZE:
        raise cis(SYNTAX)
    fields.integer(first + 6)
    return number, Value(instance, resource, kind, raw)


def _object(device: LwDevice, number: int, instance: int) -> Object:
    known = device.objects.get(number)
    if known is None or instance not in known.instances:
        raise cis(NO_RESOURCE)
    return known


def _collect(collected: list[Value], value: Value) -> None:
    """A resource that comes twice counts once, with its newest value."""
    kept = [one for one in collected if (one.instance, one.resource) != (value.instance, value.resource)]
    if len(kept) >= MAX_COLLECTED or sum(len(one.raw) for one in kept) + len(value.raw) > MAX_SIZE:
        raise cis(NOT_ALLOWED)
    collected[:] = [*kept, value]


def _notify(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 10, 12)
    mid = fields.integer(1)
    number, value = _value(fields, 2)
    flag = fields.one_of(9, FLAGS)
    ackid = fields.integer(10) if fields.given(10) else None
    content = fields.one_of(11, CONTENT_TYPES) if fields.given(11) else None
    collects = flag in (1, 2)
    if collects and content not in (None, TLV_TYPE):
        raise cis(SYNTAX)
    if flag >= RELEASE and not has(module.device.profile.model, Ability.RELEASE):
        raise cis(NOT_ALLOWED)
    known = _object(module.allow_ref("+MIPLNOTIFY", fields), number, value.instance)
    pending = known.pending.setdefault(value.instance, [])
    if collects:
        _collect(pending, value)
        known.declare(value)
    else:
        _send(module, known, [*pending, value], flag, ackid, content)
        pending.clear()
        _sent(module, mid)
    return ()


def _send(module: OneMo, known: Object, given: list[Value], flag: int, ackid: int | None, content: int | None) -> None:
    """Everything that was collected for this instance, and the last value, in one notification."""
    from atshell_onemo.emulator.notifications import Rest
    from atshell_onemo.emulator.payload import FORMATS, PLAIN, Form

    model, login, value = module.device.profile.model, module.online(), given[-1]
    if login.notifications is None:
        raise cis(NOT_LOGGED_IN)
    collected = given[:-1]
    _collect(collected, value)
    form = PLAIN if content is None else Form(FORMATS[content], has(model, Ability.ENCODING))
    if form.single and len(collected) > 1:
        raise cis(SYNTAX)
    observations = login.notifications.observed(known.number, value.instance, [one.resource for one in collected])
    if not observations:
        raise cis(NOT_ALLOWED)
    if (ackid is not None and login.notifications.busy(ackid)) or login.crowded():
        raise cis(BUSY)
    known.declare(value)
    rest = Rest(flag if has(model, Ability.RELEASE_AT_ONCE) else LAST)
    login.notifications.send(observations, collected, form, ackid, rest)


def _sent(module: OneMo, mid: int) -> None:
    """``+MIPLNSMI`` where it is wanted: whether the message has left over the air (section 4.10)."""
    if module.tells_sent:
        module.device.emit(f"+MIPLNSMI: 0,{int(module.device.radio.attached)},{mid & 127}")


def _requests(module: OneMo) -> Requests:
    requests = module.online().requests
    if requests is None:
        raise cis(NO_RESOURCE)
    return requests


def _waiting(module: OneMo, mid: int, kind: Kind) -> Requests:
    """An answer with an unknown message ID is an error."""
    requests = _requests(module)
    waiting = requests.waiting.get(mid)
    if waiting is None or waiting.kind != kind:
        raise cis(NO_RESOURCE)
    return requests


def _read_response(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 3, 11)
    mid, result = fields.integer(1), fields.one_of(2, READ_RESULTS)
    if result != CONTENT:
        module.allow_ref("+MIPLREADRSP", fields)
        _waiting(module, mid, "Read").answer(mid, result)
        _sent(module, mid)
        return ()
    if len(fields) != 11:
        raise cis(SYNTAX)
    number, value = _value(fields, 3)
    flag = fields.one_of(10, frozenset({0, 1, 2}))
    known = _object(module.allow_ref("+MIPLREADRSP", fields), number, value.instance)
    requests = _waiting(module, mid, "Read")
    waiting = requests.waiting[mid]
    own = (number, value.instance, value.resource)
    if own[: len(waiting.target)] != waiting.target:
        raise cis(NO_RESOURCE)
    _collect(waiting.collected, value)
    known.declare(value)
    if flag == LAST:
        requests.answer_read(mid)
        _sent(module, mid)
    return ()


def _plain_response(name: str, kind: Kind) -> Callable[[OneMo, Command], Lines]:
    def respond(module: OneMo, command: Command) -> Lines:
        fields = Fields(command, 3, 3)
        mid, result = fields.integer(1), fields.one_of(2, WRITE_RESULTS)
        module.allow_ref(name, fields)
        _waiting(module, mid, kind).answer(mid, result)
        _sent(module, mid)
        return ()

    return respond


def _answered(name: str) -> Callable[[OneMo, Command], Lines]:
    """The module has answered by itself (sections 3.17, 3.19): the command is taken and changes nothing."""

    def respond(module: OneMo, command: Command) -> Lines:
        fields = Fields(command, 3, 3)
        mid, _ = fields.integer(1), fields.one_of(2, PARAMETER_RESULTS)
        module.allow_ref(name, fields)
        if mid not in _requests(module).answered:
            raise cis(NO_RESOURCE)
        return ()

    return respond


HANDLERS: dict[str, Callable[[OneMo, Command], Lines]] = {
    "+MIPLNOTIFY": _notify,
    "+MIPLREADRSP": _read_response,
    "+MIPLWRITERSP": _plain_response("+MIPLWRITERSP", "Write"),
    "+MIPLEXECUTERSP": _plain_response("+MIPLEXECUTERSP", "Execute"),
    "+MIPLPARAMETERRSP": _answered("+MIPLPARAMETERRSP"),
    "+MIPLOBSERVERSP": _answered("+MIPLOBSERVERSP"),
}
