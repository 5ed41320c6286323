"""Take cases of the 12345 line in from a file: numbers are kept; of one that is here already, what was answered since.

An open case is a complaint with its reply clock, and its task waits to be triaged; one that is over is on record. A
line that can't be taken in is kept with its reason, without who called.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, delete, select

from backend.access import may
from backend.access.audit import append
from backend.city.registry import City
from backend.desk.desk import Desk
from backend.incidents import Intake, report_by_person
from backend.incidents.cases import Case, CaseMap, Fault, read_cases
from backend.incidents.tables import CaseAside, ComplaintAct, Incident, IncidentReport
from backend.incidents.whereabouts import Whereabouts
from backend.store import table
from backend.text import clean
from backend.words import Message

ASIDE, COMPLAINT_ACT, INCIDENT, REPORT = (
    table(CaseAside), table(ComplaintAct), table(Incident), table(IncidentReport),
)  # fmt: skip
CHANNEL = "12345"
BATCH = 100
"""Cases of one transaction: a person's act never waits long for it."""
COUNTED = ("received", "written", "answered", "same", "tasks", "asides")


@dataclass
class Progress:
    """How far a file has come, and what became of its cases."""

    done: int = 0
    total: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    faults: list[Fault] = field(default_factory=list)
    """The lines that were put aside, with their reasons."""


def take_cases(
    desk: Desk, source: Path | bytes, form: str, mapping: CaseMap | None = None
) -> Iterator[Progress]:
    """Read a file of cases into the store; tells after each portion how far it is.

    Args:
        source: a file, or what was read of one.
        form: ``csv`` or ``json``.
        mapping: what the file calls things (`backend.incidents.cases.read_map`); our own names where None.

    Raises:
        CaseError: the file can't be read, or is not in that format at all.
        Refused: the person may not.
    """
    with desk.store.read() as connection:
        refusal = may(connection, desk.actor, "case.import")
    if refusal is not None:
        raise Refused(refusal)
    found = list(read_cases(source, form, mapping or CaseMap(), desk.zone, desk.now))
    origin = str(clean(source.name, limit=120)) if isinstance(source, Path) else "-"
    progress = Progress(total=len(found))
    with desk.store.write() as connection:
        connection.execute(delete(ASIDE).where(ASIDE.c.origin == origin))
        append(connection, desk.actor.person, "case.import", origin, desk.now, cases=len(found))
    yield progress
    rest = iter(found)
    while part := list(islice(rest, BATCH)):
        _take(desk, part, origin, progress)
        yield progress


class Refused(Exception):
    """The person may not; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


def _take(desk: Desk, part: Sequence[Case | Fault], origin: str, progress: Progress) -> None:
    faults: list[Fault] = []
    with desk.store.write() as connection:
        city = City.read(connection)
        places = Whereabouts(connection, city)
        for one in part:
            progress.counts["received"] += 1
            fault = one if isinstance(one, Fault) else _case(connection, desk, city, places, one, progress)
            if fault is not None:
                faults.append(fault)
        if faults:
            connection.execute(ASIDE.insert(), [_kept(fault, origin, desk.now) for fault in faults])
    progress.counts["asides"] += len(faults)
    progress.faults += faults
    progress.done += len(part)


def _kept(fault: Fault, origin: str, now: int) -> dict[str, object]:
    return {
        "at": now,
        "origin": origin,
        "line": fault.line,
        "number": fault.number,
        "code": fault.reason.code,
        "args": json.dumps(dict(fault.reason.args), ensure_ascii=False),
        "raw": fault.raw,
    }


def _case(
    connection: Connection, desk: Desk, city: City, places: Whereabouts, case: Case, progress: Progress
) -> Fault | None:
    """Take one case in; why it was not, where it was not."""
    grid = places.grid(case.place, case.address, case.text, lon=case.lon, lat=case.lat)
    if not grid:
        return case.fault(Message("case.refused.place"))
    if not city.inside(grid, desk.actor.grid):
        return case.fault(Message("case.refused.outside", {"grid": city.grids[grid].name}))
    intake = Intake(
        case.type,
        CHANNEL,
        grid=grid,
        lon=case.lon if case.lat is not None else None,
        lat=case.lat if case.lon is not None else None,
        text=case.text,
        priority=case.priority,
        number=case.number,
        caller=case.caller,
        caller_phone=case.caller_phone,
        reply_due=case.reply_due,
        address=case.address,
        category=case.category,
        at=case.at,
    )
    told = report_by_person(connection, city, intake, actor=desk.actor.person, now=desk.now)
    if not told.ok:
        if told.message.code == "incident.refused.number":
            progress.counts["answered" if _since(connection, desk, case) else "same"] += 1
            return None
        return case.fault(told.message)
    progress.counts["written"] += 1
    incident = str(told.data["incident"])
    if case.replied is not None or case.closed:
        _answered(connection, told.data["report"], case)
    if case.closed:
        at = case.replied or case.at or desk.now
        connection.execute(
            INCIDENT.update().where(INCIDENT.c.id == incident).values(state="closed", closed=at, last=at)
        )
        return None
    from backend.desk import acts

    made = acts.of_incident(connection, desk, incident, system=f"case:{CHANNEL}:{case.number}")
    progress.counts["tasks"] += made.ok
    return None


def _since(connection: Connection, desk: Desk, case: Case) -> bool:
    """Take in what the line has answered since the case was taken in; whether that was anything new.

    What a seat told the caller stays as it is. The incident and its work go on: only people end those.
    """
    if case.replied is None and not case.closed:
        return False
    row = connection.execute(
        select(REPORT).where(REPORT.c.channel == CHANNEL, REPORT.c.number == case.number)
    ).one()
    if row.replied is None:
        at, told = case.replied or desk.now, clean(case.reply, limit=2000, lines=40)
        _answered(connection, row.id, replace(case, replied=at))
        values = {"report": row.id, "at": at, "act": "reply", "actor": "", "result": "by_line", "text": told}
        connection.execute(COMPLAINT_ACT.insert().values(**values))
        return True
    if case.closed and row.called_back is None:
        connection.execute(REPORT.update().where(REPORT.c.id == row.id).values(called_back=desk.now))
        return True
    return False


def _answered(connection: Connection, report: object, case: Case) -> None:
    """What the line says was answered; nobody of ours replied, so nobody is named."""
    at = case.replied or case.at
    values = {"replied": at, "reply": clean(case.reply, limit=2000, lines=40), "reply_result": "by_line"}
    if case.closed:
        values["called_back"] = at
    connection.execute(REPORT.update().where(REPORT.c.id == report).values(**values))


def asides(desk: Desk, *, limit: int = 500) -> list[tuple[str, int, str, Message]]:
    """Lines that were put aside: the file, the line, the case's number, why; the newest file first.

    Raises:
        Refused: the person may not.
    """
    query = select(ASIDE).order_by(ASIDE.c.at.desc(), ASIDE.c.origin, ASIDE.c.line).limit(limit)
    with desk.store.read() as connection:
        if (refusal := may(connection, desk.actor, "case.import")) is not None:
            raise Refused(refusal)
        return [
            (row.origin, row.line, row.number, Message(row.code, json.loads(row.args or "{}")))
            for row in connection.execute(query)
        ]
