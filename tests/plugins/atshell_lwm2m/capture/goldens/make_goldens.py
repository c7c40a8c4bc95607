"""Write the captures of this folder and what tshark reads in them: ``python make_goldens.py``.

scapy builds the frames, editcap, mergecap and text2pcap the files; ``goldens.json`` holds the UDP datagrams that tshark
finds in each. The tests need none of these. Run it again only when something is added; review what changed.
"""

from __future__ import annotations

import json
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from scapy.contrib.gtp import GTP_U_Header, GTPPDUSessionContainer
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import IP, UDP, fragment
from scapy.layers.inet6 import (
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting,
    fragment6,
)
from scapy.layers.l2 import GRE, LLC, SNAP, CookedLinux, CookedLinuxV2, Dot1AD, Dot1Q, Ether, Loopback
from scapy.layers.ppp import HDLC, PPP, PPPoE
from scapy.layers.vxlan import VXLAN
from scapy.packet import Packet, Raw

HERE = Path(__file__).parent
PARENT = HERE.parent.parent / "captures"
MACS = {"src": "02:00:00:00:00:01", "dst": "02:00:00:00:00:02"}
COAP = [
    bytes.fromhex(one) for one in ("40011234b3666f6f", "60451234ff626172", "5101123501b4726f6f6d", "50030102b17411ff32")
]
OUTER = IP(src="192.0.2.1", dst="192.0.2.2")
LLC_SNAP = LLC(dsap=0xAA, ssap=0xAA, ctrl=3)
GRE_ALL = {"chksum_present": 1, "key_present": 1, "key": 9, "seqnum_present": 1}
LONG = bytes.fromhex("50037777b4626967ff") + bytes(range(256)) * 12
FIELDS = ("frame.number", "frame.time_epoch", "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst")
PORTS = ("udp.srcport", "udp.dstport", "udp.payload")


def v4(payload: bytes, **fields: object) -> Packet:
    return IP(src="10.0.0.1", dst="10.0.0.2", id=7, **fields) / UDP(sport=40000, dport=5683) / Raw(payload)


def v6(payload: bytes, *between: Packet) -> Packet:
    packet: Packet = IPv6(src="2001:db8::1", dst="2001:db8::2")
    for header in between:
        packet = packet / header
    return packet / UDP(sport=40000, dport=5683) / Raw(payload)


def both(wrap: Callable[[Packet], Packet]) -> list[Packet]:
    return [wrap(make(payload)) for payload in COAP[:2] for make in (v4, v6)]


def tunnelled(wrap: Callable[[Packet], Packet]) -> list[Packet]:
    return [Ether(**MACS) / OUTER / wrap(make(payload)) for payload in COAP[:2] for make in (v4, v6)]


def in_ip(inner: Packet) -> Packet:
    return inner


def gtp(*, extended: bool) -> Callable[[Packet], Packet]:
    def wrap(inner: Packet) -> Packet:
        head = GTP_U_Header(teid=1, seq=5, S=1) if not extended else GTP_U_Header(teid=1, E=1, next_ex=0x85)
        if extended:
            head = head / GTPPDUSessionContainer(type=0, QFI=9)
        return UDP(sport=2152, dport=2152) / head / inner

    return wrap


def fragments4() -> Iterator[Packet]:
    first, second = (fragment(v4(LONG, ttl=ttl), 1000) for ttl in (64, 63))
    for piece in second:
        piece[IP].id = 8
    yield from (Ether(**MACS) / piece for piece in (*first, *reversed(second)))
    for piece in first:
        piece[IP].id = 9
    yield from (Ether(**MACS) / piece for piece in (first[0], first[0], first[2], first[1], first[3]))


def fragments6() -> list[Packet]:
    whole = v6(LONG, IPv6ExtHdrFragment(id=77))
    pieces = fragment6(whole, 1000)
    return [Ether(**MACS) / piece for piece in (*pieces[1:], pieces[0])]


def extensions() -> list[Packet]:
    return [
        Ether(**MACS) / v6(COAP[0], IPv6ExtHdrHopByHop(), IPv6ExtHdrRouting(), IPv6ExtHdrDestOpt()),
        Ether(**MACS) / v6(COAP[1], IPv6ExtHdrFragment(id=5)),
        Ether(**MACS) / IP(bytes(IP(src="10.0.0.1", dst="10.0.0.2", options=[b"\x94\x04\0\0"]) / v4(COAP[0])[UDP])),
    ]


def ppp(data: Packet) -> Packet:
    return PPP(proto=0x21 if isinstance(data, IP) else 0x57) / data


def ether_type(packet: Packet) -> int:
    return 0x0800 if isinstance(packet, IP) else 0x86DD


