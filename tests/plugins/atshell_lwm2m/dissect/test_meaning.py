from __future__ import annotations

from collections.abc import Callable

from aiocoap.optiontypes import BlockOption

from atshell_lwm2m.message import Message, to_json

Say = Callable[..., bytes]
Listen = Callable[..., list[Message]]
Talk = list[tuple[str, bytes]]
TLV = 11542


def told(found: list[Message]) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.operation, one.endpoint, one.target) for one in found]


def test_a_registration_s_life(say: Say, listen: Listen, registered: Talk) -> None:
    found = listen(
        [
            *registered,
            (">", say("CON", "0.02", 2, b"u", uri_path=("rd", "5a3f"), uri_query=("lt=60",))),
            ("<", say("ACK", "2.04", 2, b"u")),
            (">", say("CON", "0.04", 3, b"d", uri_path=("rd", "5a3f"))),
            ("<", say("ACK", "2.02", 3, b"d")),
            (">", say("CON", "0.02", 4, b"u", uri_path=("rd", "5a3f"))),
            ("<", say("ACK", "4.04", 4, b"u")),
        ]
    )
    assert told(found) == [
        *[("Register", "dev-1", None)] * 2,
        *[("Update", "dev-1", None)] * 2,
        *[("De-register", "dev-1", None)] * 2,
        *[("Update", None, None)] * 2,
    ]
    given = found[0].registration
    assert given is not None
    assert (given.ep, given.lt, given.lwm2m, given.b, given.location) == ("dev-1", 300, "1.0", "U", None)
    assert given.objects == ["/1/0", "/3200/0"]
    assert found[1].registration is not None
    assert found[1].registration.location == "/rd/5a3f"
    assert found[2].registration is not None
    assert (found[2].registration.location, found[2].registration.lt) == ("/rd/5a3f", 60)


def test_the_root_path_is_no_part_of_the_target(say: Say, listen: Listen, registered: Talk) -> None:
    found = listen([*registered, ("<", say("CON", "0.01", 9, b"g", uri_path=("lwm2m", "3200", "0", "5750")))])
    assert found[2].path == "/lwm2m/3200/0/5750"
    assert told(found)[2] == ("Read", "dev-1", "/3200/0/5750")


def test_a_bootstrap_pack_names_its_values(say: Say, listen: Listen) -> None:
    """LwM2M 1.2 core section 6.1.5: the answer holds the accounts."""
    pack = b'[{"bn":"/0/0/","n":"0","vs":"coap://x"},{"n":"1","vb":false}]'
    found = listen(
        [
            (">", say("CON", "0.01", 1, b"p", uri_path=("bspack",), uri_query=("ep=dev-1",), accept=110)),
            ("<", say("ACK", "2.05", 1, b"p", pack, content_format=110)),
        ]
    )
    assert told(found) == [("Bootstrap-Pack-Request", None, None)] * 2
    assert [(r.path, r.value) for r in found[1].resources] == [("/0/0/0", "coap://x"), ("/0/0/1", False)]


def test_observe_notify_cancel(say: Say, listen: Listen, registered: Talk) -> None:
    watch = {"uri_path": ("3200", "0"), "accept": TLV}
    value = b"\xe4\x16\x76abcd"
    found = listen(
        [
            *registered,
            ("<", say("CON", "0.01", 20, b"o", observe=0, **watch)),
            (">", say("ACK", "2.05", 20, b"o", value, observe=1, content_format=TLV)),
            (">", say("NON", "2.05", 50, b"o", value, observe=2, content_format=TLV)),
            (">", say("CON", "2.05", 51, b"o", value, observe=3)),
            ("<", say("ACK", "0.00", 51)),
            ("<", say("CON", "0.01", 21, b"o", observe=1, **watch)),
            (">", say("ACK", "2.05", 21, b"o", value, content_format=TLV)),
        ]
    )
    operations = ["Observe", "Observe", "Notify", "Notify", "Notify", "Cancel-Observation", "Cancel-Observation"]
    assert told(found)[2:] == [(operation, "dev-1", "/3200/0") for operation in operations]
    assert [one.request for one in found[2:]] == [None, 3, 3, 3, 6, None, 8]
    for one in (found[3], found[4], found[5]):
        assert [(r.path, r.name, r.type, r.value) for r in one.resources] == [
            ("/3200/0/5750", "Application Type", "string", "abcd")
        ]
    assert [note.id for note in found[5].expert] == ["content-format-missing"]


