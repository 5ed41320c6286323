"""How much of what should come comes, and counts: per feed, county and vendor (在线率、捕获率、有效率、传输有效率).

Expected is one value for each period that is over, of everything that stations in service measure; what a source has
declared a stop for is expected of nobody, and what came in that time counts for nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from backend.alarms.rules import rules_at
from backend.city.called import called
from backend.city.registry import City
from backend.city.tables import Department, StandingOrder, Station, StationParameter
from backend.desk.desk import Desk
from backend.desk.scope import grid_names, scope_of
from backend.feeds.tables import Feed
from backend.ingest.book import Ledger, ledger_of
from backend.quality.review import review
from backend.standards.flags import Flag
from backend.store import table
from backend.store.reading_rows import all_of, exactly
from backend.store.tables import Latest, StationDay

By = str
"""``feed``, ``county`` or ``vendor``."""
DAYS, DEPARTMENT, FEED, LATEST = table(StationDay), table(Department), table(Feed), table(Latest)
MEASURED, ORDER, STATION = table(StationParameter), table(StandingOrder), table(Station)
DAY = 86400


@dataclass(frozen=True, slots=True)
class RateRow:
    """A line of the rates."""

    by: By
    code: str
    name: str
    points: int
    """Stations in service, but for those that have declared a stop."""
    online: int
    expected: int
    received: int
    valid: int
    stopped: int
    """Values that nobody expects because of declared stops."""
    target: float

    @property
    def online_rate(self) -> float | None:
        """在线率: the stations that speak now, of those in service."""
        return _share(self.online, self.points)

    @property
    def capture(self) -> float | None:
        """数据捕获率: received of expected."""
        return _share(self.received, self.expected)

    @property
    def validity(self) -> float | None:
        """数据有效率: valid of expected."""
        return _share(self.valid, self.expected)

    @property
    def transfer(self) -> float | None:
        """传输有效率: the product of the two."""
        capture, validity = self.capture, self.validity
        return None if capture is None or validity is None else capture * validity

    @property
    def below(self) -> bool:
        """Whether it misses the target."""
        return self.transfer is not None and self.transfer < self.target


def _share(part: int, whole: int) -> float | None:
    return min(1.0, part / whole) if whole else None


@dataclass(slots=True)
class _Sums:
    points: set[int]
    online: set[int]
    expected: int = 0
    received: int = 0
    valid: int = 0
    stopped: int = 0


def rates(
    desk: Desk, by: By = "feed", *, since: int | None = None, until: int | None = None
) -> list[RateRow]:
    """The rates of the jurisdiction over whole civil days and the part of the last one that is over; worst first.

    Args:
        since: from this instant's civil day on; a week where None.
        until: up to this instant; now where None.
    """
    numbers = review()["rates"]
    upto = min(desk.now, desk.now if until is None else until)
    with desk.store.read() as connection:
        city = City.read(connection)
        ledger = ledger_of(city)
        begun = connection.execute(select(func.min(DAYS.c.day))).scalar()
        first = ledger.book.day_of(upto - (numbers["days"] - 1) * DAY if since is None else since)
        # What lies before the store's first day was asked of nobody.
        first = max(first, first if begun is None else int(begun))
        series = _series(connection, desk)
        stops = _stops(connection, city, series, first, upto)
        counts = _counts(connection, ledger, series, stops, first, upto)
        online = _online(connection, upto)
        names = _names(connection, desk, by)
    sums: dict[str, _Sums] = {}
    group: Callable[[Any], str] = {
        "feed": lambda row: row.feed,
        "county": lambda row: row.county,
        "vendor": lambda row: row.maintainer,
    }[by]
    for row in series:
        held = sums.setdefault(group(row) or "", _Sums(set(), set()))
        expected, received, valid, stopped = counts[row.station, row.parameter, row.period]
        held.expected += expected
        held.received += min(received, expected)
        held.valid += min(valid, expected)
        held.stopped += stopped
        if not any(begin <= upto < end for begin, end in stops.get(row.station, ())):
            held.points.add(row.station)
            if row.station in online:
                held.online.add(row.station)
    found = [
        RateRow(
            by, code, names.get(code, code), len(one.points), len(one.online), one.expected, one.received,
            one.valid, one.stopped, float(numbers["target"]),
        )
        for code, one in sums.items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: (2.0 if row.transfer is None else row.transfer, row.code))


def _series(connection: Connection, desk: Desk) -> Sequence[Any]:
    scope = scope_of(connection, desk.actor.grid)
    return connection.execute(
        select(
            MEASURED.c.station,
            MEASURED.c.parameter,
            MEASURED.c.period,
            MEASURED.c.feed,
            STATION.c.county,
            STATION.c.grid,
            STATION.c.source,
            STATION.c.maintainer,
        )
        .join(STATION, STATION.c.id == MEASURED.c.station)
        .where(STATION.c.in_service, scope.covers(STATION), MEASURED.c.period > 0)
    ).all()


Stops = Mapping[int, Sequence[tuple[int, int]]]
"""By station: when it had declared a stop."""


def _stops(connection: Connection, city: City, series: Iterable[Any], since: int, until: int) -> Stops:
    kind = rules_at(connection, until).orders.declared
    orders = connection.execute(
        select(ORDER.c.scope_kind, ORDER.c.scope, ORDER.c.starts, ORDER.c.ends, ORDER.c.withdrawn).where(
            ORDER.c.kind == kind, ORDER.c.starts < until
        )
    ).all()
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    places = {row.station: row for row in series}
    for order in orders:
        ends = [end for end in (order.ends, order.withdrawn) if end is not None]
        end = min(ends, default=until + 1)
        if end <= since:
            continue
        codes = set(order.scope.split("|"))
        for number, row in places.items():
            inside = (
                row.source in codes
                if order.scope_kind == "source"
                else any(city.inside(row.grid, code) for code in codes)
            )
            if inside and (order.scope_kind != "source" or row.source):
                found[number].append((order.starts, end))
    return found


Counts = dict[tuple[int, int, int], tuple[int, int, int, int]]
"""By series: expected, received, valid, and what nobody expected."""


def _counts(
    connection: Connection, ledger: Ledger, series: Iterable[Any], stops: Stops, since: int, until: int
) -> Counts:
    day_of = ledger.book.day_of
    rows = all_of(
        connection,
        "SELECT day, station, parameter, period, received, valid FROM station_day "
        f"WHERE day >= {since:d} AND day <= {until:d}",
    )
    had: defaultdict[tuple[int, int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for day, station, parameter, period, received, valid in rows:
        had[station, parameter, period].append((day, received, valid))
    found: Counts = {}
    for row in series:
        key = (row.station, row.parameter, row.period)
        if row.station in stops:
            found[key] = _stopped(connection, key, stops[row.station], since, until, day_of)
            continue
        late = ledger.checks.late.get(ledger.checks.cadence(row.period), 3600)
        # What is not over, or may still be on its way, is not expected yet.
        expected = max(0, until - late - since) // row.period
        several = had.get(key, ())
        found[key] = (expected, sum(one[1] for one in several), sum(one[2] for one in several), 0)
    return found


def _stopped(
    connection: Connection,
    key: tuple[int, int, int],
    stops: Sequence[tuple[int, int]],
    since: int,
    until: int,
    day_of: Callable[[int], int],
) -> tuple[int, int, int, int]:
    """One series with declared stops, counted value by value."""
    station, parameter, period = key
    first = day_of(since) + -day_of(since) % period
    starts = [start for start in range(first, until, period) if start + period <= until]
    asked = [
        start for start in starts if not any(begin < start + period and start < end for begin, end in stops)
    ]
    rows = exactly(connection, [(start, station, parameter, period) for start in asked])
    valid = sum(row[6] == Flag.GOOD and row[4] is not None for row in rows)
    return len(asked), len(rows), valid, len(starts) - len(asked)


def _online(connection: Connection, now: int) -> set[int]:
    """The stations of which anything is newer than its cadence allows."""
    numbers = review()["rates"]
    rows = connection.execute(select(LATEST.c.station, LATEST.c.start, LATEST.c.period))
    return {
        station
        for station, start, period in rows
        if now - start - period <= max(numbers["least"], (numbers["periods"] - 1) * period)
    }


def _names(connection: Connection, desk: Desk, by: By) -> Mapping[str, str]:
    if by == "county":
        return grid_names(connection, desk.language, level=2)
    if by == "feed":
        return dict(
            _pairs(connection.execute(select(FEED.c.code, called(FEED, desk.language).label("name"))))
        )
    english = desk.language == "en"
    rows = connection.execute(select(DEPARTMENT.c.code, DEPARTMENT.c.name, DEPARTMENT.c.name_en))
    return {row.code: (row.name_en if english and row.name_en else row.name) for row in rows}


def _pairs(rows: Iterable[Any]) -> Iterable[tuple[str, str]]:
    return ((row[0], row[1] or row[0]) for row in rows)
