"""Commands before a login: the device, its objects, resources, options (sections 3.1 to 3.5, 4.1, 4.5 to 4.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.at.command import Command, Form
from atshell.emulator.device import Lines
from atshell_lwm2m.endpoint.network import COAP_PORT
from atshell_onemo.emulator.fields import UINT32, Fields, cis
from atshell_onemo.emulator.model import BUILT_IN, MAX_INSTANCES, MAX_OBJECTS, MAX_RESOURCES, LwDevice, Object
from atshell_onemo.emulator.state import NO_RESOURCE, NOT_ALLOWED, OK, SYNTAX, State, refusal
from atshell_onemo.platforms import DEFAULT_HOST

if TYPE_CHECKING:
    from atshell_onemo.emulator.module import OneMo

BOOTSTRAP = 1
"""Bit 0 of CREATEEX's ``<flag>``."""
MAX_KEY = 16
"""Bytes of a PSK (section 4.6)."""
MAX_CONFIG = 2048
DAY = 86400
LEAST_LIFETIME = 10
"""Seconds; what is less becomes a day (section 3.7)."""
PLATFORMS = frozenset({0, 1, 2, 3, 10})
YANFEI, OTHER = 2, 10
WITHOUT_YANFEI = frozenset({"ML305A", "ML307A", "ML307R"})
"""Section 4.1, footnote 7."""
WITH_AUTO_UPDATE = frozenset({"MN318", "ML305A", "ML307A", "ML307R"})
"""Section 4.5."""
_HOST = re.compile(r"([A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_NUMBERS = re.compile(r"[0-9]{1,5}(?:;[0-9]{1,5})*;?")


@dataclass(slots=True)
class Creation:
    """The configuration of AT+MIPLCREATE as it comes in, piece by piece. What it says is made by a tool of the
    vendor's and not described: the device made is the default one."""

    text: str = ""


def lifetime(fields: Fields, index: int) -> int:
    seconds = fields.integer(index, UINT32)
    return seconds if seconds >= LEAST_LIFETIME else DAY


def _may_create(module: OneMo, name: str) -> None:
    code = refusal(name, module.state)
    if code != OK:
        raise cis(code)


def _create(module: OneMo, command: Command) -> Lines:
    if command.form is Form.WRITE:
        fields = Fields(command, 5, 5)
        total, size, flag = fields.integer(0, MAX_CONFIG, 1), fields.integer(3), fields.integer(4, 2)
        piece = fields.text(1)
        fields.integer(2)
        _may_create(module, "+MIPLCREATE")
        if not _HEX.fullmatch(piece) or len(piece) != size or len(module.create.text) + size > total:
            module.create.text = ""
            raise cis(SYNTAX)
        module.create.text += piece
        if flag != 0:
            return ()
        whole, module.create.text = module.create.text, ""
        if len(whole) != total:
            raise cis(SYNTAX)
    elif command.form is not Form.EXECUTE:
        raise cis(SYNTAX)
    _may_create(module, "+MIPLCREATE")
    module.dev = LwDevice(DEFAULT_HOST, COAP_PORT, bootstrap=True, flag=BOOTSTRAP)
    module.state = State.CREATED
    return ("+MIPLCREATE: 0",)


def _create_ex(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 2, 6)
    address = _HOST.fullmatch(fields.string(0))
    flag = fields.integer(1, 3)
    encoding = fields.integer(5, 1, default=0)
    psk = fields.text(3)
    if address is None or int(address[2] or COAP_PORT) > 65535 or not _is_key(psk, encoding):
        raise cis(SYNTAX)
    _may_create(module, "+MIPLCREATEEX")
    module.dev = LwDevice(
        host=address[1].strip("[]"),
        port=int(address[2] or COAP_PORT),
        bootstrap=bool(flag & BOOTSTRAP),
        flag=flag,
        authcode=fields.text(2),
        psk=psk,
    )
    module.state = State.CREATED
    return ("+MIPLCREATEEX: 0",)


def _is_key(text: str, encoding: int) -> bool:
    if encoding:
        return not text or (bool(_HEX.fullmatch(text)) and len(text) <= 2 * MAX_KEY)
    return len(text.encode("utf-8", "surrogateescape")) <= MAX_KEY


def _add_object(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 4, 6)
    number, count, bitmap = fields.integer(1), fields.integer(2, MAX_INSTANCES, 1), fields.string(3)
    fields.integer(4, default=0)
    fields.integer(5, default=0)
    if len(bitmap) != count or set(bitmap) - {"0", "1"} or "1" not in bitmap:
        raise cis(SYNTAX)
    device = module.allow_ref("+MIPLADDOBJ", fields)
    if number in BUILT_IN or len(device.objects) >= MAX_OBJECTS:
        raise cis(NOT_ALLOWED)
    if number in device.objects:
        raise cis(NO_RESOURCE)
    device.objects[number] = Object(number, tuple(index for index, bit in enumerate(bitmap) if bit == "1"))
    return ()


def _delete_object(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 2, 2)
    number = fields.integer(1)
    device = module.allow_ref("+MIPLDELOBJ", fields)
    if device.objects.pop(number, None) is None:
        raise cis(NO_RESOURCE)
    return ()


def _discover(module: OneMo, command: Command) -> Lines:
    """The length is not compared: the module counts for itself."""
    fields = Fields(command, 5, 5)
    number, result, text = fields.integer(1), fields.integer(2), fields.string(4)
    fields.integer(3)
    if result != 1 or not _NUMBERS.fullmatch(text):
        raise cis(SYNTAX)
    resources = list(dict.fromkeys(int(part) for part in text.split(";") if part))
    if len(resources) > MAX_RESOURCES or max(resources) > 0xFFFF:
        raise cis(SYNTAX)
    device = module.allow_ref("+MIPLDISCOVERRSP", fields)
    if number not in device.objects:
        raise cis(NO_RESOURCE)
    device.objects[number].resources = resources
    return ()


def _configure(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 3, 4)
    match fields.string(0):
        case "platform":
            return _choose_platform(module, fields)
        case "binding" if len(fields) == 3:
            mode = fields.integer(2, 2)
            module.allow_ref("+MIPLCFG", fields, 1).binding = ("", "U", "UQ")[mode]
            return ()
    raise cis(SYNTAX)


def _choose_platform(module: OneMo, fields: Fields) -> Lines:
    platform = fields.one_of(2, PLATFORMS)
    name, pattern = "", 0
    if fields.given(3):
        if platform == OTHER and fields.raw(3).quoted:
            name = fields.string(3)
        else:
            pattern = fields.integer(3, 4)
    device = module.allow_ref("+MIPLCFG", fields, 1)
    if platform == YANFEI and module.device.profile.model in WITHOUT_YANFEI:
        raise cis(NOT_ALLOWED)
    device.platform, device.pattern, device.name = platform, pattern, name[:255]
    return ()


def _auto_update(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 2, 2)
    enable = fields.integer(1, 1)
    device = module.allow_ref("+MIPLUPDATESET", fields)
    if module.device.profile.model not in WITH_AUTO_UPDATE:
        raise cis(NOT_ALLOWED)
    device.auto_update = bool(enable)
    return ()


def _renegotiation(module: OneMo, command: Command) -> Lines:
    """Kept for its errors alone: the emulated module speaks no DTLS."""
    fields = Fields(command, 2, 2)
    if 0 < fields.integer(1, UINT32) < 60:
        raise cis(SYNTAX)
    module.allow_ref("+MIPLDTLSNAT", fields)
    return ()


def _information(module: OneMo, command: Command) -> Lines:
    """After a bootstrap this is the LwM2M server (section 4.7)."""
    if command.form is not Form.READ:
        raise cis(SYNTAX)
    device = module.allow("+MIPLDEVINFO")
    host = module.server or f"{device.host}:{device.port}"
    flag = device.flag & ~BOOTSTRAP if module.server else device.flag
    rest = [f'"{part}"' if part else "" for part in (device.authcode, device.psk)]
    while rest and not rest[-1]:
        rest.pop()
    return ("+MIPLDEVINFO: " + ",".join([f'"{host}"', str(flag), *rest]),)


HANDLERS: dict[str, Callable[[OneMo, Command], Lines]] = {
    "+MIPLCREATE": _create,
    "+MIPLCREATEEX": _create_ex,
    "+MIPLADDOBJ": _add_object,
    "+MIPLDELOBJ": _delete_object,
    "+MIPLDISCOVERRSP": _discover,
    "+MIPLCFG": _configure,
    "+MIPLUPDATESET": _auto_update,
    "+MIPLDTLSNAT": _renegotiation,
    "+MIPLDEVINFO": _information,
}
