"""Acts on the standing lines of the duty book 固定排班: enter one, change it, end it, give a book back to the pack."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens.acting.base import Fetching
from screens.acting.when import civil, later, minute, weekdays, weekdays_typed
from screens.dialogs.form import Check, Field, Plan, Values
from screens.dialogs.menu import Menu
from screens.dialogs.sure import Sure
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.dutylines import LineRow

MEMBER = "member"
Send = Callable[["Desk", dict[str, str], bool], Outcome]
"""Sends what was typed; the last argument is the yes to what was asked."""


class LineActs(Fetching):
    """The standing lines' menu and forms."""

    def standing(self) -> LineRow | None:
        """The standing line that the cursor is on; None where it is on none."""
        return None

    def line_choice(self, what: str) -> Choice:
        """One of the acts, shown off with the reason to those who may not."""
        from backend.desk import dutylines

        desk = self.shell.desk
        why = None if desk is None else dutylines.refusal(desk)
        title = self.look.word(f"dutyscreen.do.{what}")
        return Choice(what, title, self.look.say(why) if why else "", off=why is not None)

    def line_menu(self, row: LineRow) -> None:
        """What can be done to a standing line."""
        kinds = ("line_change", "line_end", "line_beside", *(("line_follow",) if row.here else ()))
        about = Message(
            "dutyscreen.about.line", {"days": row.days, "from": row.starts, "to": row.ends, "name": row.name}
        )
        menu = Menu(
            Message("dutyscreen.menu.change", {"name": row.body_name}),
            [self.line_choice(kind) for kind in kinds],
            about=[about],
        )

        def chosen(kind: str | None) -> None:
            match kind:
                case "line_change":
                    self.line_form(row.kind, row.body, row.body_name, row)
                case "line_end":
                    self._line_end(row)
                case "line_beside":
                    self.line_form(row.kind, row.body, row.body_name)
                case "line_follow":
                    self._line_follow(row)

        self.shell.show(menu, chosen)

    def line_form(self, kind: str, body: str, name: str, old: LineRow | None = None) -> None:
        """Enter a standing line of a body, or put another in the place of ``old``."""
        look = self.look
        code = "dutyscreen.form.line_change" if old else "dutyscreen.form.line"
        plan = Plan(
            Message(code, {"name": name}),
            _fields(look, old, member=kind == MEMBER),
            slot=f"duty.line.{kind}.{body}.{old.id if old else 0}",
        )

        def send(desk: Desk, values: dict[str, str], anyway: bool) -> Outcome:
            from backend.desk import dutylines

            return dutylines.enter(
                desk,
                kind,
                body,
                days=weekdays(values["days"]) or "",
                starts=_minute(values["starts"]),
                ends=_minute(values["ends"]),
                since=civil(values["since"], look) or "",
                last=civil(values["last"], look) or "",
                name=values.get("name", ""),
                phone=values["phone"],
                replaces=old.id if old else 0,
                anyway=anyway,
            )

        self._asked(plan, send)

    def _line_end(self, row: LineRow) -> None:
        look = self.look
        plan = Plan(
            Message("dutyscreen.form.line_end", {"name": row.body_name}),
            [Field("last", "dutyscreen.field.last_day", later(look, 0), hint="dutyscreen.hint.day", check=_day(look))],
            [Message("dutyscreen.about.line",
                     {"days": row.days, "from": row.starts, "to": row.ends, "name": row.name})],
            slot=f"duty.line_end.{row.id}",
        )  # fmt: skip

        def send(desk: Desk, values: dict[str, str], anyway: bool) -> Outcome:
            from backend.desk import dutylines

            return dutylines.end(desk, row.id, civil(values["last"], look) or "", anyway=anyway)

        self._asked(plan, send)

    def _line_follow(self, row: LineRow) -> None:
        def command(desk: Desk) -> Outcome:
            from backend.desk import dutylines

            return dutylines.follow_pack(desk, row.kind, row.body)

        question = Message("dutyscreen.sure.follow", {"name": row.body_name})
        self.sure(Sure(question), lambda: self.act(command))

    def _asked(self, plan: Plan, send: Send) -> None:
        """Fill a form in and send it; what the refusal asks is asked, and sent again with a yes."""
        held: dict[str, str] = {}

        def first(desk: Desk, values: dict[str, str]) -> Outcome:
            held.update(values)
            return send(desk, values, False)

        def sent(outcome: Outcome) -> None:
            if outcome.ok:
                self.shell.keep_draft(plan.slot, None)

        def answered(outcome: Outcome) -> None:
            if not outcome.ok and outcome.data.get("ask"):
                question = Sure(Message("dutyscreen.sure.line"), [outcome.message])
                self.sure(question, lambda: self.act(lambda desk: send(desk, held, True), sent))

        self.ask(plan, first, answered)


def _fields(look: Look, old: LineRow | None, *, member: bool) -> list[Field]:
    who = [Field("name", "dutyscreen.field.who", old.name if old else "", longest=60)]
    since = old.since if old is not None and old.coming else later(look, 1)
    return [
        *([] if member else who),
        Field("phone", "dutyscreen.field.phone", old.phone if old else "", required=False, longest=30,
              hint="dutyscreen.hint.phone"),
        Field("days", "dutyscreen.field.days", weekdays_typed(old.days) if old else "", required=False,
              hint="dutyscreen.hint.days", check=_days),
        Field("starts", "dutyscreen.field.starts", old.starts if old else "", hint="dutyscreen.hint.starts",
              check=_clock),
        Field("ends", "dutyscreen.field.ends", old.ends if old else "", hint="dutyscreen.hint.ends", check=_clock),
        Field("since", "dutyscreen.field.since", since, hint="dutyscreen.hint.day", check=_day(look)),
        Field("last", "dutyscreen.field.last_day", old.last if old else "", required=False,
              hint="dutyscreen.hint.last", check=_day(look, after="since")),
    ]  # fmt: skip


def _minute(text: str) -> int:
    found = minute(text)
    return -1 if found is None else found


def _days(value: str, _values: Values) -> Message | None:
    return None if weekdays(value) is not None else Message("dutyscreen.wrong.days")


def _clock(value: str, _values: Values) -> Message | None:
    return None if minute(value) is not None else Message("dutyscreen.wrong.clock")


def _day(look: Look, *, after: str = "") -> Check:
    """Wants a civil day, and one that is not before another field's."""

    def check(value: str, values: Values) -> Message | None:
        day = civil(value, look)
        if day is None:
            return Message("dutyscreen.wrong.day")
        begins = civil(values[after], look) if after else None
        return Message("duty.refused.line_order") if begins is not None and day < begins else None

    return check
