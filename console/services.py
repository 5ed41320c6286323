"""What screens ask of the program around them (`screens.shell.Shell`): looks, threads, copies, one line to tell."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.message import Message as Event

from backend.clock import Clock, SystemClock
from backend.words import Message, Outcome
from backend.words.say import Language
from console.crash import keep
from console.exports import write_export
from console.inturn import InTurn
from console.terminal.grammar import ASCII_MARK, CLIPBOARD_MOST, MARK
from console.terminal.letters import Letters
from console.theme import dress
from console.wiring import Wiring
from screens.facts import Facts
from screens.frame import GridScreen
from screens.look import Look
from screens.tones import Palette

if TYPE_CHECKING:
    from backend.desk.desk import Desk

ACT = "act"
"""The name of what is done in a thread because the person asked for it (`screens.frame.GridScreen.act`)."""
WAITS = 3.0
"""Seconds after which a person is told that what they asked for still waits."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the console is to be."""

    language: Language = "zh"
    theme: str = ""
    """A theme's name; empty lets the terminal decide."""
    ascii: bool = False
    """Draw with ASCII characters only."""
    unicode: bool = True
    """The terminal writes more than ASCII; without it nothing else leaves, and the words are English."""
    charset: str = ""
    """What said which letters the terminal has: ``LANG=C``."""
    wide: bool = False
    """The terminal draws blocks two cells wide."""
    lite: bool | None = False
    """For slow lines; None lets the line decide."""
    bell: bool = True
    background: str = ""
    """``COLORFGBG`` of the environment."""
    stock_terminal: bool = False
    """Draw with the framework's own driver, behind the filter alone."""


@dataclass
class Finished(Event):
    """A worker's last act: what it has found, for whoever asked."""

    done: Callable[[Any], None]
    answer: Any


class Services(InTurn, inherit_bindings=False):
    """The program as far as a screen needs it to show something."""

    def __init__(self, wiring: Wiring, options: Options | None = None, *, clock: Clock | None = None) -> None:
        super().__init__()
        self.options = options or Options()
        self.letters = Letters(unicode=self.options.unicode, shapes=not self.options.ascii)
        self.wiring = wiring
        self.desk: Desk | None = None
        self.facts = Facts()
        self.language = self.options.language
        self.faults: list[Exception] = []
        """Errors of ours that a worker met: kept in the log, told in the footer, asserted empty by tests."""
        self._clock: Clock = clock or SystemClock()
        self._look: Look | None = None
        self.lite = bool(self.options.lite)
        self.slow = False
        """The line was measured to be slow."""
        self.traffic = ""
        """How busy the line is, where the person is told."""
        self.acting: set[object] = set()
        """The person's own acts that are under way: what they ask for and were not answered yet."""
        self.late: list[Message | Outcome] = []
        """What came of acts that were answered only when the screen was gone."""
        self.touched = 0
        """When the person last touched a key; 0 before the first one."""

    def struck(self) -> None:
        self.touched = self.now()

    @property
    def look(self) -> Look:
        """How this person is spoken to, now."""
        if self._look is None:
            from datetime import UTC

            zone = self.desk.zone if self.desk is not None else UTC
            minute = self.now() // 60 * 60
            asked = self.options
            self._look = Look(self.language, zone, minute, ascii=asked.ascii, wide=asked.wide, lite=self.lite)
        return self._look

    @property
    def tight(self) -> bool:
        """Whether the line is slow: lite mode is worn, or it was measured to be."""
        return self.lite or self.slow

    @property
    def palette(self) -> Palette:
        """The theme's style of each tone."""
        return dress(self.dressed, in256=self.in256).palette

    @property
    def mark(self) -> str:
        """Stands on the screen for what may not leave for the terminal."""
        return ASCII_MARK if self.options.ascii else MARK

    def now(self) -> int:
        """The present instant."""
        return (self.desk.clock if self.desk is not None else self._clock).now()

    def tell(self, what: Message | Outcome) -> None:
        """Show the person one line."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, GridScreen):
                screen.tell(what)
                return

    def work(
        self,
        task: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[Message], None] | None = None,
        name: str = "",
    ) -> None:
        """Do something slow in a thread; its last act is one message."""
        turn = object()
        if name == ACT:
            self.acting.add(turn)
            self.set_timer(WAITS, lambda: self.tell(Message("store.waits")) if turn in self.acting else None)

        def run() -> None:
            try:
                answer = task()
            except Exception as error:
                if turn in self.acting and self._exit:
                    self.late.append(self._told_of(error))
                self.post_message(Finished(partial(self._failed, failed), error))
            else:
                outcome = getattr(answer, "outcome", answer)
                if turn in self.acting and self._exit and isinstance(outcome, Outcome):
                    self.late.append(outcome)
                self.post_message(Finished(done, answer))
            finally:
                self.acting.discard(turn)

        self.run_worker(run, thread=True, name=name, group="desk", exit_on_error=False, description=name)

    def on_finished(self, event: Finished) -> None:
        event.done(event.answer)

    def _failed(self, failed: Callable[[Message], None] | None, error: Exception) -> None:
        (failed or self.tell)(self._told_of(error))

    def _told_of(self, error: Exception) -> Message:
        """What to say of an error; one of ours is kept."""
        why = getattr(error, "message", None)
        if isinstance(why, Message):
            return why
        if self.held(error):
            return Message("store.away" if sys.modules["backend.store"].away(error) else "store.busy")
        self.faults.append(error)
        return Message("ui.fault", {"error": type(error).__name__, "path": str(keep(error))})

    @staticmethod
    def held(error: Exception) -> bool:
        """Whether the store could not be had: held for longer than anybody waits, or its server is away."""
        store = sys.modules.get("backend.store")
        return store is not None and bool(store.busy(error) or store.away(error))

    def copy(self, text: str) -> None:
        """Put a text on the clipboard of the person's own terminal."""
        self.copy_to_clipboard(text[:CLIPBOARD_MOST])

    def export(self, name: str, text: str) -> str:
        """Write a file that only this account reads; returns where."""
        return str(write_export(name, text, self.now(), self.look.zone))
