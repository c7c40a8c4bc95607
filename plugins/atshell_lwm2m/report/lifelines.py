"""Registrations for people: who, then what happened. Updates that change nothing are one line together.

dev-1  10.8.0.7:40000 → 117.161.2.7:5683  /rd/5a3f  lt 300 s  LwM2M 1.0  /1/0 /3/0 /3200/0
  19:03:12.204  registered at /rd/5a3f                                    187 ms
  19:07:12.020  12 updates until 19:51:12.377, every 240 s
  19:55:02.870  address changed: 10.8.0.7:40000 → 10.9.9.9:41111
  20:04:47.201 +1 d  the server no longer knows it: 4.04 Not Found

Days are counted from the one on which the registration began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from math import inf

from atshell.styled import Fragments
from atshell_lwm2m.codec.coap import code_name
from atshell_lwm2m.report.messages import few
from atshell_lwm2m.report.registrations import DEFAULT_LIFETIME, Event, Life
from atshell_lwm2m.report.values import clock, day, duration

_MAX_OBJECTS = 12
_COLUMN = 56


def lines(lives: Iterable[Life]) -> Iterator[Fragments]:
    file: str | None = None
    number = 0
    for number, life in enumerate(lives, 1):
        if life.file != file:
            file = life.file
            yield [("bold", str(file))]
        elif number > 1:
            yield []
        yield _title(life)
        for update, events in groupby(life.events, lambda event: event.what == "update" and event.text is None):
            if update:
                yield _updates(list(events), life)
            else:
                yield from (_event(event, life) for event in events)
        yield from _standing(life)
    if not number:
        yield [("dim", "no registrations")]


def _title(life: Life) -> Fragments:
    facts = [
        life.location,
        f"lt {life.lifetime} s" if life.lifetime is not None else None,
        f"LwM2M {life.lwm2m}" if life.lwm2m else None,
        f"b {life.binding}" if life.binding else None,
        "queue mode" if life.queue else None,
        few(life.objects, " ", _MAX_OBJECTS),
    ]
    return [
        ("name", life.endpoint or "(registered before the capture)"),
        ("tx", f"  {life.client} → {life.server}"),
        ("", "".join(f"  {fact}" for fact in facts if fact)),
    ]


def _updates(events: list[Event], life: Life) -> Fragments:
    first, last = events[0], events[-1]
    if len(events) == 1:
        return _row(_clock(first.time, life), "", "updated", first.rtt)
    text = f"{len(events)} updates"
    if first.time and last.time:
        apart = (last.time - first.time) / (len(events) - 1)
        text += f" until {_clock(last.time, life)}, every {duration(apart)}"
    return _row(_clock(first.time, life), "", text)


def _event(event: Event, life: Life) -> Fragments:
    style, words = _WORDS[event.what]
    return _row(_clock(event.time, life), style, words(event, life), event.rtt)


def _clock(stamp: float, life: Life) -> str:
    days = day(stamp) - day(life.start) if stamp and life.start else 0
    return f"{clock(stamp)} {days:+} d" if days else clock(stamp)


def _row(when: str, style: str, text: str, rtt: float | None = None) -> Fragments:
    line: Fragments = [("dim", f"  {when:12}  "), (style, text)]
    if rtt is not None:
        line.append(("dim", " " * max(_COLUMN - len(text), 2) + duration(rtt)))
    return line


def _standing(life: Life) -> Iterator[Fragments]:
    if life.omitted:
        yield [("dim", f"  … {life.omitted} more events")]
    if life.retransmissions:
        times = "retransmission" if life.retransmissions == 1 else "retransmissions"
        yield [("warning", f"  {life.retransmissions} {times} of registration messages")]
    if life.end == "open" and life.runs_out < inf:
        yield [("ok", f"  registered until {_clock(life.runs_out, life)}"), ("dim", ", after the capture's end")]


def _code(event: Event) -> str:
    return f"{event.text} {code_name(event.text or '')}".rstrip()


def _lifetime(life: Life) -> int:
    return DEFAULT_LIFETIME if life.lifetime is None else life.lifetime


_WORDS: dict[str, tuple[str, Callable[[Event, Life], str]]] = {
    "bootstrap": ("", lambda event, _: f"asked {event.text} to bootstrap it"),
    "bootstrapped": ("ok", lambda event, _: f"bootstrapped: {event.text}"),
    "registered": ("ok", lambda event, _: f"registered at {event.text}" if event.text else "registered"),
    "refused": ("error", lambda event, _: f"registration refused: {_code(event)}"),
    "unanswered": ("error", lambda event, _: f"no answer to the {event.text or 'registration'}"),
    "update": ("", lambda event, _: "updated"),
    "address": ("warning", lambda event, _: f"address changed: {event.text}"),
    "lifetime": ("", lambda event, _: f"lifetime changed: {event.text}"),
    "binding": ("", lambda event, _: f"binding changed: {event.text}"),
    "objects": ("", lambda event, _: f"objects changed: {event.text or 'another order'}"),
    "expired": ("error", lambda _, life: f"lifetime ran out, {_lifetime(life)} s after {_clock(life.renewed, life)}"),
    "replaced": ("", lambda _, __: "registered anew"),
    "unknown": ("error", lambda event, _: f"the server no longer knows it: {_code(event)}"),
    "deregistered": ("ok", lambda _, __: "de-registered"),
}
