"""LwM2M CBOR (LwM2M 1.2 core section 7.4.6): nested maps from object to value.

A key is an identifier or a list of them, so ``{3: {0: {9: 95}}}`` and ``{[3, 0, 9]: 95}`` say the same.
"""

from __future__ import annotations

from atshell_lwm2m.codec import cbor
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import describe
from atshell_lwm2m.codec.senml import value_of
from atshell_lwm2m.message import Resource


def decode(data: bytes) -> list[Resource]:
    """Raises Malformed."""
    return resources(cbor.decode(data))


def resources(whole: cbor.Cbor) -> list[Resource]:
    """The same of what was decoded as CBOR."""
    found: list[Resource] = []
    if isinstance(whole, list):
        # What a composite read asks for: a list of paths.
        for part in whole:
            path = _joined(tuple(part) if isinstance(part, list) else (part,), "")
            name, kind, _ = describe(path)
            found.append(Resource(path, name, kind))
        return found
    if not isinstance(whole, dict):
        raise Malformed("LwM2M CBOR is a map", 0)
    _walk(whole, "", found)
    return found


def _walk(value: cbor.Cbor, path: str, found: list[Resource]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _walk(inner, _joined(key if isinstance(key, tuple) else (key,), path), found)
        return
    name, expected, unit = describe(path)
    if value is None:
        found.append(Resource(path, name, expected))  # what is to be read, or removed, has no value
        return
    typed = value_of(value, expected, link=False)
    if typed is None:
        raise Malformed(f"the value of {path} is of no LwM2M type", 0)
    found.append(Resource(path, name, typed[0], typed[1], unit))


def _joined(key: tuple[object, ...], path: str) -> str:
    for part in key:
        if type(part) is not int or not 0 <= part < 65536 or path.count("/") > 3:
            raise Malformed("a map key that is no LwM2M identifier", 0)
        path = f"{path}/{part}"
    return path
