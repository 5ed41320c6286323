"""Make the entries of the ledger from what the task room has written down: idempotent, from where it stopped last.

Every entry has a cause by name (a breach, an operation), so that a job that looks twice enters once. What is undone
later (a recall, a voided task, a task reopened) is taken back by entries of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from backend.city.tables import Centre, Department, Grid, Person
from backend.scores.ledger import ENTRY, Entry, add, known, reversal
from backend.scores.points import Item, Points, points_at
from backend.scores.tables import ScoreMark
from backend.store import table, upsert
from backend.tasks.tables import Act, Breach, Segment, Task
from backend.text import clean
from backend.words import Outcome

ACT, BREACH, SEGMENT, TASK = table(Act), table(Breach), table(Segment), table(Task)
CENTRE, DEPARTMENT, GRID, PERSON = table(Centre), table(Department), table(Grid), table(Person)
MARK = table(ScoreMark)
HOUR, DAY = 3600, 86400
UNDONE: Final = {"void": "score.reason.void", "lapse": "score.reason.void", "reopen": "score.reason.reopen"}
OVERLAP: Final = 100
"""Acts that are read again at each turn."""
BATCH: Final = 2000
"""Rows of a log read at one turn: a long absence is made good over several."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose score it is."""

    kind: str
    grid: str = ""
    township: str = ""
    county: str = ""
    department: str = ""
    person: str = ""


def run(connection: Connection, zone: ZoneInfo, now: int) -> int:
    """Enter all that has happened since the last turn; returns how many entries are new."""
    before = connection.execute(select(func.count()).select_from(ENTRY)).scalar_one()
    turn = _Turn(connection, zone, now)
    turn.breaches()
    turn.acts()
    turn.months()
    after = connection.execute(select(func.count()).select_from(ENTRY)).scalar_one()
    return int(after - before)


def by_person(
    connection: Connection, task: Any, item: str, reason: str, *, by: str, points: Points, now: int
) -> Outcome:
    """Enter an item for a task's holder, with a reason; refused where the table has no such item for people."""
    told = clean(reason, limit=200)
    if not told:
        return Outcome.refused("score.refused.reason")
    one = points.item(item)
    if one is None or one.made_by != "person":
        names = ", ".join(other.code for other in points.made_by("person"))
        return Outcome.refused("score.refused.item", item=item, known=names)
    cause = f"person:{item}:{task.id}"
    if known(connection, cause):
        return Outcome.refused("score.refused.twice", task=task.id)
    whose = whose_is(connection, task, task.holder)
    add(
        connection, [_entry(cause, one, one.hundredths, whose, task.id, now, now, points, by=by, reason=told)]
    )
    return Outcome.done("score.entered", item=item, points=f"{one.hundredths / 100:+g}")


def month_of(at: int, zone: ZoneInfo) -> tuple[int, int]:
    """The first instant of the month of the city in which an instant lies, and the first after it."""
    then = datetime.fromtimestamp(at, zone)
    begin = then.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = (begin.year + 1, 1) if begin.month == 12 else (begin.year, begin.month + 1)
    return int(begin.timestamp()), int(begin.replace(year=year, month=month).timestamp())


def whose_is(connection: Connection, task: Any, holder: str) -> Whose:
    """Whose score a holder's doing is: a department's own, else the grid's that the member or the duty room is of."""
    place = Whose("grid", task.grid, task.township, task.county)
    if not holder:
        return place
    if connection.execute(select(DEPARTMENT.c.code).where(DEPARTMENT.c.code == holder)).first() is not None:
        return Whose("department", task.grid, task.township, task.county, holder)
    member = connection.execute(select(PERSON.c.grid).where(PERSON.c.code == holder)).scalar_one_or_none()
    centre = select(CENTRE.c.grid).where(CENTRE.c.code == holder)
    of = member or connection.execute(centre).scalar_one_or_none()
    query = select(GRID.c.code, GRID.c.township, GRID.c.county).where(GRID.c.code == (of or ""))
    row = connection.execute(query).first()
    if row is None:
        return place
    # A duty room of the county stands in for the township: the task stays the township's.
    township = row.township or task.township
    return Whose("grid", row.code, township, row.county or task.county, "", holder if member else "")


