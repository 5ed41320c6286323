"""One version of the policy 规程: since when it holds, what it would have changed last month, and its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens.base import PageScreen
from screens.columns import Cell
from screens.faces import choose_face
from screens.look import Look
from screens.widgets.sheet import Sheet, Text, flow

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.faces import Face
    from backend.desk.policies import DryRun, Version

SHOWN = 20
"""Tasks of a dry run that are listed."""


@dataclass(frozen=True)
class PolicyData:
    """What the page shows."""

    version: Version
    text: str
    dry: DryRun


class PolicyPage(PageScreen[PolicyData]):
    """The page of one version; its key is the number."""

    NAME: ClassVar[str] = "policy"

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="policy-sheet")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def load(self, desk: Desk) -> PolicyData | None:
        from backend.desk import policies

        number = int(self.key)
        found = next((one for one in policies.versions(desk) if one.version == number), None)
        text = policies.text_of(desk, number)
        if found is None or text is None:
            return None
        return PolicyData(found, text, policies.dry_run(desk, text))

    def fill(self, data: PolicyData) -> None:  # noqa: ARG002 - the sheet reads what was read last
        self.query_one(Sheet).relook()

    def do_board_faces(self) -> None:
        """Go to a task that would have gone otherwise."""
        if (data := self.data) is not None:
            choose_face(self, lambda _desk: _faces(data))

    def do_board_copy(self) -> None:
        """The policy's text on the person's clipboard."""
        if self.data is not None:
            self.shell.copy(self.data.text)
            self.tell(Message("ui.copied", {"count": 1}))

    def _write(self, look: Look, cells: int) -> Text:
        data = self.data
        if data is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        version, dry = data.version, data.dry
        lines: list[list[Cell]] = [
            [
                Cell(f" {look.word('admin.policy.version', version=version.version)}", "title"),
                Cell(f"  {version.note}"),
            ],
            [
                Cell(f" {look.word('admin.column.from')} "),
                Cell(
                    look.moment(version.effective) if version.effective else look.word("admin.always"),
                    "strong",
                ),
                Cell(f"  {look.word('admin.column.open_tasks')} {version.open_tasks}", "dim"),
            ],
            [],
            [Cell(" " + look.word("admin.dry.heading", month=month(dry, look)), "header")],
            [
                Cell(
                    " "
                    + look.word(
                        "admin.dry.tasks", tasks=dry.tasks, changed=dry.changed, recorded=dry.recorded
                    )
                )
            ],
        ]
        lines += _difference(dry.breaches, "clock", "admin.dry.breaches", look)
        lines += _difference(dry.rises, "task.level", "admin.dry.rises", look)
        for row in dry.rows[:SHOWN]:
            gained = " ".join(look.word(f"clock.{kind}") for kind in row.gained)
            lost = " ".join(look.word(f"clock.{kind}") for kind in row.lost)
            told = [Cell(f"  {row.task}  ", "link"), Cell(f"+{gained} " if gained else "", "bad")]
            lines.append([*told, Cell(f"-{lost}" if lost else "", "good")])
        lines += [[], [Cell(" " + look.word("admin.policy.text"), "header")]]
        for line in data.text.splitlines():
            lines += flow(line or " ", cells, "dim" if line.startswith("#") else "", " ")
        return lines


def _faces(data: PolicyData) -> list[Face]:
    from backend.desk.faces import Face

    return [Face("task", row.task, row.type) for row in data.dry.rows[:SHOWN]]


def month(dry: DryRun, look: Look) -> str:
    """The month that was replayed, as ``2026-10``."""
    from datetime import datetime

    return datetime.fromtimestamp(dry.since, look.zone).strftime("%Y-%m")


def _difference(
    counts: Mapping[str, tuple[int, int]], prefix: str, heading: str, look: Look
) -> list[list[Cell]]:
    """Counts as they were and as they would be; those that differ stand out."""
    if not counts:
        return []
    pieces = [Cell(f" {look.word(heading)}  ", "dim")]
    for name, (was, would) in counts.items():
        tone = "" if was == would else "bad" if would > was else "good"
        pieces.append(Cell(f"{look.word(f'{prefix}.{name}')} {was} > {would}   ", tone))
    return [pieces]
