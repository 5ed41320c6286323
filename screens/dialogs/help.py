"""The help: the keys that work on the screen under it, made from the table of actions, and what the shapes mean."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from itertools import accumulate, chain, zip_longest

from textual.app import ComposeResult

from backend.words import Message
from screens.action import Action
from screens.actions import key_name, offered
from screens.columns import Cell
from screens.dialogs.base import Dialog
from screens.look import Look
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.sheet import Sheet, flow

LEVELS = ("critical", "high", "medium", "low")
KEY_CELLS = 13
"""Cells for the keys of one action."""
TWO_COLUMNS = 84
"""Cells from which there is room for two columns."""


Off = Mapping[str, Message | None]
"""Why each action is off, by its id."""


def groups(scopes: Sequence[str]) -> list[tuple[str, str]]:
    """Scopes with their headings: the screen's own first, then its kind's, then those that hold everywhere."""
    app, kind, *own = scopes
    return [
        *((scope, "ui.help.here") for scope in own),
        (kind, f"ui.help.{kind}"),
        (app, "ui.help.everywhere"),
    ]


def keys(
    scopes: Sequence[str], off: Off, look: Look, cells: int, here: Container[str] | None = None
) -> list[list[Cell]]:
    """The keys of a screen as lines, in two columns where there is room; ``here`` are the ids of those it does."""
    lines: list[list[Cell]] = []
    told: set[str] = set()
    for scope, heading in groups(scopes):
        group = [
            one
            for one in offered(scope)
            if one.keys and one.id not in told and (here is None or one.id in here)
        ]
        told.update(one.id for one in group)
        if group:
            lines += [[], [Cell(look.word(heading), "header")], *_columns(group, off, look, cells)]
    return lines[1:]


def _columns(group: Sequence[Action], off: Off, look: Look, cells: int) -> list[list[Cell]]:
    width = (cells - 2) // 2 if cells >= TWO_COLUMNS else cells
    entries = [_entry(one, off.get(one.id), look, width) for one in group]
    if width == cells:
        return [*chain.from_iterable(entries)]
    # The left column takes entries until half of the lines are in it.
    ends = accumulate(map(len, entries))
    half = sum(map(len, entries)) / 2
    first = next((place for place, end in enumerate(ends, 1) if end >= half), len(entries))
    left, right = chain.from_iterable(entries[:first]), chain.from_iterable(entries[first:])
    gap = [Cell(" " * width)]
    return [[*(one or gap), Cell("  "), *(other or ())] for one, other in zip_longest(left, right)]


def _entry(one: Action, why: Message | None, look: Look, width: int) -> list[list[Cell]]:
    """A key and what it does: as many lines as it takes, each padded to the width."""
    named = " ".join(key_name(key, look.language) for key in one.keys)
    text = one.help(look.language)
    if why is not None:
        text = look.word("ui.help.off", text=text, why=look.say(why).rstrip(".。"))
    room = width - KEY_CELLS
    told = ["".join(piece.text for piece in line) for line in flow(text, room)]
    return [
        [
            Cell(fit("" if place else named, KEY_CELLS), "dim" if why else "key"),
            Cell(fit(line, room), "dim" if why else ""),
        ]
        for place, line in enumerate(told)
    ]


def legend(look: Look) -> list[Cell]:
    """What the shapes mean."""
    pieces: list[Cell] = []
    for level in LEVELS:
        word = look.word(f"ui.priority.{level}")
        pieces += [Cell(f"{shape(level, look.ascii)} {word}", level), Cell("  ")]
    for state in ("mark", "gone"):
        pieces.append(Cell(f"{shape(state, look.ascii)} {look.word(f'ui.legend.{state}')}  ", "dim"))
    return pieces


def key_card(scopes: Sequence[str], look: Look, cells: int = 80) -> list[str]:
    """The keys of a screen as plain lines: the key card, and the manual's page of keys."""
    lines = keys(scopes, {}, look, cells)
    return ["".join(piece.text for piece in line).rstrip() for line in lines]


class Help(Dialog[None]):
    """Every key of a screen, and why those that are off are off."""

    KIND = "read"
    WIDE = True

    def __init__(
        self,
        title: Message,
        scopes: Sequence[str],
        why_off: Callable[[Action], Message | None],
        known: Callable[[Action], bool] = lambda _one: True,
    ) -> None:
        """Help.

        Args:
            scopes: of the screen that asked.
            why_off: why an action is off there.
            known: whether there is anything there that does an action.
        """
        super().__init__(title)
        self._scopes = tuple(scopes)
        self._here = {one.id for one in offered(*scopes) if known(one)}
        # As it was when help was asked for: under the dialog nothing is selected any more.
        self._off = {one.id: why_off(one) for one in offered(*scopes)}

    def content(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True)

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def _write(self, look: Look, cells: int) -> list[list[Cell]]:
        lines = keys(self._scopes, self._off, look, cells, self._here)
        return [*lines, [], [Cell(look.word("ui.help.legend"), "header")], legend(look)]