def test_a_reset_cancels(say: Say, listen: Listen, registered: Talk) -> None:
    found = listen(
        [
            *registered,
            ("<", say("CON", "0.01", 20, b"o", uri_path=("3200", "0", "5750"), observe=0)),
            (">", say("ACK", "2.05", 20, b"o", b"a", observe=1, content_format=0)),
            (">", say("NON", "2.05", 50, b"o", b"b", observe=2, content_format=0)),
            ("<", say("RST", "0.00", 50)),
            (">", say("NON", "2.05", 52, b"o", b"c", observe=3, content_format=0)),
        ]
    )
    assert told(found)[4:] == [
        ("Notify", "dev-1", "/3200/0/5750"),
        ("Cancel-Observation", "dev-1", "/3200/0/5750"),
        ("Notify", "dev-1", None),
    ]


def test_another_address_with_the_same_registration(say: Say, listen: Listen, registered: Talk) -> None:
    found = listen(
        [
            *registered,
            ("<", say("CON", "0.01", 20, b"o", uri_path=("3200", "0", "5750"), observe=0)),
            (">", say("ACK", "2.05", 20, b"o", b"a", observe=1, content_format=0)),
            ("}", say("CON", "0.02", 60, b"u", uri_path=("rd", "5a3f"))),
            ("{", say("ACK", "2.04", 60, b"u")),
            ("}", say("NON", "2.05", 61, b"o", b"b", observe=2, content_format=0)),
            ("{", say("CON", "0.01", 21, b"g", uri_path=("3", "0", "9"))),
        ]
    )
    assert told(found)[4:] == [
        ("Update", "dev-1", None),
        ("Update", "dev-1", None),
        ("Notify", "dev-1", "/3200/0/5750"),
        ("Read", "dev-1", "/3/0/9"),
    ]


def test_create_learns_its_instance_from_the_answer(say: Say, listen: Listen, registered: Talk) -> None:
    found = listen(
        [
            *registered,
            ("<", say("CON", "0.02", 20, b"c", b"\xc1\x01\x2a", uri_path=("31024",), content_format=TLV)),
            (">", say("ACK", "2.01", 20, b"c", location_path=("31024", "7"))),
        ]
    )
    assert told(found)[2:] == [("Create", "dev-1", "/31024")] * 2
    assert [one.path for one in found[2].resources] == ["/31024/7/1"]


def test_bootstrap(say: Say, listen: Listen) -> None:
    found = listen(
        [
            (">", say("CON", "0.02", 1, b"b", uri_path=("bs",), uri_query=("ep=dev-1",))),
            ("<", say("ACK", "2.04", 1, b"b")),
            ("<", say("CON", "0.04", 2, b"1", uri_path=("0",))),
            ("<", say("CON", "0.01", 3, b"2", accept=40)),
            ("<", say("CON", "0.01", 4, b"3", uri_path=("1",), accept=TLV)),
            ("<", say("CON", "0.03", 5, b"4", b"\xc1\x0a\x01", uri_path=("0", "1"), content_format=TLV)),
            ("<", say("CON", "0.02", 6, b"5", uri_path=("bs",))),
            (">", say("ACK", "2.04", 6, b"5")),
        ]
    )
    assert told(found) == [
        ("Bootstrap-Request", "dev-1", None),
        ("Bootstrap-Request", "dev-1", None),
        ("Bootstrap-Delete", "dev-1", "/0"),
        ("Bootstrap-Discover", "dev-1", "/"),
        ("Bootstrap-Read", "dev-1", "/1"),
        ("Bootstrap-Write", "dev-1", "/0/1"),
        ("Bootstrap-Finish", "dev-1", None),
        ("Bootstrap-Finish", "dev-1", None),
    ]


def test_a_registration_with_malformed_links(say: Say, listen: Listen) -> None:
    """What stands in front of the fault was announced, and the mistake is named."""
    query = {"uri_path": ("rd",), "uri_query": ("ep=dev-1",), "content_format": 40}
    (found,) = listen([(">", say("CON", "0.02", 1, b"a", b"</1/0>,</3/0>,", **query))])
    assert found.registration is not None
    assert (found.registration.ep, found.registration.objects) == ("dev-1", ["/1/0", "/3/0"])
    assert found.error == "link format: a link begins with '<' and its target ends with '>' at byte 14 of the payload"
    assert [note.id for note in found.expert] == ["link-comma"]


