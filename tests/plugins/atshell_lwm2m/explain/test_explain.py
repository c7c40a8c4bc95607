"""No false alarms: whatever a sound device sends, in any format, there is nothing to explain."""

from __future__ import annotations

import json
import string
import struct
from base64 import b64encode, urlsafe_b64encode

import cbor2
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m import payload
from atshell_lwm2m.codec.contentformat import (
    CBOR,
    LWM2M_CBOR,
    LWM2M_JSON,
    OPAQUE,
    SENML_CBOR,
    SENML_JSON,
    TEXT,
    TLV,
)
from atshell_lwm2m.codec.registry import entry_of
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records

# Of every type, with a range and without.
RESOURCES = ("/3/0/0", "/3/0/7", "/3/0/9", "/3/0/10", "/3/0/13", "/3303/0/5700", "/3311/0/5850", "/3320/0/5700",
             "/4/0/2", "/4/0/8", "/19/0/0", "/6/0/0", "/1/0/1", "/3200/0/5750")  # fmt: skip
SAID = st.text(string.ascii_letters + string.digits + " .-_:äé中文", min_size=1, max_size=20).filter(
    lambda text: any(not char.isalnum() or char > "f" for char in text)
)
MEASURED = (
    st.integers(-5_000_000, 5_000_000)
    .map(lambda number: number / 1000)
    .filter(lambda number: number == 0 or abs(number) >= 0.001)
)
Value = str | int | float | bool | bytes


@st.composite
def sent(draw: st.DrawFn) -> tuple[str, str, Value]:
    """A path, its type, and a value that a device may measure or hold."""
    path = draw(st.sampled_from(RESOURCES))
    entry = entry_of(path)
    assert entry is not None
    least, greatest = entry.limits or (-1_000_000.0, 1_000_000.0)
    by_type: dict[str, st.SearchStrategy[Value]] = {
        "string": SAID,
        "integer": st.integers(int(least), int(greatest)),
        "unsigned": st.integers(0, int(greatest)),
        "time": st.integers(1_500_000_000, 2_000_000_000),
        "float": MEASURED.filter(lambda number: least <= number <= greatest),
        "boolean": st.booleans(),
        "opaque": st.binary(max_size=20).filter(
            lambda data: not data.isalnum() and data[:1] not in b"\x02\x03\x06\x07\x86"
        ),
    }
    return path, str(entry.type), draw(by_type[str(entry.type)])


def as_tlv(kind: str, value: Value) -> bytes:
    if kind == "float":
        assert isinstance(value, float)
        return struct.pack(">d", value)
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, int):
        width = next(width for width in (1, 2, 4, 8) if -(1 << 8 * width - 1) <= value < 1 << 8 * width - 1)
        return value.to_bytes(width, "big", signed=True)
    return value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]  # an opaque value


def nothing_to_tell(data: bytes, content_format: int, target: str) -> None:
    decoded = payload.decode(data, content_format, target)
    assert (decoded.error, [one.text for one in decoded.expert]) == (None, [])


@given(sent(), st.booleans())
@settings(max_examples=400)
def test_tlv(given_: tuple[str, str, Value], short: bool) -> None:
    path, kind, value = given_
    raw = as_tlv(kind, value)
    if kind == "float" and short:
        raw = struct.pack(">f", value)
    record = TlvRecord(Kind.RESOURCE, int(path.rpartition("/")[2]), raw)
    nothing_to_tell(encode_records([record]), TLV, path)
    nothing_to_tell(
        encode_records([TlvRecord(Kind.OBJECT_INSTANCE, 0, children=(record,))]), TLV, path.rsplit("/", 2)[0]
    )


@given(sent())
@settings(max_examples=300)
def test_json_and_cbor(given_: tuple[str, str, Value]) -> None:
    path, kind, value = given_
    label = {"string": "vs", "boolean": "vb", "opaque": "vd"}.get(kind, "v")
    numbered = {"vs": 3, "vb": 4, "vd": 8, "v": 2}[label]
    plain = urlsafe_b64encode(value).decode().rstrip("=") if isinstance(value, bytes) else value
    nothing_to_tell(json.dumps([{"bn": path, label: plain}], ensure_ascii=False).encode(), SENML_JSON, "")
    nothing_to_tell(cbor2.dumps([{-2: path, numbered: value}]), SENML_CBOR, "")
    nothing_to_tell(cbor2.dumps({tuple(map(int, path[1:].split("/"))): value}), LWM2M_CBOR, "")
    nothing_to_tell(cbor2.dumps(value), CBOR, path)
    old = {"string": "sv", "boolean": "bv", "opaque": "sv"}.get(kind, "v")
    body = b64encode(value).decode() if isinstance(value, bytes) else value
    nothing_to_tell(json.dumps({"bn": path, "e": [{old: body}]}).encode(), LWM2M_JSON, path)


@given(sent())
@settings(max_examples=300)
def test_single_values(given_: tuple[str, str, Value]) -> None:
    path, _, value = given_
    if isinstance(value, bytes):
        nothing_to_tell(value, OPAQUE, path)
        text = b64encode(value).decode()
    else:
        text = str(int(value)) if isinstance(value, bool) else str(value)
    nothing_to_tell(text.encode(), TEXT, path)
