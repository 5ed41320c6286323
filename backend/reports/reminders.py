"""Reminders 催报: before noon to each centre that has not sent its measures, after it to the tier that waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from backend.city.tables import Centre, Grid, StandingOrder
from backend.notify import notices
from backend.notify.tables import Notice
from backend.reports.tables import Contribution
from backend.store import table
from backend.tasks.settings import Settings, Table, parse_duration
from backend.tasks.states import PRIORITIES
from backend.words.message import Scalar

CENTRE, GRID, NOTICE = table(Centre), table(Grid), table(Notice)
ORDER, SENT = table(StandingOrder), table(Contribution)
NOON: Final = time(12)
AFTER: Final = 3600
"""Seconds after noon within which the tier above is told, where nobody looked at noon itself."""
NAMED: Final = 5
"""Centres that a notice names."""
ABOVE: Final = {"T": "C", "C": "M"}


@dataclass(frozen=True, slots=True)
class Edition:
    """When who is reminded."""

    since: date
    before: tuple[int, ...]
    """Seconds before noon, the longest first."""
    priority: str
    under: tuple[str, ...]
    """Kinds of orders under which reports are due; none for every day."""


@dataclass(frozen=True, slots=True)
class _Owes:
    """A centre that reports to another."""

    code: str
    grid: str
    above: str
    """The grid of the centre that waits for it."""
    line: frozenset[str]
    """Its grid with those around it."""


def key_of(day: str, centre: str) -> str:
    """What the keys of a centre's reminders of a day begin with: `notices.withdraw` takes them back by it."""
    return f"report:{day}:{centre}"


def wanted(zone: ZoneInfo, now: int) -> bool:
    """Whether anybody may have to be told at this instant: most of the day nobody has."""
    here = datetime.fromtimestamp(now, zone)
    until = int(datetime.combine(here.date(), NOON, zone).timestamp())
    return any(until - step <= now <= until + AFTER for step in edition_on(here.date()).before)


def remind(connection: Connection, zone: ZoneInfo, now: int) -> int:
    """Tell who must be told at this instant; told once each, however often it is looked. Answers how many are new."""
    here = datetime.fromtimestamp(now, zone)
    noon = datetime.combine(here.date(), NOON, zone)
    until, day = int(noon.timestamp()), here.date().isoformat()
    edition = edition_on(here.date())
    due = [step for step in edition.before if until - step <= now]
    if not wanted(zone, now):
        return 0
    owing = _owing(connection, edition, day, now)
    if not owing:
        return 0
    told = set(
        connection.execute(select(NOTICE.c.key).where(NOTICE.c.key.startswith(f"report:{day}:"))).scalars()
    )
    return (
        _before(connection, edition, owing, told, day, until, min(due), now)
        if now < until
        else _after(connection, edition, owing, told, day, now)
    )


def _before(
    connection: Connection,
    edition: Edition,
    owing: Collection[_Owes],
    told: Collection[str],
    day: str,
    until: int,
    step: int,
    now: int,
) -> int:
    """To each that has not sent: of the steps that have come only the last, after a time in which nobody looked."""
    count = 0
    for one in owing:
        key = f"{key_of(day, one.code)}:{step}"
        if key not in told:
            args: dict[str, Scalar] = {"day": day, "due": until}
            notices.post(
                connection, key, now, "notice.report.owing", args, grid=one.grid, priority=edition.priority
            )
            count += 1
    return count


