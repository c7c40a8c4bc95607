from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.foreign import ctwing, of_data, of_datagram, of_path, of_resources
from atshell_lwm2m.message import Resource


@pytest.mark.parametrize(
    ("data", "named"),
    [
        # As ctwing.cn has them: type, service, (task,) length, data.
        ("02 0001 0004 000000ff", "data report of service 1, 4 bytes"),
        ("02 0001 0009 0007636f6e6e656374", "data report of service 1, 9 bytes"),
        ("07 03e9 0001 01", "event report of service 1001, 1 byte"),
        ("03 0001 0000", "radio report of service 1, 0 bytes"),
        ("06 1f57 0035 001b " + "00" * 27, "command, service 8023, task 53, 27 bytes"),
        ("86 2329 0001 0001 00", "response to a command, service 9001, task 1, 1 byte"),
        ("02 0001 0004 0000", None),
        ("05 0001 0000", None),
        ("02", None),
        ("", None),
    ],
)
def test_ctwing(data: str, named: str | None) -> None:
    assert ctwing(bytes.fromhex(data)) == named


def test_what_is_told() -> None:
    told = [of_path("/t/d"), of_datagram(b"\x02\x17"), of_data(bytes.fromhex("02000100010a"))]
    assert [one.id for one in told if one is not None] == ["huawei-tup", "mqtt-sn", "ctwing"]
    assert of_path("/rd") is of_path(None) is of_datagram(b"\x40") is of_data(b"") is None


def test_only_the_data_of_object_19() -> None:
    report = "02000100010a"
    assert of_resources([Resource("/19/0/0", None, "opaque", report)]) is not None
    assert of_resources([Resource("/3/0/0", None, "opaque", report)]) is None
    assert of_resources([Resource("/19/0/0", None, "string", report)]) is None


@given(st.binary(max_size=40))
def test_any_bytes(data: bytes) -> None:
    ctwing(data)
    of_datagram(data)
