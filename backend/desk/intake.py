"""Intake 登记: what a person is told, from a call, a complaint, a patrol, a camera or a leader, becomes an incident.

What is near and recent is proposed first, so that the second call of one fire is no second fire. A leader's order with
a due time becomes an order, and its task is supervised from its first act.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from backend.access import may
from backend.city.called import said
from backend.city.registry import City
from backend.city.tables import Source
from backend.desk import known
from backend.desk.desk import Desk
from backend.desk.intakechoices import IntakeChoices as IntakeChoices
from backend.desk.intakechoices import PlaceChoice as PlaceChoice
from backend.desk.intakechoices import choices as choices
from backend.desk.naming import type_names
from backend.incidents import Intake, report_by_person
from backend.incidents.masking import hide_text
from backend.incidents.masking import phone_ok as phone_ok
from backend.incidents.near import near as near_by
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.states import PRIORITIES
from backend.tasks.tables import Task
from backend.words import Message, Outcome

INCIDENT, SOURCE, TASK = table(Incident), table(Source), table(Task)
KINDS = ("grid", "station", "source")
SHORT = 24
"""Characters of a text that the title of an order keeps."""


@dataclass(frozen=True, slots=True)
class NearRow:
    """An open incident that the report may belong to."""

    incident: str
    type_name: tuple[str, str]
    title: Message
    km: float | None
    """None where it is of the same township, and no more is known."""
    last: int
    origin: str
    task: str
    """Its open task; empty where it has none."""
    task_state: str


def near(
    desk: Desk,
    *,
    type: str,  # noqa: A002 - the field's own word
    place: str,
    **_more: str,
) -> list[NearRow]:
    """The open incidents of the person's jurisdiction that a report may belong to, the nearest first.

    Args:
        type: the code of an incident type.
        place: ``grid:CODE``, ``station:CODE`` or ``source:CODE``.
    """
    with desk.store.read() as connection:
        city = City.read(connection)
        found = near_by(connection, city, _intake(type, place), desk.now)
        found = [one for one in found if city.inside(one.grid, desk.actor.grid)]
        names = type_names(connection)
        query = select(TASK.c.incident, TASK.c.id, TASK.c.state).where(
            TASK.c.incident.in_([one.incident for one in found]), TASK.c.closed.is_(None)
        )
        tasks = {row.incident: (row.id, row.state) for row in connection.execute(query)}
    return [
        NearRow(
            incident=one.incident,
            type_name=names.get(one.type, (one.type, one.type)),
            title=Message(one.title_code, one.title_args),
            km=one.km,
            last=one.last,
            origin=one.origin,
            task=tasks.get(one.incident, ("", ""))[0],
            task_state=tasks.get(one.incident, ("", ""))[1],
        )
        for one in found
    ]


def enter(
    desk: Desk,
    *,
    type: str,  # noqa: A002 - the field's own word
    place: str,
    channel: str = "phone",
    text: str = "",
    priority: str = "",
    number: str = "",
    caller: str = "",
    caller_phone: str = "",
    due: int | None = None,
    into: str = "",
    op_id: str = "",
) -> Outcome:
    """Enter what was reported; ``data`` names ``incident``, ``task``, the complaint's ``report`` and ``number``.

    Args:
        place: ``grid:CODE``, ``station:CODE``, ``source:CODE``, or ``incident:NUMBER`` for one that it belongs to.
        channel: phone, 12345, patrol, camera or leader.
        priority: that of the type where empty.
        number: the complaint's own; one is given where it has none.
        due: until when a leader wants it done: it becomes an order with a supervised task.
        into: the open incident that it belongs to; a new one where empty.
    """
    if place.startswith("incident:"):
        into = into or place.removeprefix("incident:")
    if channel == "leader" and (due is not None or not into):
        return _ordered(desk, type, _place_of(desk, into) if into else place, text, due, priority)
    intake = replace(
        _intake(type, place),
        channel=channel,
        text=text,
        priority=priority,
        number=number,
        caller=caller,
        caller_phone=caller_phone,
    )
    with desk.store.write() as connection:
        city = City.read(connection)
        refusal = _refusal(connection, desk, city, intake, into)
        if refusal is not None:
            return Outcome(False, refusal)
        urgency = select(INCIDENT.c.priority).where(INCIDENT.c.id == into)
        before = connection.execute(urgency).scalar_one_or_none()
        told = report_by_person(connection, city, intake, actor=desk.actor.person, now=desk.now, into=into)
        if not told.ok:
            return told
        risen = into and connection.execute(urgency).scalar_one() != before
        return _worked(connection, desk, intake, told, into, op_id, risen=bool(risen))


def _place_of(desk: Desk, incident: str) -> str:
    """Where an incident is, as a person names a place: what a leader orders about it is to be done there."""
    query = select(INCIDENT.c.source, INCIDENT.c.grid).where(INCIDENT.c.id == incident)
    with desk.store.read() as connection:
        row = connection.execute(query).one_or_none()
        known_source = (
            row is not None
            and connection.execute(select(SOURCE.c.code).where(SOURCE.c.code == row.source)).first()
        )
    if row is None:
        return ""
    return f"source:{row.source}" if known_source else f"grid:{row.grid}"


def _worked(
    connection: Connection,
    desk: Desk,
    intake: Intake,
    told: Outcome,
    into: str,
    op_id: str,
    *,
    risen: bool,
) -> Outcome:
    """The task of what was reported: a new one, or the incident's open one, whose holder is told of the report."""
    from backend.desk import acts

    incident, number = str(told.data["incident"]), str(told.data.get("number") or "")
    query = select(TASK.c.id).where(TASK.c.incident == incident, TASK.c.closed.is_(None))
    if into and (task := connection.execute(query.order_by(TASK.c.opened).limit(1)).scalar()) is not None:
        words = " ".join(filter(None, (number, hide_text(intake.text, intake.caller, intake.caller_phone))))
        if risen:
            _as_urgent(connection, desk, incident, task)
        said_now = {"note": words[:200] or incident, "report": str(told.data["report"])}
        acts.act_in(connection, desk, task, "note", said_now)
        if told.data.get("identified"):
            known.tell_tasks(connection, desk, incident)
        code = "incident.done.identified" if told.data.get("identified") else "incident.done.joined_task"
        message = Message(code, {"incident": incident, "task": task})
        return Outcome(True, message, {**told.data, "task": task})
    made = acts.of_incident(connection, desk, incident, op_id=op_id)
    data = {**told.data, **made.data, "incident": incident}
    if not made.ok:
        # The report stands: whoever may make its task finds it among the incidents.
        return told
    code = "incident.done.numbered" if number else "incident.done.entered"
    args = {"incident": incident, "task": str(made.data.get("task") or ""), "number": number}
    return Outcome(True, Message(code, args), data)


