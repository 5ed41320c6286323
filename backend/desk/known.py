"""What is known best 事件认定: once a report or a task is merged into an incident, both say what it is."""

from __future__ import annotations

from sqlalchemy import Connection, select

from backend.city.registry import City
from backend.desk.desk import Desk
from backend.desk.leading import leading
from backend.incidents.identity import identify
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.ops import Op
from backend.tasks.tables import Task

INCIDENT, TASK = table(Incident), table(Task)


def tell_tasks(connection: Connection, desk: Desk, incident: str) -> None:
    """Let the open tasks of an incident that has been identified have its type and its title."""
    from backend.desk import acts

    row = connection.execute(
        select(INCIDENT.c.type, INCIDENT.c.title_code, INCIDENT.c.title_args).where(INCIDENT.c.id == incident)
    ).one()
    body = {"type": row.type, "title_code": row.title_code, "title_args": row.title_args}
    found = leading(connection, desk, row.type)
    body |= {"department": found.lead, "co_departments": "|".join(found.co)}
    open_ones = select(TASK.c.id).where(
        TASK.c.incident == incident,
        TASK.c.closed.is_(None),
        TASK.c.type != row.type,
        # What an order or an arbitration is about is said by these.
        TASK.c.order_code == "",
        TASK.c.about == "",
    )
    for task in list(connection.execute(open_ones.order_by(TASK.c.id)).scalars()):
        acts.act_in(connection, desk, task, "identify", body)


def after_merge(connection: Connection, desk: Desk, op: Op) -> None:
    """A task was merged into another: where it says better what goes on, the other's incident is that."""
    into = str(op.body.get("into") or "")
    query = (
        select(TASK.c.id, INCIDENT.c.id.label("incident"), INCIDENT.c.type)
        .add_columns(INCIDENT.c.title_code, INCIDENT.c.title_args)
        .join(INCIDENT, INCIDENT.c.id == TASK.c.incident)
        .where(TASK.c.id.in_((op.task, into)))
    )
    found = {row.id: row for row in connection.execute(query)}
    merged, kept = found.get(op.task), found.get(into)
    if merged is None or kept is None or merged.incident == kept.incident:
        return
    title = (merged.title_code, merged.title_args)
    city = City.read(connection)
    if identify(connection, city, kept.incident, merged.type, title, actor=desk.actor.person, now=desk.now):
        tell_tasks(connection, desk, kept.incident)
