from __future__ import annotations

import pytest

from atshell_lwm2m.codec.registry import describe, object_name, resource


def test_objects_and_resources() -> None:
    assert object_name(3) == "Device"
    assert object_name(65000) is None
    battery = resource(3, 9)
    assert battery is not None
    assert (battery.name, battery.type, battery.unit, battery.operations, battery.multiple) == (
        "Battery Level",
        "integer",
        "/100",
        "R",
        False,
    )
    reboot = resource(3, 4)
    assert reboot is not None
    assert (reboot.type, reboot.operations) == (None, "E")
    assert resource(3, 65000) is None


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("/3200/0/5750", "Application Type", "string"),
        ("/3/0/6/1", "Available Power Sources", "integer"),
        ("/3/0", "Device", None),
        ("/3", "Device", None),
        ("/65000/0/1", None, None),
        ("/rd/1", None, None),
        ("/", None, None),
        ("", None, None),
    ],
)
def test_paths(path: str, name: str | None, kind: str | None) -> None:
    assert describe(path)[:2] == (name, kind)


@pytest.mark.parametrize(
    "path", ["/3/0/" + "9" * 5000, "/" + "3" * 5000 + "/0/9", "/٣/0/9", "/3/x/9/", "/-3/0/9", "3/0/9", "1/0"]
)
def test_what_is_no_identifier_is_not_known(path: str) -> None:
    """Python reads no number of more than 4,300 digits, and digits of every script."""
    assert describe(path).name is None