FRAMES: dict[str, tuple[int, list[Packet]]] = {
    "vlan": (1, both(lambda p: Ether(**MACS) / Dot1Q(vlan=5) / p)),
    "vlan_three": (1, both(lambda p: Ether(**MACS) / Dot1AD(vlan=5) / Dot1Q(vlan=6) / Dot1Q(vlan=7) / p)),
    "vlan_9100": (1, both(lambda p: Ether(**MACS, type=0x9100) / Dot1Q(vlan=6, type=0x8100) / Dot1Q(vlan=7) / p)),
    "snap": (1, both(lambda p: Ether(**MACS, type=len(p) + 8) / LLC_SNAP / SNAP(code=ether_type(p)) / p)),
    "pppoe": (1, both(lambda p: Ether(**MACS) / PPPoE(sessionid=1) / ppp(p))),
    "mpls": (1, both(lambda p: Ether(**MACS, type=0x8847) / MPLS(label=16, s=0) / MPLS(label=17, s=1) / p)),
    "ppp": (9, both(ppp)),
    "ppp_in_hdlc": (9, both(lambda p: HDLC() / ppp(p))),
    "ppp_hdlc": (50, both(lambda p: HDLC() / ppp(p))),
    "ppp_ether": (51, both(lambda p: PPPoE(sessionid=1) / ppp(p))),
    "cisco_hdlc": (104, both(lambda p: Raw(struct.pack(">BBH", 0x0F, 0, ether_type(p))) / p)),
    "null": (0, both(lambda p: Loopback(type=2 if isinstance(p, IP) else 30) / p)),
    "loop": (108, both(lambda p: Raw(struct.pack(">I", 2 if isinstance(p, IP) else 24)) / p)),
    "sll": (113, both(lambda p: CookedLinux(proto=ether_type(p)) / p)),
    "sll_vlan": (113, both(lambda p: CookedLinux(proto=0x8100) / Dot1Q(vlan=5) / p)),
    "sll2": (276, both(lambda p: CookedLinuxV2(proto=ether_type(p)) / p)),
    "raw_12": (12, both(in_ip)),
    "raw_14": (14, both(in_ip)),
    "raw_101": (101, both(in_ip)),
    "ipv4": (228, [v4(payload) for payload in COAP]),
    "ipv6": (229, [v6(payload) for payload in COAP]),
    "fragments_ipv4": (1, list(fragments4())),
    "fragments_ipv6": (1, fragments6()),
    "extensions": (1, extensions()),
    "gtp_u": (1, tunnelled(gtp(extended=False))),
    "gtp_u_extended": (1, tunnelled(gtp(extended=True))),
    "gtp_u_fragments": (1, [Ether(**MACS) / OUTER / gtp(extended=False)(piece) for piece in fragment(v4(LONG), 1000)]),
    "gre": (1, tunnelled(lambda p: GRE(proto=ether_type(p)) / p)),
    "gre_all": (1, tunnelled(lambda p: GRE(proto=ether_type(p), **GRE_ALL) / p)),
    "gre_bridged": (1, tunnelled(lambda p: GRE(proto=0x6558, key_present=1, key=9) / Ether(**MACS) / p)),
    "ip_in_ip": (1, tunnelled(in_ip)),
    "vxlan": (1, tunnelled(lambda p: UDP(sport=50000, dport=4789) / VXLAN(vni=5) / Ether(**MACS) / p)),
}  # fmt: skip


def write_frames() -> None:
    for name, (link_type, frames) in FRAMES.items():
        parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)]
        for number, data in enumerate(map(bytes, frames)):
            parts += [struct.pack("<IIII", 1_700_000_000 + number, 123_456, len(data), len(data)), data]
        (HERE / f"{name}.pcap").write_bytes(b"".join(parts))


def run(*command: object) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def write_files() -> None:
    """The same frames in other files, and files of several."""
    source = PARENT / "linktype_101_raw_ipv4_and_ipv6.pcap"
    run("editcap", "-F", "pcap", "-r", source, HERE / "few.pcap", "1-8")
    run("editcap", "-F", "pcapng", "-a", "2:a comment", HERE / "few.pcap", HERE / "comment.pcapng")
    run("editcap", "-F", "nsecpcap", HERE / "few.pcap", HERE / "nanoseconds.pcap")
    run("editcap", "-F", "modpcap", HERE / "few.pcap", HERE / "modified.pcap")
    run(
        "mergecap",
        "-w",
        HERE / "two_interfaces.pcapng",
        HERE / "few.pcap",
        HERE / "vlan.pcap",
        HERE / "nanoseconds.pcap",
    )
    keylog = PARENT / "dtls" / "ecdhe_psk.keylog"
    run(
        "editcap",
        "-F",
        "pcapng",
        "--inject-secrets",
        f"tls,{keylog}",
        PARENT / "dtls" / "ecdhe_psk.pcap",
        HERE / "secrets.pcapng",
    )
    sections = (HERE / "comment.pcapng").read_bytes() + (HERE / "two_interfaces.pcapng").read_bytes()
    (HERE / "two_sections.pcapng").write_bytes(sections)


