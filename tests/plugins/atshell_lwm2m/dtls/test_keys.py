from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.errors import AtshellError
from atshell_lwm2m.dtls.keys import Keys, parse_psk, read_keys


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("me:secret", (b"me", b"secret")),
        ("urn:imei:1:0x00fF", (b"urn:imei:1", b"\x00\xff")),
        ("me:0X0a", (b"me", b"\x0a")),
        ("*:k", (b"*", b"k")),
        (":k", (b"", b"k")),
        ("名:钥", ("名".encode(), "钥".encode())),
        ("\udcff:k", (b"\xff", b"k")),
    ],
)
def test_identity_and_key(text: str, pair: tuple[bytes, bytes]) -> None:
    assert parse_psk(text) == pair


@pytest.mark.parametrize("text", ["sesame", "me:", "me:0x", "me:0xsesame", "me:0x123", "\x1b[31m:0xsesame"])
def test_what_is_wrong_is_said_without_the_key(text: str) -> None:
    with pytest.raises(AtshellError) as caught:
        parse_psk(text)
    assert "sesame" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_the_named_key_comes_first() -> None:
    keys = read_keys(["*:any", "me:first", "me:second"])
    assert keys.of(b"me") == [b"first", b"second", b"any"]
    assert keys.of(b"you") == keys.of(b"*") == [b"any"]


def test_a_key_log(tmp_path: Path) -> None:
    log = tmp_path / "keys"
    line = f"CLIENT_RANDOM {'aB' * 32} {'01' * 48}"
    log.write_text(f"# a comment\n{line}\r\nCLIENT_RANDOM {'ab' * 32} 01\nSERVER_TRAFFIC_SECRET_0 1 2\n{'x' * 9000}\n")
    keys = read_keys(keylogs=[log])
    assert keys.master(b"\xab" * 32) == b"\x01" * 48
    assert keys.master(bytes(32)) is None
    assert (bool(keys), keys.has_log, bool(Keys())) == (True, True, False)


def test_a_key_log_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none", Path("a\0b")):
        with pytest.raises(AtshellError, match="key log"):
            read_keys(keylogs=[path])


def test_a_key_log_without_a_secret(tmp_path: Path) -> None:
    log = tmp_path / "keys"
    log.write_bytes(b"")
    assert not read_keys(keylogs=[log])
    log.write_bytes(b"\x0a\x0d\x0d\x0a\0 a capture\n")
    with pytest.raises(AtshellError, match="no secret"):
        read_keys(keylogs=[log])


def test_keys_are_not_shown() -> None:
    assert repr(read_keys(["me:sesame"])) == "Keys(1 identities, 0 of key logs)"


@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    try:
        identity, key = parse_psk(text)
    except AtshellError:
        return
    except UnicodeEncodeError:
        pytest.fail("a lone surrogate")
    assert key
    assert isinstance(identity, bytes)
