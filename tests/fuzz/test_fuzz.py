"""Ten thousand broken inputs for each format: the declared error, or a value, at once, and of sensible size.

``python tests/fuzz/nightly.py`` goes on where this ends.
"""

from __future__ import annotations

from itertools import islice

import pytest
from fuzz_formats import FORMATS
from fuzz_inputs import inputs
from fuzz_run import Format, trial, trials
from hypothesis import given, settings
from hypothesis import strategies as st

COUNT = 10_000
SEED = 5


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_what_is_broken_does_no_harm(one: Format) -> None:
    samples = one.samples()
    assert samples
    trials(one, islice(inputs(samples, one.words, SEED), COUNT // one.share))


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_what_is_sound_is_read(one: Format) -> None:
    """A harness that only ever meets its own error would prove nothing."""
    sound = 0
    for data in one.samples():
        try:
            sound += one.run(data) > 0
        except one.raises:
            continue
    assert sound


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_shapes(one: Format) -> None:
    """Hypothesis puts together what belongs to the format, and shrinks what it finds."""
    pieces = st.sampled_from([*one.samples(), *one.words, b"\0", b"\xff", b"\n"])

    @settings(max_examples=max(10, 60 // one.share), deadline=None, database=None, derandomize=True)
    @given(st.lists(pieces | st.binary(max_size=8), max_size=6))
    def put_together(parts: list[bytes]) -> None:
        trial(one, b"".join(parts)[:4096])

    put_together()
