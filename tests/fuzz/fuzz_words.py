"""What means something in a format: bytes that change how what is behind them is read, and numbers at their limits."""

from __future__ import annotations


def _bytes(text: str) -> tuple[bytes, ...]:
    return tuple(map(bytes.fromhex, text.split()))


def _words(text: str) -> tuple[bytes, ...]:
    """``_`` stands for a blank."""
    return tuple(word.replace("_", " ").encode() for word in text.split())


COAP = _bytes("ff dd ee f0 0f e0ffff d0ff 0effff b0 60 d1 c22d16 c10a d17f 6000 b2 1f")
TLV = _bytes("c8 d0 d8 e8 08 88 18 c0 80 1800ffffff 38ffff000001 e0 410001")
CBOR = _bytes(
    "9affffffff baffffffff 9f bf ff fb7ff0000000000000 3b f97e00 c249010000000000000000 5bffffffff d840 1b 20 f6"
)
CBOR += (b"\x1b" + b"\xff" * 8, b"\x81" * 40, b"\xd8\x40" * 20)
DTLS = _bytes("16fefd 17fefd 14fefd 15fefd 19fefd 16feff 2f00 0036 0017 0016 0000000000 010000 c0a8 c0ae 00ae")
CAPTURE = _bytes(
    "d4c3b2a1 0a0d0d0a 4d3c2b1a 1f8b 06000000 03000000 0b000000 00000080 4500 6000 8100 2c00 090001ff 86dd 0800"
)
JSON = _words(
    r'[ ] { } " , : null true false 1e999 -0 "\ud800" "n": "bn":"/3/0/" "v": "vs": "vd": "vb": "t": "e": "bu":'
)
JSON += (b"9" * 400, b'"bt":1e300', b'"bv":1e308', b'"bver":11', b'"x_":1', b"[" * 40, b"\\u0000")
TEXT = (*_words("nan -inf 1e308 0x + 1:1 65536:65536 "), b"\xd9\xa3", b"\0", b"\x1b[31m", b"\xe2\x80\xae", b"\xc2\x9b")
LINK = _words(r'< > ; = " , \ rt="oma.lwm2m" </ ;ver=1.1 ;ct=11543 </1/0>')
XML = _words(
    "<!DOCTYPE_a_[<!ENTITY_b_'c'>]> &amp; <![CDATA[ <Item_ID='1'> </Item> &#x0; <ObjectID> ]]> id_= [[objects]]"
)
AT = _words('AT + = ? =? " ; , OK +CME_ERROR:_50 A/ +MIPLREAD:_ +MIPLWRITE:_ 65536 -1 99999999999 D S3 ERROR RING >_')
AT += (b"\\", b"\r", b"\n", b"\x1a", b"\xff", b"\xd9\xa3", b"\xe2\x80\x9c")
FILTER = _words(
    '( ) not_ _and_ _or_ == ~ in_{ /3/0/9 " [ .. rtt 150ms time 1e999 19:03 10.8.0.0/8 2.05 value ! < ^ * ?'
)
FILTER += (b"\xd9\xa3", b"(" * 40, b"not " * 40)
FAULT = _words(
    '_every_ _after_ 1e9s 50% 0.1 seed_ " # lose_ delay_ up_ down_ 1.5h with_ once times_ 0x platform_ urc_ _for_ 1e-9s'
)
NOTATION = (*_words('[ ] < > , | ... AT+ = ? ( ) " [, +X:_ [<a>]'), "…".encode())
TRANSCRIPT = (*JSON, *_words(r'"t": "dir": "rx" "data": 1e400 "\u1234" "version":2'), b"\n", b"\xff")
ORDER = _words("read_ write_ @ /3/0 #senml-json #tlv execute_ observe_ 1= 0x pmin= create_ attributes_ 5700=nan 0='")
HEX = _words("0x : _ g 00 \\x ' -")
KEY = _words(": 0x * CLIENT_RANDOM_ 00")
DUMP = (*CAPTURE[:3], b"0000 ff\n", b"0000  ", b"\n0010 ", b"I ", b"*\n", b"12:00:00.1 ", b"fffffff ", b"0x")
