"""A person starts it 登记, from any screen: what happened, where, how it came, what was said, who called.

What is near and recent is proposed before anything is made, with its distance and its time; one key adds to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from backend.words import Message, Outcome
from screens.acting.when import ahead, future
from screens.dialogs.form import Check, Field, Form, Plan, Values
from screens.dialogs.menu import Menu
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.intake import IntakeChoices, NearRow, PlaceChoice
    from screens.frame import GridScreen

CHANNELS = ("phone", "12345", "patrol", "camera", "leader")
PRIORITIES = ("critical", "high", "medium", "low")
SLOT = "incident.intake"
LONGEST_TEXT = 2000
TYPED = 20_000
"""Characters that a field takes, so that a text that is too long is told of and not cut."""
NEW = "new"


def begin(screen: GridScreen) -> None:
    """Open the form over a screen; what is typed is kept until it is sent and taken."""
    desk, around = screen.shell.desk, screen.shell
    if desk is None:
        around.tell(Message("ui.off.opening"))
        return
    let_go = around.hold()

    def read() -> IntakeChoices:
        from backend.desk import intake

        return intake.choices(desk)

    def opened(choices: IntakeChoices) -> None:
        form = Form(plan(choices, screen.look))
        around.show(form, lambda values: _filled_in(screen, values), by="incident.intake")
        let_go()

    def failed(why: Message) -> None:
        around.tell(why)
        let_go()

    around.work(read, opened, failed=failed, name="intake")


def plan(choices: IntakeChoices, look: Look) -> Plan:
    """The form."""
    types = [
        Choice(one.code, look.pick(*one.names), search=f"{one.initials} {one.code}") for one in choices.types
    ]
    return Plan(
        Message("intakescreen.title"),
        [
            Field("type", "intakescreen.field.type", choices=types, hint="intakescreen.hint.type"),
            Field(
                "place",
                "intakescreen.field.place",
                choices=[place(one, look) for one in choices.places],
                hint="intakescreen.hint.place",
            ),
            Field(
                "channel",
                "intakescreen.field.channel",
                value="phone",
                choices=[Choice(code, look.word(f"intakescreen.channel.{code}")) for code in CHANNELS],
            ),
            Field(
                "text",
                "intakescreen.field.text",
                required=False,
                hint="intakescreen.hint.text",
                longest=TYPED,
                check=short(LONGEST_TEXT),
            ),
            Field(
                "priority",
                "intakescreen.field.priority",
                required=False,
                hint="intakescreen.hint.priority",
                choices=[Choice(code, look.word(f"task.priority.{code}")) for code in PRIORITIES],
            ),
            Field(
                "number",
                "intakescreen.field.number",
                required=False,
                hint="intakescreen.hint.number",
                longest=60,
            ),
            Field("caller", "intakescreen.field.caller", required=False, longest=40),
            Field(
                "caller_phone", "intakescreen.field.caller_phone", required=False, longest=30, check=_phone
            ),
            Field(
                "due",
                "intakescreen.field.due",
                required=False,
                hint="intakescreen.hint.due",
                longest=20,
                check=future(look, needed_for=("channel", "leader")),
                check_empty=True,
            ),
        ],
        slot=SLOT,
    )


def place(one: PlaceChoice, look: Look) -> Choice:
    """A grid, a station or a source to choose, with where it lies; one of another jurisdiction is shown and is off."""
    kind = f"place.grid.{one.more}" if one.kind == "grid" else f"intakescreen.kind.{one.kind}"
    name = one.name if one.kind != "incident" else look.word("intakescreen.joins", name=one.name)
    note = f"{look.word(kind)} {one.above}"
    if one.kind == "incident":
        note = f"{one.code} {look.word(f'taskscreen.origin.{one.more}')}"
    if one.outside:
        note = look.word("intakescreen.outside", above=one.above)
    return Choice(f"{one.kind}:{one.code}", name, note, search=one.search, off=one.outside)


def short(longest: int) -> Check:
    """Wants a text that is no longer than this."""

    def check(value: str, _values: Values) -> Message | None:
        if len(value) <= longest:
            return None
        return Message("incident.refused.long_text", {"length": len(value), "longest": longest})

    return check


def _phone(value: str, _values: Values) -> Message | None:
    from backend.desk.intake import phone_ok

    return None if phone_ok(value) else Message("incident.refused.phone")


def _filled_in(screen: GridScreen, values: dict[str, str] | None) -> None:
    desk, around = screen.shell.desk, screen.shell
    if values is None or desk is None:
        return
    if values["channel"] == "leader" or values["place"].startswith("incident:"):
        _send(screen, values, "")
        return
    let_go = around.hold()

    def read() -> Sequence[NearRow]:
        from backend.desk import intake

        return intake.near(desk, **values)

    def found(near: Sequence[NearRow]) -> None:
        if near:
            around.show(_which(near, screen.look), lambda key: _send(screen, values, key) if key else None)
        else:
            _send(screen, values, "")
        let_go()

    def failed(why: Message) -> None:
        around.tell(why)
        let_go()

    around.work(read, found, failed=failed, name="near")


def _which(near: Sequence[NearRow], look: Look) -> Menu:
    """A new one, or one of those near by: how far, how long ago, what, and who is at it."""
    choices = [Choice(NEW, look.word("intakescreen.near.new"))]
    for one in near:
        far = look.word("intakescreen.near.same") if one.km is None else f"{one.km:.1f} km"
        told = [
            look.word("intakescreen.near.into", far=far, age=look.age(one.last)),
            look.say(one.title),
            look.word(f"taskscreen.origin.{one.origin}"),
        ]
        if one.task:
            told.append(f"{one.task} {look.word(f'task.state.{one.task_state}')}")
        choices.append(Choice(one.incident, "  ".join(told)))
    return Menu(Message("intakescreen.near.title", {"count": len(near)}), choices)


def _send(screen: GridScreen, values: dict[str, str], into: str) -> None:
    look, op = screen.look, uuid4().hex
    given: dict[str, Any] = dict(values)
    given["due"] = ahead(values["due"], look) if values["due"] else None
    given["into"] = "" if into == NEW else into

    def command(desk: Desk) -> Outcome:
        from backend.desk import intake

        return intake.enter(desk, **given, op_id=op)

    def entered(outcome: Outcome) -> None:
        if not outcome.ok:
            return
        screen.shell.keep_draft(SLOT, None)
        task, incident = outcome.data.get("task"), outcome.data.get("incident")
        if isinstance(task, str) and task:
            screen.shell.open_page("task", task)
            screen.shell.tell(outcome)
        elif isinstance(incident, str):
            screen.shell.open_page("incident", incident)
            screen.shell.tell(outcome)

    screen.act(command, entered)
