"""What a session writes down."""

from __future__ import annotations

import pytest

from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.errors import AtshellError
from atshell.session.record import Record
from atshell.transcript.entry import Entry


def test_in_the_order_of_time_with_secrets_masked(catalog: Catalog) -> None:
    out: list[Entry] = []
    record = Record(catalog, Profile(), [out.append])
    record.expect_secrets("AT+CREATEEX=h,0,abcd1234", Profile())
    record.tx(1.0, b"AT+CREATEEX=h,0,abcd1234\r")
    record.rx(0.9, b"AT+CREATEEX=h,0,abcd12")
    record.note(1.1, "the key is abcd1234", "comment")
    record.rx(1.2, b"34\r\n\xff\r\n")
    record.rx(1.3, b"+DEVINFO: h,secret99")
    assert out == [
        Entry(1.0, "tx", "AT+CREATEEX=h,0,abcd****\r"),
        Entry(1.0, "rx", "AT+CREATEEX=h,0,"),
        Entry(1.0, "rx", "abcd****"),
        Entry(1.1, "note", "the key is abcd****", "comment"),
        Entry(1.2, "rx", "\r\n\xff\r\n"),
    ]
    record.close()
    assert out[-1] == Entry(1.3, "rx", "+DEVINFO: h,secr****")


def test_nothing_is_masked_without_a_catalog() -> None:
    out: list[Entry] = []
    record = Record(None, Profile(), [out.append])
    record.expect_secrets("AT+CREATEEX=h,0,abcd1234", Profile())
    record.tx(1.0, b"AT+CREATEEX=h,0,abcd1234\r")
    record.close()
    assert out == [Entry(1.0, "tx", "AT+CREATEEX=h,0,abcd1234\r")]


def test_a_sink_that_takes_no_more_is_said_once() -> None:
    def full(entry: Entry) -> None:
        raise AtshellError("the disk is full")

    out: list[Entry] = []
    record = Record(None, Profile(), [full, out.append])
    record.check()
    record.tx(1.0, b"AT\r")
    record.tx(2.0, b"AT\r")
    assert len(out) == 2
    with pytest.raises(AtshellError, match="full"):
        record.check()
    record.check()
