"""What stands beside a task: what happens next and when, whom to call, its alarms and reports, what can be recalled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.city.called import called as name_of
from backend.city.called import found_by, said
from backend.city.tables import Centre, Department, Grid, IncidentType
from backend.desk import alarms, evidence, told
from backend.desk.alarms import AlarmRow, Face, grid_faces, incident_faces
from backend.desk.desk import Desk
from backend.desk.evidence import EvidenceRow
from backend.desk.naming import named, names
from backend.desk.told import TellingRow
from backend.duty.pick import Candidate, pick_holder
from backend.escalation import explain
from backend.escalation.explain import NextStep as NextStep
from backend.escalation.explain import Party as Party
from backend.incidents.masking import hide_name, hide_phone, hide_text
from backend.incidents.tables import IncidentReport
from backend.store import table
from backend.tasks.apply import policy_for
from backend.tasks.arbitration import TYPE as ARBITRATION
from backend.tasks.facts import MOVES_NOTHING
from backend.tasks.policy import Limits
from backend.tasks.rows import load
from backend.tasks.tables import Act, Task
from backend.tasks.taskstate import TaskState
from backend.tasks.workorders import CONTRACTOR, contractors
from backend.words import Message

ACT, ALARM, TASK = table(Act), alarms.ALARM, table(Task)
CENTRE, DEPARTMENT, GRID = table(Centre), table(Department), table(Grid)
REPORT, TYPE = table(IncidentReport), table(IncidentType)


@dataclass(frozen=True, slots=True)
class Recallable:
    """An act that this person can still take back."""

    task: str
    op: str
    kind: str
    until: int
    """The last instant at which it can be recalled."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person reported about the incident."""

    at: int
    channel: str
    number: str
    text: str
    caller: str
    phone: str
    """Masked, as in the text: who called is told on the complaint's own page alone."""


@dataclass(frozen=True, slots=True)
class TaskSides:
    """What a task's page shows around the task itself."""

    next: Sequence[NextStep]
    why: Sequence[tuple[int, Message]]
    """Why it stands where it does, newest first, with when."""
    holder: Party | None
    centre: Party | None
    department: Party | None
    alarms: Sequence[AlarmRow]
    reports: Sequence[Told]
    evidence: Sequence[EvidenceRow]
    faces: Sequence[Face]
    recall: Recallable | None
    limits: Limits
    """Of the policy that the task goes by."""
    stage_target: int
    """Seconds that the clock of its state has; 0 where none runs."""
    told: Sequence[TellingRow] = ()
    """Who was told of it, the newest first."""
    co: Sequence[Party] = ()
    """The co-handling departments 协办, with the phones of their duty rooms."""
    offered: Party | None = None
    """To whom it is offered."""
    helpers: Sequence[Party] = ()
    """The departments that could help: those in service but the lead."""


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


def sides(desk: Desk, task: str) -> TaskSides | None:
    """What stands beside a task; None where there is none."""
    now = desk.now
    with desk.store.read() as connection:
        state = load(connection, task)
        if state is None:
            return None
        policy = policy_for(connection, state, now)
        zone = policy.zone
        segment = state.state_clock()
        return TaskSides(
            next=_next(connection, desk, task),
            why=_why(connection, desk, task),
            holder=_called(
                connection, desk, explain.party(connection, state.holder_kind, state.holder, now, zone)
            ),
            centre=_called(connection, desk, explain.party(connection, "centre", state.centre, now, zone)),
            department=_called(
                connection, desk, explain.party(connection, "department", state.department, now, zone)
            ),
            alarms=_alarms(connection, desk, state),
            reports=_reports(connection, state.incident),
            evidence=evidence.rows(connection, desk, task=task),
            faces=_faces(connection, desk, state),
            recall=_recallable(connection, desk, task),
            limits=policy.limits,
            stage_target=segment.target if segment is not None else 0,
            told=told.of_task(connection, desk, task),
            co=_parties(connection, desk, [("department", code) for code in state.co_handlers], zone),
            helpers=_helpers(connection, desk, state, zone),
            offered=next(
                iter(_parties(connection, desk, [(state.offered_kind, state.offered_to)], zone)), None
            ),
        )


def next_steps(desk: Desk, task: str, *, limit: int = 3) -> list[NextStep]:
    """Who is next, when, and why, unless the task moves first; soonest first."""
    with desk.store.read() as connection:
        return _next(connection, desk, task)[:limit]


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
    bodies = [candidate.code for candidate in found if candidate.kind != "member"]
    called = names(connection, bodies, desk.language)
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


def recallable(desk: Desk, task: str = "") -> Recallable | None:
    """The newest act of this person that can be taken back, of one task or of any."""
    with desk.store.read() as connection:
        return _recallable(connection, desk, task)


