"""A series by the hour 逐时有效性 (GB 3095 Table 4): the 45 minutes of an hour, 6 hours of an 8-hour mean, why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from backend.city.tables import Parameter, Station, StationParameter
from backend.clock import begun
from backend.desk.desk import Desk
from backend.desk.qualityrows import MISSING, objections, stations_of
from backend.quality.review import review
from backend.standards import validity
from backend.standards.flags import Flag
from backend.standards.validity import State, Validity
from backend.store import table
from backend.store.reading_rows import exactly

MEASURED, PARAMETER, STATION = table(StationParameter), table(Parameter), table(Station)
HOUR = 3600
EIGHT = 8
KINDS: tuple[validity.Kind, ...] = ("hour", "8h", "day")
O3 = "o3"
Causes = Mapping[str, int]
"""What took minutes of an hour, by the code of its reason (or `MISSING`): the minutes."""


@dataclass(frozen=True, slots=True)
class HourLine:
    """One hour of one series."""

    start: int
    value: float | None
    """The hour's mean where it counts; else what came of it, which counts for nothing."""
    minutes: int
    """Valid minutes; of a series by the hour 60 or 0."""
    need: int
    state: str
    """``valid``, ``open`` (not over, or what is missing may still come) or ``lost``."""
    causes: Causes
    eight: float | None = None
    """The mean of the 8 hours that end with this one, where it counts; of ozone only."""
    hours: int = 0
    """Valid ones of these 8."""
    hours_need: int = 0
    """How many of the 8 must be valid; 0 where no such mean is made."""
    hours_state: str = ""
    hours_causes: Causes = field(default_factory=dict)
    """What took hours of the 8, in minutes."""


@dataclass(frozen=True, slots=True)
class Mean:
    """How the hour, the 8 hours or the day stands that is going on, and what took of it."""

    kind: str
    how: Validity
    causes: Causes
    """Minutes by cause, of what is lost."""


@dataclass(frozen=True, slots=True)
class Hourly:
    """A series of a station by the hour."""

    station: str
    name: str
    parameter: str
    unit: str
    decimals: int
    period: int
    """Of the values that the hours are made of."""
    lines: Sequence[HourLine]
    """The newest first; the hour that is going on too."""
    means: Sequence[Mean]
    """Of now: day, then 8 hours, then the hour of a series finer than that."""
    parameters: Sequence[str]
    """What else the station measures by the hour or finer."""
    standard: str
    """Standard and clause."""
    needs: Mapping[str, int]
    """What an hour, 8 hours and a day need of their parts."""


