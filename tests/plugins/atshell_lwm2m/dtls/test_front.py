from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from atshell_lwm2m.dtls.front import Dtls
from atshell_lwm2m.dtls.keys import Keys

CLIENT, SERVER = "10.8.0.7:1", "10.0.0.1:5684"


def test_what_is_expected(peers: Callable[..., Any]) -> None:
    dtls, short = Dtls(), bytes.fromhex("2e0001000401020304")
    both = peers(extended=False, outside=False)
    client, server = both.hellos()
    hello = both.say(">", 22, both.message(">", 1, client))
    answer = both.say("<", 22, both.message("<", 2, server[:-2] + bytes.fromhex("0006002b0002fefc")))
    assert dtls.expects(CLIENT, SERVER, hello)
    assert not dtls.expects(SERVER, CLIENT, short)
    assert dtls.take(CLIENT, SERVER, hello).text == "DTLS 1.2 Client Hello"
    assert not dtls.expects(SERVER, CLIENT, short)
    assert dtls.take(SERVER, CLIENT, answer).text == "DTLS 1.3 Server Hello"
    assert dtls.expects(SERVER, CLIENT, short)
    assert not dtls.expects(SERVER, CLIENT, b"\x44\x01\x00\x01")


def test_only_with_keys_it_looks_around(peers: Callable[..., Any], psk: tuple[bytes, bytes]) -> None:
    talk = peers(key=b"other").handshake().said
    assert Dtls().look(CLIENT, SERVER, talk[0][1]) is None
    dtls = Dtls(Keys([psk]))
    assert dtls.look(CLIENT, SERVER, b"\x44\x01\x00\x01") is None
    found = [dtls.look(*((CLIENT, SERVER) if where == ">" else (SERVER, CLIENT)), data) for where, data in talk]
    assert [one.reason.id for one in found if one is not None and one.reason is not None] == ["wrong-key"] * 2


def test_what_opens_is_imported_late() -> None:
    program = "import sys, atshell_lwm2m.dissect.dissector; print(*(name for name in sys.modules if 'dtls' in name))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "atshell_lwm2m.dtls.front" in found
    assert "opener" not in found
