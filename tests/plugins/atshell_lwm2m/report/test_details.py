from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell.styled import to_plain
from atshell_lwm2m.message import Message, Resource
from atshell_lwm2m.report.details import lines


def shown(message: Message, data: bytes | None = None) -> list[str]:
    return [to_plain(line) for line in lines([(message, data)])]


def test_each_byte_with_its_meaning() -> None:
    data = bytes.fromhex("6245e4395b12c22d16ffc500616e6a6179")
    value = Resource("/3/0/0", "Manufacturer", "string", "anjay")
    message = Message(
        20, 46.217, "10.8.0.7:1", "b:5683", "udp", type="ACK", code="2.05", mid=58425, request=19, rtt=0.0003,
        operation="Read", target="/3/0/0", content_format=11542, resources=[value], endpoint="dev-1",
    )  # fmt: skip
    assert shown(message, data) == [
        "#20  1970-01-01 00:00:46.217  10.8.0.7:1 → b:5683  udp, 17 bytes",
        '     Read /3/0/0 Manufacturer = "anjay"',
        "         0  62 45 e4 39              ACK 2.05 Content, message ID 58425",
        "         4  5b 12                    token, 2 bytes",
        "         6  c2 2d 16                 Content-Format 11542  lwm2m+tlv",
        "         9  ff                       payload marker",
        '        10  c5 00 61 6e 6a 61 79     resource /3/0/0 Manufacturer = "anjay"',
        "     endpoint dev-1 · answers #19 after 0.3 ms",
    ]


def test_keys_are_not_shown() -> None:
    tlv = bytes.fromhex("c80510") + b"sixteen byte key"
    message = Message(1, 1.0, "a:5683", "b:1", "udp", type="CON", code="0.03", mid=1, content_format=11542)
    message.operation, message.target = "Bootstrap-Write", "/0/1"
    for data in (tlv, b'[{"n":"/0/1/5","vs":"sixteen byte key"}]'):
        message.payload = data.hex()
        text = "\n".join(shown(message))
        assert "byte key" not in text
        assert b"teen".hex(" ") not in text
        assert "** **" in text
        message.content_format = 110


def test_text_and_links() -> None:
    links = Message(1, 1.0, "a:1", "b:5683", "udp", type="ACK", code="2.05", mid=1, content_format=40)
    links.options, links.payload = [(12, "Content-Format", 40)], b"</3/0>,</3/0/9>;pmin=1".hex()
    assert shown(links)[-4:] == [
        "         7                           payload, 22 bytes, link-format",
        "         7  3c 2f 33 2f 30 3e 2c       </3/0>,  Device",
        "        14  3c 2f 33 2f 30 2f 39 3e    </3/0/9>;pmin=1  Battery Level",
        "        22  3b 70 6d 69 6e 3d 31",
    ]


def test_a_payload_alone_and_what_has_no_bytes() -> None:
    pasted = Message(frame=3, kind="opaque", payload="00ff41")
    assert shown(pasted)[-2:] == [
        "         0                           payload, 3 bytes, opaque",
        "         0  00 ff 41                   ··A",
    ]
    assert shown(Message(4, 1.0, "a:1", "b:5684", "dtls"), bytes(30)) == [
        "#4  1970-01-01 00:00:01.000  a:1 → b:5684  dtls, 30 bytes"
    ]


@given(st.binary(max_size=60), st.sampled_from([None, 0, 40, 110, 112, 11542, 65000]))
def test_any_bytes_can_be_shown(data: bytes, content_format: int | None) -> None:
    message = Message(1, 1.0, "a:1", "b:5683", "udp", content_format=content_format, target="/3/0")
    assert shown(message, data)
