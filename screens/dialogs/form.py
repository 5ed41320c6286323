"""A form by keyboard: a line for each field, Enter goes on and at the end sends, Esc keeps what was typed.

What is typed is a draft of its action and its thing: closing the form, a dropped line and a new login keep it, and
sending it drops it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus
from textual.widgets import Input

from backend.words import Message
from screens.columns import Cell
from screens.dialogs.base import Dialog
from screens.look import Look
from screens.shell import shell
from screens.widgets.choices import Choice, Choices
from screens.widgets.entry import Entry
from screens.widgets.line import Line
from screens.widgets.sheet import Sheet, flow

Values = Mapping[str, str]
"""What was filled in, by the fields' keys: a choice is its key, a number its digits, nothing is ``""``."""
Check = Callable[[str, Values], Message | None]
"""Says what is wrong with a field's value, None where nothing is."""


HALF = "?"
"""Begins the draft of a choice that has been looked for and not been chosen."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form."""

    key: str
    title: str
    """The code of its name in the words."""
    value: str = ""
    """What stands in it at first."""
    required: bool = True
    choices: Sequence[Choice] = ()
    """Where there are any, one of them must be chosen."""
    number: bool = False
    """Only a number will do."""
    hint: str = ""
    """The code of what stands in it, dim, while it is empty."""
    longest: int = 500
    check: Check | None = None
    check_empty: bool = False
    """Whether nothing at all is checked too: what must be filled in because of another field."""

    def fault(self, value: str, values: Values) -> Message | None:
        """What is wrong with a value."""
        if not value and not (self.check_empty and self.check is not None):
            return Message("ui.form.required") if self.required else None
        if self.number and value:
            try:
                float(value)
            except ValueError:
                return Message("ui.form.number")
        return self.check(value, values) if self.check else None


@dataclass
class Plan:
    """A form to fill in: its title, what it is about, its fields."""

    title: Message
    fields: Sequence[Field]
    about: Sequence[Message] = ()
    """What the act is done to, a line each: read before it is sent."""
    slot: str = ""
    """Under which name what is typed is kept; empty keeps nothing."""
    values: dict[str, str] = field(default_factory=dict)


class FieldTitle(Line):
    """A field's name, and a mark where it must be filled in."""

    def __init__(self, one: Field) -> None:
        super().__init__(classes="field-title")
        self.one = one

    def pieces(self) -> list[Cell]:
        look = shell(self).look
        return [Cell(look.word(self.one.title)), Cell("*" if self.one.required else "", "dim")]


