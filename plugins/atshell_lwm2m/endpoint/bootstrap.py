"""What a bootstrap server writes (LwM2M 1.0 section 5.2.7): everything away, Security, Server, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from atshell_lwm2m.codec.contentformat import TLV
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Address, Request

SHORT_SERVER_ID = 123
_NO_SECURITY = 3
_LIFETIME = 86400

Values = Mapping[int, str | int | bool | bytes]


def _security(server_uri: str) -> Values:
    """Security instance 1 (appendix E.1); instance 0 is the bootstrap server's own, which the client has."""
    return {0: server_uri, 1: False, 2: _NO_SECURITY, 3: b"", 4: b"", 5: b"", 10: SHORT_SERVER_ID}


def _server() -> Values:
    """Server instance 0 (appendix E.2)."""
    return {0: SHORT_SERVER_ID, 1: _LIFETIME, 6: False, 7: "U"}


def _tlv(values: Values) -> bytes:
    return encode_records(TlvRecord(Kind.RESOURCE, number, encode_value(value)) for number, value in values.items())


async def bootstrap(endpoint: Endpoint, client: Address, server_uri: str, wait: float) -> None:
    """One step after the other, each within ``wait`` seconds; a step that fails ends it, and the client will time
    out and may ask again."""
    steps = (
        Request("DELETE", client),
        Request("PUT", client, ("0", "1"), payload=_tlv(_security(server_uri)), content_format=TLV),
        Request("PUT", client, ("1", "0"), payload=_tlv(_server()), content_format=TLV),
        Request("POST", client, ("bs",)),
    )
    for step in steps:
        try:
            async with asyncio.timeout(wait):
                reply = await endpoint.request(step)
        except (TimeoutError, ConnectionError):
            return
        if not reply.ok:
            return
