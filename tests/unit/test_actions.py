"""The table of actions: no key with two meanings, none that is swallowed on the way, words for all of them."""

from __future__ import annotations

import re

import pytest

from backend.words import LANGUAGES, entry
from backend.words.say import Language
from screens import actions
from screens.action import Action, Danger, always
from screens.actions import ACTIONS, DIALOGS, KEY_NAMES, MAIN, SWALLOWED


def test_no_key_has_two_meanings_and_none_is_swallowed() -> None:
    assert actions.clashes() == []


def test_a_clash_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = (*ACTIONS, Action("x.y", ("a",), ("stations",)), Action("x.z", ("ctrl+b",), ("app",)))
    monkeypatch.setattr(actions, "ACTIONS", wrong)
    actions.offered.cache_clear()
    try:
        found = " ".join(actions.clashes())
    finally:
        actions.offered.cache_clear()
    assert "a means alarm.acknowledge and x.y" in found
    assert "ctrl+b of x.z" in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_words(language: Language) -> None:
    missing = [action.id for action in ACTIONS if not entry(f"action.{action.id}", language)]
    assert not missing
    assert not [action.takes for action in ACTIONS if action.takes and not entry(action.takes, language)]


def test_no_words_without_an_action() -> None:
    from backend.words.entries.action import ENTRIES

    known = {f"action.{action.id}" for action in ACTIONS}
    assert {code.removesuffix(".about") for code in ENTRIES} == known


def test_titles_are_short_enough_for_the_footer() -> None:
    from rich.cells import cell_len

    for action in ACTIONS:
        assert cell_len(action.title("zh")) <= 12, action.id
        assert cell_len(action.title("en")) <= 18, action.id


def test_acts_are_told_from_looks() -> None:
    for action in ACTIONS:
        if action.id.startswith(("task.", "alarm.", "incident.")):
            assert action.danger >= Danger.ACT, action.id
            assert action.off is not always, action.id
        if action.id.startswith(("move.", "go.", "board.")):
            assert action.danger is Danger.LOOK, action.id


def test_acknowledging_is_never_what_enter_does() -> None:
    for action in ACTIONS:
        if "enter" in action.keys:
            assert action.danger is Danger.LOOK, action.id


def test_the_main_screens_have_the_digits() -> None:
    assert [actions.action(f"go.{name}").keys for name in MAIN] == [("1",), ("2",), ("3",), ("4",), ("5",)]


def test_names_on_the_command_line_are_unique() -> None:
    names = [name for action in ACTIONS for name in action.names]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z-]+", name) for name in names)


def test_an_action_without_a_key_has_a_name() -> None:
    assert not [action.id for action in ACTIONS if not action.keys and not action.names]


def test_keys_are_named_for_people() -> None:
    for action in ACTIONS:
        for key in action.keys:
            shown = actions.key_name(key, "zh")
            assert shown
            assert "_" not in shown or key == "underscore"
    assert actions.key_name("ctrl+l", "en") == "Ctrl+L"
    assert actions.key_name("S", "en") == "S"
    assert actions.key_name("question_mark", "zh") == "?"
    assert set(KEY_NAMES).isdisjoint(SWALLOWED)


def test_bindings_come_from_the_table() -> None:
    made = actions.bindings("app", "board", "alarms")
    assert {binding.id for binding in made} == {
        action.id for action in actions.offered("app", "board", "alarms") if action.keys
    }
    assert not set(DIALOGS) & {"app", "board", "alarms"}


def test_the_footer_wants_the_most_wanted_first() -> None:
    shown = [action.rank for action in actions.footer(("app", "board", "alarms"))]
    assert shown == sorted(shown)
    assert all(shown)
