"""What is found in a list to choose from: within words, by name before by what is noted beside it."""

from __future__ import annotations

import pytest

from screens.widgets.choices import Choice, Choices

PEOPLE = (
    Choice("A-1", "Gao Meihui", "Heze city Administrator", "A-1 C0"),
    Choice("A-2", "Gao Meiya", "Mudan seat", "A-2 C1"),
    Choice("A-3", "Gao Ya", "Mudan seat", "A-3 C1 gy"),
    Choice("A-4", "Yang Gao", "Mudan seat", "A-4 C2", off=True),
    Choice("A-5", "Seat Li", "Dingtao member", "A-5 C2"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # No end of a word with the beginning of the next one, in what is noted.
        ("Gao Ya", ["A-3", "A-2", "A-4"]),
        ("gaoya", ["A-3"]),
        ("gy", ["A-3"]),
        ("citya", []),
        ("gao admin", ["A-1"]),
        # By name before by what is noted.
        ("seat", ["A-5", "A-2", "A-3", "A-4"]),
        ("A-2", ["A-2"]),
        ("", ["A-1", "A-2", "A-3", "A-4", "A-5"]),
    ],
)
def test_what_is_found_and_in_which_order(typed: str, found: list[str]) -> None:
    assert [choice.key for choice in Choices(PEOPLE).found(typed)] == found
