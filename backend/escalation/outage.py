"""A proven outage of a centre's line 链路中断: what its people owe stands still, and nothing else (clock rule 2).

Proven is what has a proof: the carrier's ticket, or the hub's own record of the centre's silence. A centre that merely
says nothing is no outage: its tasks escalate by the clock, and the county calls it by the duty book.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, or_, select, update

from backend.city.tables import Centre, Grid, Person
from backend.store import table
from backend.tasks import tables
from backend.tasks.apply import apply, policy_for
from backend.tasks.ops import by_system
from backend.tasks.owing import Owing, owed_by
from backend.tasks.rows import TASK, load
from backend.tasks.taskstate import TaskState
from backend.text import clean
from backend.words import Outcome

OUTAGE = table(tables.Outage)
CENTRE, GRID, PERSON = table(Centre), table(Grid), table(Person)
_OPEN = select(OUTAGE.c.id, OUTAGE.c.centre, OUTAGE.c.began, OUTAGE.c.proof).where(OUTAGE.c.ended.is_(None))
Plan = Callable[[Connection, str, int], None]


def began(
    connection: Connection, centre: str, at: int, *, proof: str, by: str, now: int, plan: Plan
) -> Outcome:
    """The line of a centre is down since ``at``, proven: its clocks stand still from then on.

    What was missed before it was told stays missed. ``plan`` is `backend.escalation.plan.plan`.
    """
    proof = clean(proof, limit=200)
    if not proof:
        return Outcome.refused("escalation.refused.no_proof")
    if connection.execute(select(CENTRE.c.code).where(CENTRE.c.code == centre)).first() is None:
        return Outcome.refused("escalation.refused.no_centre", centre=clean(centre, limit=40))
    if at > now:
        return Outcome.refused("escalation.refused.outage_ahead", at=at)
    if centre in {row.centre for row in connection.execute(_OPEN)}:
        return Outcome.done("escalation.done.outage_known", centre=centre)
    values = {"centre": centre, "began": at, "proof": proof, "told_by": by}
    connection.execute(insert(OUTAGE).values(**values))
    return _planned(connection, centre, now, plan, "escalation.done.outage_began")


def ended(connection: Connection, centre: str, at: int, *, now: int, plan: Plan) -> Outcome:
    """The line of a centre is back since ``at``: its clocks run on."""
    done = connection.execute(
        update(OUTAGE).where(OUTAGE.c.centre == centre, OUTAGE.c.ended.is_(None)).values(ended=min(at, now))
    )
    if done.rowcount == 0:
        return Outcome.refused("escalation.refused.no_outage", centre=clean(centre, limit=40))
    return _planned(connection, centre, now, plan, "escalation.done.outage_ended")


def in_step(connection: Connection, task: TaskState, now: int) -> TaskState:
    """Let the task's clock stand still while whoever owes it has no line, and run on as soon as they have one."""
    lines = {row.centre: row for row in connection.execute(_OPEN)}
    if not task.live or not (lines or task.dark):
        return task
    owing = owed_by(connection, task, "", policy_for(connection, task, now))
    row = lines.get(centre_of(connection, task, owing))
    clock = task.state_clock()
    name = f"{task.id}:{task.version}"
    if row is not None and clock is not None and clock.running:
        body = {"centre": row.centre, "proof": row.proof, "began": row.began}
        done = apply(connection, by_system("hold", task.id, f"sys:hold:{row.id}:{name}", body), now)
    elif row is None and task.dark:
        done = apply(connection, by_system("release", task.id, f"sys:release:{name}"), now)
    else:
        return task
    return (load(connection, task.id) or task) if done.ok else task


def centre_of(connection: Connection, task: TaskState, owing: Owing) -> str:
    """The centre over whose line somebody hears of what they owe; empty for a department."""
    if owing.kind == "centre":
        return owing.code
    if owing.kind != "member":
        return ""
    query = (
        select(CENTRE.c.code)
        .join(GRID, GRID.c.township == CENTRE.c.grid)
        .join(PERSON, PERSON.c.grid == GRID.c.code)
        .where(PERSON.c.code == owing.code)
        .order_by(CENTRE.c.code)
    )
    return connection.execute(query.limit(1)).scalar_one_or_none() or task.centre


def _planned(connection: Connection, centre: str, now: int, plan: Plan, code: str) -> Outcome:
    """Plan every open task that the centre may owe anew."""
    grid = select(CENTRE.c.grid).where(CENTRE.c.code == centre).scalar_subquery()
    place = connection.execute(
        select(GRID.c.code, GRID.c.level, GRID.c.county, GRID.c.township).where(GRID.c.code == grid)
    ).one_or_none()
    concerned = [TASK.c.centre == centre, TASK.c.holder == centre, TASK.c.offered_to == centre]
    if place is not None and place.level == 3:
        concerned.append(TASK.c.township == place.code)
    elif place is not None and place.level == 2:
        concerned.append((TASK.c.county == place.code) & (TASK.c.level != "T"))
    elif place is not None:
        concerned.append((TASK.c.level == "M") | TASK.c.supervised)
    query = select(TASK.c.id).where(TASK.c.closed.is_(None), or_(*concerned)).order_by(TASK.c.id)
    tasks = list(connection.execute(query).scalars())
    for task in tasks:
        plan(connection, task, now)
    return Outcome.done(code, centre=centre, tasks=len(tasks))
