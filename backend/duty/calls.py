"""Calls to duty rooms: who was called, and did anybody answer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from backend.duty.tables import DutyCall
from backend.store import table

CALL = table(DutyCall)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was made."""

    body_kind: str
    body: str
    name: str
    phone: str
    at: int
    caller: str
    answered: bool
    note: str


def note_call(connection: Connection, call: Call, task: str = "") -> None:
    """Write a call down."""
    connection.execute(
        insert(CALL).values(
            body_kind=call.body_kind,
            body=call.body,
            name=call.name,
            phone=call.phone,
            at=call.at,
            caller=call.caller,
            answered=call.answered,
            note=call.note,
            task=task,
        )
    )


def last_calls(connection: Connection, since: int) -> dict[str, Call]:
    """The last call to each body since then."""
    newest = select(func.max(CALL.c.id)).where(CALL.c.at >= since).group_by(CALL.c.body_kind, CALL.c.body)
    rows = connection.execute(select(CALL).where(CALL.c.id.in_(newest)).order_by(CALL.c.at.desc(), CALL.c.id))
    return {
        row.body: Call(
            row.body_kind, row.body, row.name, row.phone, row.at, row.caller, row.answered, row.note
        )
        for row in rows
    }


def unanswered(connection: Connection, since: int) -> list[Call]:
    """Whom the last call since then did not reach, the newest first."""
    return [call for call in last_calls(connection, since).values() if not call.answered]
