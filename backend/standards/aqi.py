"""AQI 空气质量指数 and IAQI 空气质量分指数 by HJ 633-2012 and HJ 633-2026, the edition chosen by the day.

Concentrations are in µg/m³, CO in mg/m³. They are rounded by GB/T 8170 (integers, CO to one decimal) and the
sub-index is rounded up, all in whole numbers: binary floats are off by one for dozens of values.

Which concentration enters which report:

========  =====================================================  ==========================================
edition   real-time report 实时报                                 daily report 日报
========  =====================================================  ==========================================
2026      so2 no2 co o3 pm10 pm25, all 1-h means (PM against      so2 no2 co pm10 pm25 daily means, o3_8h the
          the daily breakpoints); o3_8h does not enter            day's largest 8-h mean; o3 does not enter
2012      so2 no2 co o3 1-h means, o3_8h the 8-h mean, PM10 and   so2 no2 co pm10 pm25 daily means, o3 the
          PM2.5 as ``pm10_24h``/``pm25_24h`` (the rolling 24-h    day's largest 1-h mean, o3_8h its largest
          means) where given, else ``pm10``/``pm25``              8-h mean
========  =====================================================  ==========================================

The 2012 standard takes PM by 24-h rolling means; what CNEMC published as real-time AQI in those years is the
1-h mean against the same breakpoints, and ``pm10``/``pm25`` reproduce it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Literal

from backend.standards.levels import Level, level_of
from backend.standards.rounding import Number, concentration, round_even
from backend.standards.table import holding, rows

Report = Literal["realtime", "daily"]
REPORTS: tuple[Report, ...] = ("realtime", "daily")
INPUTS = ("so2", "no2", "co", "o3", "o3_8h", "pm10", "pm25")
"""The concentrations that enter an index, in the order in which they are shown."""

_POINTS = ("i0", "i50", "i100", "i150", "i200", "i300", "i400", "i500")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of HJ 633 and its rules beside the tables."""

    name: str
    """``2012`` or ``2026``."""
    standard: str
    effective: date
    aqi_low: int
    aqi_high: int
    primary_above: int
    """A primary pollutant 首要污染物 is named only above this AQI."""
    publish_above: int | None
    """With an item missing the AQI is published only above this; None: always that of the rest."""
    clause: str


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """A column of the table of sub-indices, in whole steps of its rounding."""

    decimals: int
    unit: str
    averaging: str
    points: tuple[tuple[int, int], ...]
    """(IAQI, concentration in steps of 10^-decimals), rising."""
    beyond: str
    """Above the last point: ``cap`` and ``hold`` keep its IAQI, ``omit`` gives none."""
    clause: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a report: which inputs it reads, first choice first, and against which breakpoints."""

    name: str
    pollutant: str
    reads: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AqiResult:
    """An index with everything that led to it."""

    edition: str
    standard: str
    report: Report
    aqi: int | None
    """None where the edition says NA."""
    level: Level | None
    primary: tuple[str, ...]
    """The items of the largest sub-index; more than one where they tie, none where the AQI is 50 or less."""
    sub: Mapping[str, int | None]
    """IAQI of each item of the report, None where it has none."""
    missing: tuple[str, ...]
    """Items that should have a value and have none."""
    unmonitored: tuple[str, ...]
    """Items that are never measured here (shown ``/``)."""
    beyond: tuple[str, ...]
    """Items above the end of their table that this edition gives no sub-index (2012: SO2 1 h, O3 8 h > 800)."""
    computed: int | None
    """The largest sub-index there is, published or not."""


@cache
def editions() -> tuple[Edition, ...]:
    """The editions, oldest first."""
    return tuple(
        Edition(
            name=row["edition"],
            standard=row["standard"],
            effective=date.fromisoformat(row["effective"]),
            aqi_low=int(row["aqi_low"]),
            aqi_high=int(row["aqi_high"]),
            primary_above=int(row["primary_above"]),
            publish_above=int(row["publish_above"]) if row["publish_above"] else None,
            clause=row["clause"],
        )
        for row in rows("aqi_editions")
    )


def edition_for(on: date, name: str | None = None) -> Edition:
    """The edition of that name, or the one in force on a day (HJ 633-2026 from 2026-03-01).

    Raises:
        KeyError: for an edition that does not exist.
    """
    if name is None:
        return holding(editions(), on)
    for one in editions():
        if one.name == name:
            return one
    raise KeyError(name)


@cache
def _tables(edition: str) -> Mapping[str, Breakpoints]:
    return {row["table"]: _breakpoints(row) for row in rows("aqi_breakpoints") if row["edition"] == edition}


def _breakpoints(row: Mapping[str, str]) -> Breakpoints:
    decimals = int(row["decimals"])
    points = tuple(
        (int(column[1:]), int(Decimal(row[column]).scaleb(decimals))) for column in _POINTS if row[column]
    )
    return Breakpoints(decimals, row["unit"], row["averaging"], points, row["beyond"], row["clause"])


def breakpoints(edition: str, table: str) -> Breakpoints:
    """A column of the table of an edition: ``so2`` is 1 h, ``so2_24h`` daily, ``o3_8h`` 8 h.

    Raises:
        KeyError: for a table that the edition does not have.
    """
    return _tables(edition)[table]


@cache
def items(edition: str, report: Report) -> tuple[Item, ...]:
    """The lines of a report in the order in which they are shown."""
    found: dict[str, tuple[str, list[tuple[int, str, str]]]] = {}
    for row in rows("aqi_reports"):
        if row["edition"] == edition and row["report"] == report:
            _, reads = found.setdefault(row["item"], (row["pollutant"], []))
            reads.append((int(row["rank"]), row["reads"], row["table"]))
    return tuple(
        Item(name, pollutant, tuple((key, table) for _, key, table in sorted(reads)))
        for name, (pollutant, reads) in found.items()
    )


def sub_index(edition: str, table: str, value: Number) -> int | None:
    """IAQI of one concentration against one column of the table, 0 to 500.

    None where the edition gives none (2012: SO2 1 h or O3 8 h above 800 µg/m³).

    Raises:
        KeyError: for a table that the edition does not have.
        NotANumber: for a negative value, NaN or an infinity.
    """
    return _index(breakpoints(edition, table), concentration(value, table))


def _index(column: Breakpoints, value: Decimal) -> int | None:
    rounded = round_even(value, column.decimals).scaleb(column.decimals)
    last_index, last = column.points[-1]
    if rounded > last:
        return None if column.beyond == "omit" else last_index
    steps = int(rounded)
    for (low_index, low), (high_index, high) in pairwise(column.points):
        if steps <= high:
            # Rounded up in whole numbers: -(-a // b) is the ceiling of a / b.
            return low_index - (-(high_index - low_index) * (steps - low) // (high - low))
    return last_index


def realtime(
    concentrations: Mapping[str, Number | None],
    on: date,
    edition: str | None = None,
    *,
    unmonitored: Collection[str] = (),
) -> AqiResult:
    """The real-time report 实时报 of an hour; the module says which inputs enter it.

    Args:
        concentrations: parameter to value (µg/m³, CO mg/m³); None or absent where missing. Others are ignored.
        on: the local day, which chooses the edition.
        edition: ``2012`` or ``2026`` instead of the day's.
        unmonitored: parameters never measured here: shown ``/``, and not missing (HJ 633-2026 5.3.2, for a
            pollutant that has not been primary at lightly polluted or worse for three years).

    Raises:
        NotANumber: for a negative value, NaN or an infinity.
        KeyError: for an edition that does not exist.
    """
    return _report("realtime", concentrations, edition_for(on, edition), unmonitored)


def daily(
    concentrations: Mapping[str, Number | None],
    on: date,
    edition: str | None = None,
    *,
    unmonitored: Collection[str] = (),
) -> AqiResult:
    """The daily report 日报; arguments and faults as `realtime`."""
    return _report("daily", concentrations, edition_for(on, edition), unmonitored)


def _report(
    report: Report,
    values: Mapping[str, Number | None],
    edition: Edition,
    unmonitored: Collection[str],
) -> AqiResult:
    sub: dict[str, int | None] = {}
    missing: list[str] = []
    never: list[str] = []
    beyond: list[str] = []
    lines = items(edition.name, report)
    for item in lines:
        given = False
        sub[item.name] = None
        for key, table in item.reads:
            value = values.get(key)
            if value is None:
                continue
            given = True
            sub[item.name] = _index(breakpoints(edition.name, table), concentration(value, key))
            if sub[item.name] is not None:
                break
        if not given:
            (never if item.name in unmonitored else missing).append(item.name)
        elif sub[item.name] is None:
            beyond.append(item.name)
    present = [index for index in sub.values() if index is not None]
    computed = min(max(max(present), edition.aqi_low), edition.aqi_high) if present else None
    held_back = (
        bool(missing)
        and edition.publish_above is not None
        and computed is not None
        and computed <= edition.publish_above
    )
    aqi = None if held_back else computed
    return AqiResult(
        edition=edition.name,
        standard=edition.standard,
        report=report,
        aqi=aqi,
        level=None if aqi is None else level_of(aqi, edition.name),
        primary=_primary(lines, sub, aqi, edition.primary_above),
        sub=sub,
        missing=tuple(missing),
        unmonitored=tuple(never),
        beyond=tuple(beyond),
        computed=computed,
    )


def _primary(
    lines: tuple[Item, ...], sub: Mapping[str, int | None], aqi: int | None, above: int
) -> tuple[str, ...]:
    if aqi is None or aqi <= above:
        return ()
    first: dict[str, str] = {}
    for item in lines:
        # Ozone has two lines in the 2012 reports and is still one pollutant.
        if sub[item.name] == aqi:
            first.setdefault(item.pollutant, item.name)
    return tuple(first.values())


@cache
def _groups(edition: str) -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for row in rows("sensitive_groups"):
        if row["edition"] == edition:
            groups.setdefault(row["pollutant"], []).append(row["group"])
    return {pollutant: tuple(names) for pollutant, names in groups.items()}


def sensitive_groups(result: AqiResult) -> tuple[str, ...]:
    """Who should take care 敏感人群: the groups of every pollutant with an IAQI above 100 (HJ 633-2026 Table 2).

    Codes; their words are ``standard.group.<code>``. The 2012 edition names none by pollutant.
    """
    pollutants = {item.name: item.pollutant for item in items(result.edition, result.report)}
    found: dict[str, None] = {}
    for name, index in result.sub.items():
        if index is not None and index > 100:
            found.update(dict.fromkeys(_groups(result.edition).get(pollutants[name], ())))
    return tuple(found)
