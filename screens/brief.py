"""The situation brief 态势简报: what is going on and who is on it, to be read out to whoever is on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens.base import PageScreen
from screens.columns import Cell
from screens.dialogs.form import Check, Field, Plan, Values
from screens.look import Look
from screens.widgets.choices import Choice
from screens.widgets.sheet import Sheet, Text, flow

if TYPE_CHECKING:
    from backend.desk.brief import Brief, Line, PlaceRow
    from backend.desk.desk import Desk

EDGE = " "
LONGEST_HOURS, LONGEST_MINUTES = 24 * 30, 60 * 24 * 7


class BriefPage(PageScreen["Brief"]):
    """The brief over whatever one was doing; it never needs to be scrolled."""

    NAME: ClassVar[str] = "brief"
    CSS_PATH = "brief.tcss"

    def __init__(self, key: str = "") -> None:
        super().__init__(key)
        self._use = 0
        """The number under which this use of it is kept."""
        self._caller = ""
        self._shown: Sequence[Line] = ()

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="brief-sheet")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def on_resize(self, _event: events.Resize) -> None:
        """As much as fits: another size is another cut."""
        self.call_after_refresh(self.query_one(Sheet).relook)

    def load(self, desk: Desk) -> Brief | None:
        from backend.desk import brief

        return brief.gather(desk)

    def fill(self, data: Brief) -> None:
        self.query_one(Sheet).relook()
        if not self._use:
            self._note(data)

    def _note(self, data: Brief) -> None:
        """Keep that it was opened, with what it said, once."""
        desk = self.shell.desk
        self._use = -1

        def note() -> int:
            from backend.desk import brief

            assert desk is not None
            return brief.opened(desk, self._shown or brief.build(data))

        def noted(use: int) -> None:
            self._use = use

        self.shell.work(note, noted, name="note the brief")

    def _write(self, look: Look, cells: int) -> Text:
        if self.data is None:
            return [[Cell(EDGE + look.word("brief.loading"), "dim")]]
        from backend.desk import brief

        room = min(brief.MOST, self.query_one(Sheet).size.height or brief.MOST)
        inner = cells - 2 * len(EDGE)
        self._shown = brief.build(self.data, room, lambda message: len(flow(look.say(message), inner)))
        return [line for one in self._shown for line in _lines(look.say(one.message), one, cells)]

    # What comes of it.

    def do_brief_caller(self) -> None:
        """Note who asks."""
        plan = Plan(
            Message("brief.form.caller"),
            [Field("caller", "brief.field.caller", self._caller, longest=60)],
            slot="brief.caller",
        )

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import brief

            if self._use < 1:
                return Outcome.refused("brief.refused.no_use")
            self._caller = values["caller"]
            return brief.asked(desk, self._use, values["caller"])

        self.ask(plan, send)

    def do_brief_instruct(self) -> None:
        """What the caller wants done becomes an order."""
        desk = self.shell.desk
        assert desk is not None
        doing = self._doing
        let_go = self.shell.hold()

        def read() -> Sequence[PlaceRow]:
            from backend.desk import brief

            return brief.places(desk)

        def opened(places: Sequence[PlaceRow]) -> None:
            self._doing = doing
            self.ask(self._plan(places), self._instruct)
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(read, opened, failed=failed, name="places")

    def _plan(self, places: Sequence[PlaceRow]) -> Plan:
        choices = [Choice(one.code, one.name, one.above, one.search) for one in places]
        own = places[0].code if places else ""
        return Plan(
            Message("brief.form.order"),
            [
                Field("caller", "brief.field.caller", self._caller, longest=60),
                Field("title", "brief.field.title", longest=120),
                Field("scope", "brief.field.scope", own, choices=choices),
                Field(
                    "minutes",
                    "brief.field.due",
                    required=False,
                    number=True,
                    hint="brief.hint.due",
                    check=_within(LONGEST_MINUTES),
                ),
                Field(
                    "hours",
                    "brief.field.hours",
                    required=False,
                    number=True,
                    hint="brief.hint.hours",
                    check=_within(LONGEST_HOURS),
                ),
            ],
            slot="brief.instruct",
        )

    def _instruct(self, desk: Desk, values: dict[str, str]) -> Outcome:
        from backend.desk import brief

        self._caller = values["caller"]
        return brief.instruct(desk, max(0, self._use), **values)

    def do_board_copy(self) -> None:
        """The brief as plain text on the person's clipboard."""
        look = self.look
        self.shell.copy("\n".join(look.say(one.message) for one in self._shown) + "\n")
        self.tell(Message("brief.copied"))

    def remember(self) -> dict[str, Any]:
        return {"caller": self._caller}


def _lines(said: str, one: Line, cells: int) -> list[list[Cell]]:
    """A line as it is shown; of an incident only its number and its priority stand out."""
    lines = flow(said, cells - len(EDGE), "" if one.item else one.tone, EDGE)
    if one.item and one.tone:
        words = lines[0][0].text.split(" ", 3)
        head = len(" ".join(words[:3]))
        text = lines[0][0].text
        lines[0] = [Cell(text[:head], one.tone), Cell(text[head:])]
    return lines


def _within(most: int) -> Check:
    def check(value: str, _values: Values) -> Message | None:
        return None if 0 < float(value) <= most else Message("brief.wrong.number", {"most": most})

    return check
