"""What stands beside a task: what happens next and when, whom to call, its alarms and reports, what can be recalled.

To whom it can be sent or handed is told in `backend.desk.sending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.city.tables import Department
from backend.desk import alarms, evidence, told
from backend.desk.alarms import AlarmRow, Face, grid_faces, incident_faces
from backend.desk.desk import Desk
from backend.desk.evidence import EvidenceRow
from backend.desk.naming import named, names
from backend.desk.told import TellingRow
from backend.escalation import explain
from backend.escalation.explain import NextStep as NextStep
from backend.escalation.explain import Party as Party
from backend.incidents.masking import hide_name, hide_phone, hide_text
from backend.incidents.tables import IncidentReport
from backend.store import table
from backend.tasks.apply import policy_for
from backend.tasks.facts import MOVES_NOTHING
from backend.tasks.policy import Limits
from backend.tasks.rows import load
from backend.tasks.tables import Act, Task
from backend.tasks.taskstate import TaskState
from backend.tasks.workorders import CONTRACTOR
from backend.words import Message, entry

ACT, ALARM, TASK = table(Act), alarms.ALARM, table(Task)
DEPARTMENT, REPORT = table(Department), table(IncidentReport)


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
    """The alarms of its incident, most urgent first: what the task is about is not what rang last."""
    if not state.incident:
        return []
    found = alarms.of(connection, desk, ALARM.c.incident == state.incident, limit=20)
    return sorted(found, key=lambda row: (row.cleared is not None, alarms.PRIORITIES.index(row.priority)))


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
        measured = entry(f"parameter.{row.parameter}", desk.language) or row.parameter
        told = (row.place, measured, entry(f"rule.{row.rule}", desk.language))
        faces.append(Face("alarm", str(row.id), " ".join(filter(None, told))))
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
