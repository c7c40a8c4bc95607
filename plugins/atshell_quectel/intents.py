"""What the LwM2M data commands of BC26 and its kin mean in the words of operations: the side of a session.

Only lines that name object, instance and resource are read: AT+NMGS and AT+QLWULDATA go to whatever platform the
module was given, which need not speak LwM2M.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from atshell.session.carried import Said, spoken
from atshell.session.exchange import Exchange, Happening, Unsolicited
from atshell.session.intent import Intent
from atshell_quectel.payloads import read_payloads

_READ = frozenset({"+QLWDATASEND", "+QLWDATARECV"})


def read_intents(happenings: Sequence[Happening]) -> list[Intent]:
    """In the order of the happenings."""
    found: list[Intent] = []
    for happening in happenings:
        if isinstance(happening, Exchange):
            found += _read(Said(happening.line, sent=True), happening.sent, happening.entries, ok=happening.ok)
        elif isinstance(happening, Unsolicited):
            found += _read(Said(happening.information.text), happening.time, happening.entries)
    return found


def _read(said: Said, time: float, entries: tuple[int, ...], *, ok: bool = True) -> Iterator[Intent]:
    if not any(name in _READ for name, _ in spoken(said)):
        return
    for carried in read_payloads(said):
        if not carried.path:
            continue
        bare = Intent(time, entries, "at" if said.sent else "urc", said.text, "refused")
        if not ok:
            yield bare
            continue
        yield replace(
            bare,
            summary=f"report {carried.path}" if said.sent else f"the platform writes {carried.path}",
            operations=(carried.operation,),
            sender=carried.sender,
            target=carried.path,
            values=((carried.path, carried.data.hex()),),
        )
