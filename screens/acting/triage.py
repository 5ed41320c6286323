"""What is decided at the triage desk: at most three keys for a row, and for many rows as many more as arm them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens import telling
from screens.acting.deciding import Deciding
from screens.acting.whom import holder
from screens.action import Danger
from screens.dialogs.menu import Menu
from screens.dialogs.pick import Pick
from screens.dialogs.sure import Sure
from screens.triage_columns import reading, what
from screens.widgets.cells import fit
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.sending import HolderRow
    from backend.desk.triage import Item, TriageRow
    from backend.desk.triageacts import Decision
    from backend.desk.triageasks import MergeInto
    from backend.desk.triagelook import TriageLook, Whom
    from backend.desk.triagerules import Shelf


class TriageActs(Deciding):
    """A screen with rows to decide on, and the acts on them."""

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
        if found.co:
            helping = look.word("taskscreen.listed").join(found.co)
            about.append(Message("triage.dispatch.co", {"departments": helping}))
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
            holder(row, self._called(row), look, off=not (row.on_duty or not found.sending.known))
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
