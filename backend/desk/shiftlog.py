"""The shift log 值班日志 at the desk: which shifts there were, and what a centre's people did in one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from backend.access import lineage
from backend.alarms.tables import AlarmAct
from backend.city.called import called
from backend.city.tables import Centre, Grid, Person, StandingOrder
from backend.desk import alarms as alarm_rows
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.orderrows import title_of
from backend.desk.scope import scope_of
from backend.desk.taskrows import rows_of
from backend.duty import tables as duty
from backend.incidents.tables import ComplaintAct, IncidentReport, OrderAct
from backend.reports import shiftlog as room
from backend.reports import templates
from backend.reports.shiftlog import Entry, Log
from backend.reports.tables import BriefUse
from backend.store import table
from backend.tasks.tables import Act, Segment, Task
from backend.words import Message, say, word
from backend.words.message import Scalar

ACT, ALARM_ACT, BRIEF, SEGMENT, TASK = (
    table(Act),
    table(AlarmAct),
    table(BriefUse),
    table(Segment),
    table(Task),
)
ALARM, CENTRE, GRID, PERSON = alarm_rows.ALARM, table(Centre), table(Grid), table(Person)
COMPLAINT_ACT, ORDER, ORDER_ACT, REPORT = (
    table(ComplaintAct),
    table(StandingOrder),
    table(OrderAct),
    table(IncidentReport),
)
ADOPTION, CALL, HANDOVER = table(duty.Adoption), table(duty.DutyCall), table(duty.Handover)
REMARK, SHIFT = table(duty.ShiftRemark), table(duty.Shift)
LONGEST = 31 * 86400
"""Seconds of a log at most."""
WORDS = ("note", "reason", "result", "ref")
"""What of an act's body is told."""


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift that was, or that lasts."""

    shift: int
    centre: str
    centre_name: str
    person: str
    person_name: str
    since: int
    until: int | None
    handover: str
    """The handover with which it ended."""


def shifts(desk: Desk, *, limit: int = 200) -> list[ShiftRow]:
    """The shifts of the centres of the person's grid, newest first."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        rows = connection.execute(
            select(SHIFT, called(CENTRE, desk.language).label("called"))
            .join(CENTRE, CENTRE.c.code == SHIFT.c.centre)
            .join(GRID, GRID.c.code == CENTRE.c.grid)
            .where(scope.spans())
            .order_by(SHIFT.c.signed_in.desc(), SHIFT.c.id.desc())
            .limit(limit)
        ).all()
        known = names(connection, {row.person for row in rows}, desk.language)
    return [
        ShiftRow(
            row.id,
            row.centre,
            row.called,
            row.person,
            known.get(row.person, row.person),
            row.signed_in,
            row.signed_out,
            row.handover,
        )
        for row in rows
    ]


def shift_log(
    desk: Desk,
    shift: int | None = None,
    *,
    centre: str = "",
    since: int | None = None,
    until: int | None = None,
) -> Log | None:
    """What a centre's people did in a shift, or between two instants; None where there is none in the person's grid.

    Args:
        shift: its number; the one that the person is in, else their last, where neither it nor a time is given.
        centre: whose log; the person's own where empty.
    """
    with desk.store.read() as connection:
        if since is None:
            found = _shift(connection, desk, shift, centre)
            if found is None:
                return None
            centre, since, ended = found
            until = ended if ended is not None else desk.now + 1
        centre = centre or desk.actor.centre
        until = min(until if until is not None else desk.now + 1, since + LONGEST)
        grid = connection.execute(select(CENTRE.c.grid).where(CENTRE.c.code == centre)).scalar_one_or_none()
        if grid is None or desk.actor.grid not in lineage(connection, grid):
            return None
        return _Gathered(connection, desk, centre, grid, since, until).log()


def _shift(
    connection: Connection, desk: Desk, shift: int | None, centre: str
) -> tuple[str, int, int | None] | None:
    query = select(SHIFT.c.centre, SHIFT.c.signed_in, SHIFT.c.signed_out)
    if centre:
        query = query.where(SHIFT.c.centre == centre)
    if shift is not None:
        query = query.where(SHIFT.c.id == shift)
    elif desk.actor.centre and centre in ("", desk.actor.centre):
        query = query.where(SHIFT.c.centre == desk.actor.centre).order_by(
            SHIFT.c.person != desk.actor.person, SHIFT.c.signed_in.desc()
        )
    else:
        query = query.order_by(SHIFT.c.signed_in.desc())
    row = connection.execute(query.limit(1)).first()
    return None if row is None else (row.centre, row.signed_in, row.signed_out)


def text(desk: Desk, log: Log, kind: str = "txt") -> str:
    """The log as Markdown (``md``) or plain text (``txt``), by the city's own template where it has one."""
    language = desk.language
    name = f"shift.{language}.{kind}"
    with desk.store.read() as connection:
        template = templates.text_of(connection, name)

    def moment(at: int) -> str:
        return datetime.fromtimestamp(at, desk.zone).strftime("%m-%d %H:%M")

    values = room.values(
        log,
        say=lambda message: say(message, language),
        moment=moment,
        join="、" if language == "zh" else ", ",
        title=word("report.shift.title", language),
        printed=desk.now,
        printed_by=desk.sitter,
    )
    return templates.filled(name, template, values)


