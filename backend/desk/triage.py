"""The queue of the triage desk 研判台: what awaits a decision, one row for one thing that happens.

Alarms that nobody has acknowledged and drafts 待研判 stand together by their incident. Of a flood 报警泛滥, alarms of
one rule in one county or on one feed are one row again: nothing is dropped, and one decision does for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from backend.alarms.load import Limits
from backend.alarms.tables import Alarm
from backend.city.called import called
from backend.city.tables import Station
from backend.desk import alarms
from backend.desk.alarms import PRIORITIES, WAITING, AlarmRow
from backend.desk.desk import Desk
from backend.desk.naming import names, type_names
from backend.desk.scope import grid_names, scope_of
from backend.duty.tables import Claim
from backend.feeds.tables import Feed
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.states import State
from backend.tasks.tables import Task
from backend.words import Message

ALARM, CLAIM, FEED, INCIDENT = table(Alarm), table(Claim), table(Feed), table(Incident)
STATION, TASK = table(Station), table(Task)
EQUIPMENT = "equipment"
PART = 400
"""Keys that are asked for at once."""
TEN_MINUTES = 600
_RANK = {name: number for number, name in enumerate(PRIORITIES)}


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

    def at(self, township: str) -> Item:
        """The same, in a township that a person named."""
        return replace(self, grid=township, settled=township)


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
        found = _alarms(connection, desk)
        drafts, open_tasks = _tasks(connection, desk, {row.incident for row in found} - {""})
        told = _Told(connection, desk)
        items = _items(found, drafts, open_tasks, told)
        rows = _rows(connection, desk, items, found, drafts, told, unfolded)
    return sorted(
        rows, key=lambda row: (not row.breached, _RANK.get(row.priority, 9), row.since, str(row.key))
    )


def _alarms(connection: Connection, desk: Desk) -> Sequence[Any]:
    """Those that wait for somebody, the most urgent first."""
    scope = scope_of(connection, desk.actor.grid)
    columns = [
        ALARM.c[name]
        for name in (
            "id", "rule", "state", "priority", "station", "feed", "grid", "county", "township", "incident",
            "presented", "suspect", "subject",
        )
    ]  # fmt: skip
    query = (
        select(*columns, INCIDENT.c.type)
        .select_from(ALARM.outerjoin(INCIDENT, INCIDENT.c.id == ALARM.c.incident))
        .where(ALARM.c.state.in_(WAITING), scope.sees(ALARM))
    )
    rows = connection.execute(query).all()
    return sorted(rows, key=lambda row: (_RANK.get(row.priority, 9), row.presented, row.id))


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
        rows = connection.execute(select(STATION.c.id, called(STATION, desk.language)))
        self.stations = {row[0]: row[1] for row in rows}
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

    def place(self, row: Any) -> str:
        """Where an alarm is."""
        if row.station is not None:
            return f"{row.subject} {self.stations.get(row.station, '')}".strip()
        return str(self.feeds.get(row.feed, row.feed) or self.grids.get(row.grid, row.grid))

    def cause(self, code: str) -> str:
        """What a cause is called: a feed, or a county."""
        kind, _, name = code.partition(":")
        return str(self.feeds.get(name, name) if kind == "feed" else self.grids.get(name, name))

    def claimed(self, items: Iterable[Item]) -> str:
        """Who else has one of them open."""
        for item in items:
            for key in claims_of(item):
                if key in self.claims:
                    return str(self.claims[key])
        return ""


def claims_of(item: Item) -> list[tuple[str, str]]:
    """Under which names somebody has it open."""
    of_task = [("task", item.task)] if item.task else []
    return [*of_task, *(("alarm", str(number)) for number in item.alarms)]


def _items(
    found: Sequence[Any], drafts: Sequence[Any], open_tasks: Mapping[str, Any], told: _Told
) -> list[Item]:
    by_incident: defaultdict[str, list[Any]] = defaultdict(list)
    for row in found:
        by_incident[f"i:{row.incident}" if row.incident else f"a:{row.id}"].append(row)
    by_draft = {f"i:{row.incident}" if row.incident else f"t:{row.id}": row for row in drafts}
    items = []
    for key in dict.fromkeys((*by_incident, *by_draft)):
        several, draft = by_incident.get(key, []), by_draft.get(key)
        lead = several[0] if several else None
        task = draft or (open_tasks.get(lead.incident) if lead is not None and lead.incident else None)
        of: Any = lead if lead is not None else draft
        waits = task is not None and task.state == State.DRAFT
        urgent = [one.priority for one in (lead, draft) if one is not None]
        items.append(
            Item(
                key=key,
                incident=of.incident,
                alarms=tuple(row.id for row in several),
                task=task.id if task is not None else "",
                grid=of.grid or of.township or of.county,
                place=told.place(lead) if lead is not None else told.grids.get(of.grid, of.grid),
                priority=min(urgent, key=lambda name: _RANK.get(name, 9)),
                suspect=bool(draft.suspect_data if draft is not None else lead is not None and lead.suspect),
                type=(draft.type if draft is not None else lead.type if lead is not None else "") or "",
                station=lead.station if lead is not None else None,
                draft=waits,
                asked=task.asked if task is not None else "",
                placed=bool(of.township),
            )
        )
    return items


def _rows(
    connection: Connection,
    desk: Desk,
    items: Sequence[Item],
    found: Sequence[Any],
    drafts: Sequence[Any],
    told: _Told,
    unfolded: Collection[str],
) -> list[TriageRow]:
    raw = {row.id: row for row in found}
    by_draft = {row.id: row for row in drafts}
    groups = _grouped(items, raw, unfolded)
    leads = _leads(connection, desk, [group[1][0].alarms[0] for group in groups if group[1][0].alarms])
    at_station: defaultdict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.station is not None:
            at_station[item.station].append(item)
    rows = []
    for cause, several in groups:
        first = several[0]
        lead, draft = leads.get(first.alarms[0]) if first.alarms else None, by_draft.get(first.task)
        opened = [draft.opened] if draft is not None else []
        since = [raw[number].presented for item in several for number in item.alarms]
        of: Any = raw[first.alarms[0]] if first.alarms else draft
        rows.append(
            TriageRow(
                key=first.key if not cause else _group_key(cause),
                priority=min((item.priority for item in several), key=lambda name: _RANK.get(name, 9)),
                what=of.rule if first.alarms else "",
                type_name=told.types.get(first.type, (first.type, first.type)),
                place=told.cause(cause[1]) if cause else first.place,
                county=told.grids.get(of.county, ""),
                township="" if cause else told.grids.get(of.township, ""),
                grid=first.grid,
                count=sum(len(item.alarms) for item in several),
                since=min((*since, *opened)),
                items=tuple(several),
                lead=lead,
                task=first.task if not cause else "",
                breached=draft is not None and (bool(draft.breaches) or (draft.due or desk.now) < desk.now),
                asked=first.asked,
                suspect=any(item.suspect for item in several),
                rules=tuple(dict.fromkeys(raw[one].rule for item in several for one in item.alarms)),
                apart=_apart(first, at_station, told) if not cause else (),
                claimed=told.claimed(several),
            )
        )
    return rows


def _apart(item: Item, at_station: Mapping[int, Sequence[Item]], told: _Told) -> tuple[tuple[str, str], ...]:
    """Types of the other items at an item's station, each once."""
    others = [one for one in at_station.get(item.station or 0, ()) if one.key != item.key and one.type]
    return tuple(dict.fromkeys(told.types.get(one.type, (one.type, one.type)) for one in others))