@dataclass(frozen=True)
class _Clock:
    """What is over by now, and what may still come."""

    now: int
    midnight: int
    today: date
    late: int

    @classmethod
    def at(cls, desk: Desk, now: int) -> _Clock:
        local = datetime.fromtimestamp(now, desk.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(now, int(midnight.timestamp()), local.date(), review()["standing"]["late"])

    def given_up(self, end: int) -> bool:
        """Whether a period that ended then is waited for no more."""
        return end + self.late * HOUR <= self.now


def hourly(
    desk: Desk, code: str, parameter: str = "", *, since: int | None = None, until: int | None = None
) -> Hourly | None:
    """A series by the hour; None where there is no such station, or it measures nothing by the hour or finer.

    Args:
        parameter: which; the first that GB 3095 counts where empty or not measured there.
        since: from the hour in which this lies; a day before the end where None.
        until: as it stands at this instant; now where None.
    """
    clock = _Clock.at(desk, desk.now if until is None else until)
    first = begun(clock.now, HOUR, desk.zone) - 23 * HOUR if since is None else begun(since, HOUR, desk.zone)
    with desk.store.read() as connection:
        station = next((row for row in stations_of(connection, desk).values() if row.code == code), None)
        series = {} if station is None else series_of(connection, station.id)
        if station is None or not series:
            return None
        ordered = sorted(series, key=_rank)
        chosen = parameter if parameter in series else ordered[0]
        number, period = series[chosen]
        what = connection.execute(select(PARAMETER).where(PARAMETER.c.id == number)).one()
        begin = min(first, clock.midnight) - EIGHT * HOUR
        hours = _hours(connection, clock, (station.id, number, period), begin)
    lines = _lines(hours, chosen, clock, first)
    rule = validity.rule("hour", clock.today)
    return Hourly(
        station=station.code,
        name=station.called,
        parameter=chosen,
        unit=what.unit,
        decimals=what.decimals,
        period=period,
        lines=lines[::-1],
        means=_means(hours, chosen, period, clock),
        parameters=ordered,
        standard=rule.clause,
        needs={kind: validity.rule(kind, clock.today).need for kind in KINDS},
    )


def means_of(
    connection: Connection, desk: Desk, station: int, codes: Sequence[str]
) -> dict[str, Sequence[Mean]]:
    """How the means of a station's series stand now, by parameter: of those that GB 3095 counts."""
    clock = _Clock.at(desk, desk.now)
    counted = review()["standing"]["parameters"]
    found: dict[str, Sequence[Mean]] = {}
    for code, (number, period) in series_of(connection, station).items():
        if code in codes and code in counted:
            begin = clock.midnight - EIGHT * HOUR
            hours = _hours(connection, clock, (station, number, period), begin)
            found[code] = _means(hours, code, period, clock)
    return found


def series_of(connection: Connection, station: int) -> dict[str, tuple[int, int]]:
    """What a station measures by the hour or finer: the parameter's number and the period, by its code."""
    rows = connection.execute(
        select(PARAMETER.c.code, PARAMETER.c.id, MEASURED.c.period)
        .join(MEASURED, MEASURED.c.parameter == PARAMETER.c.id)
        .where(MEASURED.c.station == station, MEASURED.c.period > 0, MEASURED.c.period <= HOUR)
        .order_by(PARAMETER.c.id, MEASURED.c.period)
    )
    # The hour where it is measured by the hour, else the finest.
    found: dict[str, tuple[int, int]] = {}
    for code, number, period in rows:
        if code not in found or period == HOUR:
            found[code] = (number, period)
    return found


def _rank(code: str) -> tuple[bool, int, str]:
    counted: Sequence[str] = review()["standing"]["parameters"]
    return code not in counted, counted.index(code) if code in counted else 0, code


def _hours(connection: Connection, clock: _Clock, series: tuple[int, int, int], begin: int) -> list[HourLine]:
    """Every hour from one on, the one that is going on included; without its 8-hour mean."""
    station, parameter, period = series
    keys = [(at, station, parameter, period) for at in range(begin, clock.now, period)]
    held = {row[0]: row for row in exactly(connection, keys)}
    return [_hour(held, clock, start, period) for start in range(begin, clock.now, HOUR)]


def _hour(held: Mapping[int, Any], clock: _Clock, start: int, period: int) -> HourLine:
    rule = validity.rule("hour", datetime.fromtimestamp(start, UTC).date())
    causes: Counter[str] = Counter()
    good: list[float] = []
    other: list[float] = []
    lost = 0
    for at in range(start, start + HOUR, period):
        row = held.get(at)
        if row is not None and row[6] == Flag.GOOD and row[4] is not None:
            good.append(row[4])
            continue
        if row is not None and row[4] is not None:
            other.append(row[4])
        # What is finer than the hour is there when the hour is over; an hour may come late.
        over = start + HOUR <= clock.now if period < HOUR else clock.given_up(start + HOUR)
        lost += over or row is not None
        why = "" if row is None else objections(row[7])
        if at + period <= clock.now:
            causes[why.split()[0] if why else MISSING] += period // 60
    minutes = len(good) * period // 60
    how = Validity(rule, min(minutes, rule.total), min(lost * period // 60, rule.total - minutes))
    values = good if how.state is State.VALID else good + other
    mean = sum(values) / len(values) if values else None
    return HourLine(start, mean, minutes, rule.need, how.state.value, causes)


def _lines(hours: Sequence[HourLine], code: str, clock: _Clock, first: int) -> list[HourLine]:
    """The hours from one on; of ozone each with the mean of the 8 that end with it."""
    made = []
    for place, line in enumerate(hours):
        if line.start < first:
            continue
        if code == O3 and place >= EIGHT - 1 and line.start + HOUR <= clock.now:
            eight = hours[place - EIGHT + 1 : place + 1]
            how, causes = _eight(eight, clock)
            mean = validity.mean("8h", clock.today, [_counts(one) for one in eight])
            line = HourLine(
                line.start, line.value, line.minutes, line.need, line.state, line.causes,
                None if mean is None else float(mean), how.have, how.rule.need, how.state.value, causes,
            )  # fmt: skip
        made.append(line)
    return made


def _counts(line: HourLine) -> float | None:
    return line.value if line.state == State.VALID.value else None


def _eight(eight: Sequence[HourLine], clock: _Clock) -> tuple[Validity, Causes]:
    have = sum(one.state == State.VALID.value for one in eight)
    gone = _gone(eight, clock)
    return validity.standing("8h", clock.today, have, len(gone)), _added(gone)


def _gone(lines: Sequence[HourLine], clock: _Clock) -> list[HourLine]:
    """The hours that are lost to a longer mean: what is sent again within some hours can mend one."""
    return [one for one in lines if one.state != State.VALID.value and clock.given_up(one.start + HOUR)]


def _added(lines: Sequence[HourLine]) -> Causes:
    total: Counter[str] = Counter()
    for line in lines:
        total.update(line.causes)
    return dict(total.most_common())


def _means(hours: Sequence[HourLine], code: str, period: int, clock: _Clock) -> list[Mean]:
    """Of the day, the last 8 hours that are over and the hour that is going on."""
    if code not in review()["standing"]["parameters"]:
        return []
    today = [line for line in hours if line.start >= clock.midnight]
    have = sum(line.state == State.VALID.value for line in today)
    gone = _gone(today, clock)
    made = [Mean("day", validity.standing("day", clock.today, have, len(gone)), _added(gone))]
    over = [line for line in hours if line.start + HOUR <= clock.now]
    if code == O3 and len(over) >= EIGHT:
        made.append(Mean("8h", *_eight(over[-EIGHT:], clock)))
    if period < HOUR and over:
        last = over[-1]
        rule = validity.rule("hour", clock.today)
        lost = sum(last.causes.values()) if last.state == State.LOST.value else 0
        have = min(last.minutes, rule.total)
        made.append(Mean("hour", Validity(rule, have, min(lost, rule.total - have)), last.causes))
    return made
