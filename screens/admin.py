"""Administration 管理: people, policies, keys of machines, channels, the audit; each change is an act of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens.acting.admin import AdminActs
from screens.admin_columns import COLUMNS, DELIVERIES
from screens.base import BoardScreen
from screens.columns import Cell, Column
from screens.dialogs.told import Told
from screens.faces import choose_face
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.shell import shell
from screens.tabbed import Read, TabbedBoard
from screens.widgets.board import Board
from screens.widgets.line import Line
from screens.widgets.tabs import Tab

if TYPE_CHECKING:
    from backend.desk.audit import Verdict
    from backend.desk.desk import Desk
    from backend.desk.faces import Face

CAN: Mapping[str, tuple[str, ...]] = {
    "people": ("add", "change", "switch"),
    "policies": ("add", "try"),
    "keys": ("add", "remove"),
    "channels": ("add", "switch", "remove", "try"),
    "audit": (),
}
"""What can be done on each tab."""


WHOLE = ("people", "keys", "audit")
"""Tabs whose rows have no page."""


class AdminLine(Line):
    """A line under the board: what else is kept elsewhere, and on the audit's tab whether its chain holds."""

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="admin-line")
        self.verdict: Verdict | None = None

    def show(self, verdict: Verdict | None) -> None:
        """Tell whether the chain holds; None tells what is kept where."""
        self.verdict = verdict
        self.relook()

    def pieces(self) -> list[Cell]:
        look = shell(self).look
        if self.verdict is None:
            return [Cell(f" {look.word('admin.elsewhere')}", "dim")]
        return chain_pieces(self.verdict, look)


def chain_pieces(verdict: Verdict, look: Look) -> list[Cell]:
    """Whether the chain holds; where it does not, the first thing that is wrong with it."""
    if verdict.holds:
        told = look.word("audit.holds", rows=verdict.rows, head=verdict.head[:16])
        return [Cell(f" {told}", "good")]
    told = look.word("audit.broken", rows=verdict.rows, head=verdict.head[:16], count=len(verdict.faults))
    return [Cell(f" {told}  ", "bad"), Cell(look.say(verdict.faults[0].message), "bad")]


def whole(row: Any, columns: Sequence[Column[Any]], look: Look) -> list[Message]:
    """All that the columns have to say of a row, uncut; each note of an audit's row on a line of its own."""
    lines = [
        Message("admin.whole", {"title": look.word(column.title), "text": text})
        for column in columns
        if column.key != "detail" and (text := column.text(row, look))
    ]
    noted = [*getattr(row, "body", {}).items(), ("digest", getattr(row, "digest", ""))]
    return lines + [
        Message("admin.whole", {"title": name, "text": str(value)})
        for name, value in noted
        if value not in ("", None)
    ]


def _nothing(_: None) -> None:
    """What was read asks for nothing."""


