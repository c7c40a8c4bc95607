"""Content-Format numbers (IANA "CoAP Content-Formats")."""

from __future__ import annotations

TEXT, LINK, OPAQUE, CBOR, SENML_JSON, SENML_CBOR = 0, 40, 42, 60, 110, 112
ETCH_JSON, ETCH_CBOR = 320, 322
TLV, LWM2M_JSON, LWM2M_CBOR = 11542, 11543, 11544
OLD_TLV, OLD_JSON = 1542, 1543
"""What drafts before LwM2M 1.0 used, and old modules still do."""

NAMES: dict[int, str] = {
    TEXT: "text/plain",
    LINK: "link-format",
    41: "application/xml",
    OPAQUE: "octet-stream",
    47: "application/exi",
    50: "application/json",
    51: "json-patch+json",
    52: "merge-patch+json",
    CBOR: "cbor",
    61: "cwt",
    62: "multipart-core",
    63: "cbor-seq",
    SENML_JSON: "senml+json",
    111: "sensml+json",
    SENML_CBOR: "senml+cbor",
    113: "sensml+cbor",
    114: "senml-exi",
    310: "senml+xml",
    ETCH_JSON: "senml-etch+json",
    ETCH_CBOR: "senml-etch+cbor",
    10000: "application/vnd.ocf+cbor",
    TLV: "lwm2m+tlv",
    LWM2M_JSON: "lwm2m+json",
    LWM2M_CBOR: "lwm2m+cbor",
    OLD_TLV: "lwm2m+tlv (1542)",
    OLD_JSON: "lwm2m+json (1543)",
}


def name(number: int) -> str:
    """The number itself where it has no name."""
    return NAMES.get(number, str(number))
