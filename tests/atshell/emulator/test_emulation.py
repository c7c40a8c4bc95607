from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.emulation import CommandError, Identity, Settings, Sleeper


def test_what_a_command_ends_with() -> None:
    assert str(CommandError()) == "ERROR"
    assert str(CommandError(50)) == "+CME ERROR: 50"
    assert str(CommandError(601, "+CIS ERROR")) == "+CIS ERROR: 601"


def test_modules_by_number() -> None:
    """Check digits of IMEIs as 3GPP TS 23.003 annex B writes them out: every second digit from the right is doubled."""
    first = Identity()
    assert first.numbered(0) == first
    several = [first.numbered(number) for number in range(1, 200)]
    for field in ("imei", "imsi", "iccid"):
        values = {getattr(one, field) for one in (first, *several)}
        assert len(values) == 200
        assert {len(value) for value in values} == {len(getattr(first, field))}
    for one in several:
        digits = [int(digit) for digit in one.imei]
        doubled = [sum(map(int, str(2 * digit))) if place % 2 else digit for place, digit in enumerate(digits)]
        assert sum(doubled) % 10 == 0


def test_a_copy_is_a_value_of_its_own() -> None:
    settings = Settings()
    copy = settings.copy()
    copy.registers[3] = 1
    assert settings.registers[3] == 13


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2), st.integers(0, 127))
def test_what_is_kept_is_restored(echo: bool, verbose: bool, quiet: bool, cmee: int, terminator: int) -> None:
    settings = Settings(echo, verbose, quiet, cmee, registers={3: terminator, 4: 10, 5: 8})
    assert Settings(cfun=1).restored(settings.record) == settings


@pytest.mark.parametrize(
    "record",
    [
        (),
        ("1",) * 6,
        ("2", "1", "0", "0", "13", "10", "8"),
        ("1", "1", "0", "3", "13", "10", "8"),
        ("1", "1", "0", "0", "128", "10", "8"),
        ("1", "1", "0", "0", "x", "10", "8"),
        ("1", "1", "0", "0", "", "", ""),
    ],
)
def test_what_no_module_has_kept(record: tuple[str, ...]) -> None:
    assert Settings().restored(record) is None


def test_who_sleeps() -> None:
    class Light:
        def sleep(self) -> None: ...

        def wake(self) -> None: ...

    assert isinstance(Light(), Sleeper)
    assert not isinstance(object(), Sleeper)
