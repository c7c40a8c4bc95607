"""What is not LwM2M, but is seen beside it: named, so that nobody takes it for a broken payload.

- Huawei's TUP, the CoAP of its IoT platform: a device registers at ``/t/r`` and sends bytes to ``/t/d``.
- The compact binary form of CTWing, China Telecom's platform, in the data of object 19: a byte says what it is, then
  stand the service's number, of commands a task's number, the length and the data (ctwing.cn, access by LwM2M,
  "Object19"). What the data are, only the product's definition on the platform says.
- MQTT-SN (``mqttsn``).
"""

from __future__ import annotations

from atshell_lwm2m.codec import mqttsn
from atshell_lwm2m.message import Expert, Resource

_TUP = {"/t/r": "registration", "/t/d": "data"}
_CTWING_REPORTS = {0x02: "data report", 0x03: "radio report", 0x07: "event report"}
_CTWING_COMMANDS = {0x06: "command", 0x86: "response to a command"}
CARRIES_DATA = "/19/"
"""Object 19."""


def of_path(path: str | None) -> Expert | None:
    """Of a CoAP request that is none of LwM2M."""
    what = _TUP.get(path or "")
    if what is None:
        return None
    return Expert("note", "huawei-tup", f"Huawei's TUP, not LwM2M: {what}; its bytes are of the product's own form")


def of_datagram(data: bytes) -> Expert | None:
    """Of one that is no CoAP."""
    name = mqttsn.message_name(data)
    return Expert("note", "mqtt-sn", f"MQTT-SN, not LwM2M: {name}") if name is not None else None


def of_resources(resources: list[Resource]) -> Expert | None:
    """Of the data that object 19 carries."""
    for one in resources:
        if one.type == "opaque" and one.path.startswith(CARRIES_DATA) and isinstance(one.value, str):
            return of_data(bytes.fromhex(one.value))
    return None


def of_data(data: bytes) -> Expert | None:
    what = ctwing(data)
    if what is None:
        return None
    return Expert("note", "ctwing", f"CTWing's binary form, not LwM2M: {what}; its fields are those of the product")


def ctwing(data: bytes) -> str | None:
    """``data report of service 1, 4 bytes``"""
    if len(data) < 5:
        return None
    service = int.from_bytes(data[1:3], "big")
    if data[0] in _CTWING_REPORTS and int.from_bytes(data[3:5], "big") == len(data) - 5:
        return f"{_CTWING_REPORTS[data[0]]} of service {service}, {_bytes(len(data) - 5)}"
    if data[0] in _CTWING_COMMANDS and len(data) > 6 and int.from_bytes(data[5:7], "big") == len(data) - 7:
        task = int.from_bytes(data[3:5], "big")
        return f"{_CTWING_COMMANDS[data[0]]}, service {service}, task {task}, {_bytes(len(data) - 7)}"
    return None


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"