def _grouped(
    items: Sequence[Item], raw: Mapping[int, Any], unfolded: Collection[str]
) -> list[tuple[tuple[str, str] | None, list[Item]]]:
    """Each item by itself; those of a flood that have one cause together."""
    by_cause: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    alone: list[tuple[tuple[str, str] | None, list[Item]]] = []
    for item in items:
        lead = raw[item.alarms[0]] if item.alarms else None
        if lead is None or lead.station is None or item.task:
            alone.append((None, [item]))
            continue
        feed = lead.type == EQUIPMENT and lead.feed
        by_cause[(lead.rule, f"feed:{lead.feed}" if feed else f"grid:{lead.county}")].append(item)
    most = Limits.read().flood_starts
    for cause, several in by_cause.items():
        several.sort(key=lambda item: raw[item.alarms[0]].presented)
        if _group_key(cause) in unfolded:
            alone += [(None, [item]) for item in several]
            continue
        flood = _flooding([raw[item.alarms[0]].presented for item in several], most)
        together = [item for item, rang in zip(several, flood, strict=True) if rang]
        together.sort(key=lambda item: (_RANK.get(item.priority, 9), item.alarms[0]))
        if together:
            alone.append((cause, together))
        alone += [(None, [item]) for item, rang in zip(several, flood, strict=True) if not rang]
    return alone


