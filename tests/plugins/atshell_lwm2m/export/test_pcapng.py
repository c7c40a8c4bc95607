from __future__ import annotations

from pathlib import Path

from scapy.utils import RawPcapNgReader

from atshell.hooks import DecodeOptions
from atshell_lwm2m.analyzer import LwM2mAnalyzer, messages
from atshell_lwm2m.export.pcapng import comment, pcapng
from atshell_lwm2m.message import Message

CAPTURES = Path(__file__).parent.parent / "captures"
ANJAY = CAPTURES / "anjay_nosec_lwm2m10.pcap"


def written(target: Path, captures: list[Path], text: str) -> Path:
    exported = LwM2mAnalyzer().export(captures, DecodeOptions(filter=text), "pcapng")
    target.write_bytes(b"".join(exported.pieces))
    return target


def test_what_is_written_reads_as_what_was_read(tmp_path: Path) -> None:
    for path in sorted(CAPTURES.glob("*.pcap")):
        again = list(messages([written(tmp_path / "x.pcapng", [path], "")]))
        before = list(messages([path]))
        assert [(m.time, m.src, m.mid, m.payload, m.operation) for m in again] == [
            (m.time, m.src, m.mid, m.payload, m.operation) for m in before
        ]


def test_another_reader_shows_the_comments(tmp_path: Path) -> None:
    """Two link types in one file, read by scapy."""
    other = CAPTURES / "linktype_113_linux_sll.pcap"
    target = written(tmp_path / "x.pcapng", [ANJAY, other], "retransmission or frame == 1")
    with RawPcapNgReader(str(target)) as reader:
        found = [metadata for _, metadata in reader]
    # Newer scapy gives a list of them.
    comments = [getattr(one, "comments", None) or [one.comment] for one in found]
    assert [one.linktype for one in found] == [1, 1, 1, 1, 1, 113]
    assert comments[1] == [b"anjay_nosec_lwm2m10.pcap #88 Read /0  retransmission of #61, answered by #62"]
    assert comments[5][0].startswith(b"linktype_113_linux_sll.pcap #1 Register urn:dev:os:anjay-0001")


def test_comments() -> None:
    message = Message(41, 1.0, "a:1", "b:5683", "udp", "x/a.pcap", type="NON", code="2.05", operation="Notify")
    message.target, message.request, message.rtt = "/3/0\n\x1b[31m", 40, 0.187
    assert comment(message) == "a.pcap #41 Notify /3/0\\x0a\\x1b[31m, 187 ms after #40"
    assert comment(Message(1, 1.0, type="CON", code="0.00")) == "#1 CON ping"


def test_a_long_comment_ends_inside_no_character() -> None:
    capture = [(ANJAY, [Message(1, error="啊" * 9000)])]
    data = b"".join(pcapng(capture, lambda _: True))
    assert "啊啊".encode() in data
    assert len(data) < 6000
