"""Mistakes in CBOR: texts as keys where numbers belong."""

from __future__ import annotations

from collections.abc import Iterator

from atshell_lwm2m.codec import cbor, lwm2mcbor, senml
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.explain.mistakes import expert
from atshell_lwm2m.message import Expert

_SHOWN = 4


def text_labels(data: bytes) -> Expert | None:
    """Of SenML CBOR that decodes, but by names that belong to JSON (RFC 8428 section 6)."""
    try:
        records = cbor.decode(data)
    except Malformed:
        return None
    if not isinstance(records, list):
        return None
    keys = {key for record in records if isinstance(record, dict) for key in record}
    numbers = {text: label for label, name in senml.LABELS.items() for text in (name, str(label))}
    wrong = sorted(key for key in keys if isinstance(key, str) and key in numbers)
    if not wrong:
        return None
    got, expected = ", ".join(f'"{one}"' for one in wrong), ", ".join(str(numbers[one]) for one in wrong)
    return expert("senml-text-labels", got=got, expected=expected)


def text_keys(data: bytes) -> Iterator[Expert]:
    """Of LwM2M CBOR that does not decode: {"3": {"0": {"9": 95}}}."""
    seen: list[str] = []
    try:
        mended = _numbered(cbor.decode(data), seen)
        if seen and lwm2mcbor.resources(mended):
            got = ", ".join(f'"{one}"' for one in seen[:_SHOWN])
            yield expert("cbor-text-keys", got=got, expected=", ".join(seen[:_SHOWN]))
    except Malformed:
        return


def _numbered(value: cbor.Cbor, seen: list[str]) -> cbor.Cbor:
    """With numbers for keys that are texts of digits."""
    if not isinstance(value, dict):
        return value
    found: dict[int | str | tuple[int, ...], cbor.Cbor] = {}
    for key, inner in value.items():
        if isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) < 6:
            seen.append(key)
            found[int(key)] = _numbered(inner, seen)
        else:
            found[key] = _numbered(inner, seen)
    return found
