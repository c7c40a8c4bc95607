"""Plugins enter by the entry-point door; the host asks them together."""

from __future__ import annotations

import pytest

import atshell
from atshell.errors import AtshellError
from atshell.host import Host, host, open_link


def test_the_packs_are_found_through_entry_points() -> None:
    names = {name for name, _ in Host().plugins.list_name_plugin()}
    assert {"3gpp", "lwm2m", "onemo"} <= names


def test_the_catalog_is_theirs() -> None:
    catalog = host().catalog
    assert catalog.find("+MIPLOPEN") is not None
    assert catalog.find("+CSQ") is not None


def test_a_model_is_known_in_any_case_and_by_variant() -> None:
    assert host().profile("mn316").model == "MN316"
    assert host().profile("MN316-DBRS").model == "MN316"
    with pytest.raises(AtshellError, match="MN99"):
        host().profile("MN99")


def test_open_link_names_what_it_would_open() -> None:
    assert open_link().name == "emulator:MN316"
    assert open_link(port="/dev/ttyNONE").name == "/dev/ttyNONE"


def test_the_python_interface_is_complete() -> None:
    for name in atshell.__all__:
        assert getattr(atshell, name) is not None
    with pytest.raises(AttributeError):
        _ = atshell.nonsense  # type: ignore[attr-defined]
