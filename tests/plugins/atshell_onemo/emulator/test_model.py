from __future__ import annotations

from atshell_onemo.emulator.model import MAX_RESOURCES, LwDevice, Object, Value


def test_what_register_lists():
    device = LwDevice("host", 5683, bootstrap=True, flag=1)
    device.objects = {3200: Object(3200, (0, 3)), 3: Object(3, (0,))}
    assert device.paths() == ["/1/0", "/3/0", "/3200/0", "/3200/3"]


def test_a_platform_has_a_pattern_of_names():
    device = LwDevice("host", 5683, bootstrap=True, flag=1)
    names = []
    for device.platform, device.pattern in ((0, 0), (1, 0), (3, 0), (10, 0), (1, 3)):
        names.append(device.endpoint_name("1", "2"))
    assert names == ["1;2", "1", "1", "1;2", "urn:imei:1"]


def test_a_value_declares_its_type_and_a_logout_forgets_it():
    known = Object(3200, (0,), resources=[5750])
    known.declare(Value(0, 5501, 3, b"\x01"))
    known.declare(Value(0, 5501, 4, b"\x00\x00\x00\x00"))
    assert known.resources == [5750, 5501]
    assert known.types == {(0, 5501): 4}
    known.forget()
    assert (known.resources, known.types, known.instances) == ([], {}, (0,))


def test_resources_are_bounded():
    known = Object(3200, (0,))
    for number in range(MAX_RESOURCES + 10):
        known.declare(Value(0, number, 3, b"\x01"))
    assert len(known.resources) == MAX_RESOURCES
