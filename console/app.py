"""The console: what a person does with the program itself, wherever they are in it.

Dialogs are imported when they are opened: the first frame does not wait for what it does not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.words import Message
from console.core import Core, Options
from console.session import SLOT
from console.terminal.charset import no_unicode
from console.theme import THEMES
from screens.action import Danger
from screens.actions import action
from screens.facts import Facts
from screens.frame import GridScreen

if TYPE_CHECKING:
    from backend.desk.desk import Desk

__all__ = ["GridseatApp", "Options"]

SITTING = 10.0
"""Seconds that keys wait at most while somebody sits down."""


class GridseatApp(Core, inherit_bindings=False):
    """The console with its actions: each is a line of `screens.actions`."""

    def do_app_language(self) -> None:
        """Speak the other language."""
        if not self.options.unicode:
            self.tell(no_unicode(self.options.charset))
            return
        self.language = "en" if self.language == "zh" else "zh"
        self._look = None
        self._relook()
        # Names of the city come in the other language too.
        if self.desk is not None:
            self.wiring.speak(self.desk, self.language)
            # Also what stands there of rows that are gone, and of hours that were read.
            for screen in self._frames():
                screen.opened(self.desk)
        self._stamp = None
        self._tick()

    def do_app_theme(self, name: str = "") -> None:
        """Wear another theme."""
        names = THEMES
        self.wear(name if name in names else names[(names.index(self.dressed) + 1) % len(names)])
        self.call_after_refresh(self._relook)

    # Going about.

    def _go(self, name: str) -> None:
        if name != self.current_mode:
            self.switch_mode(name)
            self.noted()
            return
        # The key of the screen that one is in leads back to it from whatever page was opened over it.
        while len(self.screen_stack) > 1:
            self.leave()

    def do_go_overview(self) -> None:
        self._go("overview")

    def do_go_stations(self) -> None:
        self._go("stations")

    def do_go_alarms(self) -> None:
        self._go("alarms")

    def do_go_tasks(self) -> None:
        self._go("tasks")

    def do_go_feeds(self) -> None:
        self._go("feeds")

    def do_app_back(self) -> None:
        """Leave a page."""
        self.leave()

    def do_go_triage(self) -> None:
        """What awaits a decision."""
        self.open_page("triage", "list")

    def do_go_duty(self) -> None:
        """Who is on duty."""
        self.open_page("duty", "")

    def do_go_hotspots(self) -> None:
        """Where it is hot, on the map."""
        self.open_page("hotspots", "")

    def do_go_forecast(self) -> None:
        """The days to come at every air station."""
        self.open_page("forecast", "")

    def do_go_quality(self) -> None:
        """What the checks object to, what was decided, the rates."""
        self.open_page("quality", "")

    def do_go_supervise(self) -> None:
        """Who holds what overdue, what waits for a word, the ranking, the load."""
        self.open_page("supervise", "")

    def do_go_admin(self) -> None:
        """People, policies, keys, channels, the audit."""
        self.open_page("admin", "")

    def do_go_complaints(self) -> None:
        """Who waits for a reply."""
        self.open_page("complaints", "list")

    def do_go_orders(self) -> None:
        """What was ordered from above."""
        self.open_page("orders", "list")

    def do_go_reports(self) -> None:
        """Daily reports and shift logs."""
        self.open_page("reports", "list")

    def do_app_brief(self) -> None:
        """What is going on, to be read out on the phone."""
        self.open_page("brief", "")

    def do_app_notices(self) -> None:
        """What this seat was told."""
        self.open_page("notices", "")

    def do_app_reload(self) -> None:
        """Read again, and answer that."""
        self._stamp = None
        if self.desk is not None and isinstance(self.screen, GridScreen):
            self.screen.changed(self.desk)

    def do_app_repaint(self) -> None:
        """Send the whole screen again."""
        self.repaint()

    # The end.

    def do_app_quit(self) -> None:
        """End the program, after a question: a slip of the hand must not."""
        from screens.dialogs.sure import Sure

        question = Sure(
            Message("ui.sure.quit"),
            [
                Message("ui.sure.quit_about"),
                *([Message("dutyscreen.still_on")] if self.facts.on_shift else []),
            ],
            danger=Danger.LOOK,
            again=("q", "ctrl+c", "enter"),
        )
        self.show(question, lambda yes: self.exit(0) if yes else None)

    # Help and commands.

    def do_app_help(self) -> None:
        """The keys that work here."""
        from screens.dialogs.help import Help

        if isinstance(here := self.screen, GridScreen):
            dialog = Help(Message("ui.help.title"), here.scopes(), here.why_off, here.performs)
            self.show(dialog, lambda _: None)

    def do_app_commands(self) -> None:
        """Everything that can be done here, by name."""
        from screens.dialogs.commands import Commands, choices

        if not isinstance(here := self.screen, GridScreen):
            return

        def done(given: str | None) -> None:
            if given:
                name, _, words = given.partition(" ")
                here.perform(action(name), *([words] if words else []))

        listed = choices(here.actions(), self.look, here.why_off)
        self.show(Commands(Message("ui.commands.title"), listed), done)

    def do_app_person(self, code: str = "") -> None:
        """Sit somebody else here: in a replay only."""
        desk = self.desk
        if desk is None:
            return
        if code:
            self._sit(desk, code)
            return
        from screens.dialogs.pick import Pick

        dialog = Pick(Message("ui.person.title"))
        self.show(dialog, lambda given: self._sit(desk, given) if given else None)
        self.work(lambda: self.wiring.people(desk), dialog.fill, name="people")

    def sit(self, person: str) -> None:
        """Whoever took the shift over sits here from now on."""
        if self.desk is not None:
            self._sit(self.desk, person)

    def _sit(self, desk: Desk, code: str) -> None:
        text = self._gather()
        # Whoever sits down waits for the store; their keys must not be judged by what the one before may do.
        let_go = self.hold(SITTING)

        def sit() -> tuple[Desk, Facts, str | None] | None:
            self.wiring.save(desk, SLOT, text)
            seated = self.wiring.seat(desk, code)
            if seated is None:
                return None
            return seated, self.wiring.facts(seated, self.language), self.wiring.load(seated, SLOT)

        def done(found: tuple[Desk, Facts, str | None] | None) -> None:
            if found is None:
                let_go()
                self.tell(Message("ui.person.unknown", {"person": code}))
                return
            self._let_go = let_go
            self._take_seat(found)
            role = self.look.word(f"ui.role.{self.facts.role}")
            self.tell(Message("ui.person.seated", {"name": self.facts.person, "role": role}))

        self.work(sit, done, name="switch person")
