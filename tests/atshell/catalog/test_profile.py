from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.catalog.profile import Profile, fits, holds, meets, names_model


@pytest.mark.parametrize(
    ("firmware", "terms", "expected"),
    [
        ("BC25PAR01A04", "BC25PAR*, <= BC25PAR01A04", True),
        ("BC25PAR01A05", "BC25PAR*, <= BC25PAR01A04", False),
        ("BC25PAR01A10", "> BC25PAR01A9", True),  # numbers, not letters
        ("BC25PAR01A9", "<BC25PAR01A10", True),
        ("BC25PAR01A04", ">= bc25par01a04", True),
        ("BC32RAR01A03", "BC25PAR*, <= BC25PAR01A04", False),
        ("BC28JAR01A10_ONT", "*_ont", True),
        ("BC25PAR01A03_BT", "BC25PAR*, !*_BT", False),
        ("BC25PAR01A03", "BC25PAR*, ! *_BT", True),
    ],
)
def test_terms_of_a_condition_on_firmware(firmware: str, terms: str, expected: bool) -> None:
    assert fits(firmware, terms) is expected


def test_a_condition_needs_what_it_asks_about() -> None:
    condition = {"firmware": "*_ONT"}
    assert meets(condition, Profile("BC28", "BC28JAR01A10_ONT"))
    assert not meets(condition, Profile("BC28", "BC28JAR01A10"))
    assert not meets(condition, Profile("BC28"))
    assert meets({}, Profile())
    assert not meets({"weather": "*"}, Profile("BC28", "BC28JAR01A10_ONT"))


def test_models_are_named_in_any_case_and_unknown_is_every_model() -> None:
    assert names_model(Profile("mn316"), ["MN316", "MN318"])
    assert not names_model(Profile("MN319"), ["MN316"])
    assert names_model(Profile(), [])


def test_a_parameter_that_is_not_given_yet_excludes_nothing() -> None:
    when = {"type": [2, 6]}
    assert holds(when, {"type": "6"})
    assert not holds(when, {"type": "1"})
    assert holds(when, {"ref": "0"})


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_firmware_and_any_condition_give_an_answer(firmware: str, terms: str) -> None:
    assert fits(firmware, terms) in (True, False)


@given(st.text(max_size=40))
def test_a_version_is_not_before_itself(firmware: str) -> None:
    plain = firmware.replace(",", "").strip().lstrip("=").strip()
    assert fits(plain, f"<= {plain}")
    assert not fits(plain, f"> {plain}")
