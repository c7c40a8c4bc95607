from __future__ import annotations

from atshell_lwm2m.dtls.alerts import alert


def test_alerts() -> None:
    assert alert(b"\1\0") == "alert (close notify)"
    assert alert(b"\2\x73") == "fatal alert (unknown PSK identity)"
    assert alert(b"\2\xfe") == "fatal alert (254)"
    assert alert(b"") == alert(b"\1\2\3") == "alert"
