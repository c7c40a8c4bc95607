"""The kinds of fault there are: one row each, which reading, printing, help and completion all go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

COMMAND, URC, OPERATION = "COMMAND", "URC", "OPERATION"
"""What a fault can be narrowed to, as a usage writes it: only what begins so is hit."""
OPERATIONS = ("bootstrap", "register", "update", "deregister", "send", "report")
"""What a module asks of a platform."""
PACKET = ("up", "down")
"""From the module to the network, and back."""
PORT = ("in", "out")
"""What the module hears, and what it says."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` is one word or two. What follows stands in this order: way, time, number, subject, conditions."""

    name: str
    en: str
    zh: str
    ways: tuple[str, ...] = ()
    """One of them may follow; without it, it is all of them."""
    time: bool = False
    """A time must follow."""
    number: bool = False
    """A number must follow."""
    about: str = ""
    """This may follow; without it, all are meant."""
    once: bool = False
    """It happens once unless ``times`` says otherwise."""

    @property
    def usage(self) -> str:
        ways = f"[{'|'.join(self.ways)}]" if self.ways else ""
        about = f"[{self.about}]" if self.about else ""
        return " ".join(filter(None, (self.name, ways, "TIME" * self.time, "N" * self.number, about)))

    @property
    def packets(self) -> bool:
        """Its occasions are packets."""
        return self.ways == PACKET or self.name == REBIND


LOSE, DELAY, DUPLICATE, REORDER, REBIND = "lose", "delay", "duplicate", "reorder", "rebind"
SILENT, REFUSE, LATE, CODE = "platform silent", "platform refuse", "platform late", "platform CODE"
"""In the last, CODE stands for ``4.04`` and the like."""
URC_DROP, URC_DELAY, URC_INSIDE = "urc drop", "urc delay", "urc inside"
ANSWER_DROP, ANSWER_LATE = "answer drop", "answer late"
GARBLE, NOISE = "garble", "noise"
UNPLUG, REBOOT, SEED = "unplug", "reboot", "seed"

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(LOSE, "packets do not arrive", "丢包", PACKET),
        Kind(DELAY, "packets arrive later", "包延迟到达", PACKET, time=True),
        Kind(DUPLICATE, "packets arrive twice", "包重复到达", PACKET),
        Kind(REORDER, "a packet is overtaken by the next one", "包被后一个包超越", PACKET),
        Kind(
            REBIND,
            "the NAT gives the module another address, as the platform sees it",
            "NAT 重新映射: 平台看到的模组地址改变",
            once=True,
        ),
        Kind(SILENT, "the platform does not answer", "平台不应答", about=OPERATION),
        Kind(REFUSE, "the platform answers with a reset", "平台以 RST 拒绝", about=OPERATION),
        Kind(LATE, "the platform answers later", "平台延迟应答", time=True, about=OPERATION),
        Kind(
            CODE, "the platform refuses with this code, 4.00 to 5.31", "平台以错误码 4.00 至 5.31 应答", about=OPERATION
        ),
        Kind(URC_DROP, "a URC is not said", "URC 丢失", about=URC),
        Kind(URC_DELAY, "a URC is said later", "URC 延迟上报", time=True, about=URC),
        Kind(URC_INSIDE, "a URC comes in the middle of an answer", "URC 插入应答中间", about=URC),
        Kind(ANSWER_DROP, "a command is carried out and not answered", "命令已执行但无应答", about=COMMAND),
        Kind(ANSWER_LATE, "a command is answered later", "命令延迟应答", time=True, about=COMMAND),
        Kind(GARBLE, "bytes on the serial line change", "串口字节出错", PORT),
        Kind(NOISE, "the serial line is read at another rate than it is written", "波特率不符产生的乱码", PORT),
        Kind(UNPLUG, "the link to the module ends", "与模组的连接断开", about=COMMAND, once=True),
        Kind(
            REBOOT,
            "the module restarts, in the middle of COMMAND if that is named",
            "模组重启, 可指定在 COMMAND 执行中发生",
            about=COMMAND,
            once=True,
        ),
        Kind(SEED, "another run of chance, the same one for the same number", "随机种子, 相同则结果相同", number=True),
    )
}


def first_words() -> list[str]:
    return list(dict.fromkeys(name.partition(" ")[0] for name in KINDS))


def second_words(first: str) -> list[str]:
    """What must follow this word; nothing behind a kind's whole name, nor behind what begins none."""
    return [name.partition(" ")[2] for name in KINDS if name.startswith(f"{first} ")]
