"""As wide in a terminal as the layout counts it, whatever was sent: 5,000 texts (T10)."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from backend.text import COMBINING_LIMIT, clean
from console.terminal.grammar import Ledger, plain
from console.terminal.letters import Letters
from screens.widgets.cells import fit
from tests.egress.corpus import corpus
from tests.egress.emulator import Emulator
from tests.egress.judge import read, shown

CELLS = 60


@pytest.mark.slow
@pytest.mark.parametrize("letters", [Letters(), Letters(shapes=False), Letters(unicode=False, shapes=False)])
def test_five_thousand_texts_end_in_the_cell_that_was_counted(letters: Letters) -> None:
    """Through the way in, into a column, into the terminal's letters, past the way out, onto a terminal."""
    ledger, wrong = Ledger(), []
    for raw in corpus():
        drawn = plain(letters.text(fit(str(clean(raw)), CELLS)), ledger)
        emulator = Emulator(CELLS * 2, 2)
        emulator.feed(drawn.encode())
        if cell_len(drawn) != CELLS or emulator.paper.cursor.x != CELLS or emulator.paper.cursor.y:
            wrong.append((ascii(raw[:60]), emulator.paper.cursor.x))
    assert wrong == []
    # What has come in by a door needs no mark at the way out.
    assert dict(ledger.counts) == {}


def test_a_text_of_twenty_thousand_characters_is_cut_on_the_way_in() -> None:
    for text in ("长" * 20_000, "\u0301" * 20_000, "a\u0489" * 20_000, "\x1b[2J" * 20_000):
        assert len(clean(text)) <= 200
    assert clean("a" + "\u0489" * 50) == "a" + "\u0489" * COMBINING_LIMIT


def test_emoji_of_parts_come_in_as_one_part() -> None:
    assert clean("👍🏽 🇨🇳 👨\u200d👩\u200d👧 ❤\ufe0f") == "👍 CN 👨👩👧 ❤"
    assert all(one.kind == "print" and shown(one.text[0]) for one in read(clean("👍🏽 🇨🇳").encode()))
