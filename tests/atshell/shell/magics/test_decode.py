"""``%decode``"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.errors import AtshellError
from atshell.shell.magics.decode import MAX_DIGITS, read_hex


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("00ff", b"\x00\xff"),
        ("0x00 0xFF", b"\x00\xff"),
        ("00:ff", b"\x00\xff"),
        ('"00-ff"', b"\x00\xff"),
        (r"\x00\xff", b"\x00\xff"),
    ],
)
def test_hexadecimal_as_people_paste_it(typed: str, wanted: bytes) -> None:
    assert read_hex(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "said"), [("", "needs"), ("0g", "'g'"), ("abc", "3 hex"), ("00" * MAX_DIGITS, "64 KiB")]
)
def test_what_is_wrong_is_said(typed: str, said: str) -> None:
    with pytest.raises(AtshellError, match=said):
        read_hex(typed)


@given(st.binary(min_size=1, max_size=50))
def test_what_is_printed_is_read_back(data: bytes) -> None:
    assert read_hex(data.hex(" ")) == data


def test_a_pasted_message_is_read(talk, collect) -> None:
    async def body(shell, module):
        return await collect(
            shell, "%decode 44 01 c4 09 d7 4d 0b 01 bb 2e 77 65 6c 6c 2d 6b 6e 6f 77 6e 04 63 6f 72 65"
        )

    # CON GET /.well-known/core, message ID 0xc409, token d74d0b01.
    (result,) = talk(body)
    assert result.stream == "result"
    assert result.data["mid"] == 0xC409
    assert result.data["path"] == "/.well-known/core"
    assert "coap" in result.text


def test_a_line_is_read(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%decode +NNMI:6,02000100010a")

    (result,) = talk(body)
    assert result.data["operation"] == "Write"
    assert "CTWing" in result.text


def test_a_line_without_a_payload(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%decode AT+CSQ")

    (result,) = talk(body)
    assert result.stream == "error"
    assert "no payload" in result.text
