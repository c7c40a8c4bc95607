"""Whether a value may stand for a parameter, by what the catalog knows of it: type, range, length in bytes, quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from atshell.at.syntax import Argument
from atshell.catalog.model import Parameter

_NUMBER = re.compile(r"[0-9]{1,10}")
_OCTETS = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})")
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z][A-Za-z0-9-]{0,62}")
_PLMN = re.compile(r"[0-9]{5,6}")
"""Country and network code (3GPP TS 23.003, 2.2); the manual calls it a PLMN and says no more."""
_UINT16 = (0, 0xFFFF)


def accepted(parameter: Parameter, argument: Argument) -> str | None:
    """The value as it is kept, None when the parameter cannot have it. One that may be left out is "" then."""
    if not argument.closed:
        return None
    if argument.omitted:
        return "" if parameter.optional else None
    return _TYPES[parameter.type](parameter, argument)


def restored(parameter: Parameter, value: str) -> bool:
    """Whether ``accepted`` could have given this value."""
    quoted = bool(value) and parameter.type == "string"
    return accepted(parameter, Argument(value, quoted=quoted or parameter.quoted)) == value


def _integer(parameter: Parameter, argument: Argument) -> str | None:
    low, high = parameter.range or _UINT16
    if argument.quoted or not _NUMBER.fullmatch(argument.text) or not low <= int(argument.text) <= high:
        return None
    return str(int(argument.text))


def _address(parameter: Parameter, argument: Argument) -> str | None:
    """The manuals write addresses without quotes and call them strings: both are taken."""
    octets = _OCTETS.fullmatch(argument.text)
    if octets is None or any(int(octet) > 255 for octet in octets.groups()):
        return None
    return argument.text


def _host(parameter: Parameter, argument: Argument) -> str | None:
    return argument.text if _HOST.fullmatch(argument.text) else _address(parameter, argument)


def _string(parameter: Parameter, argument: Argument) -> str | None:
    text = argument.text
    size = len(text.encode("utf-8", "surrogateescape"))
    high = parameter.max_length if parameter.max_length is not None else size
    if (parameter.quoted and not argument.quoted) or not (parameter.min_length or 0) <= size <= high:
        return None
    return None if parameter.name == "plmn" and not _PLMN.fullmatch(text) else text


_TYPES: Mapping[str, Callable[[Parameter, Argument], str | None]] = {
    "integer": _integer,
    "uint16": _integer,
    "ip": _address,
    "host": _host,
    "string": _string,
}
