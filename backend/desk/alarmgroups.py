"""Alarms grouped 归并 by what they have in common, for when more come than can be read: nothing is dropped.

Alarms of one incident are one group. Where several incidents of one rule began together, in one county or on one feed,
that is the cause, and they are one group again: a feed whose instruments all report a fault is one line, not a
thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend.alarms.tables import Alarm
from backend.city.called import called
from backend.city.tables import Station
from backend.desk.alarms import PRIORITIES, VIEWS, WAITING
from backend.desk.desk import Desk
from backend.desk.scope import grid_names, scope_of, standing
from backend.feeds.tables import Feed
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.tables import Task

ALARM, FEED, INCIDENT, STATION, TASK = table(Alarm), table(Feed), table(Incident), table(Station), table(Task)
TOGETHER = 3
"""So many incidents of one cause, at as many stations, are one group."""
EQUIPMENT = "equipment"
NAMES = 3
"""Places that are named of a group."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Alarms that belong together."""

    key: str
    """The incident's number, or what the cause is."""
    rule: str
    """The rule of most of them."""
    priority: str
    """The most urgent of theirs."""
    count: int
    waiting: int
    """Those that nobody has acknowledged."""
    incidents: int
    incident: str
    """The only incident; empty where there are several."""
    where: str
    """The only place; else the feed or the county that they have in common."""
    places: tuple[str, ...]
    """Some of the places."""
    stations: int
    spoken_for: int
    """Alarms that are kept from ringing because these speak for them."""
    oldest: int
    """When the oldest was presented."""
    newest: int
    task: str
    """An open task of one of the incidents."""
    filter: str
    """Words by which a list of alarms can be cut down to them, beside the rule: the feed's code, the county's name."""
    rules: tuple[str, ...]
    """The rules of all of them, the most urgent first."""
    alarms: tuple[int, ...]
    """The numbers of all of them, the most urgent first."""


def groups(desk: Desk) -> list[GroupRow]:
    """What stands in the person's grid, grouped: what waits first, by priority, the oldest first."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        columns = [
            ALARM.c[name]
            for name in (
                "id", "rule", "state", "priority", "station", "feed", "grid", "county", "incident", "presented",
                "subject",
            )
        ]  # fmt: skip
        rows = connection.execute(
            select(*columns, INCIDENT.c.type)
            .select_from(ALARM.outerjoin(INCIDENT, INCIDENT.c.id == ALARM.c.incident))
            .where(standing(ALARM), ALARM.c.state.in_(VIEWS["standing"]), scope.sees(ALARM))
        ).all()
        spoken = _spoken_for(connection)
        told = _Names(connection, desk)
        tasks = _tasks(connection)
    by_incident: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_incident[row.incident or f"#{row.id}"].append(row)
    by_cause: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key, several in by_incident.items():
        by_cause[_cause(several)].append(key)
    found = []
    for cause, keys in by_cause.items():
        members = [row for key in keys for row in by_incident[key]]
        if cause[1] and min(len(keys), len({row.station for row in members})) >= TOGETHER:
            found.append(_group("|".join(cause), members, keys, told, spoken, tasks, cause))
        else:
            found += [_group(key, by_incident[key], [key], told, spoken, tasks, None) for key in keys]
    rank = {name: number for number, name in enumerate(PRIORITIES)}
    return sorted(found, key=lambda one: (not one.waiting, rank.get(one.priority, 9), one.oldest, one.key))


def _cause(several: Sequence[Any]) -> tuple[str, str]:
    """Rule and what may have caused it: the feed of an instrument's fault, the county of all else."""
    lead = min(several, key=lambda row: (PRIORITIES.index(row.priority), row.id))
    if lead.station is None:
        return lead.rule, ""
    return lead.rule, f"feed:{lead.feed}" if lead.type == EQUIPMENT and lead.feed else f"grid:{lead.county}"


class _Names:
    """What stations, grids and feeds are called."""

    def __init__(self, connection: Connection, desk: Desk) -> None:
        self.grids = grid_names(connection, desk.language)
        rows = connection.execute(select(STATION.c.id, called(STATION, desk.language)))
        self.stations = {row[0]: row[1] for row in rows}
        self.feeds = {
            row[0]: row[1] or row[0]
            for row in connection.execute(select(FEED.c.code, called(FEED, desk.language).label("name")))
        }

    def place(self, row: Any) -> str:
        """Where an alarm is."""
        if row.station is not None:
            return f"{row.subject} {self.stations.get(row.station, '')}".strip()
        return str(self.feeds.get(row.feed, row.feed) or self.grids.get(row.grid, row.grid))

    def filter(self, code: str) -> str:
        """By which words a cause is found in a list."""
        kind, _, name = code.partition(":")
        return name if kind == "feed" else self.grids.get(name, name)

    def cause(self, code: str) -> str:
        """What a cause is called."""
        kind, _, name = code.partition(":")
        return self.feeds.get(name, name) if kind == "feed" else self.grids.get(name, name)


def _group(
    key: str,
    rows: Sequence[Any],
    keys: Iterable[str],
    told: _Names,
    spoken: Mapping[str, int],
    tasks: Mapping[str, str],
    cause: tuple[str, str] | None,
) -> GroupRow:
    ordered = sorted(rows, key=lambda row: (PRIORITIES.index(row.priority), row.presented, row.id))
    incidents = [one for one in keys if not one.startswith("#")]
    places = list(dict.fromkeys(map(told.place, ordered)))
    return GroupRow(
        key=key,
        rule=ordered[0].rule,
        priority=ordered[0].priority,
        count=len(ordered),
        waiting=sum(row.state in WAITING for row in ordered),
        incidents=len(incidents),
        incident=incidents[0] if len(incidents) == 1 else "",
        where=places[0] if cause is None else told.cause(cause[1]),
        places=tuple(places[:NAMES]),
        stations=len({row.station for row in ordered if row.station is not None}),
        spoken_for=sum(spoken.get(one, 0) for one in incidents),
        oldest=min(row.presented for row in ordered),
        newest=max(row.presented for row in ordered),
        task=next((tasks[one] for one in incidents if one in tasks), ""),
        filter="" if cause is None else told.filter(cause[1]),
        rules=tuple(dict.fromkeys(row.rule for row in ordered)),
        alarms=tuple(row.id for row in ordered),
    )


def _spoken_for(connection: Connection) -> Mapping[str, int]:
    """How many alarms each incident's own keep from ringing."""
    counts: defaultdict[str, int] = defaultdict(int)
    rows = connection.execute(
        select(ALARM.c.inhibited_by).where(standing(ALARM), ALARM.c.state == "SUPPRESSED")
    )
    for (by,) in rows:
        counts[by] += 1
    return counts


def _tasks(connection: Connection) -> Mapping[str, str]:
    """An open task by incident."""
    rows = connection.execute(
        select(TASK.c.incident, TASK.c.id)
        .where(TASK.c.closed.is_(None), TASK.c.incident != "")
        .order_by(TASK.c.id.desc())
    )
    return {row[0]: row[1] for row in rows}
