from __future__ import annotations

import pytest

from atshell.catalog.load import load_manuals
from atshell_onemo.emulator.abilities import Ability, has
from atshell_onemo.plugin import atshell_manuals

MODELS = [model.model for manual in load_manuals(atshell_manuals()) for model in manual.models]
ML3 = {"ML305A", "ML307A", "ML307R"}


@pytest.mark.parametrize(
    ("ability", "models"),
    [
        (Ability.YANFEI, set(MODELS) - ML3),
        (Ability.SENT, set(MODELS) - ML3),
        (Ability.RELEASE, set(MODELS) - ML3),
        (Ability.RELEASE_AT_ONCE, set(MODELS) - {"MN319"}),
        (Ability.AUTO_UPDATE, {"MN318", *ML3}),
        (Ability.ENCODING, set(MODELS) - {"MN319", "MN316A"}),
    ],
)
def test_which_model_has_what(ability: Ability, models: set[str]) -> None:
    assert {model for model in MODELS if has(model, ability)} == models
