"""Acts on duty: sign in, change the book, say who is away, note a call, keep a silent centre's board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens.acting.dutylines import LineActs
from screens.acting.when import ahead
from screens.dialogs.form import Check, Field, Plan, Values
from screens.dialogs.menu import Menu
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.duty import Turn
    from backend.desk.dutyrows import Seated

AWAY = ("leave", "sick", "on")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the cursor is on: a duty room or a member."""

    kind: str
    """``centre``, ``department`` or ``member``."""
    code: str
    name: str
    phone: str = ""
    state: str = ""
    answers: str = ""


class DutyActs(LineActs):
    """The keys of the duty screen and of one body's hours."""

    # For a screen to fill in.

    def subject(self) -> Subject | None:
        """What is meant; None where nothing is."""
        return None

    def change_number(self) -> int:
        """The change of the book that the cursor is on; 0 for none."""
        return 0

    # Shifts.

    def do_duty_shift(self) -> None:
        """Sign in; who has signed in hands over first, and is signed out by the last signature."""

        def done(shift: Seated | None) -> None:
            if shift is None:
                self.act(_sign_in)
            else:
                self._hand_over("")

        self.fetch(_own_shift, done)

    def do_duty_handover(self) -> None:
        """The handover that waits for this person, or a new one of their own shift."""
        self.fetch(_open_handover, self._hand_over)

    def _hand_over(self, waiting: str) -> None:
        """Open a handover; one's own is begun, or brought up to date."""

        def begun(outcome: Outcome) -> None:
            name = str(outcome.data.get("handover") or "") or waiting
            if name:
                self.shell.open_page("handover", name)
            if outcome.ok or not name:
                self.shell.tell(outcome)

        def begin(desk: Desk) -> Outcome:
            from backend.desk import handover

            return handover.begin(desk)

        self.fetch(begin, begun)

    def do_task_note(self) -> None:
        """Write a remark for the shift log and for who comes next."""
        plan = Plan(
            Message("dutyscreen.form.remark"),
            [Field("text", "dutyscreen.field.remark", longest=300)],
            slot="duty.remark",
        )

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import duty

            return duty.remark(desk, values["text"])

        self.ask(plan, send)

    # The book.

    def do_duty_change(self) -> None:
        """Change who answers, or whether a member is there; take a change back."""
        subject, number = self.subject(), self.change_number()
        if number:
            self._withdraw(number)
            return
        if (row := self.standing()) is not None:
            self.line_menu(row)
            return
        if subject is None:
            return
        kinds = (*AWAY, "back", "override") if subject.kind == "member" else ("override", "vacant", "swap")
        choices = [Choice(kind, self.look.word(f"dutyscreen.do.{kind}")) for kind in kinds]
        choices.append(self.line_choice("line"))
        menu = Menu(Message("dutyscreen.menu.change", {"name": subject.name}), choices)

        def chosen(kind: str | None) -> None:
            if kind in AWAY:
                self._away(subject, str(kind))
            elif kind == "back":
                self.act(lambda desk: _back(desk, subject.code))
            elif kind == "line":
                self.line_form(subject.kind, subject.code, subject.name)
            elif kind == "swap":
                self._swap(subject)
            elif kind:
                self._override(subject, nobody=kind == "vacant")

        self.shell.show(menu, chosen)

    def _withdraw(self, number: int) -> None:
        from screens.dialogs.sure import Sure

        def command(desk: Desk) -> Outcome:
            from backend.desk import duty

            return duty.withdraw(desk, number)

        self.sure(Sure(Message("dutyscreen.sure.withdraw")), lambda: self.act(command))

    def _away(self, subject: Subject, state: str) -> None:
        look = self.look
        plan = Plan(
            Message(f"dutyscreen.form.{state}", {"name": subject.name}),
            [
                Field("ends", "dutyscreen.field.until", hint="dutyscreen.hint.time", check=_later(look)),
                Field("note", "dutyscreen.field.note", required=False, longest=200),
            ],
            slot=f"duty.{state}.{subject.code}",
        )

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import duty

            ends = ahead(values["ends"], look) or 0
            return duty.set_state(desk, subject.code, state, ends, note=values["note"])

        self.ask(plan, send)

    def _override(self, subject: Subject, *, nobody: bool) -> None:
        look = self.look
        who = [
            Field("name", "dutyscreen.field.name", longest=60),
            Field("phone", "dutyscreen.field.phone", longest=30),
        ]
        plan = Plan(
            Message("dutyscreen.form.vacant" if nobody else "dutyscreen.form.override", {"name": subject.name}),
            [
                *([] if nobody else who),
                Field("starts", "dutyscreen.field.from", required=False, hint="dutyscreen.hint.now",
                      check=_time(look)),
                Field("ends", "dutyscreen.field.until", hint="dutyscreen.hint.time", check=_later(look)),
                Field("reason", "dutyscreen.field.reason", longest=200),
            ],
            slot=f"duty.override.{subject.code}.{nobody}",
        )  # fmt: skip

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import duty

            starts = (ahead(values["starts"], look) if values["starts"] else None) or desk.now
            return duty.override(
                desk,
                subject.kind,
                subject.code,
                starts,
                ahead(values["ends"], look) or 0,
                name=values.get("name", ""),
                phone=values.get("phone", ""),
                reason=values["reason"],
            )

        self.ask(plan, send)

    def _swap(self, subject: Subject) -> None:
        look = self.look

        def read(desk: Desk) -> Sequence[Turn]:
            from backend.desk import duty

            return duty.swappable(desk, subject.kind, subject.code)

        def found(turns: Sequence[Turn]) -> None:
            if len({turn.name for turn in turns}) < 2:
                self.shell.tell(Message("dutyscreen.refused.no_turns"))
                return
            choices = [
                Choice(
                    str(place),
                    f"{look.moment(turn.starts)} - {look.moment(turn.ends)}",
                    look.pick(turn.name, turn.name_en),
                )
                for place, turn in enumerate(turns)
            ]
            plan = Plan(
                Message("dutyscreen.form.swap", {"name": subject.name}),
                [
                    Field("one", "dutyscreen.field.turn", choices=choices),
                    Field("other", "dutyscreen.field.other_turn", choices=choices),
                    Field("reason", "dutyscreen.field.reason", longest=200),
                ],
            )

            def send(desk: Desk, values: dict[str, str]) -> Outcome:
                from backend.desk import duty

                one, other = turns[int(values["one"])], turns[int(values["other"])]
                return duty.swap(desk, subject.kind, one, other, reason=values["reason"])

            self.ask(plan, send)

        self.fetch(read, found)

    # Calls and kept boards.

    def do_task_phone(self) -> None:
        """Note that a duty room was called, and whether anybody answered."""
        subject = self.subject()
        if subject is None:
            return
        choices = [Choice(answer, self.look.word(f"dutyscreen.call.{answer}")) for answer in ("yes", "no")]
        about = Message(
            "dutyscreen.about.call", {"name": subject.answers or "--", "phone": subject.phone or "--"}
        )
        menu = Menu(Message("dutyscreen.menu.call", {"name": subject.name}), choices, about=[about])

        def chosen(answer: str | None) -> None:
            if answer:
                self.act(lambda desk: _called(desk, subject, answered=answer == "yes"))

        self.shell.show(menu, chosen)

    def do_duty_adopt(self) -> None:
        """Keep the board of a silent centre, or give it back."""
        subject = self.subject()
        if subject is None or subject.kind != "centre":
            self.shell.tell(Message("dutyscreen.refused.no_centre"))
            return
        back = subject.state == "kept"
        self.act(lambda desk: _adopt(desk, subject.code, back=back))


