"""What is decided at the triage desk: at most three keys for a row, and for many rows as many more as arm them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens import telling
from screens.acting.flows import TaskActs
from screens.actions import Danger, action, key_name
from screens.dialogs.menu import Menu
from screens.dialogs.pick import Pick
from screens.dialogs.sure import Sure
from screens.dialogs.told import Told
from screens.triage_columns import reading, what
from screens.widgets.cells import fit
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.taskside import HolderRow
    from backend.desk.triage import Item, TriageRow
    from backend.desk.triageacts import Decision
    from backend.desk.triageasks import MergeInto
    from backend.desk.triagelook import TriageLook, Whom
    from backend.desk.triagerules import Shelf

GRIDS = 6
"""Grids that a question about many names."""
Command = Callable[["Desk", "Sequence[Item]"], "Decision"]


class TriageActs(TaskActs):
    """A screen with rows to decide on, and the acts on them."""

    # For the screen to fill in.

    def rows_meant(self) -> Sequence[TriageRow]:
        """The marked rows, or the one under the cursor."""
        raise NotImplementedError

    def closer(self) -> TriageLook | None:
        """What was read of the row under the cursor; None while it is being read."""
        raise NotImplementedError

    def decided(self, decision: Decision) -> None:
        """An act was answered: go on to the next row."""
        raise NotImplementedError

    # How an act is done.

    def refusal(self, act: str) -> Message | None:
        """Why an act is off for the row under the cursor; marked rows are each judged when it is done."""
        rows, desk = self.rows_meant(), self.shell.desk
        if not rows or desk is None:
            return Message("ui.off.no_row")
        if len(rows) > 1:
            return None
        row, language = rows[0], self.look.language
        if act == "take":
            return None if row.claimed else Message("triage.off.free")
        if act == "camera":
            found = self.closer()
            if found is None:
                return Message("triage.off.looking")
            return None if found.cameras else Message("triage.off.no_camera")
        if row.done is not None:
            return Message("triage.off.decided", {"key": key_name(action("app.reload").keys[0], language)})
        if row.claimed:
            key = key_name(action("triage.take").keys[0], language)
            return Message("triage.off.claimed", {"who": row.claimed, "key": key})
        from backend.desk import triageasks

        return triageasks.refusals(desk, row).get(act)

    def _do(self, command: Command, items: Sequence[Item]) -> None:
        """Do it, tell what became of it, and go on; the keys that follow wait for that."""
        desk = self.shell.desk
        if desk is None:
            return
        let_go = self.shell.hold()

        def done(decision: Decision) -> None:
            self.shell.tell(decision.outcome)
            if self.stands:
                self.decided(decision)
                self.acted(decision.outcome)
                if decision.refused and len(items) > 1:
                    self._tell_refused(decision)
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(lambda: command(desk, items), done, failed=failed, name="act")

    def _tell_refused(self, decision: Decision) -> None:
        """What could not be done, and why, a line each."""
        lines = [
            Message("triage.refused.line", {"place": one.place, "why": self.look.say(one.why)})
            for one in decision.refused
        ]
        self.shell.show(Told(Message("triage.refused", {"count": len(lines)}), lines), lambda _: None)

    def _decide(
        self, name: str, command: Command, *, why: str = "", arm: bool = False, into: str = ""
    ) -> None:
        """Do it to one row at once; to several, and where it can't be taken back, once it is armed.

        Args:
            why: the reason that was chosen, in words.
            arm: it is armed for one row too.
            into: the task into which rows are merged.
        """
        rows = self.rows_meant()
        items = [item for row in rows for item in row.items]
        if len(items) > 1:
            self._arm(name, command, rows, items, why, into)
        elif items and arm:
            row = rows[0]
            told = [self._about(row)]
            told += [Message("triage.sure.why", {"reason": why})] if why else []
            question = Message(f"triage.sure.{name}", {"count": 1, "into": into})
            self.sure(Sure(question, told), partial(self._do, command, items))
        elif items:
            self._do(command, items)

    def _arm(
        self,
        name: str,
        command: Command,
        rows: Sequence[TriageRow],
        items: Sequence[Item],
        why: str,
        into: str,
    ) -> None:
        """Say how many and where, and ask; another key commits it."""
        desk, look = self.shell.desk, self.look
        assert desk is not None
        critical = sum(item.priority == "critical" for item in items)
        alarms = sum(row.count for row in rows)

        def grids() -> Sequence[tuple[str, int]]:
            from backend.desk import triageasks

            return triageasks.grids_of(desk, items)

        def ask(found: Sequence[tuple[str, int]]) -> None:
            named = telling.joined(
                [look.word("triage.grid_count", grid=grid, count=count) for grid, count in found[:GRIDS]]
            )
            more = f"  +{len(found) - GRIDS}" if len(found) > GRIDS else ""
            told = [
                Message("triage.sure.grids", {"count": len(found), "grids": named + more}),
                Message("triage.sure.alarms", {"count": alarms, "critical": critical}),
                *([Message("triage.sure.why", {"reason": why})] if why else []),
            ]
            question = Message(f"triage.sure.{name}", {"count": len(items), "into": into})
            self.sure(Sure(question, told), partial(self._do, command, items))

        self.read(grids, ask, "grids")

    def _about(self, row: TriageRow) -> Message:
        look = self.look
        told = telling.joined((what(row, look), row.place, reading(row, look)))
        return Message("triage.about", {"what": told})

    def _titled(self, code: str) -> Message:
        rows = self.rows_meant()
        row = rows[0]
        if sum(len(one.items) for one in rows) > 1:
            return Message(f"{code}.many", {"count": sum(len(one.items) for one in rows)})
        return Message(code, {"place": row.place, "what": what(row, self.look)})

    # The acts.

    def do_alarm_acknowledge(self) -> None:
        """Somebody has seen it, and nothing is to be done."""
        self._decide("acknowledge", _acknowledge)

    def do_alarm_shelve(self) -> None:
        """Put it away for a while, for one of the reasons there are."""
        desk = self.shell.desk
        assert desk is not None

        def choose(found: Sequence[Shelf]) -> None:
            look = self.look
            choices = []
            for number, one in enumerate(found):
                hours, minutes = divmod(one.minutes, 60)
                reason = look.pick(*one.words)
                text = (
                    look.word("triage.shelve.choice", minutes=one.minutes, reason=reason)
                    if minutes
                    else look.word("triage.shelve.hours", hours=hours, reason=reason)
                )
                choices.append(Choice(str(number), text))

            def chosen(key: str) -> None:
                shelf = found[int(key)]
                self._decide("shelve", partial(_shelve, shelf=shelf), why=look.pick(*shelf.words))

            self.choose(Menu(self._titled("triage.shelve"), choices), chosen)

        self.read(lambda: _shelves(desk), choose, "shelves")

    def do_task_dismiss(self) -> None:
        """Dismiss it 不予受理 for one of the reasons there are; armed."""
        desk = self.shell.desk
        assert desk is not None

        def choose(codes: Sequence[str]) -> None:
            look, rows = self.look, self.rows_meant()
            critical = any(row.priority == "critical" for row in rows) and desk.actor.role != "supervisor"
            menu = Menu(
                self._titled("triage.dismiss"),
                [Choice(code, look.word(f"task.reason.{code}")) for code in codes],
                warning=Message("triage.dismiss.critical") if critical else None,
            )
            self.choose(
                menu,
                lambda code: self._decide(
                    "dismiss", partial(_dismiss, reason=code), why=look.word(f"task.reason.{code}"), arm=True
                ),
            )

        self.read(lambda: _reasons(desk), choose, "reasons")

    def do_task_dispatch(self) -> None:
        """Send somebody; the one who is suggested stands first, and Enter takes them."""
        rows, desk = self.rows_meant(), self.shell.desk
        assert desk is not None
        if sum(len(row.items) for row in rows) > 1:
            self._decide("dispatch", _dispatch)
            return
        row, found = rows[0], self.closer()
        if not row.item.placed:
            self._settle(row)
        elif found is not None:
            self._choose_whom(row, row.item, found.whom)
        else:
            self._read_whom(row, row.item)

    def _settle(self, row: TriageRow) -> None:
        """Ask for the township first: what is of a whole region is nobody's to go to."""
        desk = self.shell.desk
        assert desk is not None
        pick = Pick(Message("triage.where", {"what": what(row, self.look), "place": row.place}))
        self.choose(pick, lambda code: self._read_whom(row, row.item.at(code)))
        self.read(
            lambda: [Choice(code, name, code, search=also) for code, name, also in _townships(desk)],
            pick.fill,
            "townships",
        )

    def _read_whom(self, row: TriageRow, item: Item) -> None:
        desk = self.shell.desk
        assert desk is not None
        self.read(
            lambda: _look(desk, item).whom, lambda found: self._choose_whom(row, item, found), "holders"
        )

    def _choose_whom(self, row: TriageRow, item: Item, found: Whom) -> None:
        look = self.look
        reason = telling.joined((what(row, look), reading(row, look)), " ")
        about = [Message("triage.dispatch.reason", {"reason": reason})]
        if found.department:
            about.append(Message("triage.dispatch.lead", {"department": found.department}))
        warning = None
        if row.suspect:
            warning = Message("triage.dispatch.doubt")
        elif found.sending.best is None and not (found.fault and found.contractor):
            warning = Message("taskscreen.nobody")
        menu = Menu(self._titled("triage.dispatch"), self._holders(found), about=about, warning=warning)

        def chosen(key: str) -> None:
            kind, _, code = key.partition(":")
            self._do(partial(_dispatch, holder=(kind, code), note=reason), [item])

        self.choose(menu, chosen)

    def _holders(self, found: Whom) -> list[Choice]:
        """A line for each: who, how to reach them, why they are suggested or can't be sent; the best first."""
        look = self.look
        rows = list(found.sending.rows)
        if found.contractor is not None:
            rows.insert(0 if found.fault else len(rows), found.contractor)
        return [
            Choice(
                f"{row.kind}:{row.code}",
                f"{fit(self._called(row), 24)}  {row.phone:<13} "
                + look.word("taskscreen.comma").join(look.say(reason) for reason in row.reasons),
                off=not (row.on_duty or not found.sending.known),
            )
            for row in rows
        ]

    def _called(self, row: HolderRow) -> str:
        if row.kind == "contractor":
            return self.look.word("triage.dispatch.contractor", name=row.name)
        return f"{row.name} {self.look.word('task.holder.member')}" if row.kind == "member" else row.name

    def do_task_merge(self) -> None:
        """Merge it into an open task near by 并案; armed."""
        rows, desk = self.rows_meant(), self.shell.desk
        assert desk is not None
        item = rows[0].item

        def choose(found: Sequence[MergeInto]) -> None:
            look = self.look
            if not found:
                self.shell.tell(Message("triage.merge.none"))
                return
            choices = []
            for one in found:
                far = "--" if one.km is None else f"{one.km:.1f} km"
                about = (look.word(f"task.state.{one.state}"), look.age(one.opened), one.task)
                text = f"{fit(look.pick(*one.type_name), 14)} {fit(one.place, 18)} {fit(far, 8, 'right')}"
                choices.append(Choice(one.task, text, telling.joined(about)))
            menu = Menu(self._titled("triage.merge"), choices)
            self.choose(
                menu, lambda task: self._decide("merge", partial(_merge, into=task), arm=True, into=task)
            )

        self.read(lambda: _near(desk, item), choose, "near")

    def do_triage_contract(self) -> None:
        """Send the maintenance contractor 运维单位; asked first, for it goes out of the house."""
        rows, desk = self.rows_meant(), self.shell.desk
        assert desk is not None
        if sum(len(row.items) for row in rows) > 1:
            self._decide("contract", _contract)
            return
        row, found = rows[0], self.closer()

        def ask(whom: Whom) -> None:
            if whom.contractor is None:
                self.shell.tell(Message("triage.off.no_contractor"))
                return
            told = Message(
                "triage.contract.whom", {"name": whom.contractor.name, "phone": whom.contractor.phone}
            )
            question = Sure(self._titled("triage.contract"), [told, self._about(row)], danger=Danger.ACT)
            self.sure(question, partial(self._do, _contract, row.items))

        if found is not None:
            ask(found.whom)
        else:
            self.read(lambda: _look(desk, row.item).whom, ask, "holders")

    def do_triage_take(self) -> None:
        """Take over what another seat has open: their keys are off for it from now on."""
        row = self.rows_meant()[0]
        self.act(partial(_take, item=row.item))

    def do_triage_camera(self) -> None:
        """Copy the address of a camera near by."""
        found = self.closer()
        if found is None:
            return

        def copy(address: str) -> None:
            one = next(camera for camera in found.cameras if camera.address == address)
            self.shell.copy(address)
            self.shell.tell(Message("triage.copied", {"name": one.name, "address": address}))

        if len(found.cameras) == 1:
            copy(found.cameras[0].address)
            return
        choices = [
            Choice(
                one.address,
                fit(one.name, 30),
                f"{self.look.word(f'triage.camera.{one.state}')} {one.address}",
            )
            for one in found.cameras
        ]
        self.choose(Menu(Message("triage.cameras.which"), choices), copy)


