"""What follows from tracing 溯源派发: somebody is sent to a source, with what speaks for and against it.

The answer is kept as it was known then: later readings may say otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.desk import intake
from backend.desk.desk import Desk
from backend.desk.naming import names, type_names
from backend.desk.sending import Sending, candidates
from backend.desk.sources import Asked, as_json
from backend.incidents import evidence as references
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Message, Outcome, entry, say

if TYPE_CHECKING:
    from backend.analysis.sources.answer import Answer, Ranked

INCIDENT, TASK = table(Incident), table(Task)
NOTED = 8
"""Pieces of evidence that go with whoever is sent."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be sent: to whom, why, with what."""

    source: str
    name: str
    type: str
    reason: str
    department: str
    department_name: str
    sending: Sending


def proposal(desk: Desk, answer: Answer, row: Ranked) -> Proposal:
    """Whom one would send to a candidate: members of its grid, duty rooms, its department."""
    department = row.source.department
    with desk.store.read() as connection:
        sending = candidates(connection, desk, row.source.grid, department)
        called = names(connection, [department], desk.language) if department else {}
    return Proposal(
        row.source.code, row.source.name, incident_type(desk, row.source.kind), summary(desk, answer, row),
        department, called.get(department, department), sending,
    )  # fmt: skip


def incident_type(desk: Desk, kind: str) -> str:
    """The type of incident that a source of a kind makes; the city's first one where it has none of that name."""
    from backend.analysis.sources.numbers import raw

    with desk.store.read() as connection:
        known = type_names(connection)
    wanted = [raw()["dispatch"].get(kind, ""), raw()["dispatch"]["other"]]
    return next((code for code in wanted if code in known), next(iter(sorted(known)), ""))


def summary(desk: Desk, answer: Answer, row: Ranked) -> str:
    """The answer about a source in one line, for whoever is sent."""
    said = [say(one.message, desk.language) for one in row.reasons if one.stance == "for"][:2]
    head = Message(
        "sources.summary",
        {
            "percent": round(100 * row.probability),
            "none": round(100 * answer.none),
            "parameter": entry(f"parameter.{answer.parameter}", desk.language) or answer.parameter,
            "place": answer.place,
            "name": row.source.name,
        },
    )
    return " ".join([say(head, desk.language), *said])[:400]


def dispatch(
    desk: Desk,
    question: Asked,
    answer: Answer,
    code: str,
    holder: tuple[str, str] | None = None,
    op_id: str = "",
) -> Outcome:
    """Send somebody to a candidate: the incident at it, its task, the holder, and the evidence for and against.

    Args:
        code: of the source.
        holder: kind and code; the best there is where None.
    """
    row = next((one for one in answer.ranked if one.source.code == code), None)
    if row is None:
        return Outcome.refused("sources.refused.no_source", code=code)
    asks = proposal(desk, answer, row)
    best = asks.sending.best
    kind, whom = holder or ((best.kind, best.code) if best is not None else ("", ""))
    if not whom:
        return Outcome.refused("triage.refused.nobody")
    told = intake.enter(
        desk, type=asks.type, place=f"source:{code}", channel="analysis", text=asks.reason, into=_open(desk, question),
        op_id=op_id,
    )  # fmt: skip
    if not told.ok or not told.data.get("task"):
        return told
    task, incident = str(told.data["task"]), str(told.data["incident"])
    _attach(desk, answer, row, incident, task)
    sent = _send(desk, task, kind, whom, asks)
    _keep(desk, answer, row, incident, task)
    if not sent.ok:
        return Outcome(True, told.message, {**told.data})
    return Outcome.done("sources.done.sent", **_sent(asks, task, kind, whom))


def _sent(asks: Proposal, task: str, kind: str, whom: str) -> Mapping[str, Any]:
    holder = next((one.name for one in asks.sending.rows if (one.kind, one.code) == (kind, whom)), whom)
    return {"task": task, "holder": holder, "name": asks.name}


def _open(desk: Desk, question: Asked) -> str:
    """The open incident of the alarm that was asked about."""
    if not question.incident:
        return ""
    with desk.store.read() as connection:
        state = connection.execute(
            select(INCIDENT.c.state).where(INCIDENT.c.id == question.incident)
        ).scalar()
    return question.incident if state == "open" else ""


def _send(desk: Desk, task: str, kind: str, whom: str, asks: Proposal) -> Outcome:
    from backend.desk import acts

    with desk.store.read() as connection:
        seen = connection.execute(select(TASK.c.state, TASK.c.version).where(TASK.c.id == task)).one()
    row = next((one for one in asks.sending.rows if (one.kind, one.code) == (kind, whom)), None)
    body: dict[str, Any] = {"holder": whom, "holder_kind": kind, "note": asks.reason[:200]}
    if asks.sending.known and row is not None:
        body["on_duty"] = row.on_duty
    if kind == "department":
        body["department"] = whom
    elif asks.department:
        body["department"] = asks.department
    if seen.state == "DRAFT":
        return acts.file_and_dispatch(
            desk,
            task,
            body=body,
            filing={"confirmed": True},
            seen_version=seen.version,
            seen_state=seen.state,
        )
    return acts.act(desk, task, "dispatch", body=body, seen_version=seen.version, seen_state=seen.state)


def _attach(desk: Desk, answer: Answer, row: Ranked, incident: str, task: str) -> None:
    """The evidence for and against stands with the incident from the first moment."""
    with desk.store.write() as connection:
        for index, one in enumerate([one for one in row.reasons if one.stance != "tells"][:NOTED]):
            references.add(
                connection,
                [f"trace:{answer.parameter}:{answer.end}:{row.source.code}:{index + 1}"],
                zone=desk.zone,
                by=desk.actor.person,
                at=desk.now,
                incident=incident,
                task=task,
                kind="measurement",
                note=say(one.message, desk.language),
                stance=one.stance,
            )


def _keep(desk: Desk, answer: Answer, row: Ranked, incident: str, task: str) -> None:
    from backend.analysis.tables import TraceAnswer

    with desk.store.write() as connection:
        connection.execute(
            table(TraceAnswer).insert(),
            {
                "at": desk.now, "by": desk.actor.person, "station": answer.station, "parameter": answer.parameter,
                "begins": answer.start, "ends": answer.end, "source": row.source.code,
                "probability": row.probability, "none": answer.none, "incident": incident, "task": task,
                "numbers": answer.numbers, "answer": json.dumps(as_json(desk, answer), ensure_ascii=False),
            },
        )  # fmt: skip
