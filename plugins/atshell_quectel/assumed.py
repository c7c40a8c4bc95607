"""What the manuals do not print, and the emulator needs: assumptions, all of them in this one file.

The Quectel manuals tell when a module reports itself to its operator, how often it tries, and how a program sets what
it reports. They do not tell how that looks on the network. What stands here is made up to be plain, not found out:
who knows the real thing changes it here, for module and platform alike.

- China Telecom and China Unicom are sent one CoAP message, ``POST /selfregister``, whose payload is a JSON object of
  the fields of ``Report``. The manuals say "a registration packet", for China Telecom "of a certain form".
- China Mobile's CMDMP is a LwM2M 1.0 server without bootstrap and without DTLS. The endpoint is ``urn:imei:<IMEI>``
  (LwM2M 1.0 section 6.2.1); the lifetime is the update period and ``SPARE`` seconds more. What AT+QDMPCFG and
  AT+QDMPCFGEX say of the terminal stands in the resources of LwM2M's own objects where there are such, all of it in
  object ``TERMINAL``, which has a number that the registry keeps for tests. The private key is told to nobody.
- The servers' names. The manuals print China Mobile's; the others are of a domain that nobody has (RFC 2606).
"""

from __future__ import annotations

import msgspec

CTCC_SERVER = "selfregister.ctcc.example"
CUCC_SERVER = "selfregister.cucc.example"

# --- China Telecom, China Unicom ---

REPORT_PATH = ("selfregister",)
JSON = 50
"""CoAP Content-Format of application/json (RFC 7252 section 12.3)."""
MAX_REPORT = 1024
"""Bytes."""
REGISTER, UPDATE = "register", "update"


class Report(msgspec.Struct, frozen=True):
    """Who reports: the module, its firmware and its card, which are what starts a self-registration."""

    reason: str
    """``register``, or ``update`` where the manual knows periodic ones."""
    manufacturer: str
    model: str
    firmware: str
    imei: str
    imsi: str
    iccid: str


def written(report: Report) -> bytes:
    return msgspec.json.encode(report)


def read(payload: bytes) -> Report:
    """Raises ValueError."""
    if len(payload) > MAX_REPORT:
        raise ValueError("a report is not that long")
    return msgspec.json.decode(payload, type=Report)


# --- China Mobile ---

SPARE = 300
"""Seconds that a registration outlives an update that is due: more than all its resends take together."""
TERMINAL = 42769
"""The first of the object numbers for tests (OMA LwM2M registry)."""
APP_KEY, TERMINAL_TYPE, TERMINAL_IMEI = 0, 1, 2
"""Its resources for ``<type>`` 2 of AT+QDMPCFG, in the order of the parameters, the private key left out."""
EXTENDED = 10
"""Those of AT+QDMPCFGEX begin here: ten for each ``<type>``, in the order of its parameters."""
TERMINAL_TYPES = ("interface", "Linux", "Android")


def endpoint(imei: str) -> str:
    return f"urn:imei:{imei}"
