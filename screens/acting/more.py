"""The other acts: levels, time, place, holder, and those that can't be taken back."""

from __future__ import annotations

from typing import Any

from backend.words import Message
from screens.acting import plans
from screens.acting.flows import CO, TaskActs
from screens.acting.instruments import OF_ORDER
from screens.acting.sheets import SheetActs
from screens.acting.whole import KINDS, Whole
from screens.action import Danger
from screens.dialogs.form import Field
from screens.dialogs.menu import Menu
from screens.dialogs.pick import Pick
from screens.widgets.choices import Choice

NOTES = ("note", "call", "attach", "mark_suspect", "confirm_data", "prioritise")
PRIORITIES = ("critical", "high", "medium", "low")
FORCED = ("holder", "centre", "department")
HOLDERS = ("member", "department", "centre")
ARMED = {"suspend": Danger.ARMED, "dismiss": Danger.ARMED, "void": Danger.GRAVE}
"""What is asked for and, once granted, can't be taken back."""


class MoreActs(SheetActs, TaskActs):
    """All acts that a person can start from a task."""

    def _with_reason(self, whole: Whole, kind: str, key: str = "reason", *, behalf: str = "") -> None:
        field = plans.words(key, f"taskscreen.field.{key}")
        plan = plans.plan(whole, self.look, kind, field)
        self.fill_in(plan, lambda values: self.do(whole, kind, values, behalf=behalf, slot=plan.slot))

    # Levels.

    def do_task_escalate(self) -> None:
        """One level up, by hand, with a reason."""
        self.with_whole(lambda whole: self._with_reason(whole, "escalate"))

    def do_task_hand_back(self) -> None:
        """One level down, with a note."""
        self.with_whole(lambda whole: self._with_reason(whole, "hand_back", "note"))

    def do_task_supervise(self) -> None:
        """Supervise 督办: whoever verifies is a tier higher from now on."""
        self.with_whole(
            lambda whole: self.armed(
                whole, "supervise", lambda: self.do(whole, "supervise"), danger=Danger.ACT
            )
        )

    # Time.

    def do_task_extend(self) -> None:
        """Extend the clock, ask for it, or answer what was asked."""
        self.with_whole(self._extend)

    def _extend(self, whole: Whole) -> None:
        if whole.row.asked == "extend" and whole.offer("deny"):
            asked = whole.asked()
            body = {"reason": str(asked.get("reason") or ""), "seconds": asked.get("seconds")}
            self._answer(whole, "extend", body, Message("taskscreen.asked_extend", _told(asked)))
            return
        kind = "extend" if whole.offer("extend") else "ask_extend"
        plan = plans.extension(whole, self.look, kind)

        def send(values: dict[str, str]) -> None:
            body = {"seconds": int(values["minutes"]) * plans.MINUTE, "reason": values["reason"]}
            self.do(whole, kind, body, slot=plan.slot)

        self.fill_in(plan, send)

    def do_task_suspend(self) -> None:
        """Ask to suspend 申请挂账, or answer what was asked."""
        self.with_whole(self._suspend)

    def _suspend(self, whole: Whole) -> None:
        if whole.row.asked == "suspend" and whole.offer("deny"):
            asked = whole.asked()
            body = {"reason": str(asked.get("reason") or ""), "review_at": asked.get("review_at")}
            self._answer(whole, "suspend", body, Message("taskscreen.asked_suspend", _told(asked)))
            return
        plan = plans.suspension(whole, self.look)

        def send(values: dict[str, str]) -> None:
            review = self.shell.now() + int(values["days"]) * plans.DAY
            body = {"review_at": review, "reason": values["reason"], "note": values["note"]}
            self.do(whole, "ask_suspend", body, slot=plan.slot)

        self.fill_in(plan, send)

    def _answer(self, whole: Whole, kind: str, body: dict[str, Any], asked: Message) -> None:
        """A supervisor's word on what a seat asked for; who may only deny sees why."""
        why = whole.refused(kind)
        grant = self.look.word("taskscreen.answer.grant")
        menu = Menu(
            Message("taskscreen.answer", {"by": whole.page.asked_by}),
            [
                Choice(
                    kind,
                    f"{grant}  {self.look.say(why)}" if why else grant,
                    off=why is not None,
                    name=grant,
                    why=self.look.say(why) if why else "",
                ),
                Choice("deny", self.look.word("act.deny")),
            ],
            about=(*plans.about(whole, self.look), asked),
        )

        def chosen(answer: str) -> None:
            if answer == "deny":
                self._with_reason(whole, "deny")
            elif kind in ARMED:
                self.armed(whole, kind, lambda: self.do(whole, kind, body), danger=ARMED[kind])
            else:
                self.do(whole, kind, body)

        self.choose(menu, chosen)

    def do_task_unsuspend(self) -> None:
        """Let a suspended task go on."""
        self.with_whole(
            lambda whole: self.armed(
                whole, "unsuspend", lambda: self.do(whole, "unsuspend"), danger=Danger.ACT
            )
        )

    # Holders.

    def do_task_return(self) -> None:
        """Take it back from the holder, with a reason."""
        self.with_whole(lambda whole: self._with_reason(whole, "return"))

    def do_task_transfer(self) -> None:
        """Offer it to a department or another centre."""
        self.with_whole(self._transfer)

    def _transfer(self, whole: Whole) -> None:
        desk = self.shell.desk
        assert desk is not None
        pick = Pick(Message("taskscreen.transfer", {"task": whole.row.id}))

        def receivers() -> list[Choice]:
            from backend.desk import sending

            return [
                Choice(f"{one.kind}:{one.code}", one.name, one.phone, search=one.code)
                for one in sending.receivers(desk, whole.row.id)
            ]

        def chosen(key: str) -> None:
            kind, _, code = key.partition(":")
            plan = plans.plan(whole, self.look, "transfer", plans.reason())
            self.fill_in(
                plan,
                lambda values: self.do(
                    whole, "transfer", {"receiver": code, "receiver_kind": kind, **values}, slot=plan.slot
                ),
            )

        self.choose(pick, chosen)
        self.read(receivers, pick.fill, "receivers")

    def do_task_take(self) -> None:
        """Take what is offered, or decline it; for the other side by phone."""
        self.with_whole(self._take)

    def _take(self, whole: Whole) -> None:
        offers = whole.offers(KINDS["take"])
        behalf = next((offer.on_behalf for offer in offers if offer.on_behalf), "")
        menu = Menu(
            Message("taskscreen.take", {"task": whole.row.id}),
            [Choice(offer.kind, self.look.word(f"act.{offer.kind}")) for offer in offers],
            about=plans.about(whole, self.look),
        )
        self.choose(menu, lambda kind: self._enter(whole, kind, behalf))

    # What can't be taken back.

    def do_task_dismiss(self) -> None:
        """Dismiss a draft 不予受理, for one of the reasons there are; ask for it, or answer what was asked."""
        self.with_whole(self._dismiss)

    def _dismiss(self, whole: Whole) -> None:
        if self._wished(whole, "dismiss"):
            return
        kind, codes = whole.or_ask("dismiss"), whole.sides.limits.dismiss_reasons
        if not codes:
            self._ending(whole, kind)
            return
        menu = Menu(
            Message(f"taskscreen.{kind}", {"task": whole.row.id}),
            [Choice(code, self.look.word(f"task.reason.{code}")) for code in codes],
            about=plans.about(whole, self.look),
            warning=None if kind == "dismiss" else whole.refused("dismiss"),
        )
        self.choose(menu, lambda code: self._ended(whole, kind, {"reason": code}))

    def _wished(self, whole: Whole, kind: str) -> bool:
        """Whether this was asked for, and a supervisor is here to answer it."""
        if whole.row.asked != kind or not whole.offer("deny"):
            return False
        said = _told(whole.asked())
        self._answer(whole, kind, {"reason": said["reason"]}, Message(f"taskscreen.asked_{kind}", said))
        return True

    def _ending(self, whole: Whole, kind: str) -> None:
        """End a task or ask for it, with a reason; who may only ask reads why."""
        plan = plans.plan(whole, self.look, kind, plans.reason())
        if kind.startswith("ask_") and (why := whole.refused(kind.removeprefix("ask_"))) is not None:
            plan.about = (*plan.about, why)
        self.fill_in(plan, lambda values: self._ended(whole, kind, values, plan.slot))

    def _ended(self, whole: Whole, kind: str, values: dict[str, str], slot: str = "") -> None:
        def do() -> None:
            self.do(whole, kind, values, slot=slot)

        if kind in ARMED:
            self.armed(whole, kind, do, danger=ARMED[kind])
        else:
            do()

    def do_task_merge(self) -> None:
        """Merge it into another open task 并案."""
        self.with_whole(self._merge)

    def _merge(self, whole: Whole) -> None:
        desk, look = self.shell.desk, self.look
        assert desk is not None
        pick = Pick(Message("taskscreen.merge", {"task": whole.row.id}))

        def others() -> list[Choice]:
            from backend.desk import sending

            return [
                Choice(task, f"{task} {look.pick(*kind)}", f"{place} {look.word(f'task.state.{state}')}")
                for task, state, kind, place in sending.mergeable(desk, whole.row.id)
            ]

        self.choose(
            pick,
            lambda into: self.armed(whole, "merge", lambda: self.do(whole, "merge", {"into": into})),
        )
        self.read(others, pick.fill, "mergeable")

    def do_task_reopen(self) -> None:
        """Reopen a closed task, with new evidence."""
        self.with_whole(self._reopen)

    def _reopen(self, whole: Whole) -> None:
        evidence = plans.words("evidence", "taskscreen.field.evidence", hint="taskscreen.hint.evidence")
        plan = plans.plan(whole, self.look, "reopen", evidence, plans.reason())

        def send(values: dict[str, str]) -> None:
            body = {"evidence": plans.listed(values["evidence"]), "reason": values["reason"]}
            self.armed(whole, "reopen", lambda: self.do(whole, "reopen", body, slot=plan.slot))

        self.fill_in(plan, send)

    def do_task_void(self) -> None:
        """Void a filed task 作废, which stays in the log and in the daily proof; ask for it, or answer."""
        self.with_whole(
            lambda whole: None if self._wished(whole, "void") else self._ending(whole, whole.or_ask("void"))
        )

    def do_task_force(self) -> None:
        """Break the glass: set holder, centre or department, with a second person; the city is told."""
        self.with_whole(self._force)

    def _force(self, whole: Whole) -> None:
        look = self.look
        plan = plans.plan(
            whole,
            look,
            "force",
            plans.coded("field", "taskscreen.field.forced", FORCED, "taskscreen.forced", look),
            Field("value", "taskscreen.field.value", hint="taskscreen.hint.code"),
            plans.coded(
                "holder_kind", "task.field.holder_kind", HOLDERS, "task.holder", look, value="member"
            ),
            Field("second", "taskscreen.field.second", hint="taskscreen.hint.code"),
            plans.reason(),
        )
        self.fill_in(
            plan,
            lambda values: self.armed(
                whole, "force", lambda: self.do(whole, "force", values, slot=plan.slot), danger=Danger.GRAVE
            ),
        )

    # What is written down, and the priority.

    def do_task_note(self) -> None:
        """A note, a call, evidence, doubt about the data, another priority; what is known of an instrument."""
        self.with_whole(self._note)

    def _note(self, whole: Whole) -> None:
        kinds = [offer.kind for offer in whole.offers(NOTES)]
        if whole.order is not None and "note" in kinds:
            kinds += OF_ORDER
        helping = [
            Choice(f"{CO}:{one.code}", self.look.word("taskscreen.co_said", name=one.name, phone=one.phone))
            for one in whole.sides.co
            if "call" in kinds
        ]
        menu = Menu(
            Message("taskscreen.note", {"task": whole.row.id}),
            [*(Choice(kind, self.look.word(f"act.{kind}")) for kind in kinds), *helping],
            about=plans.about(whole, self.look)[:1],
        )

        def chosen(kind: str) -> None:
            what, _, department = kind.partition(":")
            if kind in OF_ORDER:
                self.of_instrument(whole, kind)
            elif what == CO:
                self._of_helper(whole, department)
            else:
                self._write_down(whole, kind)

        self.choose(menu, chosen)

    def _of_helper(self, whole: Whole, department: str) -> None:
        """What a co-handling department says on the phone that it did, with what shows it."""
        name = next((one.name for one in whole.sides.co if one.code == department), department)
        fields = [
            plans.words("note", "taskscreen.field.note", hint="taskscreen.hint.note"),
            plans.words("ref", "taskscreen.field.ref", required=False, hint="taskscreen.hint.evidence"),
        ]
        plan = plans.plan(whole, self.look, "note", *fields, behalf=name)
        plan.slot += f":{department}"

        def send(values: dict[str, str]) -> None:
            note = {"note": values["note"]}
            self.do(whole, "note", note, behalf=department, slot=plan.slot)
            for reference in plans.listed(values["ref"]):
                self.do(whole, "attach", {**note, "ref": reference}, behalf=department)

        self.fill_in(plan, send)

    def _write_down(self, whole: Whole, kind: str) -> None:
        look = self.look
        match kind:
            case "attach":
                fields = [
                    plans.words("ref", "taskscreen.field.ref", hint="taskscreen.hint.evidence"),
                    plans.stance(look),
                    plans.words("note", "taskscreen.field.note", required=False),
                ]
            case "mark_suspect":
                fields = [plans.reason()]
            case "prioritise":
                codes = [code for code in PRIORITIES if code != whole.row.priority]
                fields = [
                    plans.coded("priority", "taskscreen.field.priority", codes, "task.priority", look),
                    plans.reason(),
                ]
            case _:
                fields = [plans.words("note", "taskscreen.field.note")]
        plan = plans.plan(whole, look, kind, *fields)

        def send(values: dict[str, str]) -> None:
            # Each reference is an act of its own: one that was announced and is waited for is told by its name.
            references = plans.listed(values["ref"]) if "ref" in values else []
            for body in [{**values, "ref": reference} for reference in references] or [values]:
                self.do(whole, kind, body, slot=plan.slot)

        self.fill_in(plan, send)


def _told(asked: Any) -> dict[str, Any]:
    """What was asked for, as a message's arguments."""
    return {
        "reason": str(asked.get("reason") or ""),
        "seconds": asked.get("seconds") if isinstance(asked.get("seconds"), int) else 0,
        "review_at": asked.get("review_at") if isinstance(asked.get("review_at"), int) else 0,
    }
