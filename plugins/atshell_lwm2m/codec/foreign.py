"""What is not LwM2M, but is seen beside it: named, so that nobody takes it for a broken payload.

- Huawei's TUP, the CoAP of its IoT platform: a device registers at ``/t/r`` and sends bytes to ``/t/d``.
- The compact binary form of CTWing, China Telecom's platform, in the data of object 19: a byte says what it is, then
  stand the service's number, of commands a task's number, the length and the data (ctwing.cn, access by LwM2M,
  "Object19"). What the data are, only the product's definition on the platform says.
- MQTT-SN 1.2, which starts with its own length and a known message type (section 5.2).
"""

from __future__ import annotations

from atshell_lwm2m.message import Expert, Resource

_TUP = {"/t/r": "registration", "/t/d": "data"}
_CTWING_REPORTS = {0x02: "data report", 0x03: "radio report", 0x07: "event report"}
_CTWING_COMMANDS = {0x06: "command", 0x86: "response to a command"}
CARRIES_DATA = "/19/"
"""Object 19."""
# Message type -> name, and the least and the greatest length of a whole message with a length of one byte.
_MQTT_SN: dict[int, tuple[str, int, int]] = {
    0x00: ("ADVERTISE", 5, 5), 0x01: ("SEARCHGW", 3, 3), 0x02: ("GWINFO", 3, 255), 0x04: ("CONNECT", 6, 255),
    0x05: ("CONNACK", 3, 3), 0x06: ("WILLTOPICREQ", 2, 2), 0x07: ("WILLTOPIC", 4, 255), 0x08: ("WILLMSGREQ", 2, 2),
    0x09: ("WILLMSG", 3, 255), 0x0A: ("REGISTER", 7, 255), 0x0B: ("REGACK", 7, 7), 0x0C: ("PUBLISH", 7, 255),
    0x0D: ("PUBACK", 7, 7), 0x0E: ("PUBCOMP", 4, 4), 0x0F: ("PUBREC", 4, 4), 0x10: ("PUBREL", 4, 4),
    0x12: ("SUBSCRIBE", 6, 255), 0x13: ("SUBACK", 8, 8), 0x14: ("UNSUBSCRIBE", 6, 255), 0x15: ("UNSUBACK", 4, 4),
    0x16: ("PINGREQ", 2, 255), 0x17: ("PINGRESP", 2, 2), 0x18: ("DISCONNECT", 2, 4),
}  # fmt: skip
_CONNECT, _PROTOCOL = 0x04, 1


def of_path(path: str | None) -> Expert | None:
    """Of a CoAP request that is none of LwM2M."""
    what = _TUP.get(path or "")
    if what is None:
        return None
    return Expert("note", "huawei-tup", f"Huawei's TUP, not LwM2M: {what}; its bytes are of the product's own form")


def of_datagram(data: bytes) -> Expert | None:
    """Of one that is no CoAP."""
    name = mqtt_sn(data)
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


def mqtt_sn(data: bytes) -> str | None:
    """``PUBLISH``"""
    head = 3 if data[:1] == b"\x01" else 1
    if len(data) < head + 1:
        return None
    length = int.from_bytes(data[1:3], "big") if head == 3 else data[0]
    name, least, most = _MQTT_SN.get(data[head], ("", 1, 0))
    if length != len(data) or not least <= length - (head - 1) <= (most if head == 1 else 1 << 16):
        return None
    return name if data[head] != _CONNECT or data[head + 2] == _PROTOCOL else None


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"
