"""What Wireshark's programs print and take is checked in ``test_reader``; here what else there is."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.hexdump import bare, is_hexdump, packets
from atshell_lwm2m.capture.window import Window
from atshell_lwm2m.codec.errors import Malformed

REQUEST = bytes.fromhex("4e0112347a97f3010c00a5b1c2d3e4f5b3666f6f")


def read(text: str) -> tuple[list[bytes], list[str]]:
    """The datagrams, without the headers that they were given."""
    warnings: list[str] = []
    found = [data[28:] for _, _, data, _ in packets(Window(io.BytesIO(text.encode())), warnings.append)]
    return found, warnings


DUMPS = {
    "xxd": """\
00000000: 4e01 1234 7a97 f301 0c00 a5b1 c2d3 e4f5  N..4z...........
00000010: b366 6f6f                                .foo
""",
    "xxd -g1": """\
00000000: 4e 01 12 34 7a 97 f3 01 0c 00 a5 b1 c2 d3 e4 f5  N..4z...........
00000010: b3 66 6f 6f                                      ab cd
""",
    "hexdump -C": """\
00000000  4e 01 12 34 7a 97 f3 01  0c 00 a5 b1 c2 d3 e4 f5  |N..4z...........|
00000010  b3 66 6f 6f                                       |.foo|
00000014
""",
    "od -Ax -tx1": """\
000000 4e 01 12 34 7a 97 f3 01 0c 00 a5 b1 c2 d3 e4 f5
000010 b3 66 6f 6f
000014
""",
    "od -tx1": """\
0000000 4e 01 12 34 7a 97 f3 01 0c 00 a5 b1 c2 d3 e4 f5
0000020 b3 66 6f 6f
0000024
""",
    "od -Ad -tx1": """\
0000000 4e 01 12 34 7a 97 f3 01 0c 00 a5 b1 c2 d3 e4 f5
0000016 b3 66 6f 6f
0000020
""",
    "od -tx1 -w8": """\
0000000 4e 01 12 34 7a 97 f3 01
0000010 0c 00 a5 b1 c2 d3 e4 f5
0000020 b3 66 6f 6f
0000024
""",
    "od -Ax -tx1z": """\
000000 4e 01 12 34 7a 97 f3 01 0c 00 a5 b1 c2 d3 e4 f5  >N..4z...........<
000010 b3 66 6f 6f                                      >.foo<
000014
""",
    "tcpdump -x": """\
22:13:20.123456 IP 10.0.0.1.40000 > 10.0.0.2.5683: UDP, length 20
\t0x0000:  4e01 1234 7a97 f301 0c00 a5b1 c2d3 e4f5
\t0x0010:  b366 6f6f
""",
    "a mail": """\
> 0000 4e 01 12 34 7a 97 f3 01 0c 00 a5 b1 c2 d3 e4 f5
> 0010 b3 66 6f 6f
""",
    "one line": "0000 4e01 1234 7a97 f301 0c00 a5b1 c2d3 e4f5 b366 6f6f\n",
    "no line end": "0000 4e 01 12 34 7a 97 f3 01 0c 00 a5 b1 c2 d3 e4 f5 b3 66 6f 6f",
    "what looks like bytes beside": """\
0000 4e 01 12 34 7a 97 f3 01  ab cd
0008 0c 00 a5 b1 c2 d3 e4 f5  ab cd
0010 b3 66 6f 6f
""",
}


@pytest.mark.parametrize("name", DUMPS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_dumps(name: str, ending: str) -> None:
    text = DUMPS[name].replace("\n", ending)
    assert is_hexdump(Window(io.BytesIO(text.encode())))
    assert read(text) == ([REQUEST], [])
    assert read(text + ending + text) == ([REQUEST, REQUEST], [])


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ["hexdump -C", "tcpdump -x"])
def test_as_windows_saves_text(name: str, coding: str) -> None:
    """PowerShell's ``tshark -x > dump.txt`` is UTF-16 with a byte-order mark."""
    text = DUMPS[name].replace("\n", "\r\n")
    data = (("\ufeff" if coding == "utf-16-be" else "") + text + "\r\n" + text).encode(coding)
    assert is_hexdump(Window(io.BytesIO(data)))
    found = [data[28:] for _, _, data, _ in packets(Window(io.BytesIO(data)), lambda _: None)]
    assert found == [REQUEST, REQUEST]


def test_an_offset_that_fits_in_no_base() -> None:
    text = "0000 40 01\n0009 00 01\n0000 40 01\n000a 00 01\n"
    assert read(text)[0] == []


