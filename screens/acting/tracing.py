"""Going to source tracing from what is selected, and from its answer to a dispatch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from backend.words import Message, Outcome
from screens.acting.base import Acting
from screens.acting.whom import holder
from screens.dialogs.menu import Menu
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.analysis.sources.answer import Ranked
    from backend.desk.desk import Desk
    from backend.desk.sending import HolderRow
    from backend.desk.sourceacts import Proposal
    from backend.desk.sources import SourcesPage
    from screens.frame import GridScreen


def begin(screen: GridScreen) -> None:
    """Ask for the source of what is selected on a screen."""
    key = _asked(screen)
    if key:
        screen.shell.open_page("trace", key)
    else:
        screen.shell.tell(Message("tracescreen.off.nothing"))


def _asked(screen: Any) -> str:
    """The key of the page that answers for what is selected: an alarm, a station or a grid."""
    name = screen.NAME
    if name in ("alarm", "station", "grid"):
        return f"{name}:{screen.key}"
    row = screen.query_one("Board").row if name != "hotspots" and screen.query("Board") else None
    if name == "stations" and row is not None:
        return f"station:{row.code}"
    if name == "alarms" and row is not None:
        return f"alarm:{row.id}"
    if name == "triage" and row is not None and row.lead is not None:
        return f"alarm:{row.lead.id}"
    traced = getattr(screen, "traced", None)
    return str(traced()) if callable(traced) else ""


class TraceActs(Acting):
    """What follows from an answer."""

    # For a screen to fill in.

    def meant(self) -> tuple[SourcesPage, Ranked] | None:
        """The answer, and the candidate that is meant."""
        return None

    def refusal(self, act: str) -> Message | None:
        if act == "dispatch":
            return None if self.meant() is not None else Message("tracescreen.off.none")
        return super().refusal(act)

    # The act.

    def do_task_dispatch(self) -> None:
        """Send somebody to the candidate under the cursor, with the evidence for and against."""
        desk, meant = self.shell.desk, self.meant()
        if desk is None or meant is None:
            self.shell.tell(Message("tracescreen.off.none"))
            return
        page, row = meant

        def asks() -> Proposal:
            from backend.desk import sourceacts

            return sourceacts.proposal(desk, page.answer, row)

        self.read(asks, lambda found: self._choose(page, row, found), "holders")

    def _choose(self, page: SourcesPage, row: Ranked, found: Proposal) -> None:
        look = self.look
        about = [Message("triage.dispatch.reason", {"reason": found.reason})]
        if found.department_name:
            about.append(Message("triage.dispatch.lead", {"department": found.department_name}))
        warning = Message("taskscreen.nobody") if found.sending.best is None else None
        if page.answer.none > row.probability:
            warning = Message("tracescreen.none_likelier")
        title = Message("tracescreen.dispatch", {"name": row.source.name})
        menu = Menu(
            title,
            [self._choice(one, found, look) for one in found.sending.rows],
            about=about,
            warning=warning,
        )

        op = uuid4().hex

        def chosen(key: str) -> None:
            kind, _, code = key.partition(":")

            def send(desk: Desk) -> Outcome:
                from backend.desk import sourceacts

                return sourceacts.dispatch(
                    desk, page.question, page.answer, row.source.code, (kind, code), op_id=op
                )

            self.act(send, self.acted)

        self.choose(menu, chosen)

    @staticmethod
    def _choice(one: HolderRow, found: Proposal, look: Look) -> Choice:
        name = f"{one.name} {look.word('task.holder.member')}" if one.kind == "member" else one.name
        return holder(one, name, look, off=not (one.on_duty or not found.sending.known))
