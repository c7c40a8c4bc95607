"""Contexts of the packet domain (3GPP TS 27.007, 10.1): defined, activated, asked for their addresses.

The first context comes with the attach, as LTE and NB-IoT have it, and can't be let go while the module is attached.
No traffic is bound to a context: the addresses are shown, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell.emulator.storage import Record
from atshell_3gpp.emulator.forms import BAD_PARAMETER, NOT_ALLOWED, Arguments, Forms, at_most, integer, text
from atshell_3gpp.emulator.kept import Kept

NO_SERVICE = 30
LAST_CONTEXT = 171
"""``<err>`` of +CME ERROR (27.007, 9.2.1 and 9.2.2.3)."""

_CIDS = range(8)
_INITIAL = 1
_APNS = {"cmcc": "cmnbiot", "ctcc": "ctnb", "cucc": "nbiot"}
_TYPES = ("IP", "IPV6", "IPV4V6", "Non-IP")
_TYPE = re.compile("|".join(_TYPES), re.IGNORECASE)
_APN = re.compile(r"[A-Za-z0-9.-]{0,100}", re.ASCII)
_NO_ADDRESS = re.compile("(?:0\\.0\\.0\\.0)?", re.ASCII)
_IPV6 = "32.1.13.184.0.0.0.0.0.0.0.0.0.0.0"  # 2001:db8::, for examples (RFC 3849)


@dataclass(frozen=True, slots=True)
class _Context:
    type: str
    apn: str


class Packets:
    def __init__(self, device: Device) -> None:
        self._device = device
        first = _Context("IP", _APNS.get(device.options.operator, ""))
        self._kept = Kept(
            device.storage, "+CGDCONT", _record({_INITIAL: first}), lambda record: _read(record) is not None
        )
        self._contexts = _read(self._kept.record) or {}
        self._activated: set[int] = set()
        device.radio.listen(self._registration_changed)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {
            "+CGDCONT": Forms(
                test=lambda: [f'+CGDCONT: (0-7),"{kind}",,,(0),(0)' for kind in _TYPES],
                read=lambda: [
                    f'+CGDCONT: {cid},"{context.type}","{context.apn}","",0,0' for cid, context in self._defined()
                ],
                write=self._define,
            ),
            "+CGACT": Forms(
                test=lambda: ["+CGACT: (0,1)"],
                read=lambda: [f"+CGACT: {cid},{int(self._is_active(cid))}" for cid, _ in self._defined()],
                write=self._activate,
            ),
            "+CGPADDR": Forms(
                test=lambda: [f"+CGPADDR: ({','.join(str(cid) for cid, _ in self._defined())})"],
                write=self._addresses,
                execute=lambda: [self._address(cid) for cid, _ in self._defined()],
            ),
            "+CGCONTRDP": Forms(
                test=lambda: [f"+CGCONTRDP: ({','.join(map(str, self._active()))})"],
                write=self._granted,
                execute=lambda: [self._grant(cid) for cid in self._active()],
            ),
        }

    def _defined(self) -> list[tuple[int, _Context]]:
        return sorted(self._contexts.items())

    def _is_active(self, cid: int) -> bool:
        return self._device.radio.attached and (cid == _INITIAL or cid in self._activated)

    def _active(self) -> list[int]:
        return [cid for cid, _ in self._defined() if self._is_active(cid)]

    def _registration_changed(self, attached: bool) -> None:
        if not attached:
            self._activated.clear()

    # -- Write forms

    def _define(self, arguments: Arguments) -> Lines:
        """``AT+CGDCONT=<cid>`` alone forgets the context (10.1.1)."""
        at_most(arguments, 6)
        cid = integer(arguments, 0, _CIDS, default=_INITIAL)
        if len(arguments) < 2:
            if self._is_active(cid):
                raise CommandError(NOT_ALLOWED)
            self._keep({known: context for known, context in self._contexts.items() if known != cid})
            return ()
        kind = text(arguments, 1, _TYPE, default="IP")
        apn = text(arguments, 2, _APN, default="")
        text(arguments, 3, _NO_ADDRESS, default="")
        for index in (4, 5):  # neither data nor headers are compressed
            integer(arguments, index, range(1), default=0)
        context = _Context(next(name for name in _TYPES if name.upper() == kind.upper()), apn)
        self._keep({**self._contexts, cid: context})
        return ()

    def _keep(self, contexts: dict[int, _Context]) -> None:
        self._kept.record = _record(contexts)
        self._contexts = contexts

    def _activate(self, arguments: Arguments) -> Lines:
        state = integer(arguments, 0, range(2), default=1)
        cids = self._given(arguments[1:]) or [cid for cid, _ in self._defined()]
        if not self._device.radio.attached:
            raise CommandError(NO_SERVICE)
        if state:
            self._activated.update(cids)
            return ()
        if _INITIAL in cids:
            raise CommandError(LAST_CONTEXT)
        self._activated.difference_update(cids)
        return ()

    def _addresses(self, arguments: Arguments) -> Lines:
        return [self._address(cid) for cid in self._given(arguments)]

    def _granted(self, arguments: Arguments) -> Lines:
        at_most(arguments, 1)
        return [self._grant(cid) for cid in self._given(arguments) if self._is_active(cid)]

    def _given(self, arguments: Arguments) -> list[int]:
        """Contexts that a command names; each has to be defined."""
        at_most(arguments, len(_CIDS))
        cids = [integer(arguments, index, _CIDS) for index in range(len(arguments))]
        if not set(cids) <= self._contexts.keys():
            raise CommandError(BAD_PARAMETER)
        return cids

    # -- Answers

    def _address(self, cid: int) -> str:
        kind = self._contexts[cid].type
        if kind == "Non-IP" or not self._is_active(cid):
            return f"+CGPADDR: {cid}"
        v4, v6 = f'"10.8.{cid}.7"', f'"{_IPV6}.{cid}"'
        return f"+CGPADDR: {cid},{({'IP': v4, 'IPV6': v6}).get(kind, f'{v4},{v6}')}"

    def _grant(self, cid: int) -> str:
        return f'+CGCONTRDP: {cid},{5 + cid - _INITIAL},"{self._contexts[cid].apn}"'


def _record(contexts: Mapping[int, _Context]) -> Record:
    return tuple(text for cid, context in contexts.items() for text in (str(cid), context.type, context.apn))


def _read(record: Record) -> dict[int, _Context] | None:
    """None for what is no record of contexts."""
    contexts = {}
    for cid, kind, apn in zip(record[::3], record[1::3], record[2::3], strict=False):
        if cid not in map(str, _CIDS) or kind not in _TYPES or not _APN.fullmatch(apn):
            return None
        contexts[int(cid)] = _Context(kind, apn)
    return contexts if len(contexts) * 3 == len(record) else None
