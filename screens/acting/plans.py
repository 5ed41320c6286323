"""The forms of the acts: what each asks for, and what stands in it at first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.words import Message
from screens.acting.whole import Whole
from screens.dialogs.form import Check, Field, Plan, Values
from screens.look import Look
from screens.widgets.choices import Choice

DAY, HOUR, MINUTE = 86400, 3600, 60


def about(whole: Whole, look: Look) -> tuple[Message, ...]:
    """What an act is done to, in two lines."""
    row = whole.row
    lines = [
        Message(
            "taskscreen.about",
            {
                "task": row.id,
                "state": row.state,
                "priority": row.priority,
                "type": look.pick(*row.type_name),
                "place": " ".join(dict.fromkeys(filter(None, (row.county, row.township, row.place)))),
            },
        )
    ]
    if row.holder:
        phone = whole.sides.holder.phone if whole.sides.holder else whole.page.holder_phone
        lines.append(
            Message(
                "taskscreen.about_holder",
                {"holder": row.holder_name, "kind": row.holder_kind, "phone": phone or "--"},
            )
        )
    return tuple(lines)


def plan(whole: Whole, look: Look, kind: str, *fields: Field, behalf: str = "") -> Plan:
    """A form of an act, kept as a draft of this task and this act."""
    title = Message("taskscreen.form", {"act": kind})
    if behalf:
        title = Message("taskscreen.form_behalf", {"act": kind, "behalf": behalf})
    return Plan(title, fields, about(whole, look), f"task:{whole.row.id}:{kind}")


def words(key: str, title: str, *, required: bool = True, hint: str = "", value: str = "") -> Field:
    """A line of free text."""
    return Field(key, title, value, required, hint=hint, longest=500)


def reason(*, required: bool = True) -> Field:
    """Why."""
    return words("reason", "taskscreen.field.reason", required=required)


def coded(key: str, title: str, codes: Sequence[str], prefix: str, look: Look, *, value: str = "") -> Field:
    """One of a list of codes, by their words."""
    choices = tuple(Choice(code, look.word(f"{prefix}.{code}"), search=code) for code in codes)
    return Field(key, title, value, choices=choices)


def stance(look: Look) -> Field:
    """Whether evidence speaks for or against what was reported, or only tells."""
    codes = ("tells", "for", "against")
    return coded("stance", "taskscreen.field.stance", codes, "evidence.stance", look, value="tells")


def report(whole: Whole, look: Look, behalf: str) -> Plan:
    """What was found and done, with what shows it."""
    asked = " ".join(look.word(f"evidence.{code}") for code in whole.page.evidence)
    fields = [
        coded("result", "taskscreen.field.result", whole.page.results, "result", look)
        if whole.page.results
        else words("result", "taskscreen.field.result"),
        words("note", "taskscreen.field.note", required=False, hint="taskscreen.hint.note"),
        words("evidence", "taskscreen.field.evidence", required=not behalf, hint="taskscreen.hint.evidence"),
    ]
    made = plan(whole, look, "report", *fields, behalf=behalf)
    if asked:
        made.about = (*made.about, Message("taskscreen.evidence_asked", {"asked": asked}))
    return made


def past(whole: Whole, look: Look, kinds: Sequence[str], behalf: str) -> Plan:
    """An act that happened earlier than it is entered."""
    choices = tuple(Choice(kind, look.word(f"act.{kind}")) for kind in kinds)
    return plan(
        whole,
        look,
        "past",
        Field("kind", "taskscreen.field.kind", kinds[0] if kinds else "", choices=choices),
        Field("at", "taskscreen.field.at", hint="taskscreen.hint.at", check=time_of(whole, look), longest=5),
        words("note", "taskscreen.field.note", required=False),
        behalf=behalf,
    )


def time_of(whole: Whole, look: Look) -> Check:
    """Wants a time of day between when the task came into its state and now."""

    def check(value: str, _values: Values) -> Message | None:
        at = instant(value, look)
        if at is None:
            return Message("taskscreen.wrong.time")
        if not whole.row.moved - MINUTE <= at:
            return Message("taskscreen.wrong.before", {"since": whole.row.moved})
        return None

    return check


def instant(text: str, look: Look) -> int | None:
    """The last instant at which the city's clocks showed this time of day; None where it is none."""
    try:
        time = datetime.strptime(text.strip().replace("：", ":"), "%H:%M").time()  # noqa: DTZ007
    except ValueError:
        return None
    now = datetime.fromtimestamp(look.now + MINUTE, look.zone)
    at = datetime.combine(now.date(), time, look.zone)
    return int((at if at <= now else at - timedelta(days=1)).timestamp())


def extension(whole: Whole, look: Look, kind: str) -> Plan:
    """How many minutes more, and why."""
    longest = whole.sides.stage_target * whole.sides.limits.extension_percent // 100 // MINUTE

    def check(value: str, _values: Values) -> Message | None:
        fits = value.isascii() and value.isdigit() and 0 < int(value) <= longest
        return None if fits else Message("taskscreen.wrong.minutes", {"longest": longest})

    made = plan(
        whole,
        look,
        kind,
        Field("minutes", "taskscreen.field.minutes", number=True, check=check, longest=6),
        reason(),
    )
    made.about = (*made.about, Message("taskscreen.longest", {"longest": longest}))
    return made


def suspension(whole: Whole, look: Look) -> Plan:
    """Until when, and for which of the reasons there are."""
    limits = whole.sides.limits
    longest = limits.suspension // DAY

    def check(value: str, _values: Values) -> Message | None:
        fits = value.isascii() and value.isdigit() and 0 < int(value) <= longest
        return None if fits else Message("taskscreen.wrong.days", {"longest": longest})

    why = (
        coded("reason", "taskscreen.field.reason", limits.suspend_reasons, "task.reason", look)
        if limits.suspend_reasons
        else reason()
    )
    days = Field("days", "taskscreen.field.days", number=True, check=check, longest=3)
    return plan(whole, look, "ask_suspend", why, days, words("note", "taskscreen.field.note", required=False))


def listed(text: str) -> list[str]:
    """References that were typed with blanks or commas between them."""
    for mark in "，、；,;":
        text = text.replace(mark, " ")
    return text.split()
