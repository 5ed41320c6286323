"""The queue of the triage desk 研判台: what awaits a decision, one row for one thing that happens.

Alarms that nobody has acknowledged and drafts 待研判 stand together by their incident. Of a flood 报警泛滥, alarms of
one rule in one county or on one feed are one row again: nothing is dropped, and one decision does for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, and_, case, select

from backend.alarms.tables import Alarm
from backend.city.called import called
from backend.desk import alarms
from backend.desk.alarms import WAITING, AlarmRow
from backend.desk.desk import Desk
from backend.desk.naming import names, type_names
from backend.desk.scope import grid_names, scope_of, station_names
from backend.desk.triagegroups import RANK, group_key, grouped
from backend.duty.tables import Claim
from backend.feeds.tables import Feed
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.states import State
from backend.tasks.tables import Task

if TYPE_CHECKING:
    from backend.words import Message

ALARM, CLAIM, FEED, INCIDENT = table(Alarm), table(Claim), table(Feed), table(Incident)
TASK = table(Task)
PART = 400
"""Keys that are asked for at once."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide on: an incident with its alarms that wait and its draft."""

    key: str
    incident: str
    alarms: tuple[int, ...]
    """The alarms that wait, the most urgent first."""
    task: str
    """Its draft, or another open task; empty where it has none."""
    grid: str
    place: str
    priority: str
    suspect: bool = False
    type: str = ""
    station: int | None = None
    draft: bool = False
    """``task`` waits to be filed or dismissed."""
    asked: str = ""
    """What a supervisor was asked for."""
    placed: bool = True
    """It lies in a township; a region's does not, until somebody says where one is to go."""
    settled: str = ""
    """The township that a person named for it."""
    since: int = 0
    """When the first of its alarms that wait was shown; 0 where none waits."""
    rules: tuple[str, ...] = ()
    """The rules of its alarms, the leading one first."""

    def at(self, township: str) -> Item:
        """The same, in a township that a person named."""
        return replace(self, grid=township, settled=township)


class Ring(NamedTuple):
    """An alarm that waits, as little of it as the queue needs: in a flood there are ten thousand."""

    id: int
    rule: str
    priority: str
    station: int | None
    feed: str
    grid: str
    county: str
    township: str
    incident: str
    presented: int
    suspect: bool
    subject: str
    type: str | None
    """Its incident's."""


@dataclass(frozen=True, slots=True)
class TriageRow:
    """A line of the queue."""

    key: str
    priority: str
    what: str
    """The rule of the alarm that leads; empty where a person started it."""
    type_name: tuple[str, str]
    place: str
    county: str
    township: str
    grid: str
    count: int
    """Alarms that wait."""
    since: int
    items: tuple[Item, ...]
    """One; more where a flood's are told in one line."""
    lead: AlarmRow | None
    """The alarm that leads."""
    task: str
    breached: bool
    asked: str
    suspect: bool
    claimed: str = ""
    """Who else has it open, by name."""
    rules: tuple[str, ...] = ()
    """The rules of all alarms that wait, the leading one first."""
    apart: tuple[tuple[str, str], ...] = ()
    """Types of what else waits at the same station: other things to decide on, by other people."""
    done: Message | None = None
    """What became of it, once it is decided on."""

    @property
    def item(self) -> Item:
        """The first one."""
        return self.items[0]

    @property
    def alarms(self) -> tuple[int, ...]:
        """All alarms that wait."""
        return tuple(number for item in self.items for number in item.alarms)


def queue(desk: Desk, unfolded: Collection[str] = ()) -> list[TriageRow]:
    """What awaits a decision in the person's grid: what is late first, by priority, the oldest first.

    Args:
        unfolded: keys of groups whose items are to be rows of their own.
    """
    with desk.store.read() as connection:
        rings = _rings(connection, desk)
        drafts, open_tasks = _tasks(connection, desk, {ring.incident for ring in rings} - {""})
        told = _Told(connection, desk)
        items = _items(rings, drafts, open_tasks, told)
        rows = _rows(connection, desk, items, drafts, told, unfolded)
    return sorted(
        rows, key=lambda row: (not row.breached, RANK.get(row.priority, 9), row.since, str(row.key))
    )


