"""Who has left since the last sweep: the tasks that wait for them are planned anew, so that it is noticed at once.

What the book says of the hours ahead stands in the due table already. What nobody could know (somebody signs out,
stops touching keys, is put on leave, the book is changed) is found by looking at every body that tasks wait for, each
sweep, and comparing with what the sweep before saw; only where somebody has left are tasks touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from backend.city.tables import Centre, Grid
from backend.duty.book import has_book
from backend.duty.presence import Crews, Rooms
from backend.escalation.plan import HEARTBEAT, plan
from backend.escalation.steps import WITHOUT_HOLDER
from backend.store import Store, table, upsert
from backend.tasks.policy import zone_of
from backend.tasks.rows import TASK
from backend.tasks.states import State

CENTRE, GRID = table(Centre), table(Grid)
JOB: Final = "emptied"
"""The heartbeat row whose note says who was missing at the last look."""
BY_SEAT: Final = (State.DRAFT, State.REPORTED)
"""States in which a seat must act."""
CHUNK: Final = 10
"""Tasks in one transaction: a person's act never waits longer than these take."""
_OPEN = TASK.c.closed.is_(None)
_WAITS = and_(_OPEN, TASK.c.state.in_(sorted(WITHOUT_HOLDER)))


class Seen(msgspec.Struct, frozen=True):
    """Who was missing at a look."""

    centres: tuple[str, ...] = ()
    """Centres at which nobody was."""
    places: dict[str, str] = msgspec.field(default_factory=dict)
    """Townships (counties, the city) of which nobody could be sent, or only the one named."""
    fresh: tuple[str, ...] = ()
    """Of both, who had left since the look before. Their tasks are planned at the next look once more: an act that was
    under way when they left may have looked before."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A centre's place."""

    code: str
    grid: str
    level: int


def look(store: Store, now: int) -> list[tuple[str, str]]:
    """Plan the tasks of whoever has left since the last look; answers the tasks that could not be planned, and why."""
    with store.read() as connection:
        before = _before(connection)
        after = seen(connection, now, before)
        tasks = concerned(connection, before, after)
    faults: list[tuple[str, str]] = []
    for start in range(0, len(tasks), CHUNK):
        with store.write() as connection:
            faults += _plan(connection, tasks[start : start + CHUNK], now)
    if after != before and not faults:
        # Written last: whoever is killed on the way looks at the same tasks again.
        with store.write() as connection:
            note = msgspec.json.encode(after).decode()
            beat = {"job": JOB, "at": now, "wall": float(now), "note": note}
            upsert(connection, HEARTBEAT, [beat], keys=["job"])
    return faults


def seen(connection: Connection, now: int, before: Seen) -> Seen:
    """Who is missing now, of those for whom tasks wait."""
    if not has_book(connection):
        return Seen()
    zone = ZoneInfo(zone_of(connection))
    centres, places = _empty_centres(connection, now, zone), _thin_places(connection, now, zone)
    fresh = set(centres) - set(before.centres)
    fresh |= {place for place, code in places.items() if before.places.get(place) != code}
    return Seen(centres, places, tuple(sorted(fresh)))


def _before(connection: Connection) -> Seen:
    query = select(HEARTBEAT.c.note).where(HEARTBEAT.c.job == JOB)
    note = connection.execute(query).scalar_one_or_none()
    return msgspec.json.decode(note, type=Seen) if note else Seen()


def _empty_centres(connection: Connection, now: int, zone: ZoneInfo) -> tuple[str, ...]:
    waits = select(TASK.c.id).where(_OPEN, TASK.c.state.in_(BY_SEAT)).limit(1)
    if connection.execute(waits).first() is None:
        return ()
    query = select(CENTRE.c.code).where(CENTRE.c.in_service).order_by(CENTRE.c.code)
    codes = list(connection.execute(query).scalars())
    rooms = Rooms.read(connection, codes, now, now + 1, now, zone)
    return tuple(code for code in codes if rooms.attended(code, now) is None)


def _thin_places(connection: Connection, now: int, zone: ZoneInfo) -> dict[str, str]:
    """Where nobody is on duty, or one alone: for a task that this one gave back it is the same."""
    query = select(TASK.c.township, TASK.c.county, TASK.c.grid).where(_WAITS).distinct()
    places = sorted({row.township or row.county or row.grid for row in connection.execute(query)})
    if not places:
        return {}
    crews = Crews.read(connection, places, now, now + 1, zone)
    ready = {place: sorted(crews.ready(place, now)) for place in places}
    return {place: "".join(codes) for place, codes in ready.items() if len(codes) < 2}


def concerned(connection: Connection, before: Seen, after: Seen) -> list[str]:
    """The tasks that wait for whoever has left, in the order in which they are locked."""
    conditions: list[ColumnElement[bool]] = []
    turned = {*before.fresh, *after.fresh}
    left = sorted(turned & set(after.centres))
    if left:
        conditions.append(and_(TASK.c.state.in_(BY_SEAT), or_(*_may_owe(connection, left))))
    gone = {place: code for place, code in after.places.items() if place in turned}
    if gone:
        conditions.append(and_(TASK.c.state.in_(sorted(WITHOUT_HOLDER)), or_(*_of_places(gone))))
    if not conditions:
        return []
    query = select(TASK.c.id).where(_OPEN, or_(*conditions)).order_by(TASK.c.id)
    return list(connection.execute(query).scalars())


def _of_places(gone: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    """Of places without anybody every task; of those with one alone what this one gave back."""
    by_code: defaultdict[str, list[str]] = defaultdict(list)
    for place, code in gone.items():
        by_code[code].append(place)
    for code, places in by_code.items():
        own = or_(
            TASK.c.township.in_(places),
            and_(TASK.c.township == "", or_(TASK.c.county.in_(places), TASK.c.grid.in_(places))),
        )
        yield own if not code else and_(own, TASK.c.prior_holder == code)


def _may_owe(connection: Connection, centres: Sequence[str]) -> list[ColumnElement[bool]]:
    """Tasks that one of these centres may owe, as the one that owns them or by its tier."""
    query = (
        select(CENTRE.c.code, CENTRE.c.grid, GRID.c.level)
        .join(GRID, GRID.c.code == CENTRE.c.grid)
        .where(CENTRE.c.code.in_(centres))
    )
    places = [_Place(*row) for row in connection.execute(query)]
    found: list[ColumnElement[bool]] = [TASK.c.centre.in_(centres)]
    by_level = {level: [place.grid for place in places if place.level == level] for level in (1, 2, 3)}
    found.append(TASK.c.township.in_(by_level[3]))
    found.append(and_(TASK.c.county.in_(by_level[2]), TASK.c.level != "T"))
    if by_level[1]:
        found.append(or_(TASK.c.level == "M", TASK.c.supervised))
    return found


def _plan(connection: Connection, tasks: Sequence[str], now: int) -> list[tuple[str, str]]:
    # Not skipping what somebody acts on: their act may have looked before the book was changed.
    query = select(TASK.c.id).where(TASK.c.id.in_(tasks)).order_by(TASK.c.id).with_for_update()
    faults = []
    for task in list(connection.execute(query).scalars()):
        try:
            with connection.begin_nested():
                plan(connection, task, now)
        except Exception as error:
            faults.append((task, repr(error)))
    return faults