def _group_key(cause: tuple[str, str]) -> str:
    return f"g:{'|'.join(cause)}"


def _flooding(presented: Sequence[int], most: int) -> list[bool]:
    """Which of these instants, oldest first, lie among more than ``most`` within ten minutes."""
    found, first = [False] * len(presented), 0
    for last, at in enumerate(presented):
        while presented[first] <= at - TEN_MINUTES:
            first += 1
        if last - first + 1 > most:
            found[first : last + 1] = [True] * (last - first + 1)
    return found


def _leads(connection: Connection, desk: Desk, numbers: Sequence[int]) -> dict[int, AlarmRow]:
    found: dict[int, AlarmRow] = {}
    for start in range(0, len(numbers), PART):
        part = numbers[start : start + PART]
        found.update((row.id, row) for row in alarms.of(connection, desk, ALARM.c.id.in_(part), limit=PART))
    return found


# What became of rows that are decided on.


def settled(desk: Desk, rows: Sequence[TriageRow]) -> list[TriageRow]:
    """Rows that no longer wait, with what was done: by whom, and what came of it."""
    if not rows:
        return []
    incidents = {row.item.incident for row in rows} - {""}
    tasks = {row.item.task for row in rows} - {""}
    numbers = [row.item.alarms[0] for row in rows if row.item.alarms]
    with desk.store.read() as connection:
        of = or_(TASK.c.id.in_(sorted(tasks)), TASK.c.incident.in_(sorted(incidents)))
        found = connection.execute(select(TASK).where(of).order_by(TASK.c.opened, TASK.c.id)).all()
        rings = {row.id: row for row in connection.execute(select(ALARM).where(ALARM.c.id.in_(numbers)))}
        codes = [code for row in found for code in (row.holder, row.moved_by)]
        codes += [code for row in rings.values() for code in (row.acked_by, row.shelved_by)]
        people = names(connection, codes, desk.language)
    by_task = {row.id: row for row in found} | {row.incident: row for row in found if row.incident}
    told = []
    for row in rows:
        item = row.item
        task = by_task.get(item.incident) if item.incident else by_task.get(item.task)
        ring = rings.get(item.alarms[0]) if item.alarms else None
        told.append(replace(row, claimed="", done=_became(task, ring, people)))
    return told


def _became(task: Any, ring: Any, people: Mapping[str, str]) -> Message:
    if task is not None and (task.state != State.DRAFT or task.asked):
        by = people.get(task.moved_by, task.moved_by)
        if task.asked and task.state == State.DRAFT:
            asked = people.get(task.asked_by, task.asked_by)
            return Message("triage.was.asked", {"task": task.id, "act": f"ask_{task.asked}", "by": asked})
        if task.state == State.DISPATCHED:
            holder = people.get(task.holder, task.holder)
            return Message("triage.was.sent", {"task": task.id, "holder": holder, "by": by})
        if task.state == State.MERGED:
            return Message("triage.was.merged", {"task": task.id, "into": task.merged_into, "by": by})
        if task.state == State.CANCELLED:
            return Message(
                "triage.was.dismissed", {"task": task.id, "reason": task.close_code or "other", "by": by}
            )
        return Message("triage.was.task", {"task": task.id, "state": task.state, "by": by})
    if ring is None:
        return Message("triage.was.gone")
    match ring.state:
        case "ACKED":
            return Message("triage.was.acked", {"by": people.get(ring.acked_by, ring.acked_by)})
        case "SHELVED":
            by = people.get(ring.shelved_by, ring.shelved_by)
            return Message("triage.was.shelved", {"until": ring.shelved_until or 0, "by": by})
        case "NORM":
            return Message("triage.was.cleared")
    return Message("triage.was.quiet", {"state": ring.state})
