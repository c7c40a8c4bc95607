"""What a line of a session carries for the network: the payload in ``AT+NSOST=0,1.2.3.4,5683,5,4001ABCD11``.

Which parameter of which command that is, packs know (``atshell.hooks.atshell_payloads``); they are asked line by line.
In any other line long hexadecimal numbers are looked at (``hexadecimal``): whoever decodes them has to judge whether
they are a payload.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from atshell.at.command import NotACommandLine, parse_line
from atshell.at.reply import parse_information
from atshell.at.syntax import Argument
from atshell.session.intent import Sender

MAX_PAYLOADS = 16
"""Of one line."""
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){4,}")
_NAME = re.compile(r"(?:[Aa][Tt])?[+^*%$#!@][A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Said:
    """A line as it went over the link."""

    text: str
    sent: bool = False
    """To the module."""
    command: str = ""
    """The command line that it answers, if it is an answer."""
    data: bytes = b""
    """What was sent behind the prompt that the line led to."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A payload, and what the line says about it."""

    data: bytes
    sender: Sender
    kind: str = ""
    """As ``atshell decode --as`` has it; "" is to be found out."""
    path: str = ""
    """``/3200/0/5750``: the LwM2M path that it is about."""
    operation: str = ""
    """``Notify``, ``Write`` …"""
    declared: str = ""
    """The type of the value, as the line gives it: ``string``, ``integer``, ``float``, ``boolean``, ``opaque``."""
    length: int | None = None
    """Its bytes, as the line counts them."""
    channel: str = ""
    """Names the socket that it goes through; a line that opens one carries no data, and its ``peer``."""
    peer: str = ""
    """``address:port`` at the other end of the channel."""
    certain: bool = True
    """False: it may be none."""


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """Where a payload stands in a session."""

    number: int
    """Line of the transcript."""
    time: int
    """Nanoseconds since 1970."""
    name: str
    """``AT+NSOST``, ``+NSONMI``: the command or URC."""
    carried: Carried


def spoken(said: Said) -> Iterator[tuple[str, tuple[Argument, ...]]]:
    """The names in a line, as ``+NSOST``, with their arguments. Free text has the name ""."""
    if not said.sent:
        information = parse_information(said.text)
        if information.prefix:
            yield information.prefix.upper(), information.values
        else:
            yield "", parse_information(f"+A: {said.text}").values
        return
    try:
        line = parse_line(said.text)
    except NotACommandLine:
        return
    for command in line.commands:
        yield command.name.upper(), command.arguments


def name_of(said: Said) -> str:
    """The command that was sent, the URC, or of an answer without a name the command that it answers."""
    for text in (said.text, said.command):
        match = _NAME.match(text.strip())
        if match is not None:
            return match[0].upper()
    return ""


def hexadecimal(said: Said) -> Iterator[Carried]:
    """Every argument that can be bytes in hexadecimal. Digits alone are more often an IMEI or a phone number."""
    found = 0
    for _, arguments in spoken(said):
        for argument in arguments:
            if _HEX.fullmatch(argument.text) and not argument.text.isdecimal() and found < MAX_PAYLOADS:
                found += 1
                data = bytes.fromhex(argument.text)
                yield Carried(data, "client" if said.sent else "server", certain=False)
