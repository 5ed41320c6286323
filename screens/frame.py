"""The frame of every screen: header, orders in force, the screen's own body, footer; and the way of every action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from backend.words import Message, Outcome
from screens.action import Action
from screens.actions import ACTIONS, DIALOGS, MAIN, action, bindings, key_name, offered
from screens.chord import Chord
from screens.facts import Facts
from screens.look import Look
from screens.once import once
from screens.shell import Shell, shell
from screens.widgets.board import Board
from screens.widgets.footer import Above, Footer
from screens.widgets.header import KEYED, Header, Strip
from screens.widgets.sheet import Sheet

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from screens.dialogs.form import Plan
    from screens.dialogs.sure import Sure


class GridScreen(Screen[None], inherit_bindings=False):
    """The frame: header, orders in force, the screen's own body, footer; and the way of every action."""

    NAME: ClassVar[str] = ""
    """Its scope in the table of actions, its name in the registry, and its slot in the seat's memory."""
    KIND: ClassVar[str] = "page"
    """``board`` or ``page``: the scope of the keys for moving about."""
    AUTO_FOCUS = ""
    ALLOW_SELECT = False
    _doing = ""
    """The action that was last begun: a form that it opens is its form."""
    _let_go: Callable[[], None] | None = None
    """Ends the wait of the keys for what is being read."""

    def __init_subclass__(cls, **options: Any) -> None:
        # A class without a name is only derived from; its bindings would be made for nothing.
        cls.BINDINGS = cast(list[BindingType], bindings(*cls.scopes())) if cls.NAME else []
        super().__init_subclass__(inherit_bindings=False, **options)

    def set_timer(self, *words: Any, **named: Any) -> Timer:
        """As the framework's, and done even where its turn comes late (`screens.once`)."""
        return once(super().set_timer(*words, **named))

    @classmethod
    def scopes(cls) -> tuple[str, ...]:
        """Where its actions are offered."""
        return ("app", cls.KIND, cls.NAME)

    @property
    def shell(self) -> Shell:
        """The program around."""
        return shell(self)

    @property
    def look(self) -> Look:
        """How this person is spoken to."""
        return shell(self).look

    @property
    def place(self) -> str:
        """The main screen that this one belongs to."""
        mode: str = self.app.current_mode
        return mode if mode in MAIN else self.NAME

    @property
    def page(self) -> str:
        """The page with a key of its own that this one is, or was opened from; empty for a main screen's own."""
        stack = self.app.screen_stack
        below = stack[: stack.index(self)] if self in stack else ()
        names = (one.NAME for one in (self, *reversed(below)) if isinstance(one, GridScreen))
        return next((name for name in names if name in KEYED), "")

    def __init__(self) -> None:
        super().__init__()
        self._performed: dict[str, bool] = {}
        self._chord = Chord()
        self._untold: Message | Outcome | None = None
        self.recalled = False
        """It has taken what is remembered of it: only from then on may anything be remembered anew."""

    # For a screen to fill in.

    def body(self) -> ComposeResult:
        """The widgets between header and footer."""
        yield from ()

    def opened(self, desk: Desk) -> None:
        """The desk is open: read what is to be shown."""

    def changed(self, desk: Desk) -> None:
        """Something in the store has changed: read again."""

    def remember(self) -> dict[str, Any]:
        """What a new login brings back, as JSON can say it."""
        return {}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Take what `remember` gave; called before `opened`."""

    def refusal(self, act: str) -> Message | None:  # noqa: ARG002 - for screens to use
        """Why this person may not do this to what is selected; None where they may."""
        return None

    def no_page(self) -> Message | None:
        """Why Enter opens nothing for what is selected; None where it does."""
        return None

    def has_row(self) -> bool:
        """Whether something is selected."""
        return True

    def role(self) -> str:
        """What the person is."""
        return self.shell.facts.role

    def replay(self) -> bool:
        """Whether the city is a replay."""
        return self.shell.facts.replay

    # What a screen uses.

    def act(self, command: Callable[[Desk], Outcome], then: Callable[[Outcome], None] | None = None) -> None:
        """Do a command in a thread, tell its outcome, and read again what it may have changed."""
        desk = self.shell.desk
        if desk is None:
            self.shell.tell(Message("ui.off.opening"))
            return

        def done(outcome: Outcome) -> None:
            self.shell.tell(outcome)
            if self.stands:
                self.changed(desk)
            if then is not None:
                then(outcome)

        self.shell.work(lambda: command(desk), done, name="act")

    def ask(
        self,
        plan: Plan,
        send: Callable[[Desk, dict[str, str]], Outcome],
        then: Callable[[Outcome], None] | None = None,
    ) -> None:
        """Fill a form in and send it. What was typed is kept until it has been sent and taken."""
        from screens.dialogs.form import Form

        def done(values: dict[str, str] | None) -> None:
            if values is None:
                return

            def sent(outcome: Outcome) -> None:
                if outcome.ok and plan.slot:
                    self.shell.keep_draft(plan.slot, None)
                if then is not None:
                    then(outcome)

            self.act(lambda desk: send(desk, values), sent)

        self.shell.show(Form(plan), done, by=self._doing)

    def sure(self, question: Sure, do: Callable[[], None]) -> None:
        """Ask before something that is not easily put right, and do it on a yes."""
        self.shell.show(question, lambda yes: do() if yes else None)

    def wait(self) -> None:
        """Let keys wait from now on: what they are meant for is still being read. `come` ends it."""
        self.come()
        self._let_go = self.shell.hold()

    def come(self) -> None:
        """What was read is shown, or can't be: the keys go on."""
        if self._let_go is not None:
            self._let_go()
            self._let_go = None

    def on_unmount(self) -> None:
        self.come()

    def settled(self) -> None:
        """What is shown has been read: call it once it has (`BoardScreen` and `PageScreen` do)."""
        self.shell.settled(self)

    @property
    def stands(self) -> bool:
        """Whether its widgets are there: it is put together, and not on its way out.

        An answer from a thread comes when it comes, before the first widget is there or while the last ones go: ask
        this before touching any. (The framework calls a screen attached through all of that.)
        """
        return self.is_mounted and self.is_attached and not self._pruning

    # The frame itself.

    def compose(self) -> ComposeResult:
        self._fit()
        yield Header()
        yield Strip()
        yield from self.body()
        yield Above()
        yield Footer(self.scopes())

    def _fit(self) -> None:
        """Take the classes of the size there is. The framework gives them after the first layout: a board that is then
        laid out anew reads twice, and is sent twice."""
        size = self.app.size
        for steps, cells in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            self.add_class(*self._get_breakpoint_classes(cells, steps or []))

    def on_mount(self) -> None:
        kept = self.shell.remembered(self.slot)
        if kept:
            self.restore(kept)
        self.recalled = True
        self.show_facts()
        if self._untold is not None:
            self.tell(self._untold)
        if (desk := self.shell.desk) is not None:
            self.opened(desk)

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        self._performed.clear()
        self.show_facts()
        if (desk := self.shell.desk) is not None and self.is_mounted:
            self.changed(desk)
        self.relook()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        self._chord.end()

    @property
    def slot(self) -> str:
        """Its name in the seat's memory."""
        return self.NAME

    def show_facts(self) -> None:
        """Bring the header and the orders up to date."""
        facts: Facts = self.shell.facts
        self.query_one(Header).show(facts, self.place, self.page)
        self.query_one(Strip).show(facts.orders)

    def tell(self, what: Message | Outcome) -> None:
        """Show one line in the footer."""
        if isinstance(what, Message) or not what.ok:
            self._chord.refused()
        footer = next(iter(self.query(Footer)), None)
        if footer is None:
            # It is just being put together: what opened it has something to say.
            self._untold = what
        else:
            footer.tell(what)

    def relook(self) -> None:
        """Draw all anew: another language, theme or minute."""
        for widget in self.walk_children(Widget):
            again = getattr(widget, "relook", None)
            if callable(again) and widget is not self:
                again()

    def refresh_keys(self) -> None:
        """What is selected has changed, and so which keys are on."""
        for bar in self.query(Footer):
            bar.relook()

    def ready(self) -> bool:
        """Whether the desk is open."""
        return self.shell.desk is not None

    def why_off(self, what: Action) -> Message | None:
        """Why an action is off here and now; None when it is on."""
        return what.off(self, what)

    def performs(self, what: Action) -> bool:
        """Whether there is anything here that does it: a page without tabs has no next tab."""
        if what.id not in self._performed:
            nodes = (self, *self.query(Board), *self.query(Sheet), self.app)
            self._performed[what.id] = any(callable(getattr(node, what.method, None)) for node in nodes)
        return self._performed[what.id]

    def actions(self) -> tuple[Action, ...]:
        """What can be done here."""
        return tuple(one for one in offered(*self.scopes()) if self.performs(one))

    def action_perform(self, name: str) -> None:
        """Every key ends here: do an action of the table, or say why it is off."""
        self.perform(action(name))

    def perform(self, what: Action, *words: str) -> None:
        """Do an action here, with the words that were typed after its name."""
        if self._chord.takes(what, self.shell.pressed):
            return
        self._chord.strike(what, self.shell.pressed)
        for bar in self.query(Footer):
            bar.clear()
        if (why := self.why_off(what)) is not None:
            self.shell.tell(why)
            if not self.ready():
                self.shell.postpone(what, words)
            return
        for node in self._performers():
            method = getattr(node, what.method, None)
            if callable(method):
                self._doing = what.id
                method(*words) if what.takes and words else method()
                return
        self.shell.tell(Message("ui.off.not_here", {"what": what.title(self.look.language)}))

    def unheard(self, key: str) -> None:
        """A key that does nothing here, and something elsewhere: whoever struck it takes this for another screen."""
        meant = [one for one in ACTIONS if key in one.keys and set(one.scopes).isdisjoint(DIALOGS)]
        if not meant or not self.ready():
            return
        if (asks := next((one for one in meant if one.asks), None)) is not None:
            # The digit behind it was meant for what it opens where it does.
            self._chord.strike(asks, self.shell.pressed)
        language = self.look.language
        titles = dict.fromkeys(one.title(language) for one in meant)
        told = {"key": key_name(key, language), "what": " / ".join(titles)}
        self.shell.tell(Message("ui.off.no_such_here", told))

    def _performers(self) -> Iterable[object]:
        if self.focused is not None:
            yield from self.focused.ancestors_with_self
        else:
            yield self
        yield from self.walk_children(Board)
        yield self.app

    def _compositor_refresh(self) -> None:
        """Draw what has changed, unless a page covers all of it: the framework would send that whole page again."""
        if self.app.screen is not self and isinstance(self.app.screen, GridScreen):
            self._dirty_widgets.clear()
            self._compositor._dirty_regions.clear()
            return
        super()._compositor_refresh()

    def do_incident_intake(self) -> None:
        """Enter what was reported: the form opens over any screen."""
        from screens.acting.intake import begin

        begin(self)

    def do_source_find(self) -> None:
        """Look for the source of what is selected."""
        from screens.acting.tracing import begin

        begin(self)

    def do_move_next_part(self) -> None:
        """Go to the next part of the screen."""
        self.focus_next()

    def do_move_previous_part(self) -> None:
        self.focus_previous()
