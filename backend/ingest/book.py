"""What checks and rollups need of the city, made once for each snapshot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from backend.city.registry import City
from backend.quality.checks import Checks, Limits, load_checks
from backend.quality.series import SeriesRules
from backend.store.readings import Book

DAY = 86400


class Ledger:
    """A snapshot of the city as ingest uses it: bounds by parameter and period, places, civil days."""

    def __init__(self, city: City, checks: Checks) -> None:
        self.checks = checks
        self.limits: dict[tuple[int, int], Limits] = {}
        self._parameters = dict(city.parameters)
        ids = {row.code: number for number, row in self._parameters.items()}
        self.rules = SeriesRules(
            limits=self.limits,
            inversions=tuple(
                (ids[one.part], ids[one.whole], one)
                for one in checks.inversions
                if one.part in ids and one.whole in ids
            ),
        )
        self.book = Book(
            places={
                station.id: (station.county, station.kind)
                for station in city.stations.values()
                if station.placed and station.county
            },
            day_of=civil_days(city.zone),
        )

    def bounds(self, parameter: int, period: int) -> Limits:
        """The bounds of a parameter at a period."""
        found = self.limits.get((parameter, period))
        if found is None:
            found = self.checks.limits(self._parameters[parameter], period)
            self.limits[parameter, period] = found
        return found


def civil_days(zone: ZoneInfo) -> Callable[[int], int]:
    """A function that gives the start (UTC) of the civil day in which an instant lies."""
    spans: dict[int, int] = {}

    def day_of(at: int) -> int:
        # An hour lies in one civil day: zones change their offset at full hours or by halves, and midnight does
        # not move inside one of those used in the product's cities.
        half = at // 1800
        found = spans.get(half)
        if found is None:
            if len(spans) > 100_000:
                spans.clear()
            local = datetime.fromtimestamp(at, zone)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            found = spans[half] = int(midnight.timestamp())
        return found

    return day_of


_ledgers: WeakKeyDictionary[City, Ledger] = WeakKeyDictionary()


def ledger_of(city: City) -> Ledger:
    """What ingest keeps for this snapshot of the city."""
    found = _ledgers.get(city)
    if found is None:
        found = _ledgers[city] = Ledger(city, load_checks())
    return found
