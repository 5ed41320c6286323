"""Whatever the compositor means stands in the terminal: ten thousand sequences of frames, and what Hypothesis finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.terminal import frames

EACH = 1250


@pytest.mark.parametrize("part", range(8))
def test_ten_thousand_sequences_of_frames_are_shown_as_they_were_meant(part: int) -> None:
    frames.run(range(part * EACH, (part + 1) * EACH))


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=10**7, max_value=10**9), st.integers(min_value=1, max_value=12))
def test_so_are_others_and_longer_ones(number: int, steps: int) -> None:
    frames.Trial(number).run(steps)


@pytest.mark.parametrize("number", [9_183_996])
def test_so_are_those_that_once_were_not(number: int) -> None:
    """A wide letter in a last corner that cannot be written, pushed out of the line and not written again."""
    frames.run(range(number, number + 1))