def block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def write_sections() -> None:
    """Sections in both byte orders, clocks of every kind, and every block that can hold a packet."""
    parts = []
    frame = bytes(v4(COAP[0]))
    for order in "<>":
        parts.append(block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)))
        later = option(order, 14, struct.pack(order + "q", 1000))
        for clock in (b"", option(order, 9, b"\x09"), option(order, 9, b"\x94") + later, option(order, 9, b"\x03")):
            body = (
                struct.pack(order + "HHI", 101, 0, 65535) + option(order, 2, b"wwan0") + clock + option(order, 0, b"")
            )
            parts.append(block(order, 1, body))
        for index in range(4):
            ticks = (1_700_000_000_123_456 << index) & ~1
            head = struct.pack(order + "IIIII", index, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
            parts.append(block(order, 6, head + frame + option(order, 1, b"a comment") + option(order, 0, b"")))
            parts.append(block(order, 5, struct.pack(order + "III", index, 0, 0)))
            head = struct.pack(order + "HHIIII", index, 3, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
            parts.append(block(order, 2, head + frame))
        parts.append(block(order, 3, struct.pack(order + "I", len(frame)) + frame))
        parts.append(block(order, 0x40000BAD, b"\0\0\x7e\xd9custom"))
    (HERE / "sections.pcapng").write_bytes(b"".join(parts))


def write_texts() -> None:
    for name, source, options in (
        ("text_x", "vlan", ["-x"]),
        ("text_details", "vlan", ["-V", "-x"]),
        ("text_raw", "raw_101", ["-P", "-x", "-t", "ad"]),
    ):
        (HERE / f"{name}.txt").write_text(run("tshark", "-r", HERE / f"{source}.pcap", *options))
    lines = ["# what text2pcap takes"]
    for number, (payload, direction) in enumerate(zip(COAP, "IOIO", strict=True)):
        lines.append(f"{direction} 2023-11-14 22:13:2{number}.500000Z")
        pieces = (f"{at:06x} {payload[at : at + 5].hex(' ')}  some reading aid" for at in range(0, len(payload), 5))
        lines += pieces
        lines.append(f"{len(payload):06x}")
    (HERE / "text_datagrams.txt").write_text("\n".join(lines) + "\n")


def listed(path: Path) -> list[list[object]]:
    command: list[object] = [
        "tshark",
        "-r",
        path,
        "-Y",
        "udp",
        "-T",
        "fields",
        "-E",
        "separator=/t",
        "-E",
        "occurrence=l",
    ]
    for field in (*FIELDS, *PORTS):
        command += ["-e", field]
    rows: list[list[object]] = []
    for line in run(*command).splitlines():
        number, time, protocols, src4, dst4, src6, dst6, sport, dport, payload = line.split("\t")
        layers = [one for one in protocols.split(":") if one in ("ip", "ipv6", "udp")]
        if layers.pop() != "udp":
            continue  # A fragment inside a tunnel.
        src, dst = (f"[{src6}]", f"[{dst6}]") if layers[-1] == "ipv6" else (src4, dst4)
        seconds, _, fraction = time.partition(".")
        nanoseconds = int(seconds or 0) * 10**9 + int(fraction.ljust(9, "0"))
        rows.append([int(number), nanoseconds, f"{src}:{sport}", f"{dst}:{dport}", payload])
    return rows


def main() -> None:
    write_frames()
    write_files()
    write_sections()
    write_texts()
    found = {path.name: listed(path) for path in sorted(HERE.glob("*.pcap*"))}
    for name, source in (("text_details", "vlan"), ("text_raw", "raw_101")):
        found[f"{name}.txt"] = found[f"{source}.pcap"]
    # This one has no times.
    found["text_x.txt"] = [[row[0], number * 1000, *row[2:]] for number, row in enumerate(found["vlan.pcap"])]
    other = HERE / "text.pcap"
    run("text2pcap", "-q", "-D", "-t", "ISO", "-u", "40000,5683", HERE / "text_datagrams.txt", other)
    found["text_datagrams.txt"] = listed(other)
    other.unlink()
    files = ",\n".join(f'"{name}": [\n' + ",\n".join(map(json.dumps, rows)) + "\n]" for name, rows in found.items())
    (HERE / "goldens.json").write_text(f"{{\n{files}\n}}\n")


if __name__ == "__main__":
    main()
