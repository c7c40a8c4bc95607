"""Commands before a login: the device, its objects, resources, options (sections 3.1 to 3.5, 4.1, 4.5 to 4.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from atshell.at.command import Command, Form
from atshell.emulator.device import Lines
from atshell_lwm2m.endpoint.network import COAP_PORT, COAPS_PORT
from atshell_onemo.emulator import configuration
from atshell_onemo.emulator.abilities import Ability, has
from atshell_onemo.emulator.fields import UINT32, Fields, cis
from atshell_onemo.emulator.model import (
    BUILT_IN,
    CTWING,
    HUAWEI,
    MAX_INSTANCES,
    MAX_OBJECTS,
    MAX_RESOURCES,
    ONENET,
    OTHER,
    YANFEI,
    LwDevice,
    Object,
)
from atshell_onemo.emulator.secrecy import LEAST_AGE, shown
from atshell_onemo.emulator.state import NO_RESOURCE, NOT_ALLOWED, OK, SYNTAX, UNKNOWN, State, refusal
from atshell_onemo.platforms import BOOTSTRAP_HOSTS, DEFAULT_HOST

if TYPE_CHECKING:
    from atshell_onemo.emulator.module import OneMo

BOOTSTRAP = 1
"""Bit 0 of CREATEEX's ``<flag>``."""
MAX_KEY = 16
"""Bytes of a PSK (section 4.6)."""
MAX_IDENTITY = 128
"""Bytes of a PSK's identity that every server must take (RFC 4279 section 5.3)."""
MAX_CONFIG = 2048
MAX_AUTHCODE = 255
"""Bytes: an option of CoAP carries it."""
MAX_PORT = 65535
DAY = 86400
LEAST_LIFETIME = 10
"""Seconds; what is less becomes a day (section 3.7)."""
PLATFORMS = frozenset({ONENET, CTWING, YANFEI, HUAWEI, OTHER})
MAX_NAME = 255
"""Bytes of an endpoint name: what fits into an option of Register (RFC 7252 section 5.10)."""
_HOST = re.compile(r"([A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_NUMBERS = re.compile(r"[0-9]{1,5}(?:;[0-9]{1,5})*;?")
_KEY = re.compile(r"[0-9A-Za-z]*")


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
        piece, index = fields.text(1), fields.integer(2)
        _may_create(module, "+MIPLCREATE")
        if not _HEX.fullmatch(piece) or not module.create.add(total, piece, index, size, flag == 0):
            module.create.clear()
            raise cis(SYNTAX)
        if flag != 0:
            return ()
        told = configuration.read(bytes.fromhex(module.create.text))
        module.create.clear()
    elif command.form is Form.EXECUTE:
        told = None
    else:
        raise cis(SYNTAX)
    _may_create(module, "+MIPLCREATE")
    module.dev = LwDevice(DEFAULT_HOST, COAP_PORT, bootstrap=True, flag=BOOTSTRAP) if told is None else _made(told)
    module.state = State.CREATED
    return ("+MIPLCREATE: 0",)


def _made(told: configuration.Configuration) -> LwDevice:
    address = _HOST.fullmatch(told.host)
    if address is None or int(address[2] or COAP_PORT) > MAX_PORT or not _is_key(told.psk, 0):
        raise cis(SYNTAX)
    host = address[1].strip("[]")
    bootstrap = host in BOOTSTRAP_HOSTS if told.bootstrap is None else told.bootstrap
    return LwDevice(
        host=host,
        port=int(address[2] or (COAPS_PORT if told.dtls else COAP_PORT)),
        bootstrap=bootstrap,
        flag=BOOTSTRAP if bootstrap else 0,
        authcode=told.authcode,
        psk=told.psk,
    )


def _create_ex(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 2, 6)
    address = _HOST.fullmatch(fields.string(0))
    flag = fields.integer(1, 3)
    encoding = fields.integer(5, 1, default=0)
    authcode, psk = fields.text(2, MAX_AUTHCODE), fields.text(3)
    if address is None or int(address[2] or COAP_PORT) > MAX_PORT or not _is_key(psk, encoding):
        raise cis(SYNTAX)
    _may_create(module, "+MIPLCREATEEX")
    module.dev = LwDevice(
        host=address[1].strip("[]"),
        port=int(address[2] or COAP_PORT),
        bootstrap=bool(flag & BOOTSTRAP),
        flag=flag,
        authcode=authcode,
        psk=psk,
        psk_id=fields.text(4, MAX_IDENTITY),
        psk_hex=bool(encoding),
    )
    module.state = State.CREATED
    return ("+MIPLCREATEEX: 0",)


def _is_key(text: str, encoding: int) -> bool:
    """Digits and letters, 16 bytes at most (section 4.6); in hexadecimal two for each byte."""
    if encoding:
        return not text or (bool(_HEX.fullmatch(text)) and len(text) <= 2 * MAX_KEY)
    return bool(_KEY.fullmatch(text)) and len(text) <= MAX_KEY


def _add_object(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 4, 6)
    number, count, bitmap = fields.integer(1), fields.integer(2, MAX_INSTANCES, 1), fields.string(3)
    fields.integer(4, default=0)
    fields.integer(5, default=0)
    if len(bitmap) != count or set(bitmap) - {"0", "1"} or "1" not in bitmap:
        raise cis(SYNTAX)
    device = module.allow_ref("+MIPLADDOBJ", fields)
    if number in BUILT_IN:
        raise cis(NOT_ALLOWED)
    if number in device.objects:
        raise cis(NO_RESOURCE)
    if len(device.objects) >= MAX_OBJECTS:
        raise cis(UNKNOWN)
    device.objects[number] = Object(number, tuple(index for index, bit in enumerate(bitmap) if bit == "1"))
    return ()


def _delete_object(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 2, 2)
    number = fields.integer(1)
    device = module.allow_ref("+MIPLDELOBJ", fields)
    if device.objects.pop(number, None) is None:
        raise cis(NO_RESOURCE)
    if module.login is not None:
        module.login.forget(number)
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
            name = fields.text(3, MAX_NAME)
        else:
            pattern = fields.integer(3, 4)
    device = module.allow_ref("+MIPLCFG", fields, 1)
    if platform == YANFEI and not has(module.device.profile.model, Ability.YANFEI):
        raise cis(NOT_ALLOWED)
    device.platform, device.pattern, device.name = platform, pattern, name
    return ()


def _auto_update(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 2, 2)
    enable = fields.integer(1, 1)
    device = module.allow_ref("+MIPLUPDATESET", fields)
    if not has(module.device.profile.model, Ability.AUTO_UPDATE):
        raise cis(NOT_ALLOWED)
    device.auto_update = bool(enable)
    return ()


def _renegotiation(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 2, 2)
    seconds = fields.integer(1, UINT32)
    if 0 < seconds < LEAST_AGE:
        raise cis(SYNTAX)
    module.allow_ref("+MIPLDTLSNAT", fields).ages = seconds or None
    return ()


def _information(module: OneMo, command: Command) -> Lines:
    """After a bootstrap this is the LwM2M server (section 4.7)."""
    if command.form is not Form.READ:
        raise cis(SYNTAX)
    device = module.allow("+MIPLDEVINFO")
    given = device.given.server if device.given is not None else None
    host, port = given or (device.host, device.port)
    flag = device.flag if given is None else device.flag & ~BOOTSTRAP
    secret = device.given.secret if device.given is not None else None
    psk = device.psk if secret is None else shown(secret.key)
    rest = [f'"{part}"' if part else "" for part in (device.authcode, psk)]
    while rest and not rest[-1]:
        rest.pop()
    return ("+MIPLDEVINFO: " + ",".join([f'"{host}:{port}"', str(flag), *rest]),)


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
