"""Whatever an upstream sends: the operator is told why, the good beside it is kept, what was stored stays."""

from __future__ import annotations

import pytest

from backend.words import say
from tests.tools.make_bad_input import PAGE, feed_line
from tests.unit.city_cases import CASES
from tests.unit.feed_cases import SECTIONS, Case, Section
from tests.unit.feed_trials import attempt

ALL = [(section, case) for section in SECTIONS for case in section.cases]


@pytest.mark.parametrize(
    ("section", "case"), ALL, ids=[f"{section.title}: {case.name}" for section, case in ALL]
)
def test_wrong_input_is_told_and_does_no_harm(section: Section, case: Case) -> None:
    seen = attempt(section, case)
    # The page is made of the same runs: `python -m tests.tools.make_bad_input`.
    assert feed_line(section, case, seen) in PAGE.read_text("utf-8").splitlines()
    messages = [*seen.told, *seen.asides]
    assert case.code in [message.code for message in messages]
    assert seen.intact
    assert seen.kept == case.kept
    for message in messages:
        for language in ("zh", "en"):
            told = say(message, language)
            assert "\x1b" not in told
            assert message.code not in told


def test_the_page_has_a_line_for_every_case_and_no_other() -> None:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    heads = sum(line.startswith("| tried |") for line in lines)
    assert len(lines) - heads == len(ALL) + len(CASES)