class _Gathered:
    """One reading of all that is a shift's."""

    def __init__(
        self, connection: Connection, desk: Desk, centre: str, grid: str, since: int, until: int
    ) -> None:
        self.connection, self.desk = connection, desk
        self.centre, self.grid = centre, grid
        self.since, self.until = since, until
        staff = select(PERSON.c.code).where(PERSON.c.centre == centre)
        self.sat = list(
            connection.execute(
                select(SHIFT.c.person)
                .where(
                    SHIFT.c.centre == centre,
                    SHIFT.c.signed_in < until,
                    or_(SHIFT.c.signed_out.is_(None), SHIFT.c.signed_out > since),
                )
                .order_by(SHIFT.c.signed_in)
            ).scalars()
        )
        self.people = sorted({*connection.execute(staff).scalars(), *self.sat})

    def log(self) -> Log:
        entries = [
            *self._signed_in(),
            *self._acts(),
            *self._alarms(),
            *self._orders(),
            *self._complaints(),
            *self._calls(),
            *self._briefs(),
            *self._duty(),
        ]
        known = names(
            self.connection, [self.centre, *self.sat, *(one.person for one in entries)], self.desk.language
        )
        named = [
            Entry(
                one.at,
                one.kind,
                one.person,
                one.who or known.get(one.person, one.person),
                one.message,
                one.item,
                order,
            )
            for order, one in enumerate(entries)
        ]
        opened, closed, alarms = self._counts()
        return Log(
            self.centre,
            known.get(self.centre, self.centre),
            self.since,
            self.until,
            [known.get(code, code) for code in dict.fromkeys(self.sat)],
            room.in_turn(named),
            opened,
            closed,
            alarms,
            sum(one.kind == "call" for one in entries),
        )

    def _within(self, at: ColumnElement[int]) -> ColumnElement[bool]:
        return and_(at >= self.since, at < self.until)

    def _of_people(self, of: Table, at: str, who: str) -> Sequence[Any]:
        query = select(of).where(self._within(of.c[at]), of.c[who].in_(self.people))
        return self.connection.execute(query.order_by(of.c[at], of.c.id)).all()

    def _counts(self) -> tuple[int, int, int]:
        scope = scope_of(self.connection, self.grid)
        earlier = SEGMENT.alias("earlier")
        # One that was reopened has begun its clock anew: it was filed once.
        again = exists().where(
            earlier.c.task == SEGMENT.c.task, earlier.c.kind == "TOTAL", earlier.c.started < self.since
        )
        filed = (
            select(func.count(SEGMENT.c.task.distinct()))
            .join(TASK, TASK.c.id == SEGMENT.c.task)
            .where(SEGMENT.c.kind == "TOTAL", self._within(SEGMENT.c.started), scope.covers(TASK), ~again)
        )
        closed = select(func.count()).where(
            TASK.c.state == "CLOSED", self._within(TASK.c.closed), scope.covers(TASK)
        )
        shown = select(func.count()).where(self._within(ALARM.c.presented), scope.covers(ALARM))
        opened, ended, alarms = (
            self.connection.execute(query).scalar_one() for query in (filed, closed, shown)
        )
        return opened, ended, alarms

    def _acts(self) -> Iterator[Entry]:
        rows = [row for row in self._of_people(ACT, "at", "actor") if row.result == "applied"]
        tasks = {row.id: row for row in rows_of(self.connection, self.desk, sorted({r.task for r in rows}))}
        bodies = {row.id: json.loads(row.body) if row.body else {} for row in rows}
        parties = {code for row in rows for code in (row.actor, row.on_behalf, _target(bodies[row.id]))}
        known = names(self.connection, parties, self.desk.language)
        for row in rows:
            body, task = bodies[row.id], tasks.get(row.task)
            target = _target(body)
            args: dict[str, Scalar] = {
                "task": row.task,
                "act": row.kind,
                "what": task.type_name[0] if task else "",
                "what_en": task.type_name[1] if task else "",
                "place": task.place if task else "",
                "target": known.get(target, target),
                "note": self._told(body),
            }
            code = "report.log.act" + (".to" if target else "") + (".note" if args["note"] else "")
            who = known.get(row.actor, row.actor)
            if row.on_behalf:
                behalf = known.get(row.on_behalf, row.on_behalf)
                told = {"person": who, "behalf": behalf, "channel": row.channel}
                who = word("report.log.behalf", self.desk.language, **told)
            yield Entry(row.at, "act", row.actor, who, Message(code, args), row.task)

    def _told(self, body: Mapping[str, Any]) -> str:
        """The words of an act: its result, reason, note, references."""
        told = []
        for key in WORDS:
            value = body.get(key)
            if isinstance(value, str) and value:
                prefix = {"result": "result", "reason": "task.reason"}.get(key)
                said = word(f"{prefix}.{value}", self.desk.language) if prefix else value
                told.append(value if prefix and said == f"{prefix}.{value}" else said)
        return ("，" if self.desk.language == "zh" else ", ").join(told)

    def _alarms(self) -> Iterator[Entry]:
        rows = self._of_people(ALARM_ACT, "at", "actor")
        ids = sorted({row.alarm for row in rows})
        found = {
            one.id: one
            for start in range(0, len(ids), 500)
            for one in alarm_rows.of(
                self.connection, self.desk, ALARM.c.id.in_(ids[start : start + 500]), limit=500
            )
        }
        for row in rows:
            alarm = found.get(row.alarm)
            args: dict[str, Scalar] = {
                "alarm": row.alarm,
                "rule": alarm.rule if alarm else "",
                "place": alarm.place if alarm else "",
                "act": row.act,
                "note": row.reason,
            }
            code = "report.log.alarm" + (".note" if row.reason else "")
            yield Entry(row.at, "alarm", row.actor, "", Message(code, args), str(row.alarm))

    def _orders(self) -> Iterator[Entry]:
        rows = self._of_people(ORDER_ACT, "at", "actor")
        query = select(ORDER.c.code, ORDER.c.title, ORDER.c.title_en)
        found = self.connection.execute(query.where(ORDER.c.code.in_({row.code for row in rows})))
        titles = {row.code: title_of(row, self.desk.language) for row in found}
        for row in rows:
            args: dict[str, Scalar] = {"order": row.code, "title": titles.get(row.code, ""), "act": row.act}
            yield Entry(row.at, "order", row.actor, "", Message("report.log.order", args), row.code)

    def _complaints(self) -> Iterator[Entry]:
        rows = self._of_people(COMPLAINT_ACT, "at", "actor")
        query = select(REPORT.c.id, REPORT.c.number, REPORT.c.incident).where(
            REPORT.c.id.in_({row.report for row in rows})
        )
        reports = {row.id: row for row in self.connection.execute(query)}
        for row in rows:
            report = reports.get(row.report)
            # Neither caller nor what they were told: that is on the complaint's own page alone.
            number = (report.number or report.incident) if report is not None else str(row.report)
            code = f"report.log.complaint.{row.act}"
            yield Entry(
                row.at, "complaint", row.actor, "", Message(code, {"number": number}), str(row.report)
            )

    def _calls(self) -> Iterator[Entry]:
        for row in self._of_people(CALL, "at", "caller"):
            args: dict[str, Scalar] = {"name": row.name or row.body, "phone": row.phone, "note": row.note}
            code = "report.log.call" if row.answered else "report.log.call.unanswered"
            code += ".note" if row.note else ""
            yield Entry(row.at, "call", row.caller, "", Message(code, args), row.task)

    def _briefs(self) -> Iterator[Entry]:
        for row in self._of_people(BRIEF, "at", "person"):
            args: dict[str, Scalar] = {"caller": row.caller, "orders": row.orders}
            code = "report.log.brief" + (".to" if row.caller else "") + (".orders" if row.orders else "")
            yield Entry(row.at, "brief", row.person, "", Message(code, args))

    def _signed_in(self) -> Iterator[Entry]:
        of = and_(SHIFT.c.centre == self.centre, self._within(SHIFT.c.signed_in))
        for row in self.connection.execute(select(SHIFT).where(of).order_by(SHIFT.c.id)):
            yield Entry(row.signed_in, "shift", row.person, "", Message("report.log.sign_in"))

    def _duty(self) -> Iterator[Entry]:
        remarks = select(REMARK).where(REMARK.c.centre == self.centre, self._within(REMARK.c.at))
        for row in self.connection.execute(remarks.order_by(REMARK.c.at, REMARK.c.id)):
            yield Entry(
                row.at, "remark", row.person, "", Message("report.log.remark", {"text": row.text}), row.task
            )
        of = SHIFT.c.centre == self.centre
        for row in self.connection.execute(select(SHIFT).where(of, self._within(SHIFT.c.signed_out))):
            args: dict[str, Scalar] = {"handover": row.handover or "--"}
            yield Entry(row.signed_out, "shift", row.person, "", Message("report.log.sign_out", args))
        kept = select(ADOPTION).where(ADOPTION.c.keeper == self.centre, self._within(ADOPTION.c.began))
        rows = self.connection.execute(kept).all()
        known = names(self.connection, {row.centre for row in rows}, self.desk.language)
        for row in rows:
            args = {"centre": known.get(row.centre, row.centre), "note": row.reason}
            yield Entry(row.began, "board", row.person, "", Message("report.log.adopt", args), row.centre)


def _target(body: Mapping[str, Any]) -> str:
    return next((str(body[key]) for key in ("holder", "receiver", "into") if body.get(key)), "")
