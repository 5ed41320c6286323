"""Task sheets 任务单 at the desk: print one, and key it in as late evidence by its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from backend.access import may
from backend.access.audit import append
from backend.city.called import called
from backend.city.tables import Grid, Source
from backend.desk import acts, tasks, taskside
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.orderrows import touching
from backend.desk.tasks import TaskPage
from backend.desk.taskside import TaskSides
from backend.incidents.tables import Incident
from backend.reports import tasksheet as room
from backend.reports import templates
from backend.store import table
from backend.tasks.ops import Op, op_id
from backend.tasks.tables import Task
from backend.text import clean
from backend.words import Message, Outcome, entry, say, word

GRID, INCIDENT, SOURCE, TASK = table(Grid), table(Incident), table(Source), table(Task)
HELPERS = 4
"""Co-handling departments that a page has room for."""
SIGNALS, TOLD, ORDERS = 3, 2, 3
"""Lines of each that a page has room for."""
LONGEST = 140
"""Characters of a line that somebody else wrote."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet that was printed."""

    code: str
    task: str
    printed: int
    state: str
    """The task's state now."""
    holder: str
    """Whose sheet it is: who held the task when it was printed."""
    holder_name: str
    type_name: tuple[str, str]
    place: str
    results: tuple[str, ...]
    """The results that its type allows, as canned codes."""
    opened: int
    entered: int | None
    can_report: bool
    """The sheet can stand for the holder's own report: the task waits for it."""


def print_sheet(desk: Desk, task: str) -> Outcome:
    """Make a sheet and note that it was printed; ``data`` has its ``code`` and its ``text``, one page of 80 columns."""
    page, sides = tasks.page(desk, task), taskside.sides(desk, task)
    if page is None or sides is None:
        return Outcome.refused("desk.no_task", task=task)
    with desk.store.write() as connection:
        row = connection.execute(select(TASK).where(TASK.c.id == task)).one()
        refusal = may(connection, desk.actor, "task.act", row.grid)
        if refusal is not None and desk.actor.person != row.holder:
            return Outcome(False, refusal)
        code, number = room.next_code(connection, task)
        text = _text(connection, desk, code, page, sides, row)
        room.keep(
            connection,
            code,
            task,
            number,
            by=desk.actor.person,
            version=row.version,
            text=text,
            now=desk.now,
        )
        append(connection, desk.actor.person, "sheet.print", code, desk.now, task=task)
    return Outcome(True, Message("report.sheet.printed", {"code": code}), {"code": code, "text": text})


def well_formed(code: str) -> Message | None:
    """What is wrong with a code as it was typed: no code at all, or its check character does not fit."""
    if room.validate(code) is not None:
        return None
    return Message("report.sheet.check", {"code": clean(code, limit=40)})


def look_up(desk: Desk, code: str) -> SheetRow | Message:
    """The sheet of a code; else what is wrong with it."""
    wanted = room.validate(code)
    if wanted is None:
        return Message("report.sheet.check", {"code": clean(code, limit=40)})
    with desk.store.read() as connection:
        row = room.find(connection, wanted)
        holder = room.holder_then(connection, row.task, row.task_version) if row is not None else ""
        called = names(connection, [holder], desk.language)
    page = tasks.page(desk, row.task) if row is not None else None
    if row is None or page is None:
        return Message("report.sheet.unknown", {"code": wanted})
    line = page.row
    return SheetRow(
        code=wanted,
        task=line.id,
        printed=row.printed,
        state=line.state,
        holder=holder,
        holder_name=called.get(holder, holder),
        type_name=line.type_name,
        place=" ".join(dict.fromkeys(filter(None, (line.county, line.township, line.place)))),
        results=page.results,
        opened=line.opened,
        entered=row.entered,
        can_report=line.state == "ON_SITE" and bool(holder) and line.holder == holder,
    )


