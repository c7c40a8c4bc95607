"""Which command is allowed in which state, and with which error it is refused (OneMO LwM2M manual 4.4.0, chapter 6).

653  the device is not there, or (CREATE) is there already
602  not logged in, or logging in
651  not allowed now, or not on this model or platform
652  the uplink is busy
100  anything else: the module has no room left
"""

from __future__ import annotations

from enum import IntEnum

OK = 0
UNKNOWN, SYNTAX, NOT_LOGGED_IN, NOT_ALLOWED, BUSY, NO_RESOURCE = 100, 601, 602, 651, 652, 653


class State(IntEnum):
    NONE = 0
    """There is no device (before AT+MIPLCREATE)."""
    CREATED = 1
    OPENING = 2
    ONLINE = 3
    CLOSING = 4


#                      NONE  CREATED OPENING ONLINE CLOSING
_CREATE = (OK, 653, 653, 653, 653)
_ALWAYS = (653, OK, OK, OK, OK)
_OBJECTS = (653, OK, 651, OK, 651)
_BEFORE = (653, OK, 651, 651, 651)
_LOGIN = (653, OK, 602, 651, 602)
_ASK = (602, 602, 602, OK, 602)
_ONLINE = (653, 602, 602, OK, 602)

TABLE: dict[str, tuple[int, int, int, int, int]] = {
    "+MIPLCREATE": _CREATE,
    "+MIPLCREATEEX": _CREATE,
    "+MIPLDELETE": _ALWAYS,
    "+MIPLADDOBJ": _OBJECTS,
    "+MIPLDELOBJ": _OBJECTS,
    "+MIPLDISCOVERRSP": _BEFORE,
    "+MIPLCFG": _BEFORE,
    "+MIPLUPDATESET": _BEFORE,
    "+MIPLDTLSNAT": _ALWAYS,
    "+MIPLNMI": _ALWAYS,
    "+MIPLDEVINFO": _ALWAYS,
    "+MIPLOPEN": _LOGIN,
    "+MIPLOPEN?": _ASK,
    "+MIPLUPDATE": _ONLINE,
    "+MIPLCLOSE": _ONLINE,
    "+MIPLNOTIFY": _ONLINE,
    "+MIPLREADRSP": _ONLINE,
    "+MIPLWRITERSP": _ONLINE,
    "+MIPLEXECUTERSP": _ONLINE,
    "+MIPLPARAMETERRSP": _ONLINE,
    "+MIPLOBSERVERSP": _ONLINE,
    "+MIPLMGR": _ONLINE,
    "+MIPLQMGR": _ONLINE,
}


def refusal(name: str, state: State) -> int:
    """The error of a command in a state, OK when it may go on."""
    return TABLE[name][state]
