"""What a filter can say before a message is decoded: that it can be true, that it can be false, or both.

Asked of a conversation (who talks to whom, and which endpoints were ever seen there) or of a message's header, each
test goes through all values that its field can have. What it can not know yet can be both. ``and``, ``or`` and ``not``
follow, so that "can not be true" is certain: then nothing of it needs decoding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from atshell_lwm2m.filter.fields import Field, Value
from atshell_lwm2m.message import Message

TRUE, FALSE, BOTH = 1, 2, 3
Verdict = int
"""Any of the above: which outcomes are possible."""


class Known(NamedTuple):
    message: Message
    """With the fields that are known."""
    endpoints: Sequence[str | None] = ()
    """Whose it may be."""
    header: bool = False
    """Whether those fields of the message are known that its header tells."""


Judge = Callable[[Known], Verdict]
Holds = Callable[[Sequence[Value]], bool]

_OF_CONVERSATIONS = frozenset({"src", "dst", "addr", "port", "file"})
OF_HEADERS = frozenset({"frame", "time", "type", "code", "mid", "token"})


def judge(named: Field, holds: Holds) -> Judge:
    """Of one test: ``holds`` says what it makes of a field's values."""
    values, name = named.values, named.name
    if name == "endpoint":
        return lambda known: _any(holds(() if one is None else (one,)) for one in known.endpoints)
    if name in _OF_CONVERSATIONS:
        return lambda known: TRUE if holds(values(known.message)) else FALSE
    if name in OF_HEADERS:
        return lambda known: BOTH if not known.header else TRUE if holds(values(known.message)) else FALSE
    return lambda _: BOTH


def _any(outcomes: Iterable[bool]) -> Verdict:
    verdict = 0
    for outcome in outcomes:
        verdict |= TRUE if outcome else FALSE
    return verdict


def both(judges: Sequence[Judge]) -> Judge:
    def judged(known: Known) -> Verdict:
        verdicts = [one(known) for one in judges]
        return (TRUE if all(one & TRUE for one in verdicts) else 0) | _union(verdicts) & FALSE

    return judged


def either(judges: Sequence[Judge]) -> Judge:
    def judged(known: Known) -> Verdict:
        verdicts = [one(known) for one in judges]
        return (FALSE if all(one & FALSE for one in verdicts) else 0) | _union(verdicts) & TRUE

    return judged


def opposite(inner: Judge) -> Judge:
    return lambda known: (0, FALSE, TRUE, BOTH)[inner(known)]


def _union(verdicts: Sequence[Verdict]) -> Verdict:
    found = 0
    for one in verdicts:
        found |= one
    return found
