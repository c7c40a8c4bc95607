"""Which Content-Format to speak with a client: by the version and the ``ct`` of its registration.

LwM2M 1.0 clients all know TLV (section 6.4). Those of 1.1 say with ``ct`` at the root link what they know (LwM2M 1.1
core section 6.2.1); one that does not say so is met with TLV, which such modules know from 1.0, and with SenML CBOR
where only SenML will do.
"""

from __future__ import annotations

from collections.abc import Collection

from atshell_lwm2m.codec.contentformat import (
    CBOR,
    LWM2M_JSON,
    OPAQUE,
    SENML_CBOR,
    SENML_JSON,
    TEXT,
    TLV,
)

MARK = "#"
"""In front of a format that an operator asks for: ``read /3/0 #senml-json``."""
NAMES = {
    "text": TEXT,
    "opaque": OPAQUE,
    "cbor": CBOR,
    "senml-json": SENML_JSON,
    "senml-cbor": SENML_CBOR,
    "tlv": TLV,
    "lwm2m-json": LWM2M_JSON,
}
NUMBERS = {str(number): number for number in (*NAMES.values(), 1542, 1543)}
SENML = (SENML_CBOR, SENML_JSON)
_PREFERRED = (SENML_CBOR, TLV, SENML_JSON, LWM2M_JSON)


def asked(word: str) -> int | None:
    """The format that a word asks for; None when it is another kind of word."""
    if not word.startswith(MARK):
        return None
    return NAMES.get(word[1:].lower(), NUMBERS.get(word[1:]))


def to_write(version: str, known: Collection[int]) -> int:
    """For values that are written."""
    if version == "1.0":
        return TLV
    return next((number for number in _PREFERRED if number in known), TLV)


def to_accept(version: str, known: Collection[int]) -> int | None:
    """For values that are read; None leaves it to the client."""
    if version == "1.0":
        return None
    return next((number for number in _PREFERRED if number in known), None)


def composite(known: Collection[int]) -> int:
    return next((number for number in SENML if number in known), SENML_CBOR)
