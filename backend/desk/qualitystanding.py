"""What can still become valid 数据有效性 (GB 3095 Table 4): the hours, days, months and years of every series."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from backend.city.tables import Parameter, StationParameter
from backend.clock import begun
from backend.desk.desk import Desk
from backend.desk.qualityrows import MISSING, objections, stations_of
from backend.quality.review import review
from backend.standards import validity
from backend.standards.flags import Flag
from backend.standards.validity import State, Validity
from backend.store import table
from backend.store.reading_rows import all_of
from backend.store.tables import FLAGGED
from backend.words import Message

MEASURED, PARAMETER = table(StationParameter), table(Parameter)
HOUR, DAY = 3600, 86400
O3 = "o3"


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How one mean stands."""

    station: str
    name: str
    parameter: str
    kind: str
    """``hour``, ``8h``, ``day``, ``month`` or ``year``."""
    on: str
    """The day, month or year, as ISO text; of an hour or 8 hours the day that it is in."""
    state: str
    """``valid``, ``open`` or ``lost``: it cannot become valid any more."""
    have: int
    need: int
    total: int
    lost: int
    spare: int
    """How many more may be lost; negative where it is too late."""
    message: Message
    causes: Mapping[str, int] = field(default_factory=dict)
    """Of the hour, the 8 hours and the day: what took of them, in minutes, by the code of its reason or `MISSING`."""

    @property
    def key(self) -> str:
        """What it is told apart by."""
        return f"{self.station}:{self.parameter}:{self.kind}:{self.on}"


def standings(
    desk: Desk, *, at: int | None = None, station: str = "", everything: bool = False
) -> list[StandingRow]:
    """What is lost, or hangs by the last hours, of the day, month and year that an instant is in; the worst first.

    Args:
        station: only this station, and all of it.
        everything: what is in no danger too.
    """
    now = desk.now if at is None else at
    numbers = review()["standing"]
    with desk.store.read() as connection:
        stations = stations_of(connection, desk)
        chosen = {
            number: row
            for number, row in stations.items()
            if row.in_service and row.kind in numbers["kinds"] and (not station or row.code == station)
        }
        parameters = {
            row.id: row.code
            for row in connection.execute(select(PARAMETER))
            if row.code in numbers["parameters"]
        }
        series = [
            row
            for row in connection.execute(select(MEASURED.c.station, MEASURED.c.parameter, MEASURED.c.period))
            if row.station in chosen and row.parameter in parameters and 0 < row.period <= HOUR
        ]
        means = _Means(
            connection, desk, now, numbers["late"], sorted(parameters), chosen if station else None
        )
        spare = numbers["spare"]
        rows = [
            _row(chosen[one.station], parameters[one.parameter], kind, on, how, means.causes(one, kind, how))
            for one in series
            for kind, on, how in means.of(one, parameters[one.parameter])
            if everything
            or station
            or how.state is State.LOST
            or (how.state is State.OPEN and how.spare <= spare)
        ]
    return sorted(rows, key=lambda row: (row.state != State.LOST.value, row.spare, row.key))


def _row(
    station: Any, parameter: str, kind: str, on: date, how: Validity, causes: Mapping[str, int]
) -> StandingRow:
    shown = {"month": f"{on:%Y-%m}", "year": f"{on:%Y}"}.get(kind, on.isoformat())
    return StandingRow(
        station=station.code,
        name=station.called,
        parameter=parameter,
        kind=kind,
        on=shown,
        state=how.state.value,
        have=how.have,
        need=how.rule.need,
        total=how.rule.total,
        lost=how.lost,
        spare=how.spare,
        message=how.message,
        causes=causes,
    )


