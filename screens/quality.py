"""Data quality 数据质量: what waits for a person, what was decided, what can still become valid, the rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from backend.words import Message, Outcome
from screens.acting.review import ReviewActs
from screens.base import OverBoard
from screens.columns import Column
from screens.faces import choose_face
from screens.hourly import key_of
from screens.look import Look
from screens.quality_columns import COLUMNS, RATES, SPANS
from screens.rows import RowSource, View, arrange
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.faces import Face
    from backend.desk.quality import SpanRow


class Quality(ReviewActs, OverBoard[Any]):
    """The review board."""

    NAME: ClassVar[str] = "quality"
    EMPTY = "review.empty"
    TABS = tuple(Tab(name, f"review.tab.{name}") for name in COLUMNS)

    @property
    def facet(self) -> str:
        """The tab that is shown."""
        return self.board.view.facet or SPANS[0]

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        return COLUMNS.get(facet, COLUMNS[SPANS[0]])

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import quality

        facet = view.facet or SPANS[0]
        read: Mapping[str, Callable[[Desk], Sequence[Any]]] = {
            **{only: partial(quality.spans, only=only) for only in SPANS},
            "decided": quality.decided,
            "standing": quality.standings,
            **{by: partial(quality.rates, by=by) for by in RATES},
        }
        rows = read[facet](desk)
        return arrange(rows, view, self.columns_of(facet), look, key=partial(_key, facet), also=_also)

    def opened(self, desk: Desk) -> None:
        super().opened(desk)
        self._count(desk)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self._count(desk)

    def _count(self, desk: Desk) -> None:
        def count() -> int:
            from backend.desk import quality

            return quality.count(desk)

        def done(waiting: int) -> None:
            if self.is_attached:
                self.query_one(Tabs).show(self.facet, {SPANS[0]: waiting})

        self.shell.work(count, done, name="quality counts")

    @property
    def span(self) -> SpanRow | None:
        return self.row if self.facet in SPANS else None

    def spans(self) -> Sequence[SpanRow]:
        return self.board.marked() if self.facet in SPANS else ()

    def refusal(self, act: str) -> Message | None:
        row = self.row
        if act == "reopen" and self.facet == "decided" and row is not None:
            return row.refusals.get("reopen")  # type: ignore[no-any-return]
        return super().refusal(act)

    def do_review_reopen(self) -> None:
        """Of what was decided: open it, where all that it rests on is seen."""
        if self.facet == "decided" and (row := self.row) is not None:
            self.shell.open_page("span", row.key.text)

    def _done(self, outcome: Outcome) -> None:
        if outcome.ok and self.is_attached:
            self.board.do_board_unmark()

    def opens(self, row: Any) -> tuple[str, str] | None:
        match self.facet:
            case "waiting" | "invalid" | "decided":
                return "span", row.key.text
            case "standing":
                return "hourly", key_of(row.station, row.parameter)
            case "feed":
                return ("feed", row.code) if row.code else None
            case "county":
                return ("grid", row.code) if row.code else None
        return None

    def do_board_faces(self) -> None:
        """Where one can go from the row under the cursor."""
        row = self.row
        if row is not None and self.facet in (*SPANS, "decided"):
            choose_face(self, partial(_faces, key=row.key.text))


def _faces(desk: Desk, key: str) -> Sequence[Face]:
    from backend.desk import quality

    return quality.faces(desk, key)


def _key(facet: str, row: Any) -> str:
    match facet:
        case "waiting" | "invalid":
            return f"{facet}:{row.key.text}"
        case "decided":
            return f"verdict:{row.id}"
        case "standing":
            return str(row.key)
    return f"{facet}:{row.code}"


def _also(row: Any) -> str:
    """What else a row is found by."""
    return f"{getattr(row, 'station', '')}|{getattr(row, 'code', '')}|{getattr(row, 'reason', '')}"
