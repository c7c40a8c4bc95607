"""Which values are secret, by what the catalog marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.catalog.lookup import Catalog
from atshell.session.redact import mask, remember, reveals, secrets_of
from atshell.transcript.redact import Mask


@pytest.mark.parametrize(
    ("line", "shown", "secrets"),
    [
        ('AT+CREATEEX="h",0,"abcd1234"', 'AT+CREATEEX="h",0,"abcd****"', ["abcd1234"]),
        ("at+createex = h,0, abcd1234", "at+createex = h,0, abcd****", ["abcd1234"]),
        ("AT+OPEN?;+CREATEEX=h,0,abcd1234;+GMM", "AT+OPEN?;+CREATEEX=h,0,abcd****;+GMM", ["abcd1234"]),
        ('AT+CREATEEX="h",0,"abcd12', 'AT+CREATEEX="h",0,"abcd****', ["abcd12"]),
        ('AT+CREATEEX="h",0,"abcd1234" x', 'AT+CREATEEX="h",0,"abcd****', ['abcd1234" x']),
        ("AT+CREATEEX=h,0,abcd1234;?", "AT+CREATEEX=h,0,abcd****", ["abcd1234;?"]),
        ('AT+CREATEEX="h",0,"ab"', 'AT+CREATEEX="h",0,"****"', ["ab"]),
        ('AT+CREATEEX="h",0,""', 'AT+CREATEEX="h",0,""', []),
        ("AT+CREATEEX=h,0", "AT+CREATEEX=h,0", []),
        ('AT+DMPCFG=2,"M1","95GoodSecret"', 'AT+DMPCFG=2,"M1","95Go****"', ["95GoodSecret"]),
        ("AT+DMPCFG=1,117.161.2.7,5683", "AT+DMPCFG=1,117.161.2.7,5683", []),
        ("AT+DEVINFO?", "AT+DEVINFO?", []),
        ("AT+FOO=abcd1234", "AT+FOO=abcd1234", []),
        ("nonsense", "nonsense", []),
    ],
)
def test_command_lines(catalog: Catalog, line: str, shown: str, secrets: list[str]) -> None:
    assert mask(line, catalog) == shown
    assert list(secrets_of(line, catalog)) == secrets


def test_what_is_remembered_is_masked_everywhere(catalog: Catalog) -> None:
    known = Mask()
    remember('AT+CREATEEX="h",0,"abcd1234"', known, catalog)
    remember('AT+CREATEEX="h",0,"0"', known, catalog)
    remember('AT+CREATEEX="h",0,"中中中"', known, catalog)
    assert known.text("+FOO: abcd1234,0") == "+FOO: abcd****,0"
    assert known.text('AT+CREATEEX="h",0,"0"\r\n0') == 'AT+CREATEEX="h",0,"****"\r\n0'
    assert "\xad\xe4" not in known.text('AT+CREATEEX="h",0,"中中中"'.encode().decode("latin-1"))


def test_answers_that_reveal(catalog: Catalog) -> None:
    found = reveals(catalog)
    assert set(found.heads) == {"+DEVINFO", "+DMPCFG"}
    assert list(found.secrets('+DEVINFO: "h",abcd1234')) == ["abcd1234"]
    assert list(found.secrets('+DEVINFO: "h"')) == []
    assert list(found.secrets("+DMPCFG: 2,M1,95Go****")) == ["95Go****"]
    assert list(found.secrets("+DMPCFG: 1,117.161.2.7,5683")) == []
    assert list(found.secrets("nonsense")) == []


@given(line=st.text() | st.text(st.sampled_from('AT+CREATEEX=?,;"0 \\x')).map(lambda text: f"AT+CREATEEX=h,0{text}"))
def test_any_line(catalog: Catalog, line: str) -> None:
    for secret in secrets_of(line, catalog):
        assert secret in line
    assert isinstance(mask(line, catalog), str)
    assert list(reveals(catalog).secrets(line)) is not None