class FieldLine(Vertical):
    """A field: its name, the line to type into, and the choices while it is the one filled in."""

    MOST, MOST_TALL, TALL = 6, 9, 30
    """Choices shown at once; as many as there are digits where the screen has so many lines."""

    def __init__(self, one: Field, value: str) -> None:
        super().__init__(classes="field")
        self.one = one
        self.picked = False
        """A digit has just chosen: the next field can be gone to."""
        self._half, self._chosen = self._parts(value)
        """What was typed to find a choice, and chose none yet; the choice."""
        self._start = value
        self._stood = ""
        """What stood in it before the last key."""
        self._marked = False
        """A choice was gone to with the arrows."""

    def compose(self) -> ComposeResult:
        hint = shell(self).look.word(self.one.hint) if self.one.hint else ""
        if hint and self.app.current_theme.ansi:
            # Paler, as the other themes have it, is not told everywhere: it would pass for what was typed.
            hint = f"({hint})"
        with Horizontal(classes="field-row"):
            yield FieldTitle(self.one)
            self._stood = start = self._half or self._shown(self._start)
            yield Entry(start, placeholder=hint, max_length=self.one.longest)
        if self.one.choices:
            tall = self.app.size.height >= self.TALL
            choices = Choices(self.one.choices, most=self.MOST_TALL if tall else self.MOST, numbered=True)
            # Before it is there at all: hidden afterwards, each would have everything laid out anew.
            choices.display = False
            yield choices

    @property
    def value(self) -> str:
        """What it holds: a choice's key, or what was typed."""
        return self._chosen if self.one.choices else self.query_one(Entry).value.strip()

    @property
    def draft(self) -> str:
        """What is kept of it while it is not sent: half a choice too."""
        return f"{HALF}{self._half}" if self._half and not self._chosen else self.value

    def fault(self, values: Values) -> Message | None:
        """What is wrong with it; words that choose nothing are no empty field, and are not dropped unsaid."""
        typed = self._half.strip()
        if not typed or self._chosen:
            return self.one.fault(self.value, values)
        choices = self.query_one(Choices)
        code = "ui.form.unpicked" if choices.matching else "ui.form.no_such"
        return choices.why_off() or Message(code, {"typed": typed})

    def _parts(self, draft: str) -> tuple[str, str]:
        """Of what was kept of a field with choices: what was typed to find one, or the one that was chosen."""
        if not self.one.choices:
            return "", ""
        return (draft[1:], "") if draft.startswith(HALF) else ("", draft)

    def _shown(self, value: str) -> str:
        if not self.one.choices:
            return value
        return next((choice.text for choice in self.one.choices if choice.key == value), "")

    def open(self) -> None:
        """It is filled in now: show all its choices, the chosen one marked, or those that what is typed finds."""
        for choices in self.query(Choices):
            choices.narrow(self._half)
            choices.choose(self._chosen)
            choices.display = True
            if self._chosen or not choices.matching:
                # What is typed now is meant for another choice, not as the end of this one's name.
                self.query_one(Entry).select_all()

    def close(self) -> None:
        """Another one is filled in: its choices need not be seen."""
        for choices in self.query(Choices):
            choices.display = False

    @property
    def meant(self) -> bool:
        """The choice that is marked was looked for, or gone to: it is not just the first of all."""
        return bool(self._half.strip()) or self._marked

    def take(self) -> None:
        """Enter: the choice that is marked is chosen."""
        for choices in self.query(Choices):
            chosen = choices.chosen
            if chosen is not None and not chosen.off:
                self._chosen, self._half = chosen.key, ""
                self._say(chosen.text)

    def _say(self, text: str) -> None:
        entry, self._stood = self.query_one(Entry), text
        with entry.prevent(Input.Changed):
            entry.value = text
        entry.cursor_position = len(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        before, self._stood = self._stood, event.value
        if self._chosen and event.value == self._shown(self._chosen):
            return
        # A digit chooses when it is struck; in what is pasted or was left here it is a part of what is looked for.
        struck = event.value != before and (event.value[:-1] == before or len(event.value) == 1)
        for choices in self.query(Choices):
            if struck and (choice := choices.picked(event.value)) is not None:
                self._chosen, self._half, self.picked = choice.key, "", True
                self._say(choice.text)
                choices.narrow("")
                choices.choose(choice.key)
                return
            self._chosen, self._half = "", event.value
            choices.narrow(event.value)

    def step(self, lines: int) -> None:
        """Mark another choice."""
        self._marked = True
        for choices in self.query(Choices):
            choices.step(lines)

    def put(self, draft: str) -> None:
        """Have something stand in it that was kept, or that stood in it before anybody typed."""
        self._half, self._chosen = self._parts(draft)
        self.picked = self._marked = False
        self._say(self._half or self._shown(draft))
        for choices in self.query(Choices):
            choices.narrow(self._half)
            choices.choose(self._chosen)


class Form(Dialog[dict[str, str]]):
    """The form; gives the values, or None where it was closed."""

    KIND = "form"

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.title)
        self.plan = plan
        self._fault: tuple[FieldLine, Message] | None = None
        self._left_word = ""
        """The code of what to say of what was left in it at an earlier time."""
        self._cleared: dict[str, str] = {}
        """What stood in it before it was cleared."""

    def content(self) -> ComposeResult:
        kept = self.shell.draft(self.plan.slot) if self.plan.slot else {}
        if any(kept.get(one.key, one.value) != one.value for one in self.plan.fields):
            self._left_word = "ui.form.resumed"
        # Another call's words must not pass for this one's.
        yield Sheet(self._left, id="left")
        if self.plan.about:
            yield Sheet(self._about, classes="about")
        for one in self.plan.fields:
            yield FieldLine(one, str(kept.get(one.key, one.value)))
        yield Sheet(self._told, id="fault")

    def on_mount(self) -> None:
        lines = self.lines
        # Go on where it was left: at the first field that still wants something.
        first = next((line for line in lines if line.one.required and not line.value), lines[0])
        first.query_one(Entry).focus()

    @property
    def lines(self) -> list[FieldLine]:
        """The fields, from the top."""
        return list(self.query(FieldLine))

    @property
    def values(self) -> dict[str, str]:
        """What is filled in now."""
        return {line.one.key: line.value for line in self.lines}

    @property
    def here(self) -> FieldLine | None:
        """The field that is filled in now."""
        return next((line for line in self.lines if line.has_focus_within), None)

    def _left(self, look: Look, cells: int) -> list[list[Cell]]:
        return [*flow(look.word(self._left_word), cells, "warn")] if self._left_word else []

    def _about(self, look: Look, cells: int) -> list[list[Cell]]:
        lines: list[list[Cell]] = []
        for about in self.plan.about:
            lines += flow(look.say(about), cells, "dim")
        return [*lines, []]

    def _told(self, look: Look, cells: int) -> list[list[Cell]]:
        if self._fault is None:
            return [[]]
        line, why = self._fault
        return flow(f"{look.word(line.one.title)}: {look.say(why)}", cells, "bad")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        for line in self.lines:
            if event.widget in line.walk_children():
                line.open()
            else:
                line.close()

    def on_input_changed(self, _event: Input.Changed) -> None:
        self._keep()
        if self._cleared:
            self._say_left("")
        if self._fault is not None and self._fault[0].fault(self.values) is None:
            self._sound()
        here = self.here
        if here is None or not here.picked:
            return
        here.picked = False
        if not self._wrong([here]) and here is not self.lines[-1]:
            self.do_form_next()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        line = self.here
        if line is None:
            return
        line.take()
        self._keep()
        if self._wrong([line]):
            return
        if line is self.lines[-1]:
            self.do_form_send()
        else:
            self.do_form_next()

    def _keep(self) -> None:
        if self.plan.slot:
            # What nobody has touched is as it will be then: a time that was now is not kept for tomorrow.
            touched = {line.one.key: line.draft for line in self.lines if line.draft != line.one.value}
            self.shell.keep_draft(self.plan.slot, touched)

    def _wrong(self, lines: Sequence[FieldLine]) -> bool:
        """Whether one of these fields is wrong; the first that is says so and is gone to."""
        values = self.values
        for line in lines:
            why = line.fault(values)
            if why is not None:
                self._fault = line, why
                told = self.query_one("#fault", Sheet)
                told.relook()
                line.query_one(Entry).focus()
                # It may take lines that there is no room for.
                self.call_after_refresh(told.scroll_visible, animate=False)
                return True
        self._sound()
        return False

    def _sound(self) -> None:
        """What was wrong is not any more, and is not told any more."""
        if self._fault is not None:
            self._fault = None
            self.query_one("#fault", Sheet).relook()

    def do_form_next(self) -> None:
        """Go to the next field."""
        self._go(1)

    def do_form_previous(self) -> None:
        """Go to the field before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        lines, here = self.lines, self.here
        if here is not None and lines:
            lines[(lines.index(here) + step) % len(lines)].query_one(Entry).focus()

    def do_form_anew(self) -> None:
        """Drop what stands in it, and begin at the first field; again, before anything is typed: bring it back."""
        drafts = {line.one.key: line.draft for line in self.lines}
        first = {line.one.key: line.one.value for line in self.lines}
        back = self._cleared if drafts == first else {}
        for line in self.lines:
            line.put((back or first)[line.one.key])
        self._say_left("" if drafts == first else "ui.form.cleared", drafts)
        self._sound()
        self._keep()
        self.lines[0].query_one(Entry).focus()

    def _say_left(self, word: str, cleared: Mapping[str, str] | None = None) -> None:
        self._left_word, self._cleared = word, dict(cleared or {}) if word else {}
        self.query_one("#left", Sheet).relook()

    def do_form_send(self) -> None:
        """Send it, if nothing is wrong."""
        if (here := self.here) is not None and here.one.choices and not here.value and here.meant:
            here.take()
        if not self._wrong(self.lines):
            self.dismiss(self.values)

    def do_pick_down(self) -> None:
        """Mark the next choice; without choices, go to the next field."""
        self._step(1)

    def do_pick_up(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        here = self.here
        if here is None:
            return
        if here.one.choices:
            here.step(step)
        else:
            self._go(step)
