"""Who leads in incidents of a type 主办, and who helps 协办: the pack's dated row of the type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, or_, select

from backend.city.tables import IncidentType
from backend.desk.desk import Desk
from backend.store import table
from backend.tasks.taskstate import co_listed

TYPE = table(IncidentType)


@dataclass(frozen=True, slots=True)
class Leading:
    """The departments that a type of incident is given to, by their codes."""

    lead: str = ""
    co: tuple[str, ...] = ()


def leading(connection: Connection, desk: Desk, type_: str) -> Leading:
    """Who leads in incidents of a type today, and who helps; nobody where the pack does not know the type.

    Before the first day of a type its first row counts: a replay may lie before the pack.
    """
    today = datetime.fromtimestamp(desk.now, desk.zone).date().isoformat()
    holds = or_(TYPE.c.valid_to == "", TYPE.c.valid_to > today)
    begun = TYPE.c.valid_from <= today
    row = connection.execute(
        select(TYPE.c.department, TYPE.c.co_departments)
        .where(TYPE.c.code == type_, holds)
        .order_by(case((begun, 0), else_=1), case((begun, TYPE.c.valid_from)).desc(), TYPE.c.valid_from)
        .limit(1)
    ).first()
    return Leading() if row is None else Leading(row.department or "", co_listed(row.co_departments))
