from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from atshell.cli.entry import run
from atshell.cli.keys import add_key_arguments


def test_keys_are_taken_as_they_are() -> None:
    parser = argparse.ArgumentParser()
    add_key_arguments(parser)
    found = parser.parse_args(["--psk", "a:b", "--psk", "*:0x00", "--keylog", "keys"])
    assert found.psk == ["a:b", "*:0x00"]
    assert found.keylog == [Path("keys")]
    assert parser.parse_args([]).psk == []


RECORDED = Path(__file__).parents[2] / "plugins" / "atshell_lwm2m" / "captures" / "dtls"
KEY = "0x000102030405060708090a0b0c0d0e0f"


def test_decode_takes_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", str(RECORDED / "gcm.pcap"), "--psk", f"*:{KEY}"]) == 0
    out, err = capsys.readouterr()
    assert "Battery Level = 100" in out
    assert err == ""
    log = str(RECORDED / "ecdhe_psk.keylog")
    assert run(["decode", str(RECORDED / "ecdhe_psk.pcap"), "--keylog", log, "--format", "json"]) == 0
    assert '"transport":"dtls","type":"CON"' in capsys.readouterr().out


@pytest.mark.parametrize("psk", ["sesame", "me:0xsesame"])
def test_a_key_that_can_not_be_used(capsys: pytest.CaptureFixture[str], psk: str) -> None:
    assert run(["decode", str(RECORDED / "gcm.pcap"), "--psk", psk]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "sesame" not in err
