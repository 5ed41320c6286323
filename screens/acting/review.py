"""Confirm and overturn flags 审核 by keyboard: one value, a part of a span, a span, or several."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from backend.words import Message, Outcome
from screens import telling
from screens.acting.when import ahead, readable, written
from screens.dialogs.form import Field, Plan, Values
from screens.dialogs.sure import Sure
from screens.frame import GridScreen
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.quality import SpanRow

BAD, GOOD, OPEN = "bad", "good", "open"


class ReviewActs(GridScreen):
    """A screen on which flagged spans are selected."""

    @property
    def span(self) -> SpanRow | None:
        """The span under the cursor."""
        return None

    def spans(self) -> Sequence[SpanRow]:
        """All that is meant: those that are marked, else the one under the cursor."""
        return () if self.span is None else (self.span,)

    def refusal(self, act: str) -> Message | None:
        row = self.span
        if act in ("confirm", "overturn", "reopen", "contract"):
            if row is None:
                return Message("ui.off.no_row")
            return row.refusals.get("order" if act == "contract" else act)
        return super().refusal(act)

    def do_review_confirm(self) -> None:
        """The flag is right: the values are bad."""
        self._decide(BAD)

    def do_review_overturn(self) -> None:
        """The flag is wrong: the values are good."""
        self._decide(GOOD)

    def do_review_reopen(self) -> None:
        """Take the verdict back: the checks speak again."""
        self._decide(OPEN)

    def _decide(self, verdict: str) -> None:
        desk, rows, doing = self.shell.desk, list(self.spans()), self._doing
        if desk is None or not rows:
            return
        let_go = self.shell.hold()

        def read() -> Sequence[str]:
            from backend.desk import quality

            return quality.causes(verdict)

        def opened(causes: Sequence[str]) -> None:
            self._doing = doing
            look = self.look
            self.ask(
                _plan(rows, verdict, causes, look),
                partial(_send, rows=rows, verdict=verdict, look=look),
                self._done,
            )
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(read, opened, failed=failed, name="review")

    def _done(self, outcome: Outcome) -> None:
        """What was decided about is no longer marked."""

    def do_triage_contract(self) -> None:
        """A work order for the instrument, to whoever keeps the station."""
        row = self.span
        if row is None:
            return
        look = self.look
        about = Message("review.order.about", {"station": row.name, "parameter": telling.parameter(row.parameter, look),
                                               "reason": telling.reasons(row.reason, look)})  # fmt: skip
        self.sure(Sure(Message("review.order"), [about]), lambda: self.act(partial(_order, row=row)))


def _plan(rows: Sequence[SpanRow], verdict: str, causes: Sequence[str], look: Look) -> Plan:
    first = rows[0]
    about = [_about(row, look) for row in rows[:3]]
    if len(rows) > 3:
        about.append(Message("review.more", {"count": len(rows) - 3}))
    fields = [
        Field("cause", "review.field.cause", choices=_causes(causes, look)),
        Field("note", "review.field.note", required=False, check=_noted, check_empty=True),
    ]  # fmt: skip
    if len(rows) == 1 and not first.key.finding:
        fields += [
            Field("since", "review.field.since", written(first.since, look), check=readable(look)),
            Field("until", "review.field.until", written(first.until, look), check=readable(look)),
        ]
    slot = f"review:{verdict}:{first.key.text}" if len(rows) == 1 else ""
    return Plan(Message(f"review.ask.{verdict}", {"count": len(rows)}), fields, about, slot)


def _causes(causes: Sequence[str], look: Look) -> list[Choice]:
    return [Choice(code, look.word(f"review.cause.{code}")) for code in causes]


def _noted(value: str, values: Values) -> Message | None:
    return Message("review.refused.note") if values.get("cause") == "other" and not value.strip() else None


def _about(row: SpanRow, look: Look) -> Message:
    return Message(
        "review.about",
        {
            "station": row.name,
            "parameter": telling.parameter(row.parameter, look),
            "since": look.moment(row.since),
            "until": look.moment(row.until),
            "reason": telling.reasons(row.reason, look),
            "alarms": row.alarms,
            "tasks": row.tasks,
        },
    )


def _send(desk: Desk, values: dict[str, str], rows: Sequence[SpanRow], verdict: str, look: Look) -> Outcome:
    from backend.desk import quality

    part: dict[str, Any] = {}
    if len(rows) == 1 and "since" in values:
        row = rows[0]
        for name, stands in (("since", row.since), ("until", row.until)):
            # What was not changed is meant to the second; a minute is all that can be typed.
            typed = values.get(name, "")
            part[name] = stands if typed == written(stands, look) else ahead(typed, look, past=True)
    outcome = Outcome.refused("review.refused.nothing")
    done = 0
    for row in rows:
        outcome = quality.judge(desk, row.key, verdict, values["cause"], values.get("note", ""), **part)
        if not outcome.ok:
            break
        done += 1
    if len(rows) == 1 or not done:
        return outcome
    return Outcome.done("review.done.several", count=done, left=len(rows) - done)


def _order(desk: Desk, row: SpanRow) -> Outcome:
    from backend.desk import quality

    return quality.order(desk, row.key)
