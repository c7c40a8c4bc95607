from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_quectel.assumed import MAX_REPORT, Report, endpoint, read, written

REPORT = Report("register", "Quectel", "BC25", "BC25PAR01A04", "869975030000461", "460110000000001", "8986030000000001")


def test_a_report_is_json_that_anybody_can_read() -> None:
    assert json.loads(written(REPORT)) == {
        "reason": "register",
        "manufacturer": "Quectel",
        "model": "BC25",
        "firmware": "BC25PAR01A04",
        "imei": "869975030000461",
        "imsi": "460110000000001",
        "iccid": "8986030000000001",
    }
    assert read(written(REPORT)) == REPORT


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b'"x"', b"\xff", b"[" * 1000, b" " * (MAX_REPORT + 1)])
def test_what_is_no_report(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(payload)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_report_or_a_value_error(payload: bytes) -> None:
    with suppress(ValueError):
        read(payload)


def test_the_endpoint_is_the_one_of_lwm2m() -> None:
    assert endpoint("869975030000461") == "urn:imei:869975030000461"
