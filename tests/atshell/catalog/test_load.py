from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atshell.catalog import load
from atshell.catalog.load import CatalogError, load_manual, load_manuals

MANUAL = """
id = "acme-1"
title = { en = "Acme X1", zh = "Acme X1" }
vendor = "Acme"
[[models]]
model = "X1"
family = "X"
vendor = "Acme"
[[commands]]
command = "AT+ACME"
section = "2.1"
summary = { en = "ring the bell", zh = "响铃" }
forms.write = ["AT+ACME=<times>[,<tone>]"]
responses.write = [{ lines = ["+ACME: <times>"] }]
[[commands.parameters]]
name = "times"
type = "integer"
range = [1, 9]
summary = { en = "how often", zh = "次数" }
[[commands.parameters]]
name = "tone"
type = "string"
when.times = [1, 2]
values.low = { en = "low", zh = "低" }
summary = { en = "which tone", zh = "音调" }
"""


def written(folder: Path, text: str | bytes = MANUAL) -> Path:
    path = folder / "acme.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_manual(tmp_path: Path) -> None:
    manual = load_manual(written(tmp_path))
    assert manual.id == "acme-1"
    assert manual.commands[0].parameters[0].range == (1, 9)
    assert manual.commands[0].forms == {"write": ["AT+ACME=<times>[,<tone>]"]}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            'type = "integer"',
            'type = "number"',
            "acme.toml: commands[0] (AT+ACME).parameters[0].type: Invalid enum value 'number'",
        ),
        ('zh = "次数"', 'cn = "次数"', "commands[0] (AT+ACME).parameters[0].summary: "),
        ('section = "2.1"', "section = 2.1", "commands[0] (AT+ACME).section: Expected `str`, got `float`"),
        ('vendor = "Acme"\n[[c', "[[c", "models[0]: Object missing required field `vendor`"),
        ('id = "acme-1"', "", "Object missing required field `id`"),
        ("forms.write", "forms.shout", "commands[0] (AT+ACME).forms: Invalid enum value 'shout'"),
        ("[,<tone>]", "[,<tone>", "commands[0] (AT+ACME).forms.write[0]: "),
        ("+ACME: <times>", "+ACME: <count>", "(AT+ACME).responses.write[0].lines: <count> is no parameter"),
        ("when.times", "when.time", "(AT+ACME).parameters[1].when: the command has no parameter 'time'"),
        ("when.times = [1, 2]", 'models = ["X2"]', "(AT+ACME).parameters[1].models: the manual has no model 'X2'"),
        ("[1, 9]", "[9, 1]", "(AT+ACME).parameters[0].range: the low end is above the high one"),
        ('en = "low", zh = "低"', 'en = "low", zh = ""', "(AT+ACME).parameters[1].values.low: empty in one language"),
        ('command = "AT+ACME"', 'command = "+ACME"', "(+ACME).command: a command begins with AT"),
        ("[[models]]", "[[models", "acme.toml: not TOML: "),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in MANUAL
    with pytest.raises(CatalogError) as caught:
        load_manual(written(tmp_path, MANUAL.replace(old, new, 1)))
    assert str(caught.value).startswith("acme.toml: ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.toml: the manual can't be read"):
        load_manual(tmp_path / "nowhere.toml")
    with pytest.raises(CatalogError, match="not UTF-8 at byte 1"):
        load_manual(written(tmp_path, b"a\xff"))


def test_a_file_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "MAX_MANUAL", 100)
    with pytest.raises(CatalogError, match="too long"):
        load_manual(written(tmp_path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_makes_it_fall_over(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CatalogError):
        load_manual(written(tmp_path, data))


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "commands = 3\n" + MANUAL.split("[[", 1)[0], "commands = [3]"])
def test_strange_shapes(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogError):
        load_manual(written(tmp_path, text))


def test_the_cache_serves_until_a_source_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, cache = written(tmp_path), tmp_path / "cache" / "deep"
    first = load_manuals([source], cache=cache)
    (kept,) = cache.iterdir()

    def refuse(path: Path, data: bytes) -> None:
        raise CatalogError("the source was read")

    with monkeypatch.context() as patch:
        patch.setattr(load, "_parse", refuse)
        assert load_manuals([source], cache=cache) == first
        source.write_text(MANUAL.replace("ring the", "sound the"), encoding="utf-8")
        with pytest.raises(CatalogError, match="the source was read"):
            load_manuals([source], cache=cache)
    assert load_manuals([source], cache=cache)[0].commands[0].summary.en == "sound the bell"
    (renewed,) = cache.iterdir()  # one file: the old one is gone
    assert renewed != kept


def test_a_new_shape_of_the_records_finds_no_old_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, cache = written(tmp_path), tmp_path / "cache"
    load_manuals([source], cache=cache)
    (kept,) = cache.iterdir()
    monkeypatch.setattr(load, "__version__", "99")
    load_manuals([source], cache=cache)
    assert next(cache.iterdir()) != kept


@pytest.mark.parametrize("damage", [b"", b"[", b"[{}]", b"\xff\xfe", b'[{"id":"\xff"}]', b"[" * 100_000, b"null"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, damage: bytes) -> None:
    source, cache = written(tmp_path), tmp_path / "cache"
    first = load_manuals([source], cache=cache)
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert load_manuals([source], cache=cache) == first
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_kept_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert load_manuals([source], cache=blocked / "cache")[0].id == "acme-1"

    def full(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    cache = tmp_path / "cache"
    assert load_manuals([source], cache=cache)[0].id == "acme-1"
    assert list(cache.iterdir()) == []  # nothing half written stays
