"""The acts of the main path: triage, dispatch, by phone, verify, urge, take charge, recall.

A screen that shows tasks takes `TaskActs` before its own base and says which task is meant (`task_id`); a screen that
has read the task whole says so too (`held`), and nothing is read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from rich.cells import cell_len

from backend.words import Message, Outcome
from screens.acting import plans
from screens.acting.instruments import InstrumentActs
from screens.acting.whole import KINDS, Whole, refusal
from screens.acting.whom import holder
from screens.dialogs.menu import Menu
from screens.dialogs.pick import Pick
from screens.dialogs.sure import Sure
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.sending import HolderRow, Sending

CO, DONE = "co", "="
"""The choice that changes which departments help, and the one that ends it."""
ON_SPOT = ("accept", "resume", "take")
"""Acts of a holder that ask for nothing."""


class TaskActs(InstrumentActs):
    """The acts of the main path."""

    def do_task_triage(self) -> None:
        """File a draft: with its township where it has none, confirmed where its data are suspect."""
        self.with_whole(self._triage)

    def _triage(self, whole: Whole, place: str = "", then: Callable[[], None] | None = None) -> None:
        if whole.row.state == "DRAFT" and not whole.row.township and not place:
            self._settle_place(whole, then)
            return
        body: dict[str, Any] = {"grid": place, "township": place} if place else {}
        if whole.row.state == "DRAFT" and whole.row.suspect:
            question = Sure(Message("taskscreen.sure_suspect"), plans.about(whole, self.look))
            self.sure(question, lambda: self.do(whole, "file", {**body, "confirmed": True}, then=then))
            return
        self.do(whole, "file", body, then=then)

    def _settle_place(self, whole: Whole, then: Callable[[], None] | None = None) -> None:
        desk = self.shell.desk
        assert desk is not None
        pick = Pick(Message("taskscreen.place"))
        self.choose(pick, lambda code: self._triage(whole, code, then))

        def townships() -> list[Choice]:
            from backend.desk import sending

            found = sending.townships(desk, whole.row.id)
            return [Choice(code, name, code, search=initials) for code, name, initials in found]

        self.read(townships, pick.fill, "townships")

    def do_task_dispatch(self) -> None:
        """Choose whom to send; a draft is filed in the same step."""
        self.with_whole(self._dispatch)

    def _dispatch(self, whole: Whole) -> None:
        desk = self.shell.desk
        assert desk is not None
        if whole.row.state == "DRAFT" and (not whole.row.township or whole.row.suspect):
            # What the key asks on its way is answered, and it goes on to whom to send.
            self._triage(whole, then=lambda: self.with_task(whole.row.id, self._dispatch))
            return
        if (why := refusal(whole, "dispatch")) is not None:
            # A board knows the row and not the acts: nobody is asked to choose what is refused then.
            self.shell.tell(why)
            return

        def whom() -> Sending:
            from backend.desk import sending

            return sending.holders(desk, whole.row.id)

        self.read(whom, lambda found: self._send_whom(whole, found), "holders")

    def _send_whom(self, whole: Whole, found: Sending, co: tuple[str, ...] | None = None) -> None:
        """Ask whom to send. ``co`` are the co-handling departments 协办 once they were changed."""
        look = self.look
        helping = tuple(one.code for one in whole.sides.co) if co is None else co
        warning = None
        if not any(self._available(row, found) for row in found.rows):
            warning = Message("taskscreen.nobody")
        elif found.vacant:
            warning = Message("taskscreen.vacant")
        elif not found.known:
            warning = Message("taskscreen.no_book")
        menu = Menu(
            Message("taskscreen.dispatch", {"task": whole.row.id}),
            [*self._holder_choices(found, look), Choice(CO, look.word("taskscreen.co_change"))],
            about=(*plans.about(whole, look)[:1], self._helping(whole, helping)),
            warning=warning,
        )
        by_key = {f"{row.kind}:{row.code}": row for row in found.rows}

        def chosen(key: str | None) -> None:
            if key is None:
                self.unsent(whole.row.id)
            elif key == CO:
                self._helpers(whole, found, helping)
            else:
                self._sent(whole, by_key[key], found.known, co)

        self.shell.show(menu, chosen)

    def unsent(self, task: str) -> None:
        """Nobody was chosen to be sent."""

    def _helping(self, whole: Whole, codes: tuple[str, ...]) -> Message:
        """Which departments help, by name."""
        called = {one.code: one.name for one in (*whole.sides.co, *whole.sides.helpers)}
        told = self.look.word("taskscreen.listed").join(called.get(code, code) for code in codes)
        return Message("taskscreen.co", {"names": told}) if told else Message("taskscreen.co_none")

    def _helpers(self, whole: Whole, found: Sending, codes: tuple[str, ...], at: str = "") -> None:
        """Choose the departments that help 协办, one after the other, and go back to whom to send, by Esc too."""
        done = Choice(DONE, self.look.word("taskscreen.co_done"))
        rows = [
            Choice(one.code, f"[{'x' if one.code in codes else ' '}] {one.name}  {one.phone}".rstrip())
            for one in whole.sides.helpers
        ]
        menu = Menu(
            Message("taskscreen.co_title", {"task": whole.row.id}),
            [done, *rows],
            about=(self._helping(whole, codes),),
            at=at,
        )

        def chosen(code: str | None) -> None:
            if code is None or code == DONE:
                self._send_whom(whole, found, codes)
            elif code in codes:
                self._helpers(whole, found, tuple(one for one in codes if one != code), code)
            else:
                self._helpers(whole, found, (*codes, code), code)

        self.shell.show(menu, chosen)

    @staticmethod
    def _available(row: HolderRow, found: Sending) -> bool:
        return row.on_duty or not found.known

    def _holder_choices(self, found: Sending, look: Look) -> list[Choice]:
        """A line for each: who, how to reach them, why they are proposed or can't be sent."""
        titles = []
        for row in found.rows:
            kind = f" {look.word(f'task.holder.{row.kind}')}" if row.kind == "member" else ""
            titles.append(f"{row.name}{kind}")
        width = min(24, max(map(cell_len, titles), default=0))
        choices = []
        for row, title in zip(found.rows, titles, strict=True):
            choices.append(holder(row, title, look, off=not self._available(row, found), width=width))
        return choices

    def _sent(self, whole: Whole, row: HolderRow, known: bool, co: tuple[str, ...] | None = None) -> None:
        body: dict[str, Any] = {"holder": row.code, "holder_kind": row.kind}
        if co is not None:
            body["co_departments"] = "|".join(co)
        if known:
            body["on_duty"] = row.on_duty
        if row.kind == "department":
            body["department"] = row.code
        if whole.row.state != "DRAFT":
            self.do(whole, "dispatch", body)
            return
        op = uuid4().hex

        def command(desk: Desk) -> Outcome:
            from backend.desk import acts

            seen = whole.row
            return acts.file_and_dispatch(
                desk, seen.id, body=body, seen_version=seen.version, seen_state=seen.state, op_id=op
            )

        self.act(command, self._answered_act())

    # By phone, or the holder's own.

    def do_task_phone(self) -> None:
        """Enter what the holder says on the phone; for the holder it is their own act."""
        self.with_whole(self._phone)

    def _phone(self, whole: Whole) -> None:
        offers = whole.offers(KINDS["phone"])
        kinds = [offer.kind for offer in offers]
        if not kinds:
            self.shell.tell(
                refusal(whole, "phone") or Message("taskscreen.off.phone", {"state": whole.row.state})
            )
            return
        row = whole.row
        behalf = next((offer.on_behalf for offer in offers if offer.on_behalf), "")
        if kinds == ["report"] or (len(kinds) == 1 and kinds[0] in ON_SPOT):
            self._enter(whole, kinds[0], behalf)
            return
        choices = [Choice(kind, self.look.word(f"taskscreen.phone.{kind}")) for kind in kinds]
        if behalf and row.state in ("DISPATCHED", "ACCEPTED"):
            choices.append(Choice("past", self.look.word("taskscreen.phone.past")))
        name = row.holder_name if behalf == row.holder else behalf
        title = Message("taskscreen.phone", {"name": name}) if behalf else Message("taskscreen.own")
        menu = Menu(title, choices, about=plans.about(whole, self.look))
        self.choose(menu, lambda kind: self._enter(whole, kind, behalf))

    def _enter(self, whole: Whole, kind: str, behalf: str) -> None:
        look = self.look
        name = whole.row.holder_name if behalf == whole.row.holder else behalf
        if kind == "report":
            plan = plans.report(whole, look, name if behalf else "")
            self.fill_in(plan, lambda values: self._reported(whole, values, behalf, plan.slot))
        elif kind == "past":
            kinds = [one.kind for one in whole.offers(("accept", "arrive"))]
            plan = plans.past(whole, look, kinds, name)
            self.fill_in(plan, lambda values: self._entered_late(whole, values, behalf, plan.slot))
        elif kind in ("return", "decline"):
            plan = plans.plan(whole, look, kind, plans.reason(), behalf=name if behalf else "")
            self.fill_in(plan, lambda values: self.do(whole, kind, values, behalf=behalf, slot=plan.slot))
        elif kind == "arrive" and not behalf and whole.row.holder_kind == "member":
            # By voice, or for one's own duty room, the seat vouches for the place; else the distance or a reason.
            plan = plans.plan(whole, look, kind, plans.reason())
            self.fill_in(plan, lambda values: self.do(whole, kind, values, slot=plan.slot))
        else:
            self.do(whole, kind, behalf=behalf)

    def _reported(self, whole: Whole, values: dict[str, str], behalf: str, slot: str) -> None:
        body: dict[str, Any] = {"result": values["result"], "evidence": plans.listed(values["evidence"])}
        if values["note"]:
            body["note"] = values["note"]
        self.do(whole, "report", body, behalf=behalf, slot=slot)

    def _entered_late(self, whole: Whole, values: dict[str, str], behalf: str, slot: str) -> None:
        body = {"note": values["note"]} if values["note"] else {}
        at = plans.instant(values["at"], self.look)
        self.do(whole, values["kind"], body, behalf=behalf, occurred=at, slot=slot)

    # Verification, and what asks for nothing.

    def do_task_verify(self) -> None:
        """Pass the report or send it back, which is shown first, passing is armed; settle an arbitration."""
        self.with_whole(self._verify)

    def _verify(self, whole: Whole) -> None:
        if (why := refusal(whole, "verify")) is not None:
            self.shell.tell(why)
            return
        if whole.arbitration:
            self.arbitrate(whole)
            return
        menu = Menu(
            Message("taskscreen.verify", {"task": whole.row.id}),
            [
                Choice(kind, self.look.word(f"taskscreen.verify.{kind}"))
                for kind in ("verify_ok", "verify_no")
            ],
            about=(*plans.about(whole, self.look), *reported(whole, self.look)),
        )
        self.choose(menu, lambda kind: self._verified(whole, kind))

    def _verified(self, whole: Whole, kind: str) -> None:
        if kind == "verify_no":
            plan = plans.plan(whole, self.look, kind, plans.reason())
            self.fill_in(plan, lambda values: self.do(whole, kind, values, slot=plan.slot))
            return
        recheck = whole.row.type in whole.sides.limits.recheck
        body = {"recheck": "clean"} if recheck else {}
        details = (*plans.about(whole, self.look)[:1], *reported(whole, self.look))
        if recheck:
            details = (*details, Message("taskscreen.recheck"))
        question = Sure(Message("taskscreen.sure", {"act": kind, "task": whole.row.id}), details)
        self.sure(question, lambda: self.do(whole, kind, body))

    def do_task_urge(self) -> None:
        """Urge the holder 催办."""
        self.with_whole(lambda whole: self.do(whole, "urge"))

    def do_task_ack(self) -> None:
        """Answer for an escalated task 确认接手: it stops the upper tier's clock, no other."""
        self.with_whole(lambda whole: self.do(whole, "ack"))

    def do_task_recall(self) -> None:
        """Take the last act back, within the window."""
        task = self.task_id() if self.held() is not None else ""

        def command(desk: Desk) -> Outcome:
            from backend.desk import acts, taskside

            last = taskside.recallable(desk, task)
            if last is None:
                return Outcome.refused("taskscreen.no_recall")
            return acts.recall(desk, last.task, last.op)

        self.act(command, self._answered_act())


def reported(whole: Whole, look: Look) -> tuple[Message, ...]:
    """The newest report in a few lines: who, through whom, the result, the note, the evidence."""
    act = next(
        (a for a in reversed(whole.page.timeline) if a.kind == "report" and a.result == "applied"), None
    )
    if act is None:
        return ()
    by = act.behalf_name or act.actor_name
    lines = [
        Message(
            "taskscreen.reported",
            {"by": by, "at": act.at, "result": look.word(f"result.{whole.page.result}")},
        )
    ]
    if act.on_behalf:
        lines.append(Message("taskscreen.recorded", {"by": act.actor_name, "channel": act.channel}))
    if note := str(act.body.get("note") or ""):
        lines.append(Message("taskscreen.noted", {"note": note}))
    evidence = act.body.get("evidence")
    if isinstance(evidence, list) and evidence:
        lines.append(Message("taskscreen.evidence", {"evidence": " ".join(map(str, evidence))}))
    else:
        lines.append(Message("taskscreen.no_evidence"))
    return tuple(lines)
