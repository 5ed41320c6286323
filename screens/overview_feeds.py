"""The feeds on the overview: a line for each that is in trouble, one for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens import feed_cells
from screens.columns import Cell
from screens.look import Look
from screens.tones import shape
from screens.widgets.sheet import Text

if TYPE_CHECKING:
    from backend.desk.feeds import FeedRow

MOST_TALL, MOST_SHORT = 6, 2
"""Feeds in trouble that get a line of their own."""


def feed_lines(feeds: Sequence[FeedRow], look: Look, cells: int, *, tall: bool) -> Text:  # noqa: ARG001
    """The lines; on a short screen only those in trouble, and one line in all where none is."""
    name = Cell(f" {look.word('overview.feeds')}  ", "header")
    if not feeds:
        return [[name, Cell(look.word("overview.feeds.none"), "dim")]]
    troubled = [feed for feed in feeds if feed.state in feed_cells.TROUBLED]
    others = [feed for feed in feeds if feed.state not in feed_cells.TROUBLED]
    well, off = [feed for feed in others if feed.enabled], [feed for feed in others if not feed.enabled]
    rest: list[Cell] = []
    if well and not troubled:
        newest = max((feed.newest for feed in well if feed.newest is not None), default=None)
        told = look.word("overview.feeds.ok", count=len(well), newest=look.moment(newest))
        rest.append(Cell(f"{shape('good', look.ascii)} {told}", "good"))
    elif well:
        rest.append(Cell(look.word("overview.feeds.rest", count=len(well)), "dim"))
    if off:
        rest.append(Cell("  " + look.word("overview.feeds.off", count=len(off)), "dim"))
    most = MOST_TALL if tall else MOST_SHORT
    lines = [feed_cells.brief(feed, look) for feed in troubled[:most]]
    if len(troubled) > most:
        rest.insert(0, Cell(look.word("overview.feeds.more", count=len(troubled) - most) + "  ", "bad"))
    return [[name, *rest], *lines]
