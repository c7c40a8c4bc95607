"""Keys and passwords in what is shown."""

from __future__ import annotations

from atshell.at.reply import parse_information
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.session.exchange import Exchange, Unsolicited
from atshell.shell.secrets import Secrets

KEY = "95GoodKey0123456"
LINE = f'AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"{KEY}"'


def test_a_key_is_masked_from_the_moment_it_was_typed() -> None:
    secrets = Secrets(host().catalog, Profile("MN316"))
    assert secrets.in_line(LINE)
    assert not secrets.in_line("AT+CSQ")
    urc = Unsolicited(1.0, parse_information(f"+ANY: {KEY}"))
    assert secrets.masked(urc) == urc
    secrets.sent(LINE)
    assert secrets.masked(urc).information.text == "+ANY: 95Go****"
    spoken = Exchange(LINE, 0.0, 1.0, (parse_information(f"+ANY: 1,{KEY}"),))
    masked = secrets.masked(spoken)
    assert KEY not in masked.line
    assert masked.lines[0].values[1].text == "95Go****"
