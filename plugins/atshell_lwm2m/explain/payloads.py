"""What is called for every payload, so what is sound must cost little here."""

from __future__ import annotations

from atshell_lwm2m.codec import contentformat as formats
from atshell_lwm2m.message import Expert, Resource

MAX_NOTES = 8
"""Values of one payload that are explained; a device that gets one wrong may get hundreds wrong."""
_DEPTH = 3
"""Slashes in the path of a resource."""
_TLV = frozenset({formats.TLV, formats.OLD_TLV})
_OF_THEIR_OWN = frozenset(
    {
        formats.SENML_JSON,
        formats.SENML_CBOR,
        formats.LWM2M_JSON,
        formats.OLD_JSON,
        formats.LWM2M_CBOR,
        formats.CBOR,
        formats.ETCH_JSON,
        formats.ETCH_CBOR,
    }
)
_RECORDS = _OF_THEIR_OWN - {formats.LWM2M_CBOR, formats.CBOR}


def of_payload(data: bytes, content_format: int, target: str) -> Expert | None:
    """Of a payload that was Malformed as ``content_format``."""
    from atshell_lwm2m.explain import whole

    return whole.of_payload(data, content_format, target)


def of_unread(data: bytes, target: str) -> Expert | None:
    """Of one that was declared as nothing, and reads as text or as bytes alone."""
    from atshell_lwm2m.explain import whole

    return whole.of_unread(data, target)


def of_values(found: list[Resource], data: bytes, content_format: int, target: str) -> list[Expert]:
    """Of one that could be read."""
    from atshell_lwm2m.explain import cbors, values

    notes: list[Expert] = []
    if content_format in _TLV:
        from atshell_lwm2m.codec.tlv import leaves

        notes = [
            note for path, start, stop in leaves(data, target) if (note := values.of_bytes(path, data[start:stop]))
        ]
    elif content_format in _OF_THEIR_OWN:
        notes = [note for resource in found if (note := values.of_resource(resource))]
    elif content_format == formats.TEXT and found:
        notes = [note] if (note := values.of_text(target, data)) else []
    if content_format == formats.SENML_CBOR and (wrong := cbors.text_labels(data)) is not None:
        notes.insert(0, wrong)
    if content_format in _RECORDS and any(one.value is None or one.path.count("/") < _DEPTH for one in found):
        from atshell_lwm2m.explain import labels

        notes[:0] = labels.of_records(found, data, content_format)
    omitted = len(notes) - MAX_NOTES
    return notes if omitted <= 0 else [*notes[:MAX_NOTES], Expert("note", "omitted", f"{omitted} more notes omitted")]