def _acknowledge(desk: Desk, items: Sequence[Item]) -> Decision:
    from backend.desk import triageacts

    return triageacts.acknowledge(desk, items)


def _shelves(desk: Desk) -> Sequence[Shelf]:
    from backend.desk import triageasks

    return triageasks.shelves(desk)


def _shelve(desk: Desk, items: Sequence[Item], shelf: Shelf) -> Decision:
    from backend.desk import triageacts

    return triageacts.shelve(desk, items, shelf)


def _reasons(desk: Desk) -> Sequence[str]:
    from backend.desk import triageasks

    return triageasks.reasons(desk)


def _dismiss(desk: Desk, items: Sequence[Item], reason: str) -> Decision:
    from backend.desk import triageacts

    return triageacts.dismiss(desk, items, reason)


def _dispatch(
    desk: Desk, items: Sequence[Item], holder: tuple[str, str] | None = None, note: str = ""
) -> Decision:
    from backend.desk import triageacts

    return triageacts.dispatch(desk, items, holder, note)


def _townships(desk: Desk) -> Sequence[tuple[str, str, str]]:
    from backend.desk import triageasks

    return triageasks.townships(desk)


def _near(desk: Desk, item: Item) -> Sequence[MergeInto]:
    from backend.desk import triageasks

    return triageasks.near_tasks(desk, item)


def _merge(desk: Desk, items: Sequence[Item], into: str) -> Decision:
    from backend.desk import triageacts

    return triageacts.merge(desk, items, into)


def _contract(desk: Desk, items: Sequence[Item]) -> Decision:
    from backend.desk import triageacts

    return triageacts.contract(desk, items)


def _take(desk: Desk, item: Item) -> Outcome:
    from backend.desk import triageacts

    return triageacts.take_over(desk, item)


def _look(desk: Desk, item: Item) -> TriageLook:
    from backend.desk import triagelook

    return triagelook.look(desk, item)