SWAPPED = {
    "hexdump": "0000000 014e 3412 977a 01f3 000c b1a5 d3c2 f5e4\n0000010 66b3 6f6f\n0000014\n",
    "hexdump -x": "0000000    014e    3412    977a    01f3\n0000008    000c    b1a5    d3c2    f5e4\n",
    "od -x": "0000000 014e 3412 977a 01f3 000c b1a5 d3c2 f5e4\n0000020 66b3 6f6f\n0000024\n",
    "a frame": "0000000 0000 0000 0000 0000 0000 0000 0008 0045\n0000010 3300 ecce 0040 1140 cb6d 007f 0100 007f\n",
}


@pytest.mark.parametrize("program", SWAPPED)
def test_words_in_the_hosts_order_are_told(program: str) -> None:
    found, warnings = read(SWAPPED[program])
    assert found == []
    assert len(warnings) == 1
    assert warnings[0].startswith("line 1: words of two bytes in the host's order (")
    with pytest.raises(Malformed, match="hexdump -C"):
        bare(SWAPPED[program].encode())


def test_words_in_their_own_order() -> None:
    assert read("0000000 4e01 1234 7a97 f301 0c00 a5b1 c2d3 e4f5\n0000020 b366 6f6f\n0000024\n") == ([REQUEST], [])


def test_comments_and_text_between() -> None:
    text = "#TEXT2PCAP I 2001-01-01 00:00:00\nhello\n0000 40 01\n0002 00 01\nworld\n0000 40 01 00 02\n"
    assert read(text) == ([b"\x40\x01\0\1", b"\x40\x01\0\2"], [])


def test_a_number_in_a_list_is_no_offset() -> None:
    text = "  100 2023-11-14 22:13:20.5 10.0.0.1 -> 10.0.0.2 CoAP\n\n0000 40 01 00 01\n"
    assert [time for time, *_ in packets(Window(io.BytesIO(text.encode())), print)] == [1_700_000_000_500_000_000]


def test_views_of_one_packet() -> None:
    text = """\
Frame (6 bytes):
0000  40 01 00 01 aa bb   @.....
Decrypted DTLS (4 bytes):
0000  40 01 00 02         @...

0000  40 01 00 03         @...
"""
    assert read(text) == ([b"\x40\1\0\1\xaa\xbb", b"\x40\1\0\3"], [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0000 40 01 00 01\n0008 aa\n\n0000 40 02 00 01\n", "line 2: the offset does not follow"),
        ("0000 40 01 00 01\n0004 aa\n0002 bb\n\n0000 40 02 00 01\n", "line 3: the offset does not follow"),
        ("0000 40 01 00 01\n*\n0020 aa\n\n0000 40 02 00 01\n", "line 2: a * for lines that were left out"),
    ],
)
def test_a_bad_packet_is_left_out(text: str, why: str) -> None:
    found, warnings = read(text)
    assert found == [b"\x40\x02\x00\x01"]
    assert len(warnings) == 1
    assert warnings[0].startswith(why)


@pytest.mark.parametrize(
    "text",
    ["", "hello world", "0010 40 01", '{"format": "atshell-transcript"}', "AT+CSQ\r\n\r\n+CSQ: 20,99", "1000 2000"],
)
def test_what_is_none(text: str) -> None:
    assert not is_hexdump(Window(io.BytesIO(text.encode())))
    assert read(text) == ([], [])


def test_binary_data_is_none() -> None:
    assert not is_hexdump(Window(io.BytesIO(b"\n0000 40 01 00 01\n\0")))


@pytest.mark.parametrize("line", ["0", "0 ", "0000 ", "40", "40 ", "\n", "0000 40\n", "x\n", "Frame (4 bytes):\n"])
def test_time_is_linear(line: str) -> None:
    """Much in one line, or in many."""
    before = time.process_time()
    found, warnings = read("0000 40 01 00 01\n\n" + line * (600_000 // len(line)) + "\n0000 40 02 00 01\n")
    assert time.process_time() - before < 4
    assert found[0] == b"\x40\1\0\1"
    assert found[-1] == b"\x40\2\0\1"
    assert len(warnings) <= 1


@given(st.text(alphabet="0123456789abcdefx \t\n\r:>-*I", max_size=200))
@settings(max_examples=300)
def test_any_text(text: str) -> None:
    read(text)
    is_hexdump(Window(io.BytesIO(text.encode())))
