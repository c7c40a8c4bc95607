"""Mistakes in the labels and names of SenML and of the JSON of LwM2M 1.0: values that nobody finds, or elsewhere.

What is asked here is asked of payloads that decode, and of which a record has no value or none that is a resource's.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from atshell_lwm2m.codec import contentformat as formats
from atshell_lwm2m.codec import senml
from atshell_lwm2m.explain.mistakes import expert
from atshell_lwm2m.message import Expert, Resource

RESOURCE_DEPTH = 3
_LWM2M = frozenset({formats.LWM2M_JSON, formats.OLD_JSON})
_JSON = frozenset({formats.SENML_JSON, formats.ETCH_JSON, *_LWM2M})
# RFC 8428 table 1, and LwM2M 1.0 table 18; an opaque value is Base64 in both.
_TO_LWM2M = {"vs": "sv", "vb": "bv", "vd": "sv", "vlo": "ov"}
_TO_SENML = {"sv": "vs", "ov": "vlo"}
_NUMBERS = {str(number): name for number, name in senml.LABELS.items()}


def of_records(found: list[Resource], data: bytes, content_format: int) -> Iterator[Expert]:
    if content_format not in _LWM2M:
        place = next((one for one in found if one.value is not None and one.path.count("/") < RESOURCE_DEPTH), None)
        if place is not None:
            yield expert("senml-name", what=place.path)
    if content_format in _JSON and any(one.value is None for one in found):
        yield from _of_keys(_keys(data), content_format)


def _of_keys(keys: set[str], content_format: int) -> Iterator[Expert]:
    of_lwm2m = content_format in _LWM2M
    other = _TO_LWM2M if of_lwm2m else _TO_SENML
    for mistake, meant in (("json-other-labels", other), ("senml-number-labels", {} if of_lwm2m else _NUMBERS)):
        wrong = sorted(keys & meant.keys())
        if wrong:
            declared, kind = ("LwM2M JSON", "SenML") if of_lwm2m else ("SenML JSON", "LwM2M JSON")
            got, expected = ", ".join(f'"{one}"' for one in wrong), ", ".join(f'"{meant[one]}"' for one in wrong)
            yield expert(mistake, declared=declared, kind=kind, got=got, expected=expected)


def _keys(data: bytes) -> set[str]:
    """Of all the records; none where the payload is not a list of them."""
    try:
        whole = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return set()
    records = whole.get("e") if isinstance(whole, dict) else whole
    return (
        {key for record in records if isinstance(record, dict) for key in record}
        if isinstance(records, list)
        else set()
    )