def test_blocks_of_a_registration_and_of_a_read(say: Say, listen: Listen) -> None:
    links = b",".join(b"</%d/0>" % number for number in range(1, 20))
    register = {"uri_path": ("rd",), "uri_query": ("ep=dev-1", "lt=9"), "content_format": 40}
    body = b"\xc8\x00\x28" + b"m" * 40
    read = {"uri_path": ("3", "0"), "accept": TLV}
    found = listen(
        [
            (">", say("CON", "0.02", 1, b"a", links[:64], block1=BlockOption.BlockwiseTuple(0, True, 2), **register)),
            ("<", say("ACK", "2.31", 1, b"a", block1=BlockOption.BlockwiseTuple(0, True, 2))),
            (
                ">",
                say("CON", "0.02", 2, b"b", links[64:128], block1=BlockOption.BlockwiseTuple(1, True, 2), **register),
            ),
            ("<", say("ACK", "2.31", 2, b"b", block1=BlockOption.BlockwiseTuple(1, True, 2))),
            (">", say("CON", "0.02", 3, b"c", links[128:], block1=BlockOption.BlockwiseTuple(2, False, 2), **register)),
            (
                "<",
                say("ACK", "2.01", 3, b"c", location_path=("rd", "7"), block1=BlockOption.BlockwiseTuple(2, False, 2)),
            ),
            ("<", say("CON", "0.01", 9, b"d", **read)),
            (
                ">",
                say(
                    "ACK", "2.05", 9, b"d", body[:32], block2=BlockOption.BlockwiseTuple(0, True, 1), content_format=TLV
                ),
            ),
            ("<", say("CON", "0.01", 10, b"e", block2=BlockOption.BlockwiseTuple(1, False, 1), **read)),
            (
                ">",
                say(
                    "ACK",
                    "2.05",
                    10,
                    b"e",
                    body[32:],
                    block2=BlockOption.BlockwiseTuple(1, False, 1),
                    content_format=TLV,
                ),
            ),
        ]
    )
    assert {one.operation for one in found[:6]} == {"Register"}
    assert found[4].body == links.hex()
    assert found[4].registration is not None
    assert len(found[4].registration.objects) == 19
    assert {(one.operation, one.target, one.endpoint) for one in found[6:]} == {("Read", "/3/0", "dev-1")}
    assert found[7].resources == []
    assert found[9].body == body.hex()
    assert found[9].resources[0].value == "m" * 40


def test_what_is_not_lwm2m_has_no_operation(say: Say, listen: Listen) -> None:
    found = listen(
        [
            (">", say("CON", "0.01", 1, b"a", uri_path=("temperature",), observe=0)),
            ("<", say("ACK", "2.05", 1, b"a", b"5", observe=1)),
            ("<", say("CON", "2.05", 9, b"a", b"6", observe=2)),
            (">", say("CON", "0.05", 2, b"b", b"x")),
            (">", say("CON", "0.01", 3, b"c")),
        ]
    )
    assert {one.operation for one in found} == {None}
    assert found[2].request == 1


def test_a_payload_that_is_malformed(say: Say, listen: Listen, registered: Talk) -> None:
    found = listen(
        [
            *registered,
            ("<", say("CON", "0.01", 20, b"g", uri_path=("3", "0"), accept=TLV)),
            (">", say("ACK", "2.05", 20, b"g", b"\xc8\x00\xff", content_format=TLV)),
        ]
    )
    assert found[3].error == "TLV: a TLV length of 255 where 0 bytes are left at byte 0 of the payload"
    assert found[3].target == "/3/0"


def test_queue_mode_of_1_1(say: Say, listen: Listen) -> None:
    """On the Register, on its answer, and on an Update that says so again."""
    query = ("ep=dev-1", "lt=300", "lwm2m=1.1", "b=U", "Q")
    talk = [
        (">", say("CON", "0.02", 1, b"r", b"</1/0>", uri_path=("rd",), uri_query=query, content_format=40)),
        ("<", say("ACK", "2.01", 1, b"r", location_path=("rd", "5a3f"))),
        (">", say("CON", "0.02", 2, b"u", uri_path=("rd", "5a3f"), uri_query=("b=U", "Q"))),
        (">", say("CON", "0.02", 3, b"v", uri_path=("rd", "5a3f"), uri_query=("b=U",))),
    ]
    asked, answered, updated, other = listen(talk)
    given = [one.registration for one in (asked, answered, updated, other)]
    assert [one and one.queue for one in given] == [True, True, True, None]
    assert b'"objects":["/1/0"],"queue":true}' in to_json(asked)
    assert b"queue" not in to_json(other)