def _own_shift(desk: Desk) -> Seated | None:
    from backend.desk import dutyrows

    return dutyrows.own_shift(desk)


def _open_handover(desk: Desk) -> str:
    from backend.desk import handover

    return handover.open_handover(desk)


def _sign_in(desk: Desk) -> Outcome:
    from backend.desk import duty

    return duty.sign_in(desk)


def _back(desk: Desk, person: str) -> Outcome:
    from backend.desk import duty

    return duty.end_state(desk, person)


def _called(desk: Desk, subject: Subject, *, answered: bool) -> Outcome:
    from backend.desk import duty

    return duty.call(desk, subject.kind, subject.code, answered=answered, phone=subject.phone)


def _adopt(desk: Desk, centre: str, *, back: bool) -> Outcome:
    from backend.desk import duty

    return duty.give_back(desk, centre) if back else duty.adopt(desk, centre)


def _time(look: Look) -> Check:
    def check(value: str, _values: Values) -> Message | None:
        return None if not value or ahead(value, look) is not None else Message("dutyscreen.wrong.time")

    return check


def _later(look: Look) -> Check:
    """Wants an instant after now, and after the beginning where one was given."""

    def check(value: str, values: Values) -> Message | None:
        at = ahead(value, look)
        if at is None:
            return Message("dutyscreen.wrong.time")
        starts = ahead(values["starts"], look) if values.get("starts") else None
        return None if at > max(starts or 0, look.now) else Message("dutyscreen.wrong.order")

    return check