def key_in(
    desk: Desk,
    code: str,
    *,
    occurred: int,
    uncertain: int = 0,
    result: str = "",
    note: str = "",
    refs: Sequence[str] = (),
    report: bool = False,
    op: str = "",
) -> Outcome:
    """Key a sheet in: late evidence of its task, from paper, with when it happened and how sure that is.

    Args:
        occurred: when it happened, as it stands on the paper.
        uncertain: seconds by which that may be wrong.
        result: the result that was ticked, as its code.
        note: what was written.
        refs: the numbers of what shows it.
        report: it stands for the holder's report, where the task waits for that.
        op: the operation's id; a new one where empty.
    """
    sheet = look_up(desk, code)
    if isinstance(sheet, Message):
        return Outcome(False, sheet)
    if sheet.entered is not None:
        return Outcome.refused("report.sheet.entered", code=sheet.code, at=sheet.entered)
    if not sheet.opened - 60 <= occurred <= desk.now:
        return Outcome.refused("report.sheet.time", at=occurred, since=sheet.opened)
    given = [str(clean(one, limit=120)) for one in refs if one.strip()]
    told = [word(f"result.{result}", desk.language) if result else "", clean(note, limit=500)]
    if not any(told):
        return Outcome.refused("report.sheet.empty")
    if report:
        kind: str = "report"
        body: dict[str, Any] = {
            "result": result,
            "note": clean(note, limit=500),
            "evidence": [sheet.code, *given],
        }
    else:
        said = "；" if desk.language == "zh" else "; "
        kind = "attach"
        body = {
            "ref": " ".join([sheet.code, *given]),
            "note": said.join(filter(None, told)),
            "result": result,
        }
    return _entered(desk, sheet, kind, body, occurred, uncertain, op)


def sheets(desk: Desk, task: str) -> list[tuple[str, int, int | None]]:
    """The sheets of a task: code, when printed, when keyed in."""
    with desk.store.read() as connection:
        return [(row.code, row.printed, row.entered) for row in room.of_task(connection, task)]


def _entered(
    desk: Desk, sheet: SheetRow, kind: str, body: Mapping[str, Any], occurred: int, uncertain: int, name: str
) -> Outcome:
    actor = desk.actor
    op = Op(
        id=name or op_id(),
        kind=kind,
        task=sheet.task,
        actor=actor.person,
        role=actor.role,
        tier=actor.tier,
        on_behalf=sheet.holder,
        channel="paper",
        occurred=occurred,
        uncertain=uncertain,
        body=body,
        centre=actor.centre,
        department=actor.department,
    )
    with desk.store.write() as connection:
        now = connection.execute(select(TASK.c.version, TASK.c.holder).where(TASK.c.id == sheet.task)).one()
        held = room.find(connection, sheet.code, lock=True)
        if held.entered is not None:
            return Outcome.refused("report.sheet.entered", code=sheet.code, at=held.entered)
        if kind == "report" and sheet.holder != now.holder:
            # Who wrote on the paper is not who would have reported.
            return Outcome.refused("report.sheet.holder", code=sheet.code, holder=sheet.holder_name or "--")
        version = now.version
        outcome = acts.judged(connection, desk, replace(op, version=version))
        if not outcome.ok:
            return outcome
        room.entered(connection, sheet.code, by=actor.person, op=op.id, now=desk.now)
        append(connection, actor.person, "sheet.enter", sheet.code, desk.now, task=sheet.task, op=op.id)
    told = "report.sheet.reported" if kind == "report" else "report.sheet.keyed_in"
    return Outcome(True, Message(told, {"code": sheet.code, "task": sheet.task}), outcome.data)


# What the page says.