class Admin(AdminActs, TabbedBoard):
    """The administrator's screen, over whatever one was doing."""

    NAME: ClassVar[str] = "admin"
    EMPTY = "admin.empty"
    EMPTIES: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"keys": "admin.empty_add", "channels": "admin.empty_add"}
    )
    TABLES = COLUMNS
    TABS = tuple(Tab(name, f"admin.tab.{name}") for name in COLUMNS)

    def beside(self) -> ComposeResult:
        yield AdminLine()

    def reads(self) -> Mapping[str, Read]:
        from backend.desk import audit, channels, machinekeys, policies, staff

        return {
            "people": staff.board,
            "policies": policies.versions,
            "keys": machinekeys.board,
            "channels": channels.board,
            "audit": lambda desk: audit.board(desk, limit=5000),
        }

    def key_of(self, facet: str, row: Any) -> str:
        match facet:
            case "policies":
                return f"policy:{row.version}"
            case "channels":
                return f"channel:{row.spec.code}"
            case "people":
                return f"person:{row.code}"
        return f"{facet}:{row.id}"

    def also(self, row: Any) -> str:
        told = getattr(row, "told", None)
        return " ".join(
            filter(
                None,
                (
                    getattr(row, "code", ""),
                    getattr(told, "name", ""),
                    getattr(told, "initials", ""),
                    getattr(row, "act", ""),
                ),
            )
        )

    def turn_to(self, facet: str) -> None:
        super().turn_to(facet)
        if (desk := self.shell.desk) is not None:
            self.looked(desk)

    def looked(self, desk: Desk) -> None:
        """Walk the chain where the audit is looked at."""
        line = self.query_one(AdminLine)
        if self.facet != "audit":
            line.show(None)
            return

        def verify() -> Verdict:
            from backend.desk import audit

            return audit.verify(desk)

        def done(verdict: Verdict) -> None:
            if self.stands and self.facet == "audit":
                line.show(verdict)

        self.shell.work(verify, done, name="audit chain")

    def opens(self, row: Any) -> tuple[str, str] | None:
        match self.facet:
            case "policies":
                return "policy", str(row.version)
            case "channels":
                return "channel", row.spec.code
        return None

    def unfolds(self, row: Any) -> bool:  # noqa: ARG002 - all rows of a tab do
        return self.facet in WHOLE

    def on_board_opened(self, event: Board.Opened) -> None:
        """What has no page is shown whole: the board cuts it, and leaves columns out."""
        if self.facet in WHOLE:
            title = Message(f"admin.tab.{self.facet}")
            self.shell.show(Told(title, whole(event.row, self.columns_of(self.facet), self.look)), _nothing)
            event.prevent_default()

    def refusal(self, act: str) -> Message | None:
        """Why a key is off on this tab, or for this row."""
        if act not in ("add", "change", "switch", "remove", "try"):
            return super().refusal(act)
        if act not in CAN[self.facet]:
            return Message("admin.off", {"tab": self.look.word(f"admin.tab.{self.facet}")})
        row = self.row
        if act != "add" and row is None:
            return Message("ui.off.no_row")
        if self.facet == "keys" and act == "remove" and row is not None and row.revoked is not None:
            return Message("staff.refused.key", {"id": row.id})
        return None

    def changed_here(self, outcome: Outcome) -> None:
        if outcome.ok and self.stands:
            self.board.do_board_news()

    def do_board_faces(self) -> None:
        """Go to the grid that the row under the cursor is of."""
        row = self.row
        grid = "" if row is None else {"people": "told", "channels": "spec"}.get(self.facet, "")
        choose_face(self, partial(_faces, grid=getattr(row, grid).grid if grid else ""))

    # The acts, by tab.

    def do_admin_add(self) -> None:
        """Add a person, a policy, a key or a channel."""
        match self.facet:
            case "people":
                self.person_form(None)
            case "policies":
                self.policy_form(list(self.board.everything()), self.row)
            case "keys":
                self.key_form()
            case "channels":
                self.channel_form()

    def do_admin_change(self) -> None:
        """Change the person under the cursor."""
        self.person_form(self.row)

    def do_feed_switch(self) -> None:
        """Take a person off the books, or a channel off, and back."""
        if (row := self.row) is not None:
            (self.person_switch if self.facet == "people" else self.channel_switch)(row)

    def do_admin_remove(self) -> None:
        """Revoke a key, or take a channel away."""
        if (row := self.row) is not None:
            (self.key_revoke if self.facet == "keys" else self.channel_remove)(row)

    def do_admin_try(self) -> None:
        """Try a policy against last month's tasks, or send a trial notice over a channel."""
        if (row := self.row) is None:
            return
        if self.facet == "policies":
            self.shell.open_page("policy", str(row.version))
        else:
            self.channel_trial(row)


def _faces(desk: Desk, grid: str) -> Sequence[Face]:
    from backend.desk import places

    return places.faces_of_grid(desk, grid) if grid else ()


class ChannelPage(BoardScreen[Any]):
    """What went over one channel, and what waits for it."""

    NAME: ClassVar[str] = "channel"
    EMPTY = "admin.empty_channel"
    COLUMNS = DELIVERIES

    def __init__(self, key: str) -> None:
        super().__init__()
        self.code = key

    @property
    def slot(self) -> str:
        return f"{self.NAME}:{self.code}"

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import channels

        rows = channels.deliveries(desk, self.code, limit=2000)
        return arrange(rows, view, self.COLUMNS, look, key=lambda row: row.id, also=lambda row: row.notice)

    def do_board_faces(self) -> None:
        """Go to what the notice under the cursor was about."""
        if (row := self.row) is not None:
            choose_face(self, partial(_notice_faces, notice=row.notice))


def _notice_faces(desk: Desk, notice: str) -> Sequence[Face]:
    from backend.desk import channels

    return channels.faces(desk, notice)