class _Means:
    """The hours of the day and the days of the year, read once."""

    def __init__(
        self,
        connection: Connection,
        desk: Desk,
        now: int,
        late: int,
        parameters: Sequence[int],
        stations: Iterable[int] | None,
    ) -> None:
        self.zone, self.now, self.late = desk.zone, now, late
        self.today = datetime.fromtimestamp(now, desk.zone).date()
        self.midnight = self._instant(self.today)
        self.hours: defaultdict[tuple[int, int, int], set[int]] = defaultdict(set)
        """The starts of good values since eight hours before the day, by series."""
        wanted = ", ".join(map(str, parameters)) or "0"
        where = (
            "" if stations is None else f" AND station IN ({', '.join(map(str, sorted(stations))) or '0'})"
        )
        for start, station, parameter, period in all_of(
            connection,
            f"SELECT start, station, parameter, period FROM reading WHERE start >= {self.midnight - 8 * HOUR:d} "
            f"AND start <= {now:d} AND period <= {HOUR} AND flag = {int(Flag.GOOD)} AND value IS NOT NULL "
            f"AND parameter IN ({wanted}){where}",
        ):
            self.hours[station, parameter, period].add(start)
        self.said: dict[tuple[int, int, int, int], str] = {
            (start, station, parameter, period): reason
            for start, station, parameter, period, reason in all_of(
                connection,
                f"SELECT start, station, parameter, period, reason FROM reading WHERE {FLAGGED} "
                f"AND start >= {self.midnight - 8 * HOUR:d} AND start <= {now:d}",
            )
        }
        """What is said of the values that do not count."""
        self.days: defaultdict[tuple[int, int, int], dict[date, int]] = defaultdict(dict)
        """Valid values of each day of the year, by series."""
        year = self._instant(self.today.replace(month=1, day=1))
        for day, station, parameter, period, valid in all_of(
            connection,
            f"SELECT day, station, parameter, period, valid FROM station_day WHERE day >= {year - DAY:d} "
            f"AND day < {self.midnight:d} AND period <= {HOUR} AND parameter IN ({wanted}){where}",
        ):
            local = datetime.fromtimestamp(day + HOUR, desk.zone).date()
            self.days[station, parameter, period][local] = valid

    def _instant(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())

    def causes(self, row: Any, kind: str, how: Validity) -> dict[str, int]:
        """What took of an hour, of 8 or of the day, in minutes by the code of its reason; the most first."""
        if not how.lost or kind not in ("hour", "8h", "day"):
            return {}
        key = (row.station, row.parameter, row.period)
        good, full = self._good_hours(key), begun(self.now, HOUR, self.zone)
        upto = full - self.late * HOUR
        hours = {
            "hour": [full - HOUR],
            "8h": [start for start in range(full - 8 * HOUR, upto, HOUR) if start not in good],
            "day": [start for start in range(self.midnight, upto, HOUR) if start not in good],
        }[kind]
        there = self.hours.get(key, set())
        found: Counter[str] = Counter()
        for start in (at for hour in hours for at in range(hour, hour + HOUR, row.period)):
            if start not in there:
                said = objections(self.said.get((start, *key), "")).split()
                found[said[0] if said else MISSING] += row.period // 60
        return dict(found.most_common())

    def of(self, row: Any, parameter: str) -> Iterable[tuple[str, date, Validity]]:
        """Every mean of a series that can be told of."""
        key = (row.station, row.parameter, row.period)
        yield "day", self.today, self._day(key)
        days = {day: valid >= self._enough(row.period) for day, valid in self.days.get(key, {}).items()}
        if days:
            for kind, first in (
                ("month", self.today.replace(day=1)),
                ("year", self.today.replace(month=1, day=1)),
            ):
                # A series that begins later than its month did is no loss of anybody's.
                if min(days) <= first + timedelta(days=1):
                    over = [first + timedelta(days=n) for n in range((self.today - first).days)]
                    have = sum(days.get(day, False) for day in over)
                    on = self.today
                    yield (
                        kind,
                        on,
                        validity.standing("month" if kind == "month" else "year", on, have, len(over) - have),
                    )
        yield from self._fine(key, parameter)

    def _enough(self, period: int) -> int:
        """Valid values that make a day, at the series' own cadence."""
        need = validity.rule("day", self.today).need
        return need if period >= HOUR else need * self._minutes(period)

    def _minutes(self, period: int) -> int:
        """Values that make an hour: 45 minutes of it."""
        return -(-validity.rule("hour", self.today).need * 60 // period)

    def _good_hours(self, key: tuple[int, int, int]) -> set[int]:
        """The starts of the full hours that have a valid mean."""
        starts, period = self.hours.get(key, set()), key[2]
        if period >= HOUR:
            return starts
        count: defaultdict[int, int] = defaultdict(int)
        for start in starts:
            count[begun(start, HOUR, self.zone)] += 1
        return {hour for hour, many in count.items() if many >= self._minutes(period)}

    def _day(self, key: tuple[int, int, int]) -> Validity:
        good = {(start - self.midnight) // HOUR for start in self._good_hours(key) if start >= self.midnight}
        over = (self.now - self.midnight) // HOUR
        return validity.day_at(self.today, {hour for hour in good if hour < 24}, over, late=self.late)

    def _fine(self, key: tuple[int, int, int], parameter: str) -> Iterable[tuple[str, date, Validity]]:
        full = begun(self.now, HOUR, self.zone)
        if key[2] < HOUR:
            starts = self.hours.get(key, set())
            have = sum(full - HOUR <= start < full for start in starts) * key[2] // 60
            rule = validity.rule("hour", self.today)
            yield "hour", self.today, Validity(rule, min(have, rule.total), max(0, rule.total - have))
        if parameter == O3:
            good = self._good_hours(key)
            eight = [full - step * HOUR for step in range(1, 9)]
            have = sum(start in good for start in eight)
            given_up = sum(start not in good for start in eight[self.late :])
            yield "8h", self.today, validity.standing("8h", self.today, have, given_up)