def _after(
    connection: Connection,
    edition: Edition,
    owing: Collection[_Owes],
    told: Collection[str],
    day: str,
    now: int,
) -> int:
    """To each tier that waits: how many have not sent, and the first few by name."""
    missing: defaultdict[str, list[_Owes]] = defaultdict(list)
    for one in owing:
        missing[one.above].append(one)
    named = _names(connection, [one.code for some in missing.values() for one in some[:NAMED]])
    count = 0
    for grid, several in missing.items():
        key = f"report:{day}:{grid}:missing"
        if key in told:
            continue
        names = "、".join(named[one.code][0] for one in several[:NAMED])
        names_en = ", ".join(named[one.code][1] for one in several[:NAMED])
        args: dict[str, Scalar] = {"day": day, "count": len(several), "names": names, "names_en": names_en}
        code = "notice.report.missing"
        if len(several) > NAMED:
            # A list that ends without a word reads as all of them.
            code, args["more"] = f"{code}.more", len(several) - NAMED
        notices.post(connection, key, now, code, args, grid=grid, priority=edition.priority)
        count += 1
    return count


def _owing(connection: Connection, edition: Edition, day: str, now: int) -> list[_Owes]:
    """The centres in service that report to one above and have not sent for the day."""
    query = (
        select(CENTRE.c.code, CENTRE.c.grid, CENTRE.c.tier, GRID.c.parent, GRID.c.county, GRID.c.township)
        .join(GRID, GRID.c.code == CENTRE.c.grid)
        .where(CENTRE.c.in_service)
        .order_by(CENTRE.c.code)
    )
    rows = connection.execute(query).all()
    seats = {(row.tier, row.grid) for row in rows}
    sent = set(connection.execute(select(SENT.c.centre).where(SENT.c.day == day)).scalars())
    found = [
        _Owes(row.code, row.grid, row.parent, frozenset((row.grid, row.parent, row.county, row.township)))
        for row in rows
        if row.code not in sent and (ABOVE.get(row.tier, ""), row.parent) in seats
    ]
    if not edition.under or not found:
        return found
    bound = _bound(connection, edition.under, now)
    root = connection.execute(select(GRID.c.code).where(GRID.c.level == 1)).scalar_one_or_none()
    return [one for one in found if bound & (one.line | {root})]


def _bound(connection: Connection, kinds: Collection[str], now: int) -> set[str]:
    """The grids in which an order of these kinds holds."""
    query = select(ORDER.c.scope).where(
        ORDER.c.kind.in_(kinds),
        ORDER.c.scope_kind == "grid",
        ORDER.c.starts <= now,
        or_(ORDER.c.ends.is_(None), ORDER.c.ends > now),
        ORDER.c.withdrawn.is_(None),
    )
    return {code for scope in connection.execute(query).scalars() for code in scope.split("|") if code}


def _names(connection: Connection, codes: Collection[str]) -> Mapping[str, tuple[str, str]]:
    query = select(CENTRE.c.code, CENTRE.c.name, CENTRE.c.name_en).where(CENTRE.c.code.in_(list(codes)))
    return {row.code: (row.name, row.name_en or row.name) for row in connection.execute(query)}


def edition_on(day: date) -> Edition:
    """The edition that holds on a day of the city; the first one for days before it."""
    held = [one for one in _editions() if one.since <= day]
    return held[-1] if held else _editions()[0]


@lru_cache(maxsize=1)
def _editions() -> tuple[Edition, ...]:
    return read(files("backend.reports").joinpath("data/reminders.toml").read_text(encoding="utf-8"))


def read(text: str) -> tuple[Edition, ...]:
    """The editions of a list, oldest first.

    Raises:
        SettingsError: with everything that is wrong, by line.
    """
    settings = Settings(text)
    settings.only(frozenset({"edition"}))
    found = [_edition(row) for row in settings.tables("edition")]
    settings.done()
    return tuple(sorted(found, key=lambda one: one.since))


def _edition(row: Table) -> Edition:
    since: Any = row.raw("from")
    if type(since) is not date:
        row.fault("from", "task.canned.date", value=str(since))
        since = date.min
    before = []
    for told in row.texts("before"):
        seconds = parse_duration(told)
        if not seconds:
            row.fault("before", "task.policy.duration", value=told)
        before.append(seconds or 0)
    found = Edition(
        since,
        tuple(sorted(before, reverse=True)),
        row.text("priority", "high", known=PRIORITIES),
        row.texts("under"),
    )
    row.end()
    return found