def _text(connection: Connection, desk: Desk, code: str, page: TaskPage, sides: TaskSides, row: Any) -> str:
    language = desk.language
    line = page.row
    due = {clock.kind: clock.due for clock in page.clocks if clock.stopped is None}
    holder = sides.holder
    values = {
        "code": code,
        "task": line.id,
        "title": say(page.title, language),
        "type": line.type_name[language == "en"] or line.type,
        "priority": word(f"task.priority.{line.priority}", language),
        "state": word(f"task.state.{line.told_as}", language),
        "place": " ".join(dict.fromkeys(filter(None, (line.county, line.township, line.place)))),
        "position": _position(connection, row),
        "what": say(page.title, language)[:LONGEST],
        "holder": line.holder_name or "--",
        "phone": (holder.phone if holder else page.holder_phone) or "",
        "centre": sides.centre.name if sides.centre else page.centre,
        "centre_phone": sides.centre.phone if sides.centre else "",
        "contact": _contact(connection, desk, row) or "--",
        "lead": [{"line": f"{one.name} {one.phone}".rstrip()} for one in (sides.department,) if one],
        "co": [{"line": f"{one.name} {one.phone}".rstrip()} for one in sides.co[:HELPERS]],
        "accept_by": _at(desk, due.get("ACCEPT") or due.get("OFFER")),
        "arrive_by": _at(desk, due.get("ARRIVE")),
        "report_by": _at(desk, due.get("DISPOSE") or due.get("TOTAL")),
        "printed": _at(desk, desk.now),
        "printed_by": desk.sitter,
        "signals": [{"line": one} for one in _signals(desk, sides)],
        # Who called is on the complaint's own page alone: what they said is masked.
        "told": [{"line": one.text.replace("\n", " ")[:LONGEST]} for one in sides.reports[:TOLD] if one.text],
        "orders": [
            {"line": f"{one.title} {one.scope}"[:LONGEST]} for one in _orders(connection, desk, row)[:ORDERS]
        ],
        "evidence": _boxes(page.evidence, "evidence", desk),
        "results": _boxes(page.results, "result", desk),
    }
    name = f"sheet.{language}.txt"
    return room.page(templates.filled(name, templates.text_of(connection, name), values))


def _boxes(codes: Sequence[str], prefix: str, desk: Desk) -> list[dict[str, str]]:
    names = [entry(f"{prefix}.{code}", desk.language) or code for code in codes]
    return [{"line": one} for one in room.boxes(names) or ["--"]]


def _at(desk: Desk, at: int | None) -> str:
    return "--" if at is None else datetime.fromtimestamp(at, desk.zone).strftime("%Y-%m-%d %H:%M")


def _position(connection: Connection, row: Any) -> str:
    """Longitude and latitude, of the incident where it has them, else of the grid."""
    found = connection.execute(
        select(INCIDENT.c.lon, INCIDENT.c.lat, INCIDENT.c.place).where(INCIDENT.c.id == row.incident)
    ).first()
    if found is None or found.lon is None:
        grid = connection.execute(select(GRID.c.lon, GRID.c.lat).where(GRID.c.code == row.grid)).first()
        return "" if grid is None or grid.lon is None else f"{grid.lon:.5f} E  {grid.lat:.5f} N"
    return f"{found.lon:.5f} E  {found.lat:.5f} N  {found.place}".rstrip()


def _contact(connection: Connection, desk: Desk, row: Any) -> str:
    """Who answers for the source at which it happened."""
    code = connection.execute(
        select(INCIDENT.c.source).where(INCIDENT.c.id == row.incident)
    ).scalar_one_or_none()
    if not code:
        return ""
    found = connection.execute(
        select(called(SOURCE, desk.language), SOURCE.c.contact, SOURCE.c.phone).where(SOURCE.c.code == code)
    ).first()
    return "" if found is None else " ".join(part for part in found if part)


def _signals(desk: Desk, sides: TaskSides) -> list[str]:
    """The alarms behind it, each in one line."""
    lines = []
    for one in sides.alarms[:SIGNALS]:
        parameter = entry(f"parameter.{one.parameter}", desk.language) or one.parameter
        value = "" if one.value is None else f"{one.value:.{one.decimals}f} {one.unit}".rstrip()
        began = datetime.fromtimestamp(one.began, desk.zone).strftime("%m-%d %H:%M")
        rule = entry(f"rule.{one.rule}", desk.language) or one.rule
        lines.append(" ".join(part for part in (began, one.place, rule, parameter, value) if part)[:LONGEST])
    return lines


def _orders(connection: Connection, desk: Desk, row: Any) -> list[Any]:
    """The orders in force that touch the task's grid."""
    there = desk.seated(replace(desk.actor, grid=row.grid))
    return list(touching(connection, there, desk.now))
