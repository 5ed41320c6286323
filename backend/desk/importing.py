"""Backfill: take a file of readings in, each under the feed that owns it, so that nothing is stored twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import insert, select

from backend.city.registry import City
from backend.desk.desk import Desk
from backend.feeds.files import read_file
from backend.feeds.record import Page, Record
from backend.feeds.registry import city_parameters
from backend.feeds.tables import Feed
from backend.ingest import IngestReport, ingest
from backend.store import table
from backend.words import Message

FEED = table(Feed)
OWN = "import"
"""The feed under which readings stand that no feed owns."""


@dataclass
class Progress:
    """How far a file has come, and what became of its records."""

    done: int = 0
    total: int = 0
    """Bytes."""
    why: dict[str, tuple[int, Message]] = field(default_factory=dict)
    """Why records were put aside: by the reason's code how many, and what was said of the first."""
    unplaced: set[str] = field(default_factory=set)
    """Stations of the file that the pack does not know, or gives no place: what they say takes part in nothing."""
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("received", "written", "revised", "same", "replaced", "asides", "stations"), 0
        )
    )

    def add(self, report: IngestReport) -> None:
        """Count a page in."""
        for name in self.counts:
            self.counts[name] += getattr(report, name)
        for code, (count, first) in report.why.items():
            before, kept = self.why.get(code, (0, first))
            self.why[code] = before + count, kept


def take_file(desk: Desk, path: Path, form: str) -> Iterator[Progress]:
    """Read a file into the store; tells after each portion how far it is.

    A reading belongs to the feed that owns its station's parameter; without one, to the feed ``import``.

    Raises:
        FeedError: the file can't be read, or is not in that format at all.
    """
    store, now = desk.store, desk.now
    with store.read() as connection:
        parameters = city_parameters(connection)
        city = City.read(connection)
        feeds = {row.code: row.id for row in connection.execute(select(FEED.c.code, FEED.c.id))}
    progress = Progress()
    for portion in read_file(path, form, parameters, now):
        named = {record.station: city.station(record.station) for record in portion.page.records}
        progress.unplaced |= {str(code) for code, row in named.items() if row is None or not row.placed}
        for feed, page in _by_owner(portion.page, city).items():
            if feed not in feeds:
                feeds[feed] = _own_feed(desk)
            progress.add(ingest(store, city, feeds[feed], page, now))
        progress.done, progress.total = portion.done, portion.total
        yield progress


def _by_owner(page: Page, city: City) -> dict[str, Page]:
    owned: dict[str, list[Record]] = {}
    for record in page.records:
        owned.setdefault(_owner(record, city), []).append(record)
    pages = {feed: Page(records=records) for feed, records in owned.items()}
    first = next(iter(pages), OWN)
    pages[first] = replace(pages.get(first, Page()), asides=page.asides, places=page.places)
    return pages


def _owner(record: Record, city: City) -> str:
    station, parameter = city.station(record.station), city.parameter(record.parameter)
    if station is None or parameter is None:
        return OWN
    return city.owner(station.id, parameter.id, record.period) or OWN


def _own_feed(desk: Desk) -> int:
    with desk.store.write() as connection:
        known = connection.execute(select(FEED.c.id).where(FEED.c.code == OWN)).scalar_one_or_none()
        if known is not None:
            return int(known)
        # It is never polled: its readings come from files.
        row = {
            "code": OWN,
            "name": "文件补录",
            "adapter": "file",
            "options": "",
            "every": 0,
            "enabled": False,
        }
        made = connection.execute(insert(FEED).values(row).returning(FEED.c.id)).scalar_one()
        return int(made)