def _rings(connection: Connection, desk: Desk) -> list[Ring]:
    """Those that wait for somebody, the most urgent first."""
    scope = scope_of(connection, desk.actor.grid)
    urgency = case(RANK, value=ALARM.c.priority, else_=len(RANK))
    query = (
        select(*(ALARM.c[name] for name in Ring._fields[:-1]), INCIDENT.c.type)
        .select_from(ALARM.outerjoin(INCIDENT, INCIDENT.c.id == ALARM.c.incident))
        .where(ALARM.c.state.in_(WAITING), scope.sees(ALARM))
        .order_by(urgency, ALARM.c.presented, ALARM.c.id)
    )
    return [Ring._make(row) for row in connection.execute(query).all()]


def _tasks(connection: Connection, desk: Desk, incidents: set[str]) -> tuple[Sequence[Any], dict[str, Any]]:
    """The drafts of the grid, and an open task by incident."""
    scope = scope_of(connection, desk.actor.grid)
    draft = TASK.c.state == State.DRAFT
    if desk.actor.role != "supervisor":
        # What a supervisor was asked for is decided, as far as this seat goes.
        draft = and_(draft, TASK.c.asked == "")
    drafts = connection.execute(select(TASK).where(draft, TASK.c.closed.is_(None), scope.covers(TASK))).all()
    found: dict[str, Any] = {}
    wanted = sorted(incidents)
    for start in range(0, len(wanted), PART):
        query = select(TASK).where(TASK.c.closed.is_(None), TASK.c.incident.in_(wanted[start : start + PART]))
        found.update((row.incident, row) for row in connection.execute(query.order_by(TASK.c.id.desc())))
    return drafts, found


class _Told:
    """What places are called, and who has what open."""

    def __init__(self, connection: Connection, desk: Desk) -> None:
        self.grids = grid_names(connection, desk.language, level=4)
        self.stations = station_names(connection, desk.language)
        self.feeds = {
            row[0]: row[1] or row[0]
            for row in connection.execute(select(FEED.c.code, called(FEED, desk.language).label("name")))
        }
        self.types = type_names(connection)
        held = connection.execute(
            select(CLAIM).where(CLAIM.c.until > desk.now, CLAIM.c.person != desk.actor.person)
        ).all()
        people = names(connection, [row.person for row in held], desk.language)
        self.claims = {(row.kind, row.item): people.get(row.person, row.person) for row in held}

    def place(self, ring: Ring) -> str:
        """Where an alarm is."""
        if ring.station is not None:
            return f"{ring.subject} {self.stations.get(ring.station, '')}".strip()
        return str(self.feeds.get(ring.feed, ring.feed) or self.grids.get(ring.grid, ring.grid))

    def cause(self, code: str) -> str:
        """What a cause is called: a feed, or a county."""
        kind, _, name = code.partition(":")
        return str(self.feeds.get(name, name) if kind == "feed" else self.grids.get(name, name))

    def claimed(self, items: Iterable[Item]) -> str:
        """Who else has one of them open."""
        for item in items if self.claims else ():
            for key in claims_of(item):
                if key in self.claims:
                    return str(self.claims[key])
        return ""


def claims_of(item: Item) -> list[tuple[str, str]]:
    """Under which names somebody has it open."""
    of_task = [("task", item.task)] if item.task else []
    return [*of_task, *(("alarm", str(number)) for number in item.alarms)]


