"""What the module knows of its device: where it goes, its objects, and what it was told of their resources."""

from __future__ import annotations

from dataclasses import dataclass, field

from atshell_lwm2m.endpoint.dtls.security import Credentials

ONENET, CTWING, YANFEI, HUAWEI, OTHER = 0, 1, 2, 3, 10
"""``<platform>`` of AT+MIPLCFG (section 4.1)."""
MAX_OBJECTS = 64
MAX_INSTANCES = 64
MAX_RESOURCES = 128
"""For each object."""
BUILT_IN = frozenset({0, 1})
"""Security and Server are the module's own; so is Device (3), which may be added and is answered by the module."""


@dataclass(slots=True)
class Object:
    number: int
    instances: tuple[int, ...]
    resources: list[int] = field(default_factory=list)
    """Told by AT+MIPLDISCOVERRSP, or known since a notify or a read."""
    types: dict[tuple[int, int], int] = field(default_factory=dict)
    """``<type>`` by instance and resource, known since a notify or a read (section 3.12)."""
    pending: dict[int, list[Value]] = field(default_factory=dict)
    """By instance: what notify has collected and not sent."""

    def declare(self, value: Value) -> None:
        self.types[value.instance, value.resource] = value.kind
        if value.resource not in self.resources and len(self.resources) < MAX_RESOURCES:
            self.resources.append(value.resource)

    def forget(self) -> None:
        """After AT+MIPLCLOSE (section 3.8): the resources of this login are gone, the object stays. A login that
        fails takes nothing away but what was to be sent."""
        self.resources.clear()
        self.types.clear()
        self.pending.clear()


@dataclass(frozen=True, slots=True)
class Value:
    instance: int
    resource: int
    kind: int
    """``<type>``, 1 to 6."""
    raw: bytes
    """As TLV carries it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a bootstrap has given."""

    server: tuple[str, int] | None
    """Host and port; None when the bootstrap server wrote none."""
    accounts: dict[tuple[int, int], dict[int, bytes]]
    """Security and Server (objects 0 and 1) by instance."""
    secret: Credentials | None
    """For DTLS with that server; None where it is not used."""
    until: float
    """Device time up to which it may be used."""


@dataclass(slots=True)
class LwDevice:
    """What AT+MIPLCREATE makes. There is one at most, and its ``<ref>`` is 0 (section 4.6)."""

    host: str
    port: int
    bootstrap: bool
    flag: int
    authcode: str = ""
    psk: str = ""
    psk_id: str = ""
    psk_hex: bool = False
    """``<psk_encode>``."""
    ages: float | None = 120.0
    """Seconds of silence after which DTLS is negotiated anew (section 4.8); None for never."""
    platform: int = ONENET
    pattern: int = 0
    name: str = ""
    """Endpoint name of the user's own, for platform 10."""
    binding: str = "U"
    lifetime: int = 86400
    auto_update: bool = False
    objects: dict[int, Object] = field(default_factory=dict)
    given: Given | None = None

    def endpoint_name(self, imei: str, imsi: str) -> str:
        """Section 4.1: ``<pattern>``; OneNET has IMEI;IMSI by default, the others IMEI."""
        if self.name:
            return self.name
        pattern = self.pattern or (2 if self.platform in (ONENET, OTHER) else 1)
        return {
            1: imei,
            2: f"{imei};{imsi}",
            3: f"urn:imei:{imei}",
            4: f"urn:imei-imsi:{imei}-{imsi}",
        }[pattern]

    def paths(self) -> list[str]:
        """What Register lists: Server, Device and the objects that were added (Security never is)."""
        added = [f"/{one.number}/{instance}" for one in self.objects.values() for instance in one.instances]
        return list(dict.fromkeys(["/1/0", "/3/0", *added]))
