"""What clients ask, message by message, and that whatever they send leaves the server alive."""

from __future__ import annotations

import aiocoap
import cbor2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.habits import Habits


@pytest.mark.parametrize(
    ("code", "path", "query", "answer"),
    [
        ("POST", "/rd", "", "4.00"),
        ("POST", "/rd", "ep=", "4.00"),
        ("POST", "/rd", "ep=a&lt=x", "4.00"),
        ("POST", "/rd", "ep=a&lwm2m=1.2", "4.12"),
        ("POST", "/rd", "ep=a&lwm2m=1.1&b=UQ&lt=60", "2.01"),
        ("POST", "/rd/nowhere", "", "4.04"),
        ("PUT", "/rd/nowhere", "", "4.04"),
        ("DELETE", "/rd/nowhere", "", "4.04"),
        ("GET", "/rd", "", "4.05"),
        ("FETCH", "/rd", "", "4.05"),
        ("POST", "/dp", "", "4.04"),
        ("GET", "/dp", "", "4.05"),
        ("POST", "/bs", "ep=a", "2.04"),
        ("POST", "/bs", "", "4.00"),
        ("GET", "/bs", "ep=a", "4.05"),
        ("GET", "/bspack", "ep=a", "2.05"),
        ("POST", "/bspack", "ep=a", "4.05"),
        ("GET", "/.well-known/core", "", "2.05"),
        ("GET", "/other", "", "4.04"),
        ("POST", "", "", "4.04"),
    ],
)
def test_routes(stage, code, path, query, answer):
    async def act(on):
        peer = await on.peer()
        reply = await peer.ask(code, path, query)
        assert reply.code.dotted == answer
        if not answer.startswith("2"):
            assert reply.payload.decode().isprintable()
            assert reply.opt.content_format == 0

    stage(act)


def test_sends(stage):
    """LwM2M 1.1 core section 6.4.6; the pack is RFC 8428's labels written by hand."""

    async def act(on):
        peer = await on.registered("ep=one&lt=60&lwm2m=1.1")
        pack = b"\x82\xa2\x00\x6c/3303/0/5700\x02\xf9\x4d\x20\xa2\x00\x66/3/0/9\x02\x18\x5f"
        assert (await peer.ask("POST", "/dp", "", pack, content_format=112)).code.dotted == "2.04"
        (described,) = (await on.platform.operate(["clients"]))["clients"]
        assert described["values"] == {"/3303/0/5700": 20.5, "/3/0/9": 95}
        assert described["notifications"][0]["operation"] == "Send"
        for payload, form, code in (
            (b"[]", 110, "4.00"),
            (b"x", 110, "4.00"),
            (b"", 110, "4.00"),
            (b'[{"n":"/4/0/1","v":1}]', 110, "4.04"),
            (b'[{"n":"/3/0","v":1}]', 110, "4.04"),
            (b"\xc1\x09\x5f", 11542, "4.15"),
            (b"5", None, "4.15"),
        ):
            assert (await peer.ask("POST", "/dp", "", payload, content_format=form)).code.dotted == code

    stage(act)


def test_a_pack_by_another_implementation(stage):
    """LwM2M 1.2 core section 6.1.7.4."""

    async def act(on):
        peer = await on.peer()
        reply = await peer.ask("GET", "/bspack", "ep=one")
        records = {record[0]: record for record in cbor2.loads(reply.payload)}
        assert reply.opt.content_format == 112
        assert records["/0/1/0"][3].startswith("coap://192.0.2.2:")
        assert records["/1/0/1"][2] == 86400
        assert (await peer.ask("GET", "/bspack", "ep=one", accept=110)).opt.content_format == 110
        assert (await peer.ask("GET", "/bspack", "ep=one", accept=11542)).code.dotted == "4.06"

    stage(act)


def test_a_bootstrap_of_a_1_1_client(stage, until):
    async def act(on):
        peer = await on.peer()
        assert (await peer.ask("POST", "/bs", "ep=one&pct=110")).code.dotted == "2.04"
        looked = await peer.answer("4.05")
        assert (looked.opt.accept, looked.opt.uri_path) == (40, ())
        assert (await peer.answer("2.05", b"[]", content_format=110)).opt.uri_path == ("1",)
        asked = [await peer.answer(code) for code in ("2.02", "2.04", "2.04", "2.04")]
        assert [(one.code.name, one.opt.uri_path, one.opt.content_format) for one in asked] == [
            ("DELETE", (), None),
            ("PUT", ("0", "1"), 110),
            ("PUT", ("1", "0"), 110),
            ("POST", ("bs",), None),
        ]
        await until(lambda: len(on.platform.bootstraps) == 6)
        steps = (await on.platform.operate(["clients"]))["bootstraps"]
        assert [(one["operation"].partition("-")[2], one.get("code")) for one in steps] == [
            ("Discover", "4.05"),
            ("Read", "2.05"),
            ("Delete", "2.02"),
            ("Write", "2.04"),
            ("Write", "2.04"),
            ("Finish", "2.04"),
        ]

    stage(act)


def test_options_that_must_be_understood(stage):
    """RFC 7252 sections 5.4.1 and 5.10.2."""

    async def act(on):
        peer = await on.peer()
        assert (await peer.ask("POST", "/rd", "ep=a", proxy_uri="coap://h")).code.dotted == "5.05"
        assert (await peer.ask("POST", "/rd", "ep=a", if_none_match=True)).code.dotted == "4.02"
        message = aiocoap.Message(code=aiocoap.POST, payload=b"")
        message.mtype, message.mid, message.token = aiocoap.CON, 7, b""
        raw = bytearray(message.encode())
        # Option 65001, critical, of no bytes.
        peer.wire.send(bytes(raw) + b"\xe0" + (65001 - 269).to_bytes(2, "big"), peer.server)
        assert (await peer.hear()).code.dotted == "4.02"

    stage(act)


MESSAGES = st.builds(
    lambda kind, code, mid, token, options, payload: (
        bytes((0x40 | kind << 4 | len(token), code)) + mid.to_bytes(2, "big") + token + options + payload
    ),
    st.integers(0, 3),
    st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 0x45, 0x5F, 0x80, 0xE1, 0x22]),
    st.integers(0, 20),
    st.binary(max_size=8),
    st.sampled_from(
        [
            b"\xb2rd",
            b"\xb2rd\x44ep=a",
            b"\xb2rd\x44ep=a\x05lt=60",
            b"\xb2rd\x01x",
            b"\xb2dp\x11\x70",
            b"\xb2bs\x44ep=a",
            b"\x61\x00\xd1\x04\x08",
            b"\xb2rd\xd1\x03\x0e",
            b"\xb2rd\xd1\x03\xff",
        ]
    )
    | st.binary(max_size=12),
    st.just(b"") | st.binary(max_size=40).map(lambda payload: b"\xff" + payload) | st.just(b"\xff</3/0>,</3303/0>"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(datagrams=st.lists(MESSAGES | st.binary(max_size=40), max_size=25))
def test_any_datagrams_leave_the_server_alive(stage, datagrams):
    async def act(on):
        stranger = await on.peer()
        for data in datagrams:
            stranger.wire.send(data, stranger.server)
        peer = await on.registered("ep=healthy&lt=60", b"</3/0>")
        assert (await peer.ask("POST", peer.location, mid=65000)).code.dotted == "2.04"
        names = [one["endpoint"] for one in (await on.platform.operate(["clients"]))["clients"]]
        assert "healthy" in names

    stage(act, Habits(observe=True, discover=False, bootstrap=True))
