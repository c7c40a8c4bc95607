"""Which UDP traffic is CoAP.

Datagrams to or from a known port are, whatever they look like. On any other port a conversation is CoAP from the
first datagram on that can hardly be something else: a request, or a notification, without any fault, all of whose
options are registered ones, with at least one of them.
"""

from __future__ import annotations

from atshell_lwm2m.codec.coap import CODE_NAMES, CON, NON, read
from atshell_lwm2m.codec.options import OPTIONS

# CoAP and its bootstrap neighbour (IANA has 5683 and 5684; 5685 is the usual port of test bootstrap servers),
# and the local port that wakaama's clients use.
KNOWN_PORTS = frozenset({5683, 5684, 5685, 56830})
_CONTENT = 0x45


def looks_like_coap(data: bytes) -> bool:
    if len(data) < 5 or data[0] >> 6 != 1 or data[1] not in CODE_NAMES:
        return False
    kind, code, _, token, options, _, error = read(data)
    if error is not None or kind not in (CON, NON) or not options.options:
        return False
    if any(number not in OPTIONS for number, _, _ in options.options):
        return False
    return 1 <= code <= 7 or (code == _CONTENT and bool(token) and options.observe is not None)
