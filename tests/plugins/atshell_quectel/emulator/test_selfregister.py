from __future__ import annotations

from pathlib import Path

import pytest

from atshell.emulator.storage import Storage
from atshell.errors import AtshellError

from .conftest import MakeBench

A03, A04, A10 = (f"BC260YCNAAR01A{number}" for number in ("03", "04", "10"))


@pytest.mark.parametrize(
    ("model", "firmware", "mode"),
    [
        ("BC25", "BC25PAR01A04", 1),
        ("BC25", "BC25PAR01A05", 0),
        ("BC25", "BC25PAR01A03_BT", 1),
        ("BC25", "BC25PAR01A04_BT", 0),
        ("BC25-B5", "BC25B5PAR01A04", 1),
        ("BC25-B8", "BC25B8PAR01A06", 0),
        ("BC32", "BC32RAR01A03", 1),
        ("BC32-B8", "BC32B8RAR01A04", 0),
        ("BC32", "of my own", 0),
        ("BC25", "", 0),
    ],
)
def test_the_firmware_decides_the_default(bench: MakeBench, model: str, firmware: str, mode: int) -> None:
    module = bench(model, firmware)
    assert module.ask("AT+QSELFREGISTER?") == [f"+QSELFREGISTER: {mode}", "OK"]
    assert module.ask(f"AT+QSELFREGISTER={1 - mode}") == ["OK"]
    assert module.ask("AT+QSELFREGISTER?") == [f"+QSELFREGISTER: {mode}", "OK"]
    module.reboot()
    assert module.ask("AT+QSELFREGISTER?") == [f"+QSELFREGISTER: {1 - mode}", "OK"]
    module.ask("AT+QDMPCFG=5,4")
    module.reboot()
    assert module.ask("AT+QSELFREGISTER?") == [f"+QSELFREGISTER: {1 - mode}", "OK"]


@pytest.mark.parametrize(
    ("model", "command", "wrong", "no_form"),
    [
        ("BC25", "QSELFREGISTER", "+CME ERROR: 53", "+CME ERROR: 4"),
        ("BC260Y", "QSREGENABLE", "ERROR", "ERROR"),
    ],
)
def test_0_and_1_can_be_set_and_nothing_else(
    bench: MakeBench, model: str, command: str, wrong: str, no_form: str
) -> None:
    module = bench(model)
    module.ask("AT+CMEE=1")
    for values in ("", "2", "3", '"1"', "0,0", "-1", "on"):
        assert module.ask(f"AT+{command}={values}") == [wrong], values
    for form in ("=?", ""):
        assert module.ask(f"AT+{command}{form}") == [no_form]
    module.reboot()
    assert module.ask(f"AT+{command}?") == [f"+{command}: 0", "OK"]


def test_what_was_on_before_an_upgrade_reads_3_until_it_is_set_again(bench: MakeBench, tmp_path: Path) -> None:
    before = bench("BC260Y-CN", A03, tmp_path)
    before.ask("AT+QSREGENABLE=1")
    before.reboot()
    assert before.ask("AT+QSREGENABLE?") == ["+QSREGENABLE: 1", "OK"]
    before.end()
    for firmware in (A04, A10):
        after = bench("BC260Y-CN", firmware, tmp_path)
        assert after.ask("AT+QSREGENABLE?") == ["+QSREGENABLE: 3", "OK"]
        after.reboot()
        assert after.ask("AT+QSREGENABLE?") == ["+QSREGENABLE: 3", "OK"]
        after.end()
    back = bench("BC260Y-CN", A03, tmp_path)
    assert back.ask("AT+QSREGENABLE?") == ["+QSREGENABLE: 1", "OK"]
    back.end()
    after = bench("BC260Y-CN", A04, tmp_path)
    after.ask("AT+QSREGENABLE=1")
    after.reboot()
    assert after.ask("AT+QSREGENABLE?") == ["+QSREGENABLE: 1", "OK"]
    after.end()
    assert bench("BC260Y-CN", A10, tmp_path).ask("AT+QSREGENABLE?") == ["+QSREGENABLE: 1", "OK"]


@pytest.mark.parametrize(("firmware", "mode"), [(A03, 0), ("of my own", 1)])
def test_nothing_else_reads_3(bench: MakeBench, tmp_path: Path, firmware: str, mode: int) -> None:
    before = bench("BC260Y-CN", firmware, tmp_path)
    before.ask(f"AT+QSREGENABLE={mode}")
    before.end()
    assert bench("BC260Y-CN", A04, tmp_path).ask("AT+QSREGENABLE?") == [f"+QSREGENABLE: {mode}", "OK"]


@pytest.mark.parametrize("record", [(), ("2",), ("1", "1"), ("\r\nOK",)])
def test_a_state_that_no_module_has_saved(bench: MakeBench, tmp_path: Path, record: tuple[str, ...]) -> None:
    storage = Storage(tmp_path, "BC260Y-CN", A04)
    storage.write({"self-registration": record})
    storage.close()
    with pytest.raises(AtshellError, match="self-registration"):
        bench("BC260Y-CN", A04, tmp_path)
