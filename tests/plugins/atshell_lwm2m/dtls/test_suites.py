from __future__ import annotations

import pytest

from atshell_lwm2m.dtls.suites import SUITES, is_of_things, suite_name


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        (0xC0A8, ("PSK", "CCM_8", 16, 4, 0, "sha256")),
        (0xC0A4, ("PSK", "CCM", 16, 4, 0, "sha256")),
        (0x00A9, ("PSK", "GCM", 32, 4, 0, "sha384")),
        (0x00AE, ("PSK", "CBC", 16, 0, 32, "sha256")),
        (0x008C, ("PSK", "CBC", 16, 0, 20, "sha256")),
        (0xC038, ("ECDHE_PSK", "CBC", 32, 0, 48, "sha384")),
        (0xCCAB, ("PSK", "CHACHA20", 32, 12, 0, "sha256")),
        (0xD003, ("ECDHE_PSK", "CCM_8", 16, 4, 0, "sha256")),
    ],
)
def test_what_a_name_says(number: int, parts: tuple[object, ...]) -> None:
    suite = SUITES[number]
    assert (suite.exchange, suite.cipher, suite.key, suite.iv, suite.mac_key, suite.prf) == parts
    assert suite.psk_alone is (parts[0] == "PSK")


def test_who_sends_an_identity() -> None:
    assert SUITES[0xC0AA].has_identity
    assert not SUITES[0xC0AE].has_identity


def test_names_of_others() -> None:
    assert suite_name(0xC0A8) == "TLS_PSK_WITH_AES_128_CCM_8"
    assert suite_name(0x00B0) == "TLS_PSK_WITH_NULL_SHA256"
    assert suite_name(0x1234) == "0x1234"


def test_what_small_devices_use() -> None:
    of_things = (0xC0A8, 0x00AE, 0x002C, 0xC037, 0xD001, 0xC0AE, 0xC0AC, 0x1304, 0x1305)
    of_browsers = (0xC02B, 0xC02F, 0xCCA9, 0xCCA8, 0xC013, 0x009C, 0x002F, 0x1301, 0x1302, 0x1303, 0x00FF)
    assert all(map(is_of_things, of_things))
    assert not any(map(is_of_things, of_browsers))
