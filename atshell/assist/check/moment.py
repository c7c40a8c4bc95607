"""What the session knows: order, time windows, and what a command leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from atshell.assist.check.caution import Caution, Subject, span_of
from atshell.at.command import Form
from atshell.catalog.profile import holds

if TYPE_CHECKING:
    from atshell.assist.situation import Pending
    from atshell.at.syntax import Argument
    from atshell.catalog.model import Parameter, Text

CLOSING = 1.0
"""Seconds before a deadline from which it is told: less is needed to send a line."""
MESSAGE_IDS = frozenset({"mid", "msgid"})
"""How the manuals name what ties an answer to its request."""
NO_ID = "0"
"""Where the module finds the message ID itself."""


def check_moment(subject: Subject) -> Iterator[Caution]:
    if subject.command.form in (Form.TEST, Form.READ):
        return
    yield from _order(subject)
    yield from _window(subject)
    yield from _consequences(subject)


def _order(subject: Subject) -> Iterator[Caution]:
    unready = subject.asked.situation.unready
    reason = unready.get(subject.name.removeprefix("AT")) or unready.get(subject.command.name)
    if reason is not None:
        words = reason.in_language(subject.asked.profile.language)
        yield subject.caution("order", subject.span, why=words)


# -- Time windows


def _window(subject: Subject) -> Iterator[Caution]:
    """An answer that is late, or that nobody waits for."""
    parameter, argument = _message_id(subject)
    if parameter is None or argument is None or argument.integer is None:
        return
    waiting = [one for one in subject.asked.situation.pending if _answers(subject, one)]
    known = _known(subject, parameter)
    request = next((one for one in waiting if one.mid == argument.integer), None)
    if request is not None:
        yield from _deadline(subject, parameter, argument, request)
    elif argument.text in known:
        yield _late(subject, parameter, argument, known[argument.text])
    elif waiting or known:
        fix = _waiting(subject, waiting)
        yield subject.caution("not-waiting", span_of(argument), parameter, value=argument.text, waiting=fix)


def _answers(subject: Subject, request: Pending) -> bool:
    """True when this command is one of those that answer the request."""
    return any(line.upper().startswith(f"{subject.name}=") for line in request.answers)


def _known(subject: Subject, parameter: Parameter) -> dict[str, Text]:
    """Message IDs that this very command answers, of requests that wait or have waited until lately."""
    values = subject.asked.situation.values.get(parameter.name, ())
    name = subject.name.removeprefix("AT")
    return {known.value: known.meaning for known in values if name in known.commands and known.value != NO_ID}


def _message_id(subject: Subject) -> tuple[Parameter, Argument] | tuple[None, None]:
    for notation in subject.notations():
        for slot, argument in zip(notation.slots, subject.command.arguments, strict=False):
            parameter = subject.entry.parameter(slot.name) if slot.name in MESSAGE_IDS else None
            if parameter is not None:
                return parameter, argument
    return None, None


def _deadline(subject: Subject, parameter: Parameter, argument: Argument, request: Pending) -> Iterator[Caution]:
    left = request.deadline - subject.asked.now
    if left <= 0:
        yield _late(subject, parameter, argument, request.summary)
    elif left <= CLOSING:
        summary = request.summary.in_language(subject.asked.profile.language)
        yield subject.caution("window", span_of(argument), parameter, left=f"{left:.1f}", request=summary)


def _late(subject: Subject, parameter: Parameter, argument: Argument, summary: Text) -> Caution:
    request = summary.in_language(subject.asked.profile.language)
    return subject.caution("late", span_of(argument), parameter, request=request)


def _waiting(subject: Subject, requests: list[Pending]) -> str:
    """The requests that do wait, so that the right one can be picked."""
    asked = subject.asked
    waiting = [one for one in requests if one.deadline > asked.now][:3]
    if not waiting:
        return subject.language("当前没有待应答的请求", "no request waits")
    shown = ", ".join(f"{one.mid} ({one.summary.in_language(asked.profile.language)})" for one in waiting)
    return subject.language(f"待应答: {shown}", f"waiting: {shown}")


# -- What a command leaves behind


def _consequences(subject: Subject) -> Iterator[Caution]:
    command = subject.entry.command
    if not (command.persistent or command.needs_reboot) or _only_asks(subject):
        return
    if command.persistent:
        yield subject.caution("nvram", subject.span, severity="note")
    if command.needs_reboot:
        yield subject.caution("reboot", subject.span, severity="note")


def _only_asks(subject: Subject) -> bool:
    """``AT+QDMPCFG=4,1``: these values bring an answer, so nothing is set."""
    responses = subject.entry.command.responses.get(subject.form, ())
    conditions = [response.when for response in responses if response.when]
    if not conditions:
        return False
    named = [subject.named(notation) for notation in subject.notations()]
    return any(holds(when, values) for when in conditions for values in named)
