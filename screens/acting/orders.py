"""Issue, amend and withdraw an order 下达、变更、撤销 by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.words import Message, Outcome
from screens.acting.base import Fetching
from screens.acting.intake import TYPED, short
from screens.acting.when import ahead, future, readable, written
from screens.action import Danger
from screens.dialogs.form import Check, Field, Plan, Values
from screens.dialogs.sure import Sure
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.orders import OrderChoices, OrderRow

KINDS = ("heavy_pollution", "stop_work", "declared_stop", "instruction")
LEVELS = ("yellow", "orange", "red")
LONGEST_TEXT, LONGEST_TITLE = 2000, 80
PERCENT = 100


class OrderActs(Fetching):
    """A screen on which an order is selected."""

    @property
    def order(self) -> OrderRow | None:
        """The order that is meant."""
        return None

    def refusal(self, act: str) -> Message | None:
        row = self.order
        if row is not None and act in ("amend", "withdraw") and row.state in ("ended", "withdrawn"):
            return Message("order.refused.over", {"order": row.code, "at": row.withdrawn or row.ends})
        return super().refusal(act)

    def do_order_issue(self) -> None:
        """Issue an order: with a due time it becomes a supervised task of each grid that it holds for."""

        def read(desk: Desk) -> OrderChoices:
            from backend.desk import orders

            return orders.choices(desk)

        def opened(choices: OrderChoices) -> None:
            self.ask(_plan(choices, self.look), self._issue, self.issued)

        self.fetch(read, opened)

    def _issue(self, desk: Desk, values: dict[str, str]) -> Outcome:
        from backend.desk import orders

        scope_kind, _, scope = values["scope"].partition(":")
        return orders.issue(
            desk, **_given(values, self.look), kind=values["kind"], scope_kind=scope_kind, scope=scope
        )

    def issued(self, outcome: Outcome) -> None:
        """An order was issued, or refused; its task is shown."""
        task = outcome.data.get("task")
        if outcome.ok and isinstance(task, str):
            self.shell.open_page("task", task)
            self.shell.tell(outcome)

    def do_order_amend(self) -> None:
        """Give it another title, level, time or text; what was stays in its history."""
        row, look = self.order, self.look
        if row is None:
            return
        fields = _fields(look, row)
        about = (Message("orderscreen.about", {"order": row.code, "title": row.title, "scope": row.scope}),)
        plan = Plan(Message("orderscreen.amend"), fields, about, f"order:{row.code}")
        code = row.code

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import orders

            return orders.amend(desk, code, **_given(values, look))

        self.ask(plan, send)

    def do_order_withdraw(self) -> None:
        """End it before its end: why, and then a question, for it frees others."""
        row = self.order
        if row is None:
            return
        code = row.code
        about = (Message("orderscreen.about", {"order": code, "title": row.title, "scope": row.scope}),)
        plan = Plan(
            Message("orderscreen.withdraw"),
            [Field("reason", "taskscreen.field.reason", longest=200)],
            about,
            f"order:{code}:withdraw",
        )

        def withdraw(reason: str) -> None:
            def command(desk: Desk) -> Outcome:
                from backend.desk import orders

                return orders.withdraw(desk, code, reason)

            self.act(command, lambda outcome: self.shell.keep_draft(plan.slot, None) if outcome.ok else None)

        def asked(values: dict[str, str] | None) -> None:
            if values is not None:
                question = Sure(Message("orderscreen.sure"), about, danger=Danger.ARMED)
                self.sure(question, lambda: withdraw(values["reason"]))

        from screens.dialogs.form import Form

        self.shell.show(Form(plan), asked, by=self._doing)


def _plan(choices: OrderChoices, look: Look) -> Plan:
    scopes = [
        Choice(
            f"{one.kind}:{one.code}", one.name, f"{look.word(_kind_of(one))} {one.above}", search=one.search
        )
        for one in choices.scopes
    ]
    fields: list[Field] = [
        Field(
            "kind",
            "orderscreen.field.kind",
            choices=[
                Choice(
                    code,
                    look.word(f"order.kind.{code}"),
                    "" if code in choices.kinds else look.word("orderscreen.supervisors"),
                    off=code not in choices.kinds,
                )
                for code in KINDS
            ],
        ),
        Field("scope", "orderscreen.field.scope", choices=scopes, hint="orderscreen.hint.scope"),
        *_fields(look, None),
    ]
    leads = [Choice(code, name, search=code) for code, name in choices.departments]
    fields.insert(-1, Field("lead", "orderscreen.field.lead", required=False, choices=leads))
    return Plan(Message("orderscreen.issue"), fields, slot="order.issue")


def _kind_of(one: Any) -> str:
    return f"place.grid.{one.more}" if one.kind == "grid" else f"place.kind.{one.more}"


def _fields(look: Look, row: OrderRow | None) -> list[Field]:
    """What can be amended too."""
    levels = [Choice(code, look.word(f"order.level.{code}")) for code in LEVELS]
    starts = written(row.starts if row else look.now, look)
    return [
        Field("title", "orderscreen.field.title", row.title if row else "", longest=LONGEST_TITLE),
        Field(
            "level",
            "orderscreen.field.level",
            row.level if row else "",
            required=False,
            choices=levels,
            hint="orderscreen.hint.level",
            check=_level(row.kind if row else ""),
            check_empty=True,
        ),
        Field("starts", "orderscreen.field.starts", starts, check=readable(look), longest=20),
        Field(
            "ends",
            "orderscreen.field.ends",
            written(row.ends, look) if row else "",
            required=False,
            hint="orderscreen.hint.ends",
            check=future(look),
            longest=20,
        ),
        Field(
            "due",
            "orderscreen.field.due",
            written(row.due, look) if row else "",
            required=False,
            hint="orderscreen.hint.due",
            check=readable(look) if row else future(look),
            longest=20,
        ),
        Field("issued_by", "orderscreen.field.issued_by", row.issued_by if row else "", required=False, longest=60),
        Field(
            "allowed_load",
            "orderscreen.field.allowed_load",
            str(row.allowed_load) if row and row.allowed_load is not None else "",
            required=False,
            number=True,
            hint="orderscreen.hint.allowed_load",
            check=_load(row.kind if row else ""),
            longest=3,
        ),
        Field(
            "text",
            "orderscreen.field.text",
            row.text if row else "",
            required=False,
            longest=TYPED,
            check=short(LONGEST_TEXT),
        ),
    ]  # fmt: skip


def _level(kind: str) -> Check:
    """A warning needs its level."""

    def check(value: str, values: Values) -> Message | None:
        wanted = values.get("kind", kind) == "heavy_pollution"
        return Message("order.refused.level") if wanted and not value else None

    return check


def _load(kind: str) -> Check:
    """A whole per cent, of a warning only."""

    def check(value: str, values: Values) -> Message | None:
        if not value.isdecimal() or int(value) > PERCENT:
            return Message("order.refused.load")
        wrong = values.get("kind", kind) != "heavy_pollution"
        return Message("order.refused.load_kind") if wrong else None

    return check


def _given(values: dict[str, str], look: Look) -> dict[str, Any]:
    given: dict[str, Any] = {name: values[name] for name in ("title", "level", "issued_by", "text")}
    given |= {
        name: ahead(values[name], look, past=name == "starts") if values[name] else None
        for name in ("starts", "ends", "due")
    }
    given["allowed_load"] = int(values["allowed_load"]) if values["allowed_load"] else None
    if "lead" in values:
        given["lead"] = values["lead"]
    return given