def _recallable(connection: Connection, desk: Desk, task: str) -> Recallable | None:
    now = desk.now
    query = (
        select(ACT.c.id, ACT.c.op, ACT.c.task, ACT.c.kind, ACT.c.at, ACT.c.undo)
        .where(ACT.c.actor == desk.actor.person, ACT.c.at > now - 3600, ACT.c.result == "applied")
        .where(ACT.c.kind.not_in(MOVES_NOTHING))
        .order_by(ACT.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query.where(ACT.c.task == task) if task else query).first()
    if row is None or not row.undo:
        return None
    later = select(ACT.c.id).where(
        ACT.c.task == row.task,
        ACT.c.id > row.id,
        ACT.c.result == "applied",
        ACT.c.kind.not_in(MOVES_NOTHING),
    )
    state = load(connection, row.task)
    if state is None or connection.execute(later.limit(1)).first() is not None:
        return None
    until = row.at + policy_for(connection, state, now).limits.recall
    return Recallable(row.task, row.op, row.kind, until) if now <= until else None


def _called(connection: Connection, desk: Desk, party: Party | None) -> Party | None:
    """A party as it is called in the language of the desk."""
    if party is None:
        return None
    return replace(party, name=names(connection, [party.code], desk.language).get(party.code, party.name))


def _helpers(connection: Connection, desk: Desk, state: TaskState, zone: ZoneInfo) -> list[Party]:
    query = select(DEPARTMENT.c.code).where(DEPARTMENT.c.in_service, DEPARTMENT.c.kind != CONTRACTOR)
    codes = connection.execute(query.order_by(DEPARTMENT.c.code)).scalars()
    return _parties(
        connection, desk, [("department", code) for code in codes if code != state.department], zone
    )


def _parties(
    connection: Connection, desk: Desk, whom: Sequence[tuple[str, str]], zone: ZoneInfo
) -> list[Party]:
    """Those of these whom there are, by kind and code."""
    found = (explain.party(connection, kind, code, desk.now, zone) for kind, code in whom)
    return [called for party in found if (called := _called(connection, desk, party)) is not None]


def _next(connection: Connection, desk: Desk, task: str) -> list[NextStep]:
    steps = explain.next_steps(connection, task, desk.now)
    return [replace(step, who=_called(connection, desk, step.who)) for step in steps]


def _why(connection: Connection, desk: Desk, task: str) -> list[tuple[int, Message]]:
    found = explain.why_here(connection, task, limit=3)
    codes = [str(why.args["by"]) for _, why in found if why.args.get("by")]
    called = names(connection, codes, desk.language)
    return [(at, named(why, called)) for at, why in found]


def _alarms(connection: Connection, desk: Desk, state: TaskState) -> list[AlarmRow]:
    if not state.incident:
        return []
    return alarms.of(connection, desk, ALARM.c.incident == state.incident, limit=20)


def _reports(connection: Connection, incident: str) -> list[Told]:
    if not incident:
        return []
    rows = connection.execute(select(REPORT).where(REPORT.c.incident == incident).order_by(REPORT.c.id))
    return [
        Told(
            row.at,
            row.channel,
            row.number,
            hide_text(row.text, row.caller, row.caller_phone),
            hide_name(row.caller),
            hide_phone(row.caller_phone),
        )
        for row in rows
    ]


def _faces(connection: Connection, desk: Desk, state: TaskState) -> list[Face]:
    faces = incident_faces(connection, desk, state.incident)
    for row in _alarms(connection, desk, state)[:9]:
        faces.append(Face("alarm", str(row.id), f"{row.place} {row.parameter}".rstrip()))
        if row.station and not any(face.key == row.station for face in faces):
            faces.append(Face("station", row.station, row.place))
    others = connection.execute(
        select(TASK.c.id).where(
            TASK.c.incident == state.incident, TASK.c.incident != "", TASK.c.id != state.id
        )
    ).scalars()
    faces += [Face("task", name, name) for name in others]
    for name in (state.merged_into, state.about, state.arbitration):
        if name:
            faces.append(Face("task", name, name))
    return [*faces, *grid_faces(connection, desk, (state.grid, state.township, state.county))]


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
    room = {"name": name} if one.kind == "centre" and desk.language != "zh" else {}
    # The duty book names its rooms in Chinese only.
    reasons = [replace(why, args={**why.args, **room}) if "name" in why.args else why for why in one.reasons]
    return HolderRow(
        kind=one.kind,
        code=one.code,
        name=name if one.kind != "member" else one.name,
        phone=one.phone,
        place=place,
        on_duty=one.on_duty,
        upward=one.upward,
        open_tasks=one.open_tasks,
        reasons=reasons,
    )
