"""Every message of every capture here, byte by byte beside what tshark says of it (``tshark/make_goldens.py``).

Where the two differ, ``tshark/differences.toml`` says where and why, and which of them the bytes prove right; a
difference that is not there, or one that is there and is none any more, fails.
"""

from __future__ import annotations

import json
import runpy
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import messages
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.options import OPTIONS
from atshell_lwm2m.codec.tlv import TlvRecord, parse_records
from atshell_lwm2m.message import Message

GOLDENS = Path(__file__).parent / "tshark"
NAMES = sorted(path.stem for path in GOLDENS.glob("*.json"))
CAPTURES: dict[str, Path] = runpy.run_path(str(GOLDENS / "make_goldens.py"))["captures"]()
KEYS = ("urn:imei:867787050001234:0x000102030405060708090a0b0c0d0e0f", "*:0x000102030405060708090a0b0c0d0e0f")
TYPES = ("CON", "NON", "ACK", "RST")
NUMBERS = {name.lower(): number for number, (name, _) in OPTIONS.items()}

Value = object
Difference = tuple[str, int, str]
"""Capture, frame and field."""


@dataclass(frozen=True, slots=True)
class Said:
    frame: int
    fields: dict[str, Value]


@cache
def listed() -> dict[Difference, str]:
    found = tomllib.loads((GOLDENS / "differences.toml").read_text())["difference"]
    return {(one["capture"], frame, one["field"]): one["reason"] for one in found for frame in one["frames"]}


def theirs(name: str) -> list[Said]:
    found = json.loads((GOLDENS / f"{name}.json").read_text())
    return [Said(one.pop("frame"), one | {"options": list(map(numbered, one["options"]))}) for one in found]


def numbered(option: list[str]) -> list[object]:
    name, value = option
    unknown = name.removeprefix("Unknown Option (").rstrip(")")
    number = NUMBERS[name.lower()] if unknown == name else int(unknown)
    if OPTIONS.get(number, ("", ""))[1] == "string":
        value = bytes.fromhex(value).decode("utf-8", "replace").encode().hex()
    return [number, value]


def ours(name: str) -> list[Said]:
    path = CAPTURES[name]
    log = path.with_suffix(".keylog")
    options = DecodeOptions(psk=KEYS, keylogs=(log,) if log.exists() else ())
    return [said(one) for one in messages([path], options) if one.code is not None]


def said(message: Message) -> Said:
    major, minor = str(message.code).split(".")
    payload = message.payload or ""
    fields: dict[str, Value] = {
        "type": TYPES.index(message.type) if message.type is not None else None,
        "code": int(major) << 5 | int(minor),
        "mid": message.mid,
        "token": message.token or "",
        "options": [[number, in_bytes(number, value)] for number, _, value in message.options],
        "payload": payload,
        "tlv": list(flat(payload)) if message.content_format == 11542 else [],
    }
    return Said(message.frame, fields)


def in_bytes(number: int, value: str | int) -> str:
    """Numbers in as few bytes as they need, as both write them; text as UTF-8; the rest is hexadecimal."""
    if isinstance(value, int):
        return value.to_bytes((value.bit_length() + 7) // 8, "big").hex()
    return value.encode().hex() if OPTIONS.get(number, ("", ""))[1] == "string" else value


def flat(payload: str) -> Iterator[list[object]]:
    try:
        yield from _flat(parse_records(bytes.fromhex(payload)))
    except Malformed:
        return


def _flat(records: Iterable[TlvRecord]) -> Iterator[list[object]]:
    """What holds others comes before them; its length is theirs."""
    for record in records:
        yield [int(record.kind), record.id, record.value.hex()]
        yield from _flat(record.children)


def differences(name: str) -> Iterator[tuple[Difference, object, object]]:
    mine, other = ours(name), theirs(name)
    places = [one.frame for one in mine], [one.frame for one in other]
    for frame in sorted(set(places[0]) | set(places[1])):
        if places[0].count(frame) != places[1].count(frame):
            yield (name, frame, "messages"), places[0].count(frame), places[1].count(frame)
            continue
        pairs = zip(
            (one for one in mine if one.frame == frame), (one for one in other if one.frame == frame), strict=True
        )
        for one, another in pairs:
            for field, value in one.fields.items():
                if value != another.fields[field]:
                    yield (name, frame, field), value, another.fields[field]


@pytest.mark.parametrize("name", NAMES)
def test_what_tshark_says(name: str) -> None:
    found = {place: (mine, other) for place, mine, other in differences(name)}
    wanted = {place for place in listed() if place[0] == name}
    assert not (set(found) - wanted), "\n".join(f"{place}: {found[place]}" for place in sorted(set(found) - wanted))
    assert not (wanted - set(found)), f"no longer different: {sorted(wanted - set(found))}"


def test_every_capture_has_been_shown_to_tshark() -> None:
    """Those without a golden hold nothing that tshark can read as CoAP over UDP."""
    silent = [name for name in CAPTURES if name not in NAMES]
    assert silent == sorted(silent_ones(), key=silent.index)


def silent_ones() -> list[str]:
    found: list[str] = tomllib.loads((GOLDENS / "differences.toml").read_text())["silent"]["captures"]
    return found


def test_reasons() -> None:
    assert all(reason for reason in listed().values())
    assert {capture for capture, _, _ in listed()} <= set(NAMES)
