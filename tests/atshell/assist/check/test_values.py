"""One value: type, range, length, list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell.assist.check import Caution, check
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.host import host

KINDS = {
    "number": 'type = "integer"\nrange = [-5, 10]',
    "word": 'type = "uint16"',
    "ratio": 'type = "float"',
    "blob": 'type = "hex"\nmax_length = 8',
    "bits": 'type = "bitmap"',
    "address": 'type = "ip"',
    "host": 'type = "host"',
    "text": 'type = "string"\nmin_length = 2\nmax_length = 4',
    "free": 'type = "opaque"',
    "key": 'type = "string"\nmax_length = 4\nsecret = true',
    "choice": """type = "integer"
values.0 = { en = "off", zh = "关" }
values.0x20 = { en = "on", zh = "开", models = ["A1"] }
values.7 = { en = "reserved", zh = "保留" }
values.8 = { en = "new", zh = "新", when = { firmware = ">= V2" } }""",
    "mode": """type = "string"
values.FAST = { en = "fast", zh = "快" }
values.slow = { en = "slow", zh = "慢" }""",
    "port": 'type = "integer"\nrange = [1000, 2000]\nvalues.0 = { en = "any", zh = "任意" }',
}


PAIR = {
    "kind": 'type = "integer"',
    "arg1": """type = "integer"
when.kind = [1]
values.4 = { en = "x", zh = "x" }
values.5 = { en = "x", zh = "x", models = ["A1"] }""",
    "arg2": 'type = "integer"\nwhen.kind = [2]\nvalues.1 = { en = "x", zh = "x" }',
}


@pytest.fixture(scope="module")
def catalog(made: Callable[..., Catalog], command: Callable[..., str]) -> Catalog:
    parts = [
        command(f"AT+{name.upper()}", f'forms.write = ["AT+{name.upper()}=<{name}>"]', **{name: facts})
        for name, facts in KINDS.items()
    ]
    return made("".join(parts) + command("AT+PAIR", 'forms.write = ["AT+PAIR=<kind>,<arg>"]', **PAIR))


def found(catalog: Catalog, line: str, profile: Profile = Profile("A1")) -> list[Caution]:
    return check(catalog, profile, f"AT+{line}")


@pytest.mark.parametrize(
    "line",
    [
        *("NUMBER=-5", "NUMBER=10", "NUMBER=0xA", "NUMBER=+7", "WORD=0", "WORD=65535", "RATIO=-1.5e3", "RATIO=.5"),
        *("BLOB=00ff", 'BLOB="00FF"', "BITS=0110", "ADDRESS=10.0.0.1", "ADDRESS=2001:db8::1", "HOST=a-b.example"),
        *("HOST=10.0.0.1:5683", "HOST=[::1]:5683", 'TEXT="abcd"', "TEXT=ab", 'TEXT="温"', "FREE=any thing"),
        *('KEY="abcd"', 'KEY="61626364"', "CHOICE=0", "CHOICE=0x20", "CHOICE=32", "CHOICE=8", "MODE=fast"),
        *("PORT=0", "PORT=1000", "PORT=2000"),
    ],
)
def test_values_that_will_do(catalog: Catalog, line: str) -> None:
    assert found(catalog, line) == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        *(("NUMBER=-6", "below"), ("NUMBER=11", "above"), ("NUMBER=x", "type"), ('NUMBER="7"', "quoted-number")),
        *(("NUMBER=1.0", "type"), ("WORD=65536", "above"), ("WORD=-1", "below"), ("RATIO=nan", "type")),
        *(("RATIO=1,5", "surplus"), ("BLOB=0", "type"), ("BLOB=0x00", "type"), ("BLOB=0011223344", "long")),
        *(("BITS=012", "type"), ("ADDRESS=10.0.0", "type"), ("ADDRESS=a.example", "type"), ("HOST=a b", "type")),
        *(("HOST=a:0", "type"), ("HOST=a:65536", "type"), ("TEXT=a", "short"), ('TEXT="温度"', "long")),
        *(('KEY="abcde"', "long"), ('KEY="6162636465"', "long"), ("CHOICE=1", "value"), ("CHOICE=7", "reserved")),
        *(("MODE=fastest", "value"), ("PORT=1", "below"), ("PORT=2001", "above")),
    ],
)
def test_values_that_will_not(catalog: Catalog, line: str, rule: str) -> None:
    assert [one.rule for one in found(catalog, line)] == [rule]


def test_values_of_other_models_and_firmware(catalog: Catalog) -> None:
    (other,) = found(catalog, "CHOICE=0x20", Profile("A2"))
    assert (other.rule, other.text) == ("value-model", "<choice> 0x20 is not for A2 (§1)")
    (old,) = found(catalog, "CHOICE=8", Profile("A1", "V1"))
    assert (old.rule, old.text) == ("value-firmware", "<choice> 8 is not for firmware V1 (§1)")
    assert found(catalog, "CHOICE=8", Profile("A1", "V3")) == []


def test_a_secret_is_not_told(catalog: Catalog) -> None:
    (long,) = found(catalog, 'KEY="very secret"')
    assert "secret" not in long.text + long.fix


def test_values_of_other_models_in_this_variant_alone(catalog: Catalog) -> None:
    assert [one.rule for one in found(catalog, "PAIR=1,5", Profile("A2"))] == ["value-model"]
    assert [one.rule for one in found(catalog, "PAIR=2,5", Profile("A2"))] == ["value"]
    assert found(catalog, "PAIR=1,5") == []


def test_a_standard_s_list_is_open() -> None:
    (one,) = check(host().catalog, Profile("MN316"), 'AT+CSCS="XYZ"')
    assert (one.rule, one.severity) == ("value", "note")


@pytest.mark.parametrize(("length", "right"), [(2, False), (3, True), (4, False), (5, True), (6, False)])
def test_an_escape_counts_as_it_stands_or_as_what_it_is(length: int, right: bool) -> None:
    line = f'AT+MIPLNOTIFY=0,0,3200,0,5750,1,{length},"ab\\22",0,0'
    assert [one.rule for one in check(host().catalog, Profile("MN316"), line)] == ([] if right else ["length"])