class _Turn:
    """One turn of the job: what it has looked up is looked up once."""

    def __init__(self, connection: Connection, zone: ZoneInfo, now: int) -> None:
        self.connection, self.zone, self.now = connection, zone, now
        self._tables: dict[date, Points] = {}
        self._held: dict[tuple[str, str], Whose] = {}

    def _points(self, at: int) -> Points:
        day = datetime.fromtimestamp(at, self.zone).date()
        if day not in self._tables:
            self._tables[day] = points_at(self.connection, day)
        return self._tables[day]

    def _whose(self, task: Any, holder: str) -> Whose:
        key = (task.id, holder)
        if key not in self._held:
            self._held[key] = whose_is(self.connection, task, holder)
        return self._held[key]

    def _mark(self, log: str) -> int:
        query = select(MARK.c.value).where(MARK.c.log == log)
        return self.connection.execute(query).scalar_one_or_none() or 0

    def _set_mark(self, log: str, value: int) -> None:
        upsert(self.connection, MARK, [{"log": log, "value": value}], keys=["log"])

    def _tasks(self, codes: Sequence[str]) -> Mapping[str, Any]:
        wanted, found = sorted(set(codes)), {}
        for start in range(0, len(wanted), 500):
            query = select(TASK).where(TASK.c.id.in_(wanted[start : start + 500]))
            found.update({row.id: row for row in self.connection.execute(query)})
        return found

    # Clocks that ran out.

    def breaches(self) -> None:
        """Those noticed since the last turn, and those whose hours may have gone on since."""
        hours = max((item.hours for item in self._points(self.now).made_by("breach")), default=0)
        again = self._mark("turn") - (hours + 1) * HOUR
        # A clock that goes on overdue, with another target or after a recall, was missed once.
        same = BREACH.alias()
        first = (
            select(func.min(same.c.segment))
            .where(same.c.task == BREACH.c.task, same.c.kind == BREACH.c.kind, same.c.due == BREACH.c.due)
            .scalar_subquery()
        )
        rows = self.connection.execute(
            select(BREACH, SEGMENT.c.stopped, first.label("first"))
            .outerjoin(SEGMENT, SEGMENT.c.id == BREACH.c.segment)
            # What was noticed in the very second of the last one may have come after it.
            .where(or_(BREACH.c.noticed >= self._mark("breach"), BREACH.c.due >= again))
            .order_by(BREACH.c.noticed)
        ).all()
        tasks = self._tasks([row.task for row in rows])
        entries: list[Entry] = []
        for row in rows:
            task, points = tasks.get(row.task), self._points(row.due)
            for item in points.made_by("breach"):
                if item.clock == row.kind and task is not None:
                    entries += self._late(item, row, task, points)
        add(self.connection, entries)
        self._set_mark("turn", self.now)
        if rows:
            self._set_mark("breach", rows[-1].noticed)

    def _late(self, item: Item, row: Any, task: Any, points: Points) -> list[Entry]:
        """The entry of a missed clock, and one for each whole hour that has passed since."""
        whose = self._whose(task, row.holder)
        name = f"breach:{row.task}:{row.first}:{item.code}"
        until = min(self.now, row.stopped) if row.stopped is not None else self.now
        hours = min(item.hours, max(0, until - row.due) // HOUR) if item.hourly else 0
        entries = [_entry(name, item, item.hundredths, whose, row.task, row.due, self.now, points)]
        entries += [
            _entry(
                f"{name}:{hour}", item, item.hourly, whose, row.task, row.due + hour * HOUR, self.now, points
            )
            for hour in range(1, hours + 1)
        ]
        return entries

    # Acts.

    def acts(self) -> None:
        """Those since the last turn; the last ones again, for another process may write a smaller number later."""
        mark = self._mark("act")
        rows = self.connection.execute(
            select(ACT).where(ACT.c.id > mark - OVERLAP).order_by(ACT.c.id).limit(BATCH)
        ).all()
        tasks = self._tasks([row.task for row in rows])
        for row in rows:
            task = tasks.get(row.task)
            if row.result == "applied" and task is not None:
                self._act(row, task)
        if rows:
            self._set_mark("act", rows[-1].id)

    def _act(self, row: Any, task: Any) -> None:
        points = self._points(row.at)
        body = msgspec.json.decode(row.body) if row.body else {}
        if row.kind == "recall":
            prefix = f"act:{body.get('op')}:"
            self._take_back(ENTRY.c.cause.startswith(prefix, autoescape=True), "score.reason.recall")
        elif row.kind in UNDONE:
            of = and_(ENTRY.c.task == task.id, ENTRY.c.occurred <= row.at)
            if row.kind == "reopen":
                of = and_(of, ENTRY.c.item.in_([one.code for one in points.made_by("closed")]))
            self._take_back(of, UNDONE[row.kind])
        for item in points.items:
            name = f"act:{row.op}:{item.code}"
            if item.made_by == "act" and item.act == row.kind and item.cause in ("", body.get("cause")):
                whose = self._whose(task, task.holder)
            elif item.made_by == "closed" and row.kind == "verify_ok" and _found(item, task, points):
                whose = self._whose(task, task.reporter or task.holder)
            else:
                continue
            if known(self.connection, name) or not self._room(item, whose, row.at):
                continue
            add(
                self.connection,
                [_entry(name, item, item.hundredths, whose, task.id, row.at, self.now, points)],
            )

    def _room(self, item: Item, whose: Whose, at: int) -> bool:
        """Whether the item's limit of the month leaves room for one more."""
        if not item.most:
            return True
        since, until = month_of(at, self.zone)
        held = self.connection.execute(
            select(func.coalesce(func.sum(ENTRY.c.hundredths), 0)).where(
                ENTRY.c.item == item.code,
                ENTRY.c.occurred >= since,
                ENTRY.c.occurred < until,
                ENTRY.c.kind == whose.kind,
                ENTRY.c.township == whose.township,
                ENTRY.c.department == whose.department,
            )
        ).scalar_one()
        return abs(int(held) + item.hundredths) <= item.most

    def _take_back(self, of: ColumnElement[bool], reason: str) -> None:
        rows = self.connection.execute(select(ENTRY).where(of, ENTRY.c.reverses.is_(None))).all()
        add(self.connection, [reversal(row, by="SYS", reason=reason, now=self.now) for row in rows])

    # Months that are over.

    def months(self) -> None:
        """The bonus of the last month, once it is over."""
        this, _ = month_of(self.now, self.zone)
        since, until = month_of(this - DAY, self.zone)
        if self._mark("month") >= until:
            return
        points = self._points(since)
        for item in points.made_by("month"):
            for kind, column in (("grid", "township"), ("department", "department")):
                add(self.connection, self._clean(item, kind, column, points, since, until))
        self._set_mark("month", until)

    def _clean(
        self, item: Item, kind: str, column: str, points: Points, since: int, until: int
    ) -> list[Entry]:
        """An entry for each township or department that had tasks in a month and missed none of their clocks."""
        theirs = TASK.c.holder_kind == "department"
        worked = self.connection.execute(
            select(TASK.c[column], func.max(TASK.c.county))
            .where(TASK.c.opened >= since, TASK.c.opened < until, TASK.c[column] != "")
            .where(theirs if kind == "department" else ~theirs)
            .group_by(TASK.c[column])
        ).all()
        late = [one.code for one in points.made_by("breach")]
        missed = set(
            self.connection.execute(
                select(ENTRY.c[column]).where(
                    ENTRY.c.kind == kind,
                    ENTRY.c.item.in_(late),
                    ENTRY.c.occurred >= since,
                    ENTRY.c.occurred < until,
                    ENTRY.c.reverses.is_(None),
                    ENTRY.c.id.not_in(select(ENTRY.c.reverses).where(ENTRY.c.reverses.is_not(None))),
                )
            ).scalars()
        )
        found = []
        for code, county in worked:
            if code not in missed:
                whose = Whose(kind, code, code, county) if kind == "grid" else Whose(kind, department=code)
                name = f"month:{kind}:{code}:{since}"
                found.append(_entry(name, item, item.hundredths, whose, "", until - 1, self.now, points))
        return found


def _found(item: Item, task: Any, points: Points) -> bool:
    """Whether a task that was closed shows that there was something, and came in a way that counts."""
    return task.origin in item.origins and task.result in points.results


def _entry(
    cause: str,
    item: Item,
    hundredths: int,
    whose: Whose,
    task: str,
    occurred: int,
    now: int,
    points: Points,
    *,
    by: str = "SYS",
    reason: str = "",
) -> Entry:
    return Entry(
        cause=cause,
        item=item.code,
        hundredths=hundredths,
        occurred=occurred,
        at=now,
        by=by,
        kind=whose.kind,
        grid=whose.grid,
        township=whose.township,
        county=whose.county,
        department=whose.department,
        person=whose.person,
        task=task,
        reason=reason,
        table_from=points.since.isoformat(),
    )
