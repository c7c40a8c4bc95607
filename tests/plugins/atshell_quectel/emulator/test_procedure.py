from __future__ import annotations

import pytest

from atshell.catalog.profile import Profile
from atshell_quectel.emulator.procedure import procedure

from .conftest import CATALOG
from .schedules import HOUR, SCHEDULES, Schedule


def profile(model: str, firmware: str = "") -> Profile:
    known = CATALOG.model(model)
    return Profile(known.model, firmware or known.firmware or "")


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_the_catalog_has_the_manuals_numbers(schedule: Schedule) -> None:
    found = procedure(CATALOG, profile(schedule.model, schedule.firmware), schedule.operator)
    assert found is not None
    assert found.waits == (*schedule.resends, schedule.last)
    assert (found.rounds, found.update) == (schedule.rounds - 1, schedule.update)
    assert found.pause == (HOUR if found.rounds else 0)
    assert found.once is (schedule.operator != "cmcc")


def test_which_need_a_switch_and_what_sleep_does() -> None:
    facts = {
        (one.model, one.operator): procedure(CATALOG, profile(one.model, one.firmware), one.operator)
        for one in SCHEDULES
    }
    switches = {key: found.switch for key, found in facts.items() if found is not None and found.switch}
    assert switches == {
        **{key: "AT+QSELFREGISTER" for key in facts if key[0].startswith(("BC25", "BC32")) and "260" not in key[0]},
        ("BC260Y-CN", "ctcc"): "AT+QSREGENABLE",
    }
    left_out = {key for key, found in facts.items() if found is not None and not found.wakes}
    assert left_out == {
        ("BC260Y-CN", "ctcc"),
        *((model, "cmcc") for model in ("BC25", "BC25-B8", "BC32", "BC32-B8")),
    }


@pytest.mark.parametrize(
    ("model", "firmware", "operator"),
    [("BC28", "", "ctcc"), ("BC28", "BC28JAR01A10", "cmcc"), ("BC25-B5", "", "cmcc"), ("BC260Y-CN", "", "cucc")],
)
def test_where_there_is_none(model: str, firmware: str, operator: str) -> None:
    assert procedure(CATALOG, profile(model, firmware), operator) is None
