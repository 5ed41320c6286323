"""Every code has words in both languages that ask for the same arguments."""

from __future__ import annotations

import re
import string
from importlib import import_module
from pathlib import Path

import pytest

from backend.text import pointed_out
from backend.words import Message, say, word
from backend.words.say import LANGUAGES, Language

ROOT = Path(__file__).parents[2]
SUBJECTS = sorted(path.stem for path in (ROOT / "backend/words/entries").glob("[a-z]*.py"))


def fields(text: str) -> set[str]:
    """The arguments that a text asks for; ``station_en`` is ``station`` under its English name."""
    return {name.removesuffix("_en") for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_entries_are_whole(subject: str) -> None:
    entries: dict[str, tuple[str, str]] = getattr(
        import_module(f"backend.words.entries.{subject}"), "ENTRIES", {}
    )
    for code, (chinese, english) in entries.items():
        assert code.partition(".")[0] == subject
        assert chinese
        assert english
        assert fields(chinese) == fields(english), code
        # None of our own words is pointed out as one that may not be what it seems.
        assert (pointed_out(chinese), pointed_out(english)) == (chinese, english)


def codes_in_source() -> set[str]:
    """Codes that the source names in a Message, an Outcome or a word call."""
    found: set[str] = set()
    call = re.compile(
        r"(?:Message|done|refused|word|entry|Fault|refuse|CommandError)\(\s*\"([a-z0-9_]+(?:\.[a-z0-9_]+)+)\""
    )
    for package in ("backend", "screens", "console"):
        for path in (ROOT / package).rglob("*.py"):
            found.update(call.findall(path.read_text("utf-8")))
    return found


def test_every_code_that_the_source_names_has_words() -> None:
    without = {code for code in codes_in_source() if say(Message(code), "en") == code}
    assert not without


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_gave_and_what_came_otherwise_is_said_all_the_same(language: Language) -> None:
    assert "{needed}" in say(Message("access.role", {"role": "seat"}), language)
    args = {"parameter": "pm25", "value": "many", "increment": None, "at": "soon"}
    assert "many" in say(Message("notice.hot_targets", args), language)


def test_an_unknown_code_shows_itself() -> None:
    for language in LANGUAGES:
        assert say(Message("nothing.here", {"a": 1}), language) == "nothing.here a=1"
        assert "{path}" in say(Message("store.is_folder"), language)


@pytest.mark.parametrize(
    ("code", "args"),
    [
        ("task.refused.role", {"role": "administrator", "ask": "seat"}),
        ("task.refused.by_itself", {"role": "administrator"}),
        ("city.checked.faults", {"folder": "x", "count": 1}),
        ("audit.broken", {"count": 1}),
        ("policy.refused.faults", {"count": 1}),
    ],
)
def test_english_is_right_for_one_and_before_a_vowel(code: str, args: dict[str, int | str]) -> None:
    assert not re.search(r"\ba [aeiou]|\b1 \w+s\b", say(Message(code, args), "en"))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0 open tasks"),
        (1, "1 open task"),
        ("1", "1 open task"),
        (2, "2 open tasks"),
        (1.5, "1.5 open tasks"),
    ],
)
def test_one_of_a_thing_is_one(count: float | str, told: str) -> None:
    assert told in say(Message("city.doubt.holder", {"count": count, "tasks": "T-1"}), "en")
    assert str(count) in say(Message("city.doubt.holder", {"count": count, "tasks": "T-1"}), "zh")


def test_a_thing_with_a_plural_of_its_own_says_both() -> None:
    told = {"tasks": 1, "changed": 0, "recorded": 1}
    assert "1 task, 0 would differ; 1 miss " in say(Message("admin.dry.tasks", told), "en")
    assert "2 misses" in say(Message("admin.dry.tasks", {**told, "recorded": 2}), "en")


def test_data_that_counts_is_not_called_as_the_air_is() -> None:
    for code in ("station.state.good", "standard.flag.good", "station.flag.good"):
        assert word(code, "en").lower() == "valid"
    assert word("station.level.2", "en") == "Good"