def _items(
    rings: Sequence[Ring], drafts: Sequence[Any], open_tasks: Mapping[str, Any], told: _Told
) -> list[tuple[Item, Ring | None]]:
    """Each thing to decide on, with the alarm that leads."""
    by_incident: defaultdict[str, list[Ring]] = defaultdict(list)
    for ring in rings:
        by_incident[f"i:{ring.incident}" if ring.incident else f"a:{ring.id}"].append(ring)
    by_draft = {f"i:{row.incident}" if row.incident else f"t:{row.id}": row for row in drafts}
    items: list[tuple[Item, Ring | None]] = []
    for key in dict.fromkeys((*by_incident, *by_draft)):
        several, draft = by_incident.get(key, []), by_draft.get(key)
        lead = several[0] if several else None
        task = draft or (open_tasks.get(lead.incident) if lead is not None and lead.incident else None)
        of: Any = lead if lead is not None else draft
        urgent = [one.priority for one in (lead, draft) if one is not None]
        item = Item(
            key=key,
            incident=of.incident,
            alarms=tuple([ring.id for ring in several]),
            task=task.id if task is not None else "",
            grid=of.grid or of.township or of.county,
            place=told.place(lead) if lead is not None else told.grids.get(of.grid, of.grid),
            priority=min(urgent, key=lambda name: RANK.get(name, 9)),
            suspect=bool(draft.suspect_data if draft is not None else lead is not None and lead.suspect),
            type=(draft.type if draft is not None else lead.type if lead is not None else "") or "",
            station=lead.station if lead is not None else None,
            draft=task is not None and task.state == State.DRAFT,
            asked=task.asked if task is not None else "",
            placed=bool(of.township),
            since=min([ring.presented for ring in several], default=0),
            rules=tuple(dict.fromkeys([ring.rule for ring in several])),
        )
        items.append((item, lead))
    return items


def _rows(
    connection: Connection,
    desk: Desk,
    items: Sequence[tuple[Item, Ring | None]],
    drafts: Sequence[Any],
    told: _Told,
    unfolded: Collection[str],
) -> list[TriageRow]:
    leading = {item.key: lead for item, lead in items}
    by_draft = {row.id: row for row in drafts}
    groups = grouped(items, unfolded)
    leads = _leads(connection, desk, [group[1][0].alarms[0] for group in groups if group[1][0].alarms])
    at_station: defaultdict[int, list[Item]] = defaultdict(list)
    for item, _lead in items:
        if item.station is not None:
            at_station[item.station].append(item)
    rows = []
    for cause, several in groups:
        first = several[0]
        lead, draft = leads.get(first.alarms[0]) if first.alarms else None, by_draft.get(first.task)
        opened = [draft.opened] if draft is not None else []
        of: Any = leading[first.key] or draft
        rows.append(
            TriageRow(
                key=first.key if not cause else group_key(cause),
                priority=min((item.priority for item in several), key=lambda name: RANK.get(name, 9)),
                what=of.rule if first.alarms else "",
                type_name=told.types.get(first.type, (first.type, first.type)),
                place=told.cause(cause[1]) if cause else first.place,
                county=told.grids.get(of.county, ""),
                township="" if cause else told.grids.get(of.township, ""),
                grid=first.grid,
                count=sum(len(item.alarms) for item in several),
                since=min((*(item.since for item in several if item.alarms), *opened)),
                items=tuple(several),
                lead=lead,
                task=first.task if not cause else "",
                breached=draft is not None and (bool(draft.breaches) or (draft.due or desk.now) < desk.now),
                asked=first.asked,
                suspect=any(item.suspect for item in several),
                rules=tuple(dict.fromkeys(rule for item in several for rule in item.rules)),
                apart=_apart(first, at_station, told) if not cause else (),
                claimed=told.claimed(several),
            )
        )
    return rows


def _apart(item: Item, at_station: Mapping[int, Sequence[Item]], told: _Told) -> tuple[tuple[str, str], ...]:
    """Types of the other items at an item's station, each once."""
    others = [one for one in at_station.get(item.station or 0, ()) if one.key != item.key and one.type]
    return tuple(dict.fromkeys(told.types.get(one.type, (one.type, one.type)) for one in others))


def _leads(connection: Connection, desk: Desk, numbers: Sequence[int]) -> dict[int, AlarmRow]:
    found: dict[int, AlarmRow] = {}
    for start in range(0, len(numbers), PART):
        part = numbers[start : start + PART]
        found.update((row.id, row) for row in alarms.of(connection, desk, ALARM.c.id.in_(part), limit=PART))
    return found