def _as_urgent(connection: Connection, desk: Desk, incident: str, task: str) -> None:
    """A report made the incident more urgent: so is the work, where it was less so."""
    from backend.desk import acts

    query = select(INCIDENT.c.priority.label("found"), TASK.c.priority.label("held"))
    query = query.join(TASK, TASK.c.incident == INCIDENT.c.id)
    found, held = connection.execute(query.where(INCIDENT.c.id == incident, TASK.c.id == task)).one()
    if PRIORITIES.index(found) < PRIORITIES.index(held):
        acts.act_in(connection, desk, task, "prioritise", {"priority": found, "reason": incident})


def _ordered(desk: Desk, kind: str, place: str, text: str, due: int | None, priority: str) -> Outcome:
    """What a leader wants done by a time: an order, with a supervised task."""
    from backend.desk import orders

    if due is None:
        return Outcome.refused("incident.refused.no_due")
    intake = _intake(kind, place)
    with desk.store.read() as connection:
        city = City.read(connection)
        refusal = _refusal(connection, desk, city, intake, "")
        names = type_names(connection).get(kind)
    if refusal is not None:
        return Outcome(False, refusal)
    if names is None:
        return Outcome.refused("incident.refused.type", type=kind[:40])
    station = city.station(intake.station) if intake.station else None
    scope_kind, scope = ("source", intake.source) if intake.source else ("grid", intake.grid)
    if station is not None:
        scope = station.grid
    title, title_en = (f"{name} {text.strip()[:SHORT]}".strip() for name in names)
    return orders.issue(
        desk,
        kind="instruction",
        title=title,
        title_en=title_en,
        scope_kind=scope_kind,
        scope=scope,
        starts=desk.now,
        ends=None,
        text=text,
        due=due,
        type=kind,
        priority=priority,
    )


def _refusal(connection: Connection, desk: Desk, city: City, intake: Intake, into: str) -> Message | None:
    """Why it can't be entered by this person: the place is unknown, or another's."""
    grid = intake.grid
    if intake.station:
        station = city.station(intake.station)
        grid = station.grid if station is not None else ""
    elif intake.source:
        row = connection.execute(select(SOURCE.c.grid).where(SOURCE.c.code == intake.source)).first()
        grid = row.grid if row is not None else ""
    if into:
        row = connection.execute(select(INCIDENT.c.grid).where(INCIDENT.c.id == into)).first()
        if row is None:
            return Message("desk.no_incident", {"incident": into[:40]})
        grid = row.grid
    held = city.grids.get(grid)
    if held is None:
        return Message("incident.refused.place")
    if may(connection, desk.actor, "incident.report", grid) is None:
        return None
    if city.inside(grid, desk.actor.grid):
        return may(connection, desk.actor, "incident.report", grid)
    county = city.grids.get(held.county)
    names = {"place": said(held, desk.language), "county": said(county, desk.language) if county else ""}
    return Message("incident.refused.outside", names)


def _intake(kind: str, place: str) -> Intake:
    what, _, code = place.partition(":")
    grid, station, source = (code if what == one else "" for one in KINDS)
    return Intake(kind, "phone", grid, station, source)
