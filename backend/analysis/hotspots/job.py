"""The hourly job: judge what came, judge again what changed, trace and tell what is hot, and close the months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from backend.analysis.hotspots import aftermath
from backend.analysis.hotspots.keep import judge_again, overdue, prune, work_off
from backend.analysis.hotspots.lists import (
    before,
    days_of,
    entries_of,
    keep_month,
    kept_entries,
    made_of,
    month_of,
    networks_of,
)
from backend.analysis.hotspots.look import Watch
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.tables import HotEntry
from backend.analysis.hotspots.work import LEVELS, Worker
from backend.analysis.sources.many import Tracer
from backend.city.registry import City
from backend.store import Store, table
from backend.store.tables import ReadingChange

CHANGE, ENTRY = table(ReadingChange), table(HotEntry)
_DAY = 86400
_YEAR = 12
"""Months that the ladder looks back on."""


@dataclass
class Job:
    """What the scheduler runs; it remembers between its turns."""

    store: Store
    city: Callable[[], City]
    """The city as it is now; another object once it was loaded again."""
    _worker: Worker | None = None
    _tracer: Tracer | None = None
    _day: int = field(default=-1)
    _looked: int = field(default=0)
    _made_of: dict[tuple[str, int], str] = field(default_factory=dict)
    """What the lists of a month and parameter were last seen to be made of."""

    def turn(self, now: int) -> int:
        """Do what is due; returns how many steps were judged."""
        city = self.city()
        if self._worker is None or self._tracer is None or self._worker.watch.city is not city:
            with self.store.read() as conn:
                self._worker = Worker(Watch.of(conn, city))
            self._tracer = Tracer(city)
            self._made_of.clear()
        judged = work_off(self.store, self._worker, now)
        if not judged:
            judged = self._correct(city, now)
        if self._worker.watch.learned_anew:
            with self.store.bulk() as conn:
                self._worker.watch.keep_learned(conn)
        aftermath.work_off(self.store, self._worker, self._tracer, now)
        if now // _DAY != self._day:
            self._day = now // _DAY
            self._months(city, now)
            prune(self.store, now)
        self._look_back(city, now)
        return judged

    def _correct(self, city: City, now: int) -> int:
        """Where nothing new waits: judge older steps again that rest on what was corrected since, some at a time."""
        worker = self._worker
        if worker is None:
            return 0
        with self.store.read() as conn:
            waiting = overdue(conn, worker.watch.networks, now, city.zone)
        chosen = waiting[-rules()["work"]["at_once"] :]
        for one in chosen:
            judge_again(self.store, worker, one, now)
        return len(chosen)

    def _months(self, city: City, now: int) -> None:
        """Make the newest closed month's lists where they are missing, and again while late data may come, or where
        something of the month was corrected since."""
        told = rules()["lists"]
        running = month_of(now, city.zone)
        closed = before(running)
        fresh = month_of(now - told["again"] * _DAY, city.zone) != running
        for code in told["parameters"]:
            one = city.parameter(code)
            for network in networks_of(city, one.id)[:1] if one is not None else ():
                for level in (2, *LEVELS):
                    if one is not None and (fresh or not self._stands(city, closed, network, one.id, level)):
                        with self.store.bulk() as conn:
                            keep_month(conn, city, network, one.id, level, closed, now)

    def _look_back(self, city: City, now: int) -> None:
        """Look at one month of the ladder's year, for one parameter, a turn, and make its lists again where they would
        be others now: readings of months ago may be imported at any time, and last year's are what this year's are held
        against.
        """
        closed = before(month_of(now, city.zone))
        looks = [
            (before(closed, back), code) for back in range(_YEAR) for code in rules()["lists"]["parameters"]
        ]
        month, code = looks[self._looked % len(looks)]
        self._looked += 1
        one = city.parameter(code)
        for network in networks_of(city, one.id)[:1] if one is not None else ():
            if one is None:
                continue
            with self.store.read() as conn:
                made = made_of(conn, city, network, one.id, month)
                if self._made_of.get((month, one.id)) == made:
                    continue
                other = [
                    level
                    for level in (2, *LEVELS)
                    if entries_of(conn, city, network, one.id, level, month)
                    != kept_entries(conn, network, one.id, level, month)
                ]
            for level in other:
                with self.store.bulk() as conn:
                    keep_month(conn, city, network, one.id, level, month, now)
            self._made_of[month, one.id] = made

    def _stands(self, city: City, month: str, network: str, parameter: int, level: int) -> bool:
        """Whether the lists were made, and nothing of the month was revised or judged since."""
        days = days_of(month, city.zone)
        with self.store.read() as conn:
            query = select(func.min(ENTRY.c.made)).where(
                ENTRY.c.month == month,
                ENTRY.c.network == network,
                ENTRY.c.parameter == parameter,
                ENTRY.c.level == level,
            )
            made = conn.execute(query).scalar_one_or_none()
            later = select(CHANGE.c.id).where(
                CHANGE.c.parameter == parameter,
                CHANGE.c.start >= days[0],
                CHANGE.c.start < days[-1] + _DAY,
                CHANGE.c.at > (made or 0),
            )
            return made is not None and conn.execute(later.limit(1)).first() is None
