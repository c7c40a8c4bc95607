"""One payload, as each tool and language writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.notation import bytes_of

PAYLOAD = bytes.fromhex("e41676616263640000000000000000000a27")

PASTED = {
    "digits": "e41676616263640000000000000000000a27",
    "blanks": "E4 16 76 61 62 63 64 00 00 00 00 00 00 00 00 00 0A 27",
    "words": "e4167661 62636400 00000000 00000000 0a27",
    "colons": "e4:16:76:61:62:63:64:00:00:00:00:00:00:00:00:00:0a:27",
    "quoted": '"E41676616263640000000000000000000A27"',
    "CBOR's notation": "h'e4167661626364 0000000000000000 000a27'",
    "escapes": "\\xe4\\x16\\x76\\x61\\x62\\x63\\x64" + "\\x00" * 9 + "\\x0a\\x27",
    "Wireshark, escaped string": '"\\xe4\\x16\\x76\\x61\\x62\\x63\\x64\\x00\\x00" \\\n"' + "\\x00" * 7 + '\\x0a\\x27"',
    "Python's repr": 'b"\\xe4\\x16vabcd' + "\\x00" * 9 + "\\n'\"",
    "a string of C": 'const char p[] = "\\xe4\\x16vabcd" "' + "\\x00" * 9 + "\\n'\";",
    "Wireshark, C array": """\
/* Frame (18 bytes) */
static const unsigned char pkt1[18] = {
0xe4, 0x16, 0x76, 0x61, 0x62, 0x63, 0x64, 0x00, /* ..vabcd. */
0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* ........ */
0x0a, 0x27                                      /* .' */
};
""",
    "an initializer": "{0xe4,0x16,0x76,0x61,0x62,0x63,0x64,0,0,0,0,0,0,0,0,0,0xA,0x27}",
    "decimal": "[228, 22, 118, 97, 98, 99, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 39]",
    "Java's bytes": "[-28, 22, 118, 97, 98, 99, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 39]",
    "Rust's {:02x?}": "[e4, 16, 76, 61, 62, 63, 64, 00, 00, 00, 00, 00, 00, 00, 00, 00, 0a, 27]",
    "Rust, with its type": "let p: [u8; 18] = [0xe4, 22, 118, 97, 98, 99, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 39];",
    "Java, with casts": "byte[] p = {(byte)0xe4, 22, 118, 97, 98, 99, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, (byte) 39};",
    "Python's bytes": "bytes([228, 22, 118, 97, 98, 99, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 39])",
    "Wireshark, hex + ASCII dump": """\
0000   e4 16 76 61 62 63 64 00 00 00 00 00 00 00 00 00   ..vabcd.........
0010   0a 27                                             .'
""",
    "Wireshark, hex dump": "0000   e4 16 76 61 62 63 64 00 00 00 00 00 00 00 00 00\n0010   0a 27",
    "xxd": "00000000: e416 7661 6263 6400 0000 0000 0000 0000  ..vabcd.........\n00000010: 0a27                .'\n",
    "tcpdump": "\t0x0000:  e416 7661 6263 6400 0000 0000 0000 0000\n\t0x0010:  0a27",
    "od": "0000000 e4 16 76 61 62 63 64 00 00 00 00 00 00 00 00 00\n0000020 0a 27\n0000022\n",
}


@pytest.mark.parametrize("name", PASTED)
def test_each_way_to_write_it(name: str) -> None:
    assert bytes_of(PASTED[name]) == PAYLOAD


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("0000  e4 16 76 61", "e4167661"),
        ("0000: e416 7661  ..va", "e4167661"),
        # A payload that begins with zeros is no dump.
        ("0000 e416 7661", "0000e4167661"),
        ("00 00 e4 16", "0000e416"),
        ("00000000", "00000000"),
        ("0x00, 0x01", "0001"),
        ("", ""),
    ],
)
def test_offsets_and_zeros(text: str, data: str) -> None:
    assert bytes_of(text).hex() == data


@pytest.mark.parametrize("text", ['[{"bn":"/3/0/","n":"9","v":1}]', '{"e":[]}', "</1/0>,</3/0>", "[{'n':'/3/0/9'}]"])
def test_what_is_a_payload_as_it_stands(text: str) -> None:
    assert bytes_of(f" {text}\n") == text.encode()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("zz", "'z' is no hexadecimal digit at byte 0"),
        ("e41", "an odd number of hexadecimal digits at byte 1"),
        ("{0xe4, 0x1616}", "'0x1616' is no byte at byte 1"),
        ("[228, 256]", "'256' is no byte at byte 1"),
        ("[228, 007]", "'007' is no byte at byte 1"),
        ("{}", "'{' is no hexadecimal digit at byte 0"),
    ],
)
def test_what_is_wrong(text: str, what: str) -> None:
    with pytest.raises(Malformed) as caught:
        bytes_of(text)
    assert str(caught.value) == what


@given(st.text(alphabet="0123456789aAfFxXhb\\[]{}()<>'\",;:-/*= \t\nn", max_size=60))
def test_any_text(text: str) -> None:
    try:
        bytes_of(text)
    except Malformed:
        return


@pytest.mark.parametrize("piece", ["[", "{", "[a]", "/*", "\\", "\\x", '"', "0000 ", "0000 00\n", "= ", "(", "0x"])
def test_long_text_takes_no_longer(piece: str) -> None:
    test_any_text.hypothesis.inner_test(piece * 30_000 + "!")  # type: ignore[attr-defined]
