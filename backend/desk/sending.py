"""Where a task can go: whom to send, who can take it over, the tasks and townships into which it could go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from backend.city.called import called as name_of
from backend.city.called import found_by, said
from backend.city.tables import Centre, Department, Grid
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.duty.pick import Candidate, pick_holder
from backend.store import table
from backend.tasks.apply import policy_for
from backend.tasks.arbitration import TYPE as ARBITRATION
from backend.tasks.rows import load
from backend.tasks.taskstate import TaskState
from backend.tasks.workorders import contractors
from backend.words import Message

CENTRE, DEPARTMENT, GRID = table(Centre), table(Department), table(Grid)


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Somebody who could be sent."""

    kind: str
    """``member``, ``centre`` or ``department``."""
    code: str
    name: str
    phone: str
    place: str
    on_duty: bool
    upward: bool
    open_tasks: int
    reasons: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Sending:
    """Whom one could send, best first, and what is short."""

    rows: Sequence[HolderRow]
    known: bool
    """False where the city keeps no duty book: then everybody can be sent."""
    vacant: bool
    """Nobody of the township answers: what is left leads upward."""

    @property
    def best(self) -> HolderRow | None:
        """Whom to send."""
        return next((row for row in self.rows if row.on_duty or not self.known), None)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A department or a centre that a task can be handed to."""

    kind: str
    code: str
    name: str
    phone: str


def holders(desk: Desk, task: str) -> Sending:
    """Whom to send: members of the grid on duty, others of the township, duty rooms, the lead department."""
    with desk.store.read() as connection:
        state = load(connection, task)
        if state is None:
            return Sending((), known=True, vacant=True)
        exclude = state.prior_holder if state.state == "RETURNED" else ""
        found = candidates(connection, desk, state.grid, state.department, exclude=exclude)
        if state.type not in policy_for(connection, state, desk.now).limits.maintenance:
            return found
        # An instrument's fault is no member's: its contractors come first, then the rooms.
        rows = [*_contractors(connection, desk, state.department)]
        rows += [row for row in found.rows if row.kind == "centre"]
        return Sending(rows, found.known, vacant=False)


def _contractors(connection: Connection, desk: Desk, lead: str) -> list[HolderRow]:
    """The maintenance contractors, the one that leads first."""
    rows = connection.execute(select(DEPARTMENT).where(DEPARTMENT.c.code.in_(contractors(connection))))
    found = sorted(rows, key=lambda row: (row.code != lead, row.code))
    why = (Message("desk.holder.contractor"),)
    return [
        HolderRow("department", row.code, said(row, desk.language), row.phone, "", True, False, 0, why)
        for row in found
    ]


def candidates(
    connection: Connection, desk: Desk, grid: str, department: str, *, exclude: str = ""
) -> Sending:
    """Whom to send to a grid, best first, where there is no task yet.

    Args:
        department: the code of the department that leads.
        exclude: who gave the task back.
    """
    picked = pick_holder(connection, grid, desk.now, desk.zone, department=department, exclude=exclude)
    found = [*picked.candidates, *picked.departments]
    places = _grid_names(connection, desk, [candidate.grid for candidate in found])
    called = names(connection, [candidate.code for candidate in found], desk.language)
    # Members, the township's own duty room, the lead department, and only then upward.
    found.sort(key=lambda one: (not one.on_duty, one.upward))
    rows = [_holder(one, places.get(one.grid, ""), called.get(one.code, one.name), desk) for one in found]
    return Sending(rows, picked.known, picked.vacant)


def receivers(desk: Desk, task: str) -> list[Receiver]:
    """Departments, then the centres beside and above, that a task can be handed to."""
    with desk.store.read() as connection:
        state = load(connection, task)
        if state is None:
            return []
        departments = connection.execute(
            select(DEPARTMENT).where(DEPARTMENT.c.in_service).order_by(DEPARTMENT.c.code)
        ).all()
        centres = connection.execute(
            select(CENTRE, GRID.c.county, GRID.c.level)
            .join(GRID, GRID.c.code == CENTRE.c.grid)
            .where(CENTRE.c.in_service, (GRID.c.county == state.county) | (GRID.c.level <= 2))
            .order_by(GRID.c.county != state.county, GRID.c.level, CENTRE.c.code)
        ).all()
    taken = {state.holder, state.centre}
    found = [Receiver("department", row.code, said(row, desk.language), row.phone) for row in departments]
    found += [Receiver("centre", row.code, said(row, desk.language), row.phone) for row in centres]
    return [one for one in found if one.code not in taken]


def mergeable(desk: Desk, task: str) -> list[tuple[str, str, tuple[str, str], str]]:
    """Open tasks of the same county into which this one could go: id, state, type's names, place."""
    from backend.desk import tasks

    with desk.store.read() as connection:
        state = load(connection, task)
    if state is None:
        return []
    rows = [
        row
        for row in tasks.board(desk, limit=500)
        if row.id != task and row.type != ARBITRATION and not row.side
    ]
    here = _place(desk, state)
    rows.sort(key=lambda row: (row.type != state.type, row.place != here))
    return [(row.id, row.state, row.type_name, row.place) for row in rows]


def townships(desk: Desk, task: str) -> list[tuple[str, str, str]]:
    """Townships in which a task that has no place yet could be filed: code, name, pinyin initials."""
    with desk.store.read() as connection:
        state = load(connection, task)
        if state is None:
            return []
        query = select(GRID.c.code, GRID.c.name, GRID.c.name_en, GRID.c.initials).where(
            GRID.c.level == 3, GRID.c.in_service
        )
        if state.county:
            query = query.where(GRID.c.county == state.county)
        language = desk.language
        return [
            (row.code, said(row, language), found_by(row, language))
            for row in connection.execute(query.order_by(GRID.c.code))
        ]


def _grid_names(connection: Connection, desk: Desk, codes: Sequence[str]) -> Mapping[str, str]:
    wanted = sorted({code for code in codes if code})
    rows = connection.execute(
        select(GRID.c.code, name_of(GRID, desk.language)).where(GRID.c.code.in_(wanted))
    )
    return {row[0]: row[1] for row in rows}


def _place(desk: Desk, state: TaskState) -> str:
    with desk.store.read() as connection:
        return _grid_names(connection, desk, [state.grid]).get(state.grid, state.grid)


def _holder(one: Candidate, place: str, name: str, desk: Desk) -> HolderRow:
    # Where the duty book names its room in Chinese only, the centre is told.
    reasons = [
        replace(why, args={**why.args, "name": why.args.get("name_en") or name})
        if desk.language != "zh" and one.kind == "centre" and "name" in why.args
        else why
        for why in one.reasons
    ]
    return HolderRow(
        kind=one.kind,
        code=one.code,
        name=name,
        phone=one.phone,
        place=place,
        on_duty=one.on_duty,
        upward=one.upward,
        open_tasks=one.open_tasks,
        reasons=reasons,
    )
