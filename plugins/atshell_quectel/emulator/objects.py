"""What the module tells CMDMP: LwM2M objects, filled with what is in force of AT+QDMPCFG and AT+QDMPCFGEX."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from atshell_lwm2m.codec.contentformat import TEXT, TLV
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_quectel.assumed import (
    APP_KEY,
    EXTENDED,
    SPARE,
    TERMINAL,
    TERMINAL_IMEI,
    TERMINAL_TYPE,
    TERMINAL_TYPES,
)
from atshell_quectel.emulator.terminal import NOTHING

SERVER, DEVICE = 1, 3
REBOOT = ("3", "0", "4")
"""Device's resource that restarts the module (LwM2M 1.0 appendix E.4)."""
_SHORT_SERVER_ID = 1
_SOFTWARE = 3
"""``<type>`` of AT+QDMPCFGEX: software version, software name."""

Value = str | int | bool
Resources = Mapping[int, Value]
Terminal = Mapping[int, tuple[str, ...]]
"""AT+QDMPCFGEX in force: the values by ``<type>``."""


def described(identity: Mapping[int, str], keys: tuple[str, ...], terminal: Terminal, period: float) -> Objects:
    """``identity`` is what Device says of the module itself, ``keys`` AT+QDMPCFG=2 in force."""
    app_key, _, kind, imei = keys
    name = TERMINAL_TYPES[int(kind)] if kind else ""
    version = terminal[_SOFTWARE][0] if _SOFTWARE in terminal else NOTHING
    device = {**identity, 2: imei or identity[2], 16: "U", 17: name, 19: "" if version == NOTHING else version}
    told = {APP_KEY: app_key, TERMINAL_TYPE: name, TERMINAL_IMEI: imei}
    for number, values in terminal.items():
        told.update((EXTENDED * (number + 1) + index, value) for index, value in enumerate(values) if value != NOTHING)
    server: Resources = {0: _SHORT_SERVER_ID, 1: int(period + SPARE), 6: False, 7: "U"}
    return Objects({SERVER: server, DEVICE: _known(device), TERMINAL: _known(told)})


def _known(resources: Mapping[int, str]) -> Resources:
    return {number: value for number, value in resources.items() if value}


class Objects:
    """One instance of each, number 0."""

    def __init__(self, objects: Mapping[int, Resources]) -> None:
        self._objects = objects

    @property
    def paths(self) -> list[str]:
        return [f"/{number}/0" for number in self._objects]

    def read(self, target: tuple[int, ...], accept: int | None) -> Reply:
        """``target`` is object, instance and resource, as far as given. One resource is text unless something else is
        wanted (LwM2M 1.0 section 6.4.1), everything else TLV."""
        resources = self._at(target)
        if resources is None:
            return Reply("4.04")
        single = len(target) == 3
        form = accept if accept is not None else (TEXT if single else TLV)
        if form == TEXT and single:
            (value,) = resources.values()
            return Reply("2.05", _text(value).encode("utf-8", "surrogateescape"), TEXT)
        if form != TLV:
            return Reply("4.06")
        records = [TlvRecord(Kind.RESOURCE, number, _raw(value)) for number, value in resources.items()]
        if len(target) == 1:
            records = [TlvRecord(Kind.OBJECT_INSTANCE, 0, children=tuple(records))]
        return Reply("2.05", encode_records(records), TLV)

    def links(self, target: tuple[int, ...]) -> list[str] | None:
        """The paths of what a Discover is about (section 5.4.2); None where there is no such thing."""
        resources = self._at(target)
        if resources is None:
            return None
        base = f"/{target[0]}/0"
        own = [] if len(target) == 3 else [f"/{target[0]}", base] if len(target) == 1 else [base]
        return own + [f"{base}/{number}" for number in resources]

    def _at(self, target: tuple[int, ...]) -> Resources | None:
        resources = self._objects.get(target[0])
        if resources is None or target[1:2] not in ((), (0,)) or len(target) > 3:
            return None
        if len(target) < 3:
            return resources
        return {target[2]: resources[target[2]]} if target[2] in resources else None


Describe = Callable[[], Objects]


def _text(value: Value) -> str:
    return str(int(value)) if isinstance(value, int) else value


def _raw(value: Value) -> bytes:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else encode_value(value)
