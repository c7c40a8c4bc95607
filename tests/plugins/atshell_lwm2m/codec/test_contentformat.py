from __future__ import annotations

from atshell_lwm2m.codec.contentformat import name


def test_names_and_numbers() -> None:
    assert name(11542) == "lwm2m+tlv"
    assert name(0) == "text/plain"
    assert name(65000) == "65000"
