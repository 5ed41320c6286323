"""The table of actions against the screens that there are: each is done somewhere, and help tells no other."""

from __future__ import annotations

import pytest

from backend.words import LANGUAGES
from console.app import GridseatApp
from screens.actions import ACTIONS, DIALOGS, offered
from screens.base import BoardScreen
from screens.dialogs.base import Dialog
from screens.dialogs.form import Form
from screens.dialogs.help import Help
from screens.dialogs.pick import Pick
from screens.dialogs.sure import Sure
from screens.frame import GridScreen
from screens.registry import MAIN_SCREENS, PAGES, _load
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet

SCREENS: dict[str, type[GridScreen]] = {
    name: _load(where)  # type: ignore[misc]
    for name, where in {**MAIN_SCREENS, **PAGES}.items()
}


def _does(cls: type, method: str) -> bool:
    return any(callable(getattr(one, method, None)) for one in (cls, Board, Sheet, GridseatApp))


@pytest.mark.parametrize("name", SCREENS)
def test_what_a_screen_offers_by_name_it_does(name: str) -> None:
    cls = SCREENS[name]
    assert name == cls.NAME
    missing = [
        one.id for one in offered(*cls.scopes()) if cls.NAME in one.scopes and not _does(cls, one.method)
    ]
    assert missing == []


def test_what_is_offered_everywhere_is_done() -> None:
    for one in offered("app"):
        assert _does(GridScreen, one.method), one.id
    for one in offered("board"):
        done = _does(BoardScreen, one.method) or any(_does(cls, one.method) for cls in SCREENS.values())
        assert done, one.id


def test_every_scope_is_a_screen_or_a_kind() -> None:
    scopes = {scope for one in ACTIONS for scope in one.scopes}
    assert scopes <= {*SCREENS, *DIALOGS, "app", "board", "page"}


@pytest.mark.parametrize("dialog", [Form, Help, Pick, Sure])
def test_dialogs_do_what_their_keys_say(dialog: type[Dialog[object]]) -> None:
    from screens.dialogs.form import FieldLine

    for one in offered("dialog", dialog.KIND):
        assert any(hasattr(where, one.method) for where in (dialog, Sheet, FieldLine)), one.id


def test_the_key_card_has_every_key_once() -> None:
    from screens.dialogs.help import key_card
    from screens.look import Look

    for name, cls in SCREENS.items():
        for language in LANGUAGES:
            card = "\n".join(key_card(cls.scopes(), Look(language=language), 100))
            for one in offered(*cls.scopes()):
                if one.keys:
                    assert one.help(language)[:16] in card, (name, one.id)
