"""The table of points 量化赋分表 as data: items, their points and what makes an entry of each, by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import Connection, select

from backend.city.tables import CityFact
from backend.store import table
from backend.tasks.edges import KINDS
from backend.tasks.settings import Fault, Settings, SettingsError, Table
from backend.tasks.states import ClockKind

FACT = table(CityFact)
KEY: Final = "scores"
"""The fact that holds the pack's own text."""
MAKERS: Final = ("breach", "act", "closed", "month", "person")
MOST: Final = 100_00
"""Hundredths of a point of one item at most, either way."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the table."""

    since: date
    code: str
    made_by: str
    """breach, act, closed, month or person."""
    hundredths: int
    clock: str = ""
    act: str = ""
    cause: str = ""
    origins: tuple[str, ...] = ()
    hourly: int = 0
    """Hundredths more for each further whole hour."""
    hours: int = 0
    most: int = 0
    """Hundredths of this item in one month at most, without a sign; 0 for no limit."""


@dataclass(frozen=True, slots=True)
class Composite:
    """How the four parts of a department's composite are weighed."""

    since: date
    filed: int
    closed: int
    on_time: int
    rework: int
    bands: tuple[tuple[int, int], ...]
    """At most so many filed tasks are worth so much, in rising order; more are worth nothing."""

    def worth(self, filed: int) -> int:
        """What a number of filed tasks is worth, of 100."""
        return next((worth for most, worth in self.bands if filed <= most), 0)


@dataclass(frozen=True, slots=True)
class Points:
    """The table that holds on a day."""

    since: date
    base: int
    """Hundredths with which everybody begins a month."""
    results: frozenset[str]
    """Results that show that there was something."""
    items: tuple[Item, ...]
    composite: Composite

    def item(self, code: str) -> Item | None:
        """The item of a code."""
        return next((one for one in self.items if one.code == code), None)

    def made_by(self, maker: str) -> list[Item]:
        """The items that one kind of thing makes entries of."""
        return [one for one in self.items if one.made_by == maker]


@dataclass(frozen=True, slots=True)
class _Text:
    tables: tuple[tuple[date, int, frozenset[str]], ...]
    items: tuple[Item, ...]
    composites: tuple[Composite, ...]


@lru_cache(maxsize=1)
def default_text() -> str:
    """The table that ships with the product."""
    return files("backend.scores").joinpath("data/points.toml").read_text(encoding="utf-8")


def points_at(connection: Connection, day: date) -> Points:
    """The table that holds on a day of the city: the pack's own, else the product's."""
    own = connection.execute(select(FACT.c.value).where(FACT.c.key == KEY)).scalar_one_or_none()
    return choose(own or default_text(), day)


@lru_cache(maxsize=64)
def choose(text: str, day: date) -> Points:
    """Of each part the newest that holds on the day; the oldest one also for what was before it."""
    read = _read(text)
    since, base, results = _newest(read.tables, day, lambda row: row[0])
    items: dict[str, Item] = {}
    first = min(one.since for one in read.items)
    for item in sorted(read.items, key=lambda one: one.since):
        if item.since <= max(day, first):
            items[item.code] = item
    kept = tuple(one for one in items.values() if one.hundredths or one.hourly)
    return Points(since, base, results, kept, _newest(read.composites, day, lambda one: one.since))


def faults_of(text: str) -> tuple[Fault, ...]:
    """Everything that is wrong with a text, by line."""
    try:
        _read(text)
    except SettingsError as error:
        return error.faults
    return ()


def _newest(rows: Any, day: date, since: Any) -> Any:
    rows = sorted(rows, key=since)
    return next((row for row in reversed(rows) if since(row) <= day), rows[0])


@lru_cache(maxsize=8)
def _read(text: str) -> _Text:
    settings = Settings(text)
    settings.only(frozenset({"table", "item", "composite"}))
    tables = tuple(_table(row) for row in settings.tables("table"))
    items = tuple(_item(row) for row in settings.tables("item"))
    composites = tuple(_composite(row) for row in settings.tables("composite"))
    for name, rows in (("table", tables), ("item", items), ("composite", composites)):
        if not rows:
            settings.fault(name, 0, "", "task.policy.missing", name=name)
    settings.done()
    return _Text(tables, items, composites)


def _since(row: Table) -> date:
    value: Any = row.raw("from")
    if type(value) is not date:
        row.fault("from", "score.table.date", value=str(value))
        return date.min
    return value


def _hundredths(row: Table, key: str, *, default: int | None = None) -> int:
    value: Any = row.raw(key)
    if value is None and default is not None:
        return default
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    exact = None if number is None else round(number * 100)
    if exact is None or number is None or abs(exact - number * 100) > 1e-6 or abs(exact) > MOST:
        row.fault(key, "score.table.points", value=str(value), most=MOST // 100)
        return 0
    return exact


def _table(row: Table) -> tuple[date, int, frozenset[str]]:
    found = (_since(row), _hundredths(row, "base"), frozenset(row.texts("results")))
    row.end()
    return found


def _item(row: Table) -> Item:
    maker = row.text("made_by", known=MAKERS)
    code = row.text("code")
    for key, value in (("made_by", maker), ("code", code)):
        if not value:
            row.fault(key, "task.policy.missing", name=key)
    wants = {"breach": "clock", "act": "act", "closed": "origins"}.get(maker)
    if wants is not None and not row.has(wants):
        row.fault("", "task.policy.missing", name=wants)
    item = Item(
        since=_since(row),
        code=code,
        made_by=maker,
        hundredths=_hundredths(row, "points"),
        clock=row.text("clock", known=[str(one) for one in ClockKind]),
        act=row.text("act", known=KINDS),
        cause=row.text("cause"),
        origins=row.texts("origins"),
        hourly=_hundredths(row, "hourly", default=0),
        hours=row.integer("hours", 0, 0, 240),
        most=abs(_hundredths(row, "most", default=0)),
    )
    row.end()
    return item


def _composite(row: Table) -> Composite:
    since = _since(row)
    filed, closed, on_time, rework = (
        row.integer(key, 0, 0, 100) for key in ("filed", "closed", "on_time", "rework")
    )
    if filed + closed + on_time + rework != 100:
        row.fault("filed", "score.table.shares", sum=filed + closed + on_time + rework)
    bands = _bands(row.raw("bands"))
    if not bands:
        row.fault("bands", "score.table.bands")
    row.end()
    return Composite(since, filed, closed, on_time, rework, bands)


def _bands(raw: Any) -> tuple[tuple[int, int], ...]:
    """The bands of a list of pairs; none where it is no such list or does not rise."""
    if not isinstance(raw, list):
        return ()
    for pair in raw:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)):
            return ()
    bands = tuple((most, worth) for most, worth in raw)
    return bands if list(bands) == sorted(bands) else ()
