from __future__ import annotations

from atshell.styled import to_plain
from atshell_lwm2m.message import Block, Message
from atshell_lwm2m.report.exchangelines import lines
from atshell_lwm2m.report.exchanges import exchanges


def shown(messages: list[Message]) -> list[str]:
    return [to_plain(line).rstrip() for line in lines(exchanges(messages))]


def columns(line: str) -> list[str]:
    return [part.strip() for part in line.split("  ") if part.strip()]


def test_a_line_an_exchange(story: list[Message]) -> None:
    assert [columns(line)[3:] for line in shown(story)] == [
        ["POST /rd → 2.01 Created", "Register dev-1", "lt 300", "LwM2M 1.0", "b U", "/1/0 /3/0 → /rd/5a3f", "200 ms"],
        ["GET /3/0/9 obs 0 → 2.05 Content", "Observe /3/0/9 Battery Level = 95 /100", "500 ms"],
        ["2.05 Content obs 2 → ACK", "Notify /3/0/9 Battery Level = 95 /100", "100 ms"],
        ["NON 2.05 Content obs 3", "Notify /3/0/9 Battery Level = 95 /100"],
        ["POST /rd/5a3f → 2.04 Changed", "Update lt 600", "sent 2 times", "2.3 s"],
        ["POST /rd/5a3f → 2.04 Changed", "Update", "200 ms"],
        ["GET /3/0", "Read /3/0", "no answer"],
        ["POST /rd/5a3f → 4.04 Not Found", "Update", "✗", "100 ms"],
    ]
    assert [columns(line)[2] for line in shown(story)][:5:4] == ["10.8.0.7 → 117.161.2.7", "10.9.9.9 → 117.161.2.7"]
    assert [columns(line)[0] for line in shown(story)] == ["#1", "#3", "#6", "#8", "#9", "#12", "#14", "#15"]


def test_plain_coap_and_blocks() -> None:
    asked = Message(1, 0.0, "a:1", "b:5683", "udp", type="CON", code="0.01", path="/big", query=["x=1"], response=2)
    given = Message(2, 0.1, "b:5683", "a:1", "udp", type="ACK", code="2.05", request=1, rtt=0.1, payload="00" * 64)
    given.block2 = Block(0, True, 64)
    assert shown([asked, given])[0].endswith(
        "GET /big x=1 b2 0+/64 → 2.05 Content  64 bytes                                              100 ms"
    )
