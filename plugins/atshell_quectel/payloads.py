"""What the data commands of NB-IoT modules carry: of sockets, and of the operators' LwM2M.

One row a line form: where the socket, the address, the length and the data stand. The forms are those of Quectel's
BC95, BC28, BC35-G and BC26 series and of the Huawei chips' own commands (``AT+NSO…``, ``AT+NMGS``), which other
makers' modules on the same chips (M5310, M5311, ME3616 …) share. Data are hexadecimal, unless the command is one that
takes text as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from atshell.at.reply import parse_information
from atshell.at.syntax import Argument
from atshell.session.carried import Carried, Said, spoken
from atshell.session.intent import Sender

UPLINK, DOWNLINK = "/19/0/0", "/19/1/0"
"""Object 19 carries applications' data: instance 0 those of the device, instance 1 those of the platform."""


class Form(NamedTuple):
    """Positions of parameters; None for what the line does not have."""

    data: int
    length: int | None = None
    channel: int | None = None
    address: int | None = None
    """Of the peer's address; its port stands behind."""
    path: str | int = ""
    """A path, or where the object stands, with instance and resource behind."""
    text: bool = False
    """Data may be text: they are hexadecimal where the length says so."""


_CHOSEN: dict[str, tuple[Form, ...]] = {
    # Commands
    "AT+NSOST": (Form(4, 3, 0, 1),),
    "AT+NSOSTF": (Form(5, 4, 0, 1),),
    "AT+NSOSD": (Form(2, 1, 0),),
    "AT+QISEND": (Form(2, 1, 0, text=True),),
    "AT+QISENDEX": (Form(2, 1, 0), Form(1, None, 0)),
    "AT+NMGS": (Form(1, 0, path=UPLINK),),
    "AT+QLWULDATA": (Form(1, 0, path=UPLINK),),
    "AT+QLWULDATAEX": (Form(1, 0, path=UPLINK),),
    "AT+QLWDATASEND": (Form(4, 3, path=0, text=True),),
    # URCs. +NSONMI has one of three forms, or no data at all, as AT+NSONMI has chosen.
    "+NSONMI": (Form(4, 3, 0, 1), Form(2, 1, 0)),
    "+NNMI": (Form(1, 0, path=DOWNLINK),),
    "+QLWDATARECV": (Form(4, 3, path=0, text=True),),
    "+QIURC": (Form(3, 2, 1, text=True),),
    # Answers without a name, by their command
    "AT+NSORF": (Form(4, 3, 0, 1),),
    "AT+NMGR": (Form(1, 0, path=DOWNLINK),),
}
_OPENS = {"+QIOPEN": (1, 3)}
"""Where the connection and the address stand."""


def read_payloads(said: Said) -> Iterator[Carried]:
    for name, arguments in spoken(said):
        if said.sent and name in _OPENS:
            yield from _opened(*_OPENS[name], arguments)
        elif said.sent and said.data and name == "+QISEND":
            yield Carried(said.data[: _number(arguments, 1)], "client", channel=_text(arguments, 0))
        elif not said.sent and not name and said.command.strip().upper().startswith("AT+QIRD="):
            channel = _text(parse_information(said.command.strip()[2:]).values, 0)
            yield _made(_digits(said.text) or said.text.encode("latin-1", "replace"), said, channel=channel)
        else:
            yield from _by_form(said, name, arguments)


def _by_form(said: Said, name: str, arguments: tuple[Argument, ...]) -> Iterator[Carried]:
    key = f"AT{name}" if said.sent else name or said.command.strip().upper().partition("=")[0]
    for form in _CHOSEN.get(key, ()):
        found = _read(form, said, arguments)
        if found is not None:
            yield found
            return


def _read(form: Form, said: Said, arguments: tuple[Argument, ...]) -> Carried | None:
    text = _text(arguments, form.data)
    length = _number(arguments, form.length) if form.length is not None else None
    if not text or (form.length is not None and length is None):
        return None
    data = _digits(text)
    if form.text and length != len(text) // 2:
        data = text.encode("utf-8", "replace")
    if data is None:
        return None
    channel = _text(arguments, form.channel) if form.channel is not None else ""
    peer = _peer(arguments, form.address) if form.address is not None else ""
    return _made(data, said, length, _path(form, arguments), channel, peer)


def _made(
    data: bytes, said: Said, length: int | None = None, path: str = "", channel: str = "", peer: str = ""
) -> Carried:
    operation = "" if not path else "Notify" if said.sent else "Write"
    sender: Sender = "client" if said.sent else "server"
    return Carried(data, sender, "", path, operation, length=length, channel=channel, peer=peer)


def _opened(connection: int, address: int, arguments: tuple[Argument, ...]) -> Iterator[Carried]:
    peer = _peer(arguments, address)
    if peer:
        yield Carried(b"", "client", channel=_text(arguments, connection), peer=peer)


def _path(form: Form, arguments: tuple[Argument, ...]) -> str:
    if isinstance(form.path, str):
        return form.path
    numbers = [_number(arguments, at) for at in range(form.path, form.path + 3)]
    return "" if None in numbers else "/" + "/".join(map(str, numbers))


def _peer(arguments: tuple[Argument, ...], at: int) -> str:
    host, port = _text(arguments, at), _number(arguments, at + 1)
    if not host or port is None or not 0 < port < 65536:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _text(arguments: tuple[Argument, ...], at: int) -> str:
    return arguments[at].text if at < len(arguments) else ""


def _number(arguments: tuple[Argument, ...], at: int) -> int | None:
    text = _text(arguments, at)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _digits(text: str) -> bytes | None:
    """Of hexadecimal digits alone."""
    try:
        return bytes.fromhex(text) if text and text.isalnum() else None
    except ValueError:
        return None
