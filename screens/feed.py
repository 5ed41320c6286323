"""One feed: how it is doing in words, what is wrong and what to do, and the records that were put aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens import feed_cells, telling
from screens.base import PageScreen
from screens.columns import Cell, Column
from screens.copies import as_text
from screens.feeds import FeedActs
from screens.listing import Listing
from screens.look import Look
from screens.rows import arrange
from screens.widgets.board import Board
from screens.widgets.cells import fit
from screens.widgets.sheet import Sheet, Text, flow

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.feeds import AsideRow, FeedRow
    from backend.desk.feeds import FeedPage as Page

LABEL = 10
DUMP = 6
"""Lines of a dump at most."""
ASIDES = (
    Column[Any]("at", "feedscreen.column.at", lambda row, look: look.moment(row.at), 11),
    Column[Any]("times", "feedscreen.column.times", lambda row, _look: str(row.count), 5, align="right", rank=1),
    Column[Any]("bytes", "feedscreen.column.bytes", lambda row, _look: Cell(str(len(row.raw)), "dim"), 6,
                align="right", rank=2),
    Column[Any]("reason", "feedscreen.column.reason", lambda row, look: feed_cells.unread(row.reason, look), 20,
                flex=1),
)  # fmt: skip


class FeedPage(FeedActs, Listing, PageScreen["Page"]):
    """A feed."""

    NAME: ClassVar[str] = "feed"
    CSS_PATH = "feed.tcss"

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="feed-head")
        yield Board[Any](ASIDES, empty="feedscreen.asides.empty", id="feed-asides")
        yield Sheet(self._raw, id="feed-raw")

    def on_mount(self) -> None:
        self.query_one(Board).focus()

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import feeds

        return feeds.page(desk, self.key)

    def fill(self, data: Page) -> None:
        look, rows = self.look, data.asides
        self.query_one(Board).renew(lambda view: arrange(rows, view, ASIDES, look, key=lambda row: row.id))
        self.relook()

    @property
    def feed(self) -> FeedRow | None:
        return None if self.data is None else self.data.row

    def on_board_moved(self, _event: Board.Moved) -> None:
        self.query_one("#feed-raw", Sheet).relook()

    def do_feed_asides(self) -> None:
        """Go to the records put aside."""
        self.query_one(Board).focus()

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        board: Board[AsideRow] = self.query_one(Board)
        lines = ["".join(cell.text for cell in line).strip() for line in self._head(self.look, 200)]
        self.shell.copy("\n".join([*lines, as_text(ASIDES, board.everything(), self.look)]))
        self.shell.tell(Message("ui.copied", {"count": len(lines) + board.count}))

    # Showing.

    def _head(self, look: Look, cells: int) -> Text:
        page = self.data
        if page is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        row = page.row
        lines: list[Sequence[Cell]] = [
            [
                Cell(f" {row.name or row.code} ", "title"),
                Cell(f" {row.code}   ", "dim"),
                feed_cells.state(row, look),
            ]
        ]
        if row.error is not None and row.state not in ("ok", "off"):
            lines += _labelled("feedscreen.error", look.say(row.error), look, cells, "bad")
        if row.state != "ok":
            lines += _labelled("feedscreen.todo", _todo(row, look), look, cells, "warn")
        for code, told in _facts(page, look):
            lines += _labelled(code, told, look, cells)
        if page.asides:
            count = sum(aside.count for aside in page.asides)
            note = look.word("feedscreen.aside_note", count=max(count, row.asides))
            lines += [[], *flow(note, cells - 1, "dim", " ")]
        return lines

    def _raw(self, look: Look, cells: int) -> Text:
        """The bytes of the record under the cursor: as text where they are text, else as a dump."""
        aside: AsideRow | None = self.query_one(Board).row
        if aside is None:
            return []
        head = [Cell(f" {look.word('feedscreen.raw')}  ", "header")]
        head.append(Cell(look.word("feedscreen.raw.more", count=len(aside.raw)), "dim"))
        if not aside.raw:
            return [[*head[:1], Cell(look.word("feedscreen.raw.empty"), "dim")]]
        lines: list[Sequence[Cell]] = [head, *flow(look.say(aside.reason), cells - 2, "warn", "  ")]
        text = feed_cells.readable(aside.raw)
        if text is None:
            return [*lines, *feed_cells.dump(aside.raw, cells, DUMP)]
        return [*lines, *flow(text, cells - 2, "", "  ")[:DUMP]]


def _todo(row: FeedRow, look: Look) -> str:
    told = [feed_cells.says(row, look)]
    if row.ok_at is None and row.state in ("failing", "open"):
        told.append(look.word("feedscreen.never"))
    elif row.state in feed_cells.TROUBLED:
        told.append(look.word("feedscreen.stored" if row.every else "feedscreen.pushed.stored"))
    return ("。" if look.language == "zh" else ". ").join(told)


def _labelled(code: str, text: str, look: Look, cells: int, tone: str = "") -> list[Sequence[Cell]]:
    """A name on the left and a text beside it, on as many lines as it needs."""
    label = " " + fit(look.word(code), LABEL)
    parts = flow(text, cells - LABEL - 2, tone)
    return [
        [Cell(label if number == 0 else " " * (LABEL + 1), "dim"), *part] for number, part in enumerate(parts)
    ]


def _facts(page: Page, look: Look) -> list[tuple[str, str]]:
    row = page.row
    every = look.word("feedscreen.every", span=row.every) if row.every else look.word("feedscreen.pushed")
    times = [look.word("feedscreen.newest", at=look.moment(row.newest))]
    if not row.every and row.polled_at is not None:
        times.append(
            look.word("feedscreen.pushed.last", at=look.moment(row.polled_at), age=look.age(row.polled_at))
        )
    elif row.ok_at is not None:
        times.append(look.word("feedscreen.ok", at=look.moment(row.ok_at), age=look.age(row.ok_at)))
    if row.next_at is not None and row.enabled and row.every:
        times.append(look.word("feedscreen.next", at=look.moment(row.next_at)))
    counts = [
        look.word("feedscreen.polls" if row.every else "feedscreen.pushes", count=f"{row.polls:,}"),
        look.word("feedscreen.records", count=f"{row.records:,}"),
        look.word("feedscreen.revised", count=f"{row.revised:,}"),
        look.word("feedscreen.asides", count=f"{row.asides:,}"),
    ]
    if row.elapsed_ms is not None:
        counts.append(look.word("feedscreen.elapsed", ms=row.elapsed_ms))
    if row.skew is not None and abs(row.skew) > 1:
        counts.append(look.word("feedscreen.skew", seconds=f"{row.skew:+d}"))
    kinds = "  ".join(f"{telling.station_kind(kind, look)} {count:,}" for kind, count in page.by_kind.items())
    streams = "  ".join(f"{name or '-'} {look.moment(at)}" for name, at in page.streams if name)
    address = telling.joined((row.url, look.word("feedscreen.adapter", adapter=row.adapter), every), "   ")
    facts = [
        ("feedscreen.address", address),
        ("feedscreen.times", "   ".join(times)),
        ("feedscreen.counts", "   ".join(counts)),
        ("feedscreen.stations", kinds),
        ("feedscreen.streams", streams),
    ]
    return [(code, text) for code, text in facts if text]
